package agent

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// slice is a part of a run, of a few minutes at most: so a run of hours is many jobs, and
// none is lost for long.
type slice struct {
	run  *agentdb.Run
	stop context.CancelCauseFunc
}

var (
	errDrained = errors.New("the agent stops")
	errPaused  = errors.New("the schedule was paused")
	errTooOld  = errors.New("the program is too old for the database")
	errGaveWay = errors.New("others wait for a place")
)

// work does one slice of a run, for a job of River. nil: the run ended, well or not, and its
// result is in our tables; a snooze: the run goes on; an error: it is tried again.
func (a *agent) work(ctx context.Context, j *river.Job[job], last bool) error {
	switch {
	case a.drain.Err() != nil, a.isTooOld():
		return river.JobSnooze(0)
	case !a.has(j.Args.Workspace): // for an agent that has it, which may be a while away
		return a.later(j)
	}
	p, soon := a.places.enter(a.drain, j.Args.Workspace, a.timing.place)
	switch {
	case p == nil && a.drain.Err() != nil:
		return river.JobSnooze(0)
	case p == nil && soon: // before the one that gives way is back
		return river.JobSnooze(a.timing.poll)
	case p == nil:
		return a.later(j)
	}
	defer p.leave()
	// Before it is claimed: who has claimed a run must bring it to an end.
	pauses, err := a.pauses(ctx)
	if err != nil {
		return err
	}
	now := a.now()
	r, err := a.db.Claim(ctx, j.Args.Run, j.Args.Take, now, now.Add(-a.timing.rescue))
	if err != nil {
		return err
	}
	if r == nil {
		return a.unclaimed(ctx, j.Args)
	}
	return a.slice(ctx, r, p, pauses, last)
}

// later puts a job back.
func (a *agent) later(j *river.Job[job]) error {
	return river.JobSnooze(leaves(a.db.QueueNow().Sub(j.CreatedAt), a.timing.poll))
}

// leaves is for how long an agent that does not have the workspace of a job leaves it to
// others. It may come upon the job again and again, before one that has it does, and the run must not be
// late for that: so it grows slowly, and is long for jobs that nobody takes.
func leaves(age, poll time.Duration) time.Duration { return min(max(age/32, poll), 30*time.Second) }

// unclaimed is what becomes of the job of a run that is not to be had. While another agent
// has it, the job stays: it may be the only one that reminds of the run.
func (a *agent) unclaimed(ctx context.Context, j job) error {
	r, err := a.db.Run(ctx, j.Run)
	if err != nil {
		return err
	}
	if r == nil || r.Take != j.Take || !r.EndedAt.IsZero() {
		return nil
	}
	return river.JobSnooze(30 * time.Second)
}

func (a *agent) slice(ctx context.Context, r *agentdb.Run, p *place, pauses *pauses, last bool) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(a.drain, func() { stop(errDrained) })()
	log := a.logOf(r)
	if pause := pauses.of(r.Workspace, r.Schedule); pause != nil {
		return a.keep(r, &agentdb.Result{Outcome: agentdb.Paused, Message: "paused: " + pause.Reason})
	}
	a.counted.began(r)
	s := &slice{r, stop}
	a.begun(s, true)
	defer a.begun(s, false)
	log.Info("begun", "due", r.Due.Format(time.RFC3339), "cause", r.Cause)
	p.gives(func() {
		log.Info("gives way, because others wait for a place")
		stop(errGaveWay)
	})
	report, err := a.runs(ctx, r, p)
	p.gives(nil)

	result, again := judged(report, err, context.Cause(ctx), last)
	if result.Outcome == agentdb.Queued && errors.Is(context.Cause(ctx), errGaveWay) {
		again = river.JobSnooze(a.timing.aside)
	}
	if report != nil {
		result.State = stateLeft(r, report.State)
	}
	a.counted.slice(r, report)
	log.Log(context.WithoutCancel(ctx), levelOf(result.Outcome), "ended", "outcome", result.Outcome, "message", result.Message)
	if err := a.keep(r, result); err != nil {
		return err
	}
	return again
}

// runs does what a slice is for, at the commit of its run.
func (a *agent) runs(ctx context.Context, r *agentdb.Run, p *place) (*reconcile.ScheduledReport, error) {
	w, err := a.Workspaces.At(ctx, r.Workspace, r.Commit)
	if err != nil {
		return nil, err
	}
	if w.Stopped != "" {
		return nil, &StoppedError{w.Stopped}
	}
	report, err := a.execute(ctx, reconcile.ScheduledRequest{
		Source: w.Source, Schedule: r.Schedule, Deadline: a.timing.slice, LockTimeout: a.timing.lock, Allow: w.Allow, PolicyDirs: w.PolicyDirs, Found: &a.found,
		Shared: w.Commit != "", // the database may name a commit that was never looked at
		Whose:  a.whose(w, r),
	}, w.Deps, p.observed(a.observer(a.logOf(r))))
	if other, is := errors.AsType[*OtherStateError](err); is {
		a.stateRefused(ctx, w, r, other)
	}
	return report, err
}

// judged is what becomes of a run after a slice: its result, with the state that it gets,
// and what River gets to know.
func judged(report *reconcile.ScheduledReport, err, why error, last bool) (result *agentdb.Result, again error) {
	result = &agentdb.Result{}
	if report != nil {
		*result = agentdb.Result{
			Message: report.Message, Applied: report.Applied, Failed: report.Failed, Unknown: report.Unknown, Held: report.Held, Pending: report.Pending,
		}
		result.Facts, _ = json.Marshal(&report.Facts) // of names and numbers
	}
	switch {
	case err != nil && (last || reconcile.ForGood(err) || errors.As(err, new(*StoppedError))):
		result.Outcome, result.Message = agentdb.Failed, oneLine(err)
	case err != nil:
		result.Outcome, result.Message, again = agentdb.Retrying, oneLine(err), err
	case report.Left && errors.Is(why, errPaused):
		result.Outcome = agentdb.Paused
	case report.Left:
		result.Outcome, again = agentdb.Queued, river.JobSnooze(0)
	case report.Incomplete:
		result.Outcome = agentdb.Incomplete
	default:
		result.Outcome = agentdb.Done
	}
	return result, again
}

// begun keeps which slices are under way. One that begins just when the program is found too old
// is stopped like those before.
func (a *agent) begun(s *slice, is bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if is {
		a.slices[s] = true
		if a.tooOld {
			s.stop(errTooOld)
		}
	} else {
		delete(a.slices, s)
	}
}

func levelOf(outcome string) slog.Level {
	switch outcome {
	case agentdb.Failed, agentdb.Lost, agentdb.Retrying:
		return slog.LevelError
	case agentdb.Incomplete:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// oneLine is an error as a log and a table have it.
func oneLine(err error) string {
	return safetext.Line(strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
}
