package agent

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// mend brings schedules back that this agent has read and that would not run, once a minute:
// the tables were emptied or restored, the clock was set back, or an agent with an older
// directory came and went. Others that run are left as they are: machines whose
// directories differ would undo each other's forever.
func (a *agent) mend(ctx context.Context, now time.Time) error {
	if now.Sub(a.mended).Abs() < a.timing.late {
		return nil
	}
	rows, err := a.db.Schedules(ctx)
	if err != nil {
		return err
	}
	active := map[target]*agentdb.Schedule{}
	for _, row := range rows {
		active[target{row.Workspace, row.Name}] = row
	}
	for workspace, l := range a.loaded {
		var broken []*spec.Schedule
		for _, s := range l.schedules {
			if a.broken(active[target{workspace, s.Name}], s, now, l.minEvery) {
				broken = append(broken, s)
			}
		}
		if len(broken) > 0 {
			a.log.Warn("schedules are brought back that would not have run", "workspace", workspace, "schedules", len(broken))
			some := l.configuration
			some.schedules = broken
			err = errors.Join(err, a.adopt(ctx, workspace, &some, false))
		}
	}
	if err == nil {
		a.mended = now
	}
	return err
}

// broken reports whether nobody runs a schedule by its row.
func (a *agent) broken(row *agentdb.Schedule, s *spec.Schedule, now time.Time, minEvery time.Duration) bool {
	if row == nil {
		return true
	}
	return a.beyond(row, s, now, minEvery) || row.Rule != s.Times.String() && now.Sub(row.NextDue) > a.timing.late
}

// beyond reports whether a schedule waits for a time after its next due time: the clock was set
// back. What the agents of a database take for its time differs a little, and one that took the place of another
// waits for its turn.
func (a *agent) beyond(row *agentdb.Schedule, s *spec.Schedule, now time.Time, minEvery time.Duration) bool {
	next := s.Times.Next(now.Add(10*a.timing.late + minEvery))
	return !next.IsZero() && row.NextDue.After(next)
}
