package reconcile

import (
	"errors"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// Moment is a point in time as people say it: a time, a day, or how long ago it
// was. Which time a day begins at is known with an account's zone. The zero
// value is none.
type Moment struct {
	At  time.Time     // a time
	Day time.Time     // midnight UTC of a day
	Ago time.Duration // before now
}

// ParseMoment reads a point in time: RFC 3339, a date, or a duration before now, like
// "7d" or "7d ago". An empty text is the zero moment.
func ParseMoment(text string) (Moment, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Moment{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return Moment{At: t}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return Moment{Day: t}, nil
	}
	if d, err := lang.ParseDuration(strings.TrimSpace(strings.TrimSuffix(text, "ago"))); err == nil {
		return Moment{Ago: d}, nil
	}
	return Moment{}, errors.New(`must be a date ("2026-11-20"), a time ("2026-11-20T16:28:00Z") or an age ("7d")`)
}

// IsZero reports whether no moment was said.
func (m Moment) IsZero() bool { return m == Moment{} }

func (m Moment) in(zone *time.Location, now time.Time) time.Time {
	switch {
	case !m.At.IsZero():
		return m.At.UTC()
	case !m.Day.IsZero():
		if zone == nil {
			zone = time.UTC
		}
		return time.Date(m.Day.Year(), m.Day.Month(), m.Day.Day(), 0, 0, 0, 0, zone).UTC()
	}
	return now.Add(-m.Ago).UTC()
}

// Period is a span of time. A day counts to its end where it ends the span.
type Period struct{ Since, Until Moment }

// In is the span in a time zone, nil being UTC. An end that is not said is the
// zero time.
func (p Period) In(zone *time.Location, now time.Time) (since, until time.Time, err error) {
	if !p.Since.IsZero() {
		since = p.Since.in(zone, now)
	}
	if !p.Until.IsZero() {
		last := p.Until
		if !last.Day.IsZero() {
			last.Day = last.Day.AddDate(0, 0, 1)
		}
		until = last.in(zone, now)
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, requestf("since", "must be before the end of the period")
	}
	return since, until, nil
}
