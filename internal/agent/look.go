package agent

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// look makes runs of what is due. What it asks the database does not grow with the
// schedules, but with those of them that are due.
func (a *agent) look(ctx context.Context) error {
	if err := a.db.Sync(ctx); err != nil {
		return err
	}
	now := a.now()
	if now.Sub(a.reached) > a.timing.dead/2 {
		a.unbroken = now
	}
	a.reached = now
	err := a.reload(ctx)
	pauses, failed := a.pauses(ctx)
	if failed != nil {
		return errors.Join(err, failed)
	}
	a.heed(pauses)
	err = errors.Join(err, a.mend(ctx, now), a.dueRuns(ctx, pauses, now), a.takeUp(ctx, now.Add(-a.timing.rescue), a.silentSince(now)), a.forget(ctx, now))
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.looked = now
	}
	return err
}

// silentSince is since when an agent must have said nothing, to count as dead. The lease of its
// state and the calls of which nothing is known take some minutes more, so its runs can't wait for as long as
// a slice may take. An agent that could not look itself for a while knows nothing of others: after an outage of
// the database, they get the time to say that they live.
func (a *agent) silentSince(now time.Time) time.Time {
	if now.Sub(a.unbroken) < a.timing.dead {
		return time.Time{}
	}
	return now.Add(-a.timing.dead)
}

// dueRuns makes runs of all due times that have come.
func (a *agent) dueRuns(ctx context.Context, pauses *pauses, now time.Time) error {
	due, err := a.db.Due(ctx, now)
	for _, row := range due {
		l := a.loaded[row.Workspace]
		s := l.schedule(row.Name)
		if s == nil || s.Times.String() != row.Rule {
			continue // of others, or of a commit that this agent has not read yet
		}
		err = errors.Join(err, a.becomeDue(ctx, row, s, l.commit, pauses, now))
	}
	return err
}

// becomeDue makes a run of a due time that has come, and moves the schedule to its next
// one, in one transaction: whatever is killed between them, neither is without the other.
// Of agents that look at once, one moves it.
func (a *agent) becomeDue(ctx context.Context, row *agentdb.Schedule, s *spec.Schedule, commit string, pauses *pauses, now time.Time) error {
	due := s.Times.Since(row.NextDue, now)
	why, ended := "", []*end(nil)
	err := a.db.In(ctx, func(tx *agentdb.Tx) error {
		moved, err := tx.Move(ctx, row, due.Next, due.Before)
		if err != nil || !moved {
			return err
		}
		if why, ended, err = a.passedOver(ctx, tx, row, s, pauses.of(row.Workspace, row.Name), due.Latest, now); err != nil {
			return err
		}
		if err := passed(ctx, tx, row, s.Times, due); err != nil {
			return err
		}
		if why != "" {
			return errors.Join(tx.Missed(ctx, row.Workspace, row.Name), tx.MissedOn(ctx, row.Workspace, row.Name, due.Latest, 1))
		}
		return a.enqueue(ctx, tx, newRun(row.Workspace, row.Name, commit, due.Latest, now))
	})
	if err != nil {
		return err
	}
	a.over(ended...)
	if why != "" {
		a.log.Warn("a due time was missed", "workspace", row.Workspace, "schedule", row.Name, "due", due.Latest.Format(time.RFC3339), "why", why)
	}
	return nil
}

// passed counts the due times before the latest one by their days.
func passed(ctx context.Context, tx *agentdb.Tx, row *agentdb.Schedule, times schedule.Times, due schedule.Missed) error {
	const day = 24 * time.Hour
	left := due.Before
	for before := due.Latest; left > 0; { // from the last day back: those that are shown come first
		midnight := before.Add(-time.Nanosecond).Truncate(day)
		n := left
		if midnight.After(row.NextDue) {
			n = times.Between(midnight.Add(-time.Nanosecond), before.Add(-time.Nanosecond), left)
		}
		if n > 0 {
			if err := tx.MissedOn(ctx, row.Workspace, row.Name, midnight, n); err != nil {
				return err
			}
		}
		left, before = left-n, midnight
	}
	return nil
}

// passedOver says why a due time that has come gets no run; "" if it gets one, and which
// runs gave way to it.
func (a *agent) passedOver(ctx context.Context, tx *agentdb.Tx, row *agentdb.Schedule, s *spec.Schedule, p *report.AgentPause, due, now time.Time) (why string, ended []*end, err error) {
	switch {
	case p != nil:
		return "paused: " + p.Reason, nil, nil
	case !s.CatchUp && now.Sub(due) > a.timing.late:
		return "no agent looked at that time", nil, nil
	}
	if had, err := tx.HadRun(ctx, row.Workspace, row.Name, due); err != nil || had {
		return "it had its run", nil, err
	}
	return a.goingOn(ctx, tx, row.Workspace, row.Name, now)
}

// goingOn says which run of a schedule keeps another one from beginning. One that waits
// to be tried again gives way, and one whose slice takes too long is lost: these ended.
func (a *agent) goingOn(ctx context.Context, tx *agentdb.Tx, workspace, name string, now time.Time) (why string, ended []*end, err error) {
	open, err := tx.Open(ctx, workspace, name)
	if err != nil {
		return "", nil, err
	}
	for _, r := range open {
		outcome, message := agentdb.Lost, lost
		switch {
		case r.State == agentdb.Retrying:
			outcome = agentdb.Failed
			if total, err := tx.Total(ctx, r.ID); err != nil {
				return "", nil, err
			} else if total != nil {
				message = total.Message
			}
		case r.State == agentdb.Running && now.Sub(r.SliceAt) > a.timing.rescue:
		default:
			return "run " + r.ID + " goes on", ended, nil
		}
		e, err := a.ended(ctx, tx, r, outcome, message, now)
		if err != nil {
			return "", nil, err
		}
		if e == nil {
			return "run " + r.ID + " goes on", ended, nil
		}
		ended = append(ended, e)
	}
	return "", ended, nil
}
