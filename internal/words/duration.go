package words

import (
	"time"
)

const day = 24 * time.Hour

// Duration is the length of a time, as precise as it is useful: "28 s",
// "34 min 28 s", "26 h 10 min", "5 d 4 h". Limits and measurements are written
// so, and can be compared. What took less than a second took "1 s".
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(-d)
	}
	d = max(d.Round(time.Second), time.Second)
	switch {
	case d < time.Minute:
		return units(d, time.Second, "s", 0, "")
	case d < time.Hour:
		return units(d, time.Minute, "min", time.Second, "s")
	case d < 3*day:
		return units(d, time.Hour, "h", time.Minute, "min")
	}
	return units(d, day, "d", time.Hour, "h")
}

// units writes d in two units; a second part of zero is left out.
func units(d, large time.Duration, name string, small time.Duration, of string) string {
	text := Number(d/large) + " " + name
	if small == 0 || d%large < small {
		return text
	}
	return text + " " + Number(d%large/small) + " " + of
}

// Age is roughly how long ago something was, or how far ahead it is: "less than
// a minute", "5 minutes", "47 hours", "12 days". It is rounded down.
func Age(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return Count(d/time.Minute, "minute", "minutes")
	case d < 2*day:
		return Count(d/time.Hour, "hour", "hours")
	}
	return Count(d/day, "day", "days")
}
