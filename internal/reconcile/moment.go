package reconcile

import "time"

// Moment is a point in time as people say it: a time, a day, or how long ago it
// was. Which time a day begins at is known with an account's zone. The zero
// value is none.
type Moment struct {
	At  time.Time     // a time
	Day time.Time     // midnight UTC of a day
	Ago time.Duration // before now
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
