package main

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// periodFlags are the two ends of a time span, as they were written: they can
// be read once the time zone is known.
type periodFlags struct{ from, to string }

// period reads both ends. An end that is not written is the zero time. names
// are those of the two flags.
func (f periodFlags) period(names [2]string, now time.Time, zone *time.Location) (from, to time.Time, err error) {
	if from, err = parseMoment(names[0], f.from, now, zone, false); err != nil {
		return from, to, err
	}
	if to, err = parseMoment(names[1], f.to, now, zone, true); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, usagef("--%s is not before --%s", names[0], names[1])
	}
	return from, to, nil
}

// parseMoment reads a point in time: RFC 3339, a date, or a duration before
// now, like "7d" or "7d ago". A date that ends a span stands for its whole day.
// Dates are the account's, or UTC where no time zone is configured.
func parseMoment(flag, text string, now time.Time, zone *time.Location, end bool) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		if end {
			t = t.AddDate(0, 0, 1)
		}
		return t.UTC(), nil
	}
	if d, err := lang.ParseDuration(strings.TrimSpace(strings.TrimSuffix(text, "ago"))); err == nil {
		return now.Add(-d).UTC(), nil
	}
	return time.Time{}, usagef(`--%s takes a date ("2026-11-20"), a time ("2026-11-20T16:28:00Z") or how long ago it was ("7d")`, flag)
}
