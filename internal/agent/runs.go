package agent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

func newRun(workspace, schedule, commit string, due, now time.Time) *agentdb.Run {
	return &agentdb.Run{
		ID: reconcile.NewRunID(now), Workspace: workspace, Schedule: schedule, Commit: commit,
		Due: due, Cause: agentdb.BySchedule, State: agentdb.Queued, Take: 1, QueuedAt: now,
	}
}

// enqueue writes a run down, and a job that reminds an agent of it.
func (a *agent) enqueue(ctx context.Context, tx *agentdb.Tx, r *agentdb.Run) error {
	if err := tx.Insert(ctx, r); err != nil {
		return err
	}
	return a.remind(ctx, tx, r)
}

func (a *agent) remind(ctx context.Context, tx *agentdb.Tx, r *agentdb.Run) error {
	for {
		inserted, err := a.queue.InsertTx(ctx, tx.SQL, job{
			Workspace: r.Workspace, Schedule: r.Schedule, Due: r.Due.UnixMilli(), Take: r.Take, Run: r.ID, Commit: r.Commit,
		}, oneJob)
		if err != nil {
			return a.db.Explain(err)
		}
		if !inserted.UniqueSkippedAsDuplicate {
			return tx.RemindedBy(ctx, r, inserted.Job.ID)
		}
		// The job is of a run that the tables lost: it reminds of nothing any more.
		if taken, err := tx.TakeUp(ctx, r); err != nil || !taken {
			return err
		}
	}
}

// end is how a run ended. It is counted and told after it is in the database for good: a
// transaction may be tried again.
type end struct {
	run              *agentdb.Run
	outcome, message string
	at               time.Time
	before, after    int // due times that failed in a row
}

// ended ends a run. A due time counts as failed in a row until one succeeds; a run that
// people stopped says nothing. nil: another agent has it, and its end will count.
func (a *agent) ended(ctx context.Context, tx *agentdb.Tx, r *agentdb.Run, outcome, message string, now time.Time) (*end, error) {
	before, err := tx.Failures(ctx, r.Workspace, r.Schedule)
	if err != nil {
		return nil, err
	}
	if ended, err := tx.End(ctx, r, outcome, now); err != nil || !ended {
		return nil, err
	}
	switch outcome {
	case agentdb.Done, agentdb.Incomplete:
		err = tx.Succeeded(ctx, r.Workspace, r.Schedule, now)
	case agentdb.Failed, agentdb.Lost:
		err = tx.Failed(ctx, r.Workspace, r.Schedule)
	}
	if err != nil {
		return nil, err
	}
	after, err := tx.Failures(ctx, r.Workspace, r.Schedule)
	return &end{r, outcome, message, now, before, after}, err
}

// over is what follows from the end of runs that no slice ended. People are told beside the
// looks, which nobody who does not answer may hold up.
func (a *agent) over(ended ...*end) {
	for _, e := range ended {
		a.counted.ended(e)
		a.logOf(e.run).Error("ended", "outcome", e.outcome, "message", e.message)
		a.telling.Go(func() { a.tell(e) })
	}
}

// lost says why a run ended that no slice ended.
const lost = "its agents died, or a slice of it did not end in time"

// takes is how often a run is taken up: one that kills its agents is lost then.
const takes = 5

// takeUp makes runs go on whose slice began before a limit, or whose agent was not seen since it
// fell silent: theirs died.
func (a *agent) takeUp(ctx context.Context, limit, silent time.Time) error {
	left, err := a.db.Abandoned(ctx, limit, silent)
	for _, r := range left {
		var e *end
		failed := a.db.In(ctx, func(tx *agentdb.Tx) (err error) {
			if r.Take >= takes {
				e, err = a.ended(ctx, tx, r, agentdb.Lost, lost, a.now())
				return err
			}
			taken, err := tx.TakeUp(ctx, r)
			if err != nil || !taken {
				return err
			}
			a.log.Info("a run of a former agent goes on", "workspace", r.Workspace, "schedule", r.Schedule, "run", r.ID)
			return a.remind(ctx, tx, r)
		})
		if failed == nil && e != nil {
			a.over(e)
		}
		err = errors.Join(err, failed)
	}
	return err
}

// How long runs are remembered, and agents that were not seen.
const (
	keptRuns   = 30 * 24 * time.Hour
	keptAgents = 24 * time.Hour
)

// forget removes what is too old, once an hour.
func (a *agent) forget(ctx context.Context, now time.Time) error {
	if now.Sub(a.forgot) < time.Hour {
		return nil
	}
	if err := errors.Join(a.db.Forget(ctx, now.Add(-keptRuns)), a.db.ForgetAgents(ctx, now.Add(-keptAgents)), a.unlisted(ctx, now)); err != nil {
		return err
	}
	a.forgot = now
	return nil
}

// unlisted takes the schedules of workspaces out of force that are in the file of no machine any more. One that was
// not seen for a day may have had them; an agent that is alone with its database knows at once. Nothing is lost by it:
// they come back as they were when an agent has them.
func (a *agent) unlisted(ctx context.Context, now time.Time) error {
	since := now.Add(-keptAgents)
	if !a.db.Shared() {
		since = now
	}
	for some := range slices.Chunk(a.names, 100) { // a transaction has its limit of time
		if err := a.db.In(ctx, func(tx *agentdb.Tx) error {
			for _, name := range some {
				if err := tx.Listed(ctx, name, nil, now); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	retired, err := a.db.RetireUnlisted(ctx, since, now)
	for _, name := range retired {
		a.log.Info("no agent has the workspace any more, so its schedules are not in force", "workspace", name)
	}
	return err
}

// endOfTime comes after everything in the tables, also where the clock was wrong.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// arrive takes up what a former agent left: this one is the only one, so what
// stands as running is not.
func (a *agent) arrive(ctx context.Context) error {
	return errors.Join(a.takeUp(ctx, endOfTime, endOfTime), a.db.ForgetAgents(ctx, endOfTime))
}
