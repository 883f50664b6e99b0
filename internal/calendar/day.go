package calendar

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, without a time and without a zone. The zero Day
// is none. Days compare with < as they follow each other.
type Day int32

// layout is how a Day is written.
const layout = time.DateOnly

// secondsOfDay are those of a day in UTC, which has no daylight saving time.
const secondsOfDay = 24 * 60 * 60

// Parse reads a day like "2026-11-26". Years outside 1970 to 9998 are refused:
// nothing was shipped in them.
func Parse(text string) (Day, error) {
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 1970 || t.Year() > 9998 {
		return 0, fmt.Errorf("not a day like 2026-11-26")
	}
	return Of(t, time.UTC), nil
}

// Of is the day that a calendar in zone shows at t.
func Of(t time.Time, zone *time.Location) Day {
	year, month, day := t.In(zone).Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsOfDay) + 1
}

// IsZero reports whether there is no day.
func (d Day) IsZero() bool { return d == 0 }

// String is "2026-11-26", or nothing for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// utc is the midnight at which the day begins in UTC.
func (d Day) utc() time.Time { return time.Unix(int64(d-1)*secondsOfDay, 0).UTC() }

// Start is the first moment of the day in zone. Where the clock is set forward
// over midnight, the day begins later by it; where midnight comes twice, it is
// the first one.
func (d Day) Start(zone *time.Location) time.Time {
	year, month, day := d.utc().Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	// time.Date does not say which of two moments it takes, and where there is
	// none it takes one beside the gap. The beginning is at most a change of the
	// clock away.
	begins, ends := t.ZoneBounds()
	if Of(t, zone) < d {
		return ends // the gap's end
	}
	if !begins.IsZero() && t.Sub(begins) < secondsOfDay*time.Second {
		if Of(begins, zone) >= d && Of(begins.Add(-1), zone) < d {
			return begins // midnight itself is in the gap
		}
		if earlier := t.Add(offsetBefore(begins, zone, t)); earlier.Before(begins) && Of(earlier, zone) == d {
			return earlier // the first of two midnights
		}
	}
	return t
}

// offsetBefore is how much earlier the clock that was right before begins shows
// what the clock shows at t.
func offsetBefore(begins time.Time, zone *time.Location, t time.Time) time.Duration {
	_, before := begins.Add(-1).In(zone).Zone()
	_, now := t.In(zone).Zone()
	return time.Duration(now-before) * time.Second
}

// End is the moment at which the next day begins in zone.
func (d Day) End(zone *time.Location) time.Time { return (d + 1).Start(zone) }

// At is the moment at which the clock in zone shows a full hour of the day.
func (d Day) At(hour int, zone *time.Location) time.Time {
	year, month, day := d.utc().Date()
	return time.Date(year, month, day, hour, 0, 0, 0, zone)
}

// MarshalText writes the day for JSON.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if *d = 0; len(text) > 0 {
		*d, err = Parse(string(text))
	}
	return err
}
