package schedule

import (
	"fmt"
	"strings"
	"time"
)

// Parse reads a rule as String writes it, of the schedule with that name.
func Parse(name, rule string) (Times, error) {
	kind, text, _ := strings.Cut(rule, " ")
	switch kind {
	case "every":
		interval, err := time.ParseDuration(text)
		if err != nil || interval < LeastInterval || interval > MostInterval {
			return Times{}, fmt.Errorf("not a rule: %q", rule)
		}
		return Every(name, interval), nil
	case "cron":
		at := strings.LastIndex(text, " ")
		if at < 0 {
			return Times{}, fmt.Errorf("not a rule: %q", rule)
		}
		zone, err := time.LoadLocation(text[at+1:])
		if err != nil {
			return Times{}, err
		}
		return Cron(text[:at], zone)
	}
	return Times{}, fmt.Errorf("not a rule: %q", rule)
}

// Grace is how much later than its due times a schedule may succeed before it is late:
// a run takes its time, and gives way to others.
const Grace = 10 * time.Minute

// LateAt is from when on a schedule is late that last succeeded at some time, and has not
// since: after two intervals and 10 minutes, or two due times and 10 minutes. It is zero if
// it never is.
func (t Times) LateAt(success time.Time) time.Time {
	if t.interval > 0 {
		return success.Add(2*t.interval + Grace)
	}
	first := t.Next(success)
	if first.IsZero() {
		return time.Time{}
	}
	second := t.Next(first)
	if second.IsZero() {
		second = first
	}
	return second.Add(Grace)
}

// Between is how many due times come after a moment, up to and with another one, and no
// more than most.
func (t Times) Between(after, until time.Time, most int) (n int) {
	for due := range t.from(after) {
		if due.After(until) || n == most {
			break
		}
		n++
	}
	return n
}

// Closest is the shortest time between two due times. Of a cron expression it is that of
// a week without a change of the clocks, and of what the week has at most a few thousand.
func (t Times) Closest() time.Duration {
	if t.interval > 0 {
		return t.interval
	}
	const most = 3000
	begin := time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)
	closest, last, n := time.Duration(0), time.Time{}, 0
	for due := range t.from(begin) {
		if n++; n > most || due.After(begin.AddDate(0, 0, 8)) && !last.IsZero() {
			break
		}
		if gap := due.Sub(last); !last.IsZero() && (closest == 0 || gap < closest) {
			closest = gap
		}
		last = due
	}
	if closest == 0 {
		return MostInterval // less often than once a week
	}
	return closest
}
