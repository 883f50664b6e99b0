package schedule

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

// Times are the due times of one schedule. The zero value is never due.
type Times struct {
	interval, offset time.Duration // of every
	cron             *cron
	zone             *time.Location
	name             string // of every
	text             string
}

// The bounds of the interval of every: shorter, and the agent's look at the clock would
// be late; longer, and it is a date.
const (
	LeastInterval = 10 * time.Second
	MostInterval  = 31 * 24 * time.Hour
)

// mostOffset is the latest that a schedule begins after midnight: schedules of one
// interval are spread, so that they don't all call at once.
const mostOffset = 5 * time.Minute

// Every is due every interval, counted from midnight UTC plus an offset that the name
// gives: at most a tenth of the interval, and 5 minutes. An interval that does not
// divide a day is counted from 1970-01-01, so that all intervals are equal.
func Every(name string, interval time.Duration) Times {
	return Times{interval: interval, offset: offset(name, interval), name: name, text: "every " + short(interval)}
}

// In are those times in one of many workspaces, whose schedules often have the same names and
// intervals: they must not all call at once.
func (t Times) In(workspace string) Times {
	if t.interval > 0 {
		t.offset = offset(workspace+"/"+t.name, t.interval)
	}
	return t
}

// short is an interval without what is zero: 10m, not 10m0s.
func short(d time.Duration) string {
	text := d.String()
	if trimmed, whole := strings.CutSuffix(text, "m0s"); whole {
		text = trimmed + "m"
	}
	if trimmed, whole := strings.CutSuffix(text, "h0m"); whole {
		text = trimmed + "h"
	}
	return text
}

// offset is a whole number of seconds, because people read these times.
func offset(name string, interval time.Duration) time.Duration {
	most := min(interval/10, mostOffset) / time.Second
	sum := sha256.Sum256([]byte(name))
	return time.Duration(binary.BigEndian.Uint64(sum[:8])%uint64(most+1)) * time.Second
}

// Cron is due at the minutes of a cron expression, in the local time of a zone.
func Cron(expression string, zone *time.Location) (Times, error) {
	c, err := parse(expression)
	if err != nil {
		return Times{}, err
	}
	return Times{cron: c, zone: zone, text: "cron " + expression + " " + zone.String()}, nil
}

// String is the rule. Two schedules with the same rule and name have the same due times.
func (t Times) String() string { return t.text }

// Interval is that of every; 0 for cron.
func (t Times) Interval() time.Duration { return t.interval }

// Next is the first due time after a moment; zero if there is none.
func (t Times) Next(after time.Time) time.Time {
	for due := range t.from(after) {
		return due
	}
	return time.Time{}
}

// Missed is what became due unseen.
type Missed struct {
	Latest time.Time // the last due time that has come; zero: none has
	Before int       // due times before it
	Next   time.Time // the first that has not come yet; zero if there is none
}

// Since is what became due from a due time on, up to now.
func (t Times) Since(due, now time.Time) Missed {
	m := Missed{Next: due}
	if due.After(now) {
		return m
	}
	if t.cron == nil && t.interval > 0 { // in one step, however long nobody looked
		n := int64(now.Sub(due) / t.interval)
		m.Latest, m.Before = due.Add(t.times(n)), int(n)
		m.Next = m.Latest.Add(t.interval)
		return m
	}
	m.Latest, m.Next = due, time.Time{}
	for next := range t.from(due) {
		if next.After(now) {
			m.Next = next
			break
		}
		m.Latest, m.Before = next, m.Before+1
	}
	return m
}

// Last is the latest due time that is not after a moment; zero if there is none within
// the time that schedules are looked at.
func (t Times) Last(now time.Time) time.Time {
	if t.interval > 0 {
		return t.floor(now)
	}
	for back := 25 * time.Hour; t.cron != nil && back < 2*horizon; back *= 4 {
		if first := t.Next(now.Add(-back)); !first.IsZero() && !first.After(now) {
			return t.Since(first, now).Latest
		}
	}
	return time.Time{}
}

// floor is the last due time of every that is not after a moment.
func (t Times) floor(at time.Time) time.Time {
	since := at.Add(-t.offset).Sub(epoch)
	n := int64(since / t.interval)
	if since%t.interval < 0 {
		n--
	}
	return epoch.Add(t.times(n) + t.offset)
}

// times is so many intervals.
func (t Times) times(n int64) time.Duration { return time.Duration(n * int64(t.interval)) }

// epoch is a midnight UTC.
var epoch = time.Unix(0, 0).UTC()

// from yields the due times after a moment, in their order.
func (t Times) from(after time.Time) func(yield func(time.Time) bool) {
	switch {
	case t.cron != nil:
		return t.local(after)
	case t.interval > 0:
		return func(yield func(time.Time) bool) {
			for due := t.floor(after).Add(t.interval); yield(due); due = due.Add(t.interval) {
			}
		}
	}
	return func(func(time.Time) bool) {}
}
