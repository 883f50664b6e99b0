package agent

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// runsMade are the runs of a workspace that were made too recently for another one in their place: one that has another
// name, or another rule, is not due sooner for that. A schedule that is in force as it was keeps to its own
// interval, and one that comes beside the others takes nobody's place.
type runsMade struct {
	every  time.Duration
	last   map[string]time.Time   // by schedule
	former map[string][]time.Time // of schedules that are not in force any more, by what they ran
}

func tooSoon(ctx context.Context, tx *agentdb.Tx, workspace string, c *configuration, known []*agentdb.Schedule, now time.Time) (*runsMade, error) {
	made := &runsMade{every: c.minEvery, former: map[string][]time.Time{}}
	if c.minEvery == 0 {
		return made, nil
	}
	var err error
	// One that ran an interval ago would be caught up on at once, and due again just after.
	if made.last, err = tx.MadeSince(ctx, workspace, now.Add(-2*c.minEvery)); err != nil {
		return nil, err
	}
	for name, at := range made.last {
		if at.After(now) { // the clock was set back
			made.last[name] = now
		}
	}
	goesOn := map[string]bool{}
	for _, s := range c.schedules {
		goesOn[s.Name] = true
	}
	for _, k := range known {
		if at := made.last[k.Name]; !at.IsZero() && !goesOn[k.Name] {
			made.former[k.Run] = append(made.former[k.Run], at)
		}
	}
	return made, nil
}

// before is the time before which a schedule is not due, whose row was k, if it had one. One that is new, or comes back,
// takes the place of a former one that ran the same, if there is one.
func (m *runsMade) before(s *spec.Schedule, k *agentdb.Schedule) time.Time {
	isNew := k == nil || k.RuledAt.IsZero()
	if m.every == 0 || !isNew && k.Rule == s.Times.String() {
		return time.Time{}
	}
	last := m.last[s.Name]
	if places := m.former[string(s.Run)]; isNew && len(places) > 0 {
		newest := 0
		for i, at := range places {
			if at.After(places[newest]) {
				newest = i
			}
		}
		last = latest(last, places[newest])
		m.former[string(s.Run)] = append(places[:newest:newest], places[newest+1:]...)
	}
	if last.IsZero() {
		return last
	}
	return last.Add(m.every)
}
