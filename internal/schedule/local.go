package schedule

import (
	"slices"
	"time"
)

// horizon is how far ahead a due time is looked for: a 29th of February can be eight
// years away.
const horizon = 9 * 366 * 24 * time.Hour

// local yields the due times of a cron expression after a moment.
func (t Times) local(after time.Time) func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		at := after.In(t.zone)
		// Dates and times without a zone are held as UTC, so that they can be counted.
		first := time.Date(at.Year(), at.Month(), at.Day()-1, 0, 0, 0, 0, time.UTC)
		last := after
		for date := first; date.Sub(first) < horizon; date = date.AddDate(0, 0, 1) {
			if !t.cron.on(date) {
				continue
			}
			for _, due := range t.onDate(date) {
				if !due.After(last) {
					continue
				}
				if last = due; !yield(due) {
					return
				}
			}
		}
	}
}

// period is a time in which a zone keeps one offset from UTC.
type period struct {
	start, end time.Time // zero: without a bound
	offset     time.Duration
}

func (p period) has(at time.Time) bool {
	return (p.start.IsZero() || !at.Before(p.start)) && (p.end.IsZero() || at.Before(p.end))
}

// onDate are the due times of a date that matches, in their order.
func (t Times) onDate(date time.Time) []time.Time {
	periods := t.periods(date)
	var all []time.Time
	for hour := range 24 {
		if !has(t.cron.hours, hour) {
			continue
		}
		for minute := range 60 {
			if has(t.cron.minutes, minute) {
				all = append(all, t.moments(date.Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute), periods)...)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// moments are when a local time is due.
func (t Times) moments(local time.Time, periods []period) []time.Time {
	var there []time.Time
	for _, p := range periods {
		if at := local.Add(-p.offset); p.has(at) {
			there = append(there, at)
		}
	}
	switch {
	case len(there) == 0 && t.cron.steps && t.cron.everyHour():
		return nil // the next real minute that matches is soon enough
	case len(there) == 0:
		return afterGap(local, periods)
	case t.cron.steps:
		return there
	}
	return there[:1]
}

// afterGap is the first minute after the change of the clocks that skips a local time.
func afterGap(local time.Time, periods []period) []time.Time {
	for i := 1; i < len(periods); i++ {
		change := periods[i].start
		if !local.Add(-periods[i-1].offset).Before(change) && local.Add(-periods[i].offset).Before(change) {
			whole := change.Truncate(time.Minute)
			if whole.Before(change) {
				whole = whole.Add(time.Minute)
			}
			return []time.Time{whole}
		}
	}
	return nil
}

// periods are those that a date can have to do with, in their order: no zone is further
// from UTC than 26 hours.
func (t Times) periods(date time.Time) []period {
	const far = 26 * time.Hour
	var all []period
	for at, until := date.Add(-far), date.Add(24*time.Hour+far); ; {
		start, end := at.In(t.zone).ZoneBounds()
		_, offset := at.In(t.zone).Zone()
		all = append(all, period{start.UTC(), end.UTC(), time.Duration(offset) * time.Second})
		if end.IsZero() || !end.Before(until) {
			break
		}
		at = end
	}
	return all
}
