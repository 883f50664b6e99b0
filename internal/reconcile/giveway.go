package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// longestTurn is how long a run that gave way waits for its next turn.
const longestTurn = time.Hour

// inTurns executes a plan. When another run waits for the state, it saves what it did,
// lets the other one go first, and goes on with what is left. To whoever looks on, it
// is one run.
func (a *applying) inTurns(ctx context.Context, o apply.Options) (*apply.Result, error) {
	o.Journal, o.Found = a.session, a.req.Found.of(a.session.State())
	total, err := a.turns(ctx, o)
	a.req.Found.keep(a.session.State(), total.Found)
	total.End()
	return total, err
}

func (a *applying) turns(ctx context.Context, o apply.Options) (*apply.Result, error) {
	result, err := apply.Run(ctx, o)
	total, began := result, a.Now()
	o.Turns = []string{o.RunID}
	for turn := 2; err == nil && result.GaveWay && !result.Interrupted; turn++ {
		o.Found = result.Found
		next, more := a.left(o, total, a.Now().Sub(began))
		if !more {
			break
		}
		stopped, lockErr := a.nextTurn(ctx, &next, turn)
		if errors.Is(lockErr, ErrInterrupted) { // while it waited: all that was done is saved
			total.Interrupted = true
			break
		}
		if lockErr != nil {
			return total, lockErr
		}
		if stopped != "" {
			total.Stopped = stopped
			break
		}
		o.Turns = append(o.Turns, next.RunID)
		result, err = apply.Run(ctx, next)
		total = together(total, result)
	}
	return total, err
}

// left are the options for what is left of a run.
func (a *applying) left(o apply.Options, done *apply.Result, elapsed time.Duration) (next apply.Options, more bool) {
	next = o
	rest := *o.Plan
	rest.Changes = nil
	seen := map[*plan.Change]bool{}
	position := a.store.Position()
	rest.Position = &position
	for _, c := range done.Left {
		if seen[c] {
			continue
		}
		seen[c] = true
		left := *c
		left.LastChange = a.session.State().Remembered(a.keyOf(c)).LastChange()
		rest.Changes = append(rest.Changes, left)
	}
	next.Plan, next.Passed = &rest, nil
	next.RunID, next.Events = o.RunID, goesOn(o, done)
	if o.First > 0 {
		next.First = o.First - (len(o.Plan.Changes) - len(rest.Changes))
	}
	if o.MaxFailures > 0 {
		next.MaxFailures = o.MaxFailures - done.Counts[apply.Failed]
	}
	if o.Deadline > 0 {
		next.Deadline = o.Deadline - elapsed
	}
	ended := o.First > 0 && next.First <= 0 || o.MaxFailures > 0 && next.MaxFailures <= 0 || o.Deadline > 0 && next.Deadline <= 0
	return next, !ended
}

// goesOn numbers and counts the events of a turn behind those before it.
func goesOn(o apply.Options, done *apply.Result) func(apply.Event) {
	passed := done.Total - done.Undone
	return func(e apply.Event) {
		if e.Type == apply.ApplyStart {
			return
		}
		e.Seq, e.Done, e.Total, e.Failed = e.Seq-1+done.Events, e.Done+passed, e.Total+passed, e.Failed+done.Counts[apply.Failed]
		e.RunID = o.RunID
		o.Events(e)
	}
}

// nextTurn releases the state and locks it again, behind whoever waits, and takes what
// others changed meanwhile out of the plan. stopped says why there is no next turn.
func (a *applying) nextTurn(ctx context.Context, next *apply.Options, turn int) (stopped string, err error) {
	if err := errors.Join(a.commit(), a.session.Close()); err != nil {
		return "", a.notSaved(err)
	}
	a.betweenTurns = true
	// How few calls are left is not said: that would put it before the run that it let go.
	session, err := a.lock(ctx, a.operation(), max(a.req.LockTimeout, longestTurn), 0)
	if err != nil {
		return "", fmt.Errorf("the run gave way to another one and did not get the state back: %w", err)
	}
	a.session, a.betweenTurns = session, false
	if err := errors.Join(a.usable(), a.allowedOpen()); err != nil {
		return err.Error(), nil
	}
	before := len(a.passed)
	a.passOvertaken(next.Plan, func(id state.IntentID) bool {
		_, found := next.Found[id]
		return found
	})
	next.Passed, next.Journal = a.passed[before:], session
	// The numbers of calls begin again with each session: another name keeps them apart.
	next.RunID = fmt.Sprintf("%s.%d", a.report.RunID, turn)
	return "", a.begin(session, next.RunID)
}

// together adds a turn to those before it, whose changes that were left it took up.
func together(before, turn *apply.Result) *apply.Result {
	all := *turn
	all.Counts = maps.Clone(turn.Counts)
	for kind, n := range before.Counts {
		if kind != apply.NotReached {
			all.Counts[kind] += n
		}
	}
	all.Items = append(before.Items, turn.Items...)
	all.Unrecorded = append(before.Unrecorded, turn.Unrecorded...)
	all.Events = before.Events + turn.Events - 1
	all.Done, all.Total = before.Done+turn.Done, before.Total-before.Undone+turn.Total
	all.Calls, all.Rereads, all.Throttled = before.Calls+turn.Calls, before.Rereads+turn.Rereads, before.Throttled+turn.Throttled
	return &all
}
