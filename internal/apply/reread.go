package apply

import (
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// maxRereads is how often the order of an open call is reread before its outcome
// stays unknown; the client repeats each read by itself too.
const maxRereads = 3

// findOut rereads an order whose call has had its time to take effect, and
// decides what became of the call: done, without effect, or still unknown.
func (l *lane) findOut(t *task) {
	in := *t.open
	at := l.run.moment()
	ctx, end := l.run.leavable(l.run.hard)
	defer end()
	live, err := l.read(ctx, t.key.ID)
	if err != nil {
		l.report(func() { l.notReread(t, err) })
		return
	}
	t.live, t.readAt, t.gone = &live, at, false
	if t.ref.SourceNumber == "" {
		t.ref = live.Ref
	}
	entry := l.run.Journal.State().Remembered(t.key)
	if t.inherited && !l.open(t) {
		result := l.recordedBy(t.key, in)
		l.report(func() { l.foundOut(t, in, result) })
		return
	}
	out := state.Outcome{ReadBack: true}
	shown, lags := plan.Effective(entry, live, in.Attempt)
	shows := uptake.ShowsChange(in.Action, in.Before, in.After, live)
	switch {
	case shows && plan.ShowsEarlier(entry, in.After, l.run.Now(), l.account.TakeTime):
		l.report(func() { l.readLags(t) })
		return
	case shows && in.Resent && plan.Restates(in.Action, in.Before, in.After) && !reacted(in, live):
		l.report(func() { l.finish(t, Unknown, unprovable) })
		return
	case shows:
		out.Result = order.Done
	case lags:
		l.report(func() { l.readLags(t) })
		return
	case plan.ShowsBefore(in.Action, in.Before, in.After, shown) && !l.proves(t):
		l.report(func() { l.doubt(t) })
		return
	case plan.ShowsBefore(in.Action, in.Before, in.After, shown):
		out.Result = order.NoEffect
	default:
		message := fmt.Sprintf("the outcome of the call is unknown: the order is neither as before nor as wanted, but %s. "+
			"Look at it; a release block with the reason closes the call", plan.Describe(live.Values))
		if live.IsCancelled() && in.After.Tracking != "" {
			message = "canceled in the meantime, and the outcome of the call is unknown: " + l.pull(t, in.After.Parcel())
		}
		l.report(func() { l.finish(t, Unknown, message) })
		return
	}
	err = l.run.Journal.RecordOutcome(in.Ident(), out)
	if errors.Is(err, state.ErrNoIntent) && t.inherited {
		out.Result, err = l.recordedBy(t.key, in), nil
	}
	if err != nil {
		l.unrecorded(t, out, err)
		return
	}
	l.report(func() { l.foundOut(t, in, out.Result) })
}

// reacted reports whether the marketplace reacted to a call that sent what the order
// showed already: the error that it had reported before is gone, or another one.
func reacted(in state.Intent, live order.Live) bool {
	return in.ErrorBefore != "" && uptake.ErrorHash(live.SyncError) != in.ErrorBefore
}

// unprovable is what is known of a call without an answer that sent what the order
// showed already.
const unprovable = "the outcome of the call is unknown: it sent what the order showed before, so reading it again proves nothing. " +
	"Look at it in the marketplace; a release block with the reason closes the call"

// recordedBy is the outcome of a call that the run which made it recorded by itself,
// late, before this one found it out.
func (l *lane) recordedBy(k state.Key, in state.Intent) order.Result {
	e := l.run.Journal.State().Remembered(k) // nil where the call was never sent, and nothing else is known
	if e != nil && e.Applied != nil && (state.IntentID{RunID: e.Applied.RunID, Seq: e.Applied.Seq}) == in.Ident() {
		return order.Done
	}
	return order.NoEffect
}

// readLags rereads later: a read that doesn't even show the change before
// the call can't show that the call had no effect, nor that it had one.
func (l *lane) readLags(t *task) {
	if t.unread++; t.unread >= maxRereads {
		l.finish(t, Unknown, "the outcome of the call is unknown: reads do not show the change before it yet; run apply again later")
		return
	}
	l.later(t, time.Duration(t.unread)*10*time.Second)
}

// foundOut goes on after a call's outcome became known.
func (l *lane) foundOut(t *task, in state.Intent, result order.Result) {
	l.breaker.success()
	t.open = nil
	same := t.change != nil && t.action == in.Action && sameCall(in.Action, in.After, t.after)
	switch {
	case same && result == order.Done:
		l.finish(t, Applied, "")
	case t.change == nil && result == order.Done:
		t.open = &in // for the task's address
		l.finish(t, Confirmed, "")
	case t.change == nil:
		t.open = &in
		message := "an earlier call had no effect, and is not wanted any more"
		if in.Resent {
			message = "an earlier call of resend had no effect: use resend again if it is still wanted"
		}
		l.finish(t, AsWanted, message)
	case same && t.attempts >= maxAttempts:
		l.finish(t, Failed, fmt.Sprintf("sent %d times without effect", t.attempts))
	default:
		// Without effect, or another call than the one that is wanted now: the
		// task goes on from what was just read.
		if same {
			t.repeat = &in
		}
		l.queue.putBack(t)
	}
}

// sameCall reports whether two wished outcomes of one action are reached by
// the same call; a ship date that is chosen at sending is no difference.
func sameCall(action order.Action, sent, wanted order.Values) bool {
	switch action {
	case order.Acknowledge:
		return sent.OrderNumber == wanted.OrderNumber
	case order.Ship, order.Correct:
		return sent.Tracking == wanted.Tracking && sent.Carrier == wanted.Carrier &&
			(wanted.ShippedAt.IsZero() || sent.ShippedAt.Equal(wanted.ShippedAt))
	}
	return true
}

// notReread tries again later, a few times.
func (l *lane) notReread(t *task, err error) {
	if l.rereadLater(t, err) {
		l.failed(err)
	}
}

// rereadLater puts a call aside whose order could not be read. It reports whether the
// API failed with that, and is asked again.
func (l *lane) rereadLater(t *task, err error) (failed bool) {
	if l.run.gone.Err() != nil { // the next turn reads it
		l.awaiting = append(l.awaiting, t)
		return false
	}
	if godatafeed.IsNotFound(err) {
		l.finish(t, Unknown, "the outcome of the call is unknown: the API no longer knows the order")
		return false
	}
	if godatafeed.IsDenied(err) {
		l.awaiting = append(l.awaiting, t)
		l.run.halt(deniedMessage(l.account.Name, err))
		return false
	}
	if unlimited, ok := errors.AsType[*godatafeed.UnlimitedError](err); ok {
		l.awaiting = append(l.awaiting, t)
		l.unlimited(unlimited)
		return false
	}
	if t.unread++; t.unread >= maxRereads {
		l.finish(t, Unknown, "the outcome of the call is unknown, and the order can't be read: "+brief(err))
		return false
	}
	l.later(t, time.Duration(t.unread)*10*time.Second)
	return true
}
