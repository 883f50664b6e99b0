package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Why a call is not sent although its turn under the limit has come.
var (
	errStopped = errors.New("the run was stopped")
	errPaused  = errors.New("the API fails, and the account pauses")
	errStale   = errors.New("the order must be reread")
)

const notSentAfterUnknown = "not sent, because the outcome of an earlier call for the order is unknown"

// journalError is a failure to make an intent or an outcome durable.
type journalError struct{ err error }

func (e *journalError) Error() string { return e.err.Error() }
func (e *journalError) Unwrap() error { return e.err }

const (
	maxAttempts  = 3  // of one call in one run, each but the first after a reread showed no effect
	maxThrottled = 60 // 429 answers to one call, before something must be wrong
	maxLate      = 20 // turns of one call that came when its read was old, likewise
)

// execute does what is next for a task, in a worker.
func (l *lane) execute(t *task) {
	switch {
	case t.open != nil && t.action == order.Insert:
		l.findOutInserts(append([]*task{t}, t.along...))
		return
	case t.open != nil:
		l.findOut(t)
		return
	case t.written != nil:
		l.run.emitStart(t)
		l.sendWritten(t)
		return
	}
	if !l.run.fresh(t, connecting) {
		if err := l.refresh(t); err != nil {
			l.report(func() {
				l.queue.putBack(t)
				l.readFailed(err)
			})
			return
		}
	}
	if result, message := l.check(t); result != "" {
		l.report(func() { l.finish(t, result, message) })
		return
	}
	l.run.emitStart(t)
	l.send(t)
}

// refresh rereads the one order: its turn came late, because the limit or
// a pause held it up.
func (l *lane) refresh(t *task) error {
	if t.action == order.Insert {
		return l.refreshInsert(t)
	}
	at := l.run.moment()
	ctx, end := l.run.leavable(l.run.soft)
	defer end()
	live, err := l.read(ctx, t.key.ID)
	switch {
	case godatafeed.IsNotFound(err):
		t.gone = true
	case err != nil:
		return err
	}
	t.live, t.readAt = &live, at
	return nil
}

func (r *run) emitStart(t *task) {
	ref := t.ref
	r.emit(Event{Type: ChangeStart, Account: t.key.Account, Address: t.address(), Order: &ref, Action: t.action})
}

// send makes the call once and decides by its outcome. However long the call
// waited for its turn, what it rests on is checked when the waiting is over:
// before the intent is written, and again after that, since a disk can take its
// time. A run that is stopped ends the waiting.
func (l *lane) send(t *task) {
	in := l.intent(t)
	var id state.IntentID
	journaled := false
	ctx, goOn, end := l.sending()
	defer end()
	err := l.call(ctx, t, &in, func() error {
		if err := l.lastCheck(t, goOn); err != nil {
			return err
		}
		in.At = l.run.Now()
		seq, err := l.run.Journal.Intend(in)
		if err != nil {
			return &journalError{err}
		}
		in.RunID, in.Seq = l.run.RunID, seq
		id, journaled = in.Ident(), true
		if !l.run.fresh(t, connecting) {
			return errStale
		}
		return nil
	})
	if journaled && !errors.Is(err, errStale) {
		l.run.count(func(r *Result) { r.Calls++ })
	}
	var broken *journalError
	switch {
	case errors.Is(err, state.ErrIntentOpen):
		l.report(func() {
			l.finish(t, Unknown, notSentAfterUnknown)
		})
		return
	case errors.As(err, &broken):
		l.run.fail(fmt.Errorf("nothing more was sent, because the journal can't be written: %w", broken.err))
		l.report(func() { l.queue.putBack(t) })
		return
	case !journaled:
		l.notSent(t, err)
		return
	}
	l.answered(t, in, id, err)
}

// sending is the context of a call: until goOn was called, a run that is stopped
// ends it. goOn reports whether the run goes on; then the call may come to its end.
func (l *lane) sending() (ctx context.Context, goOn func() bool, end func()) {
	ctx, cancel := context.WithCancel(l.run.hard)
	soft, gone := context.AfterFunc(l.run.soft, cancel), context.AfterFunc(l.run.gone, cancel)
	goOn = func() bool { return soft() && gone() }
	return ctx, goOn, func() {
		goOn()
		cancel()
	}
}

// lastCheck says why a call is not sent although its turn has come.
func (l *lane) lastCheck(t *task, goOn func() bool) error {
	switch {
	case !goOn(), l.run.overdue():
		return errStopped
	case l.pausing():
		return errPaused
	case !l.run.fresh(t, connecting):
		return errStale
	}
	return nil
}

// notSent deals with a call that ended before it was sent, and of which no
// intent is open.
func (l *lane) notSent(t *task, err error) {
	l.report(func() {
		if godatafeed.OutcomeOf(err) == godatafeed.Refused && !godatafeed.IsDenied(err) {
			l.finish(t, Failed, brief(err)) // it can't even be sent
			return
		}
		if row := (*RowError)(nil); errors.As(err, &row) {
			l.finish(t, Skipped, row.Text)
			return
		}
		if errors.Is(err, errStale) {
			l.late(t)
			return
		}
		l.queue.putBack(t)
		if l.run.over() || errors.Is(err, errPaused) {
			return
		}
		if godatafeed.IsDenied(err) {
			l.run.halt(deniedMessage(l.account.Name, err))
			return
		}
		l.failed(err)
	})
}

// answered records the outcome of a call that was sent.
func (l *lane) answered(t *task, in state.Intent, id state.IntentID, err error) {
	out := outcomeOf(err)
	if out.Result == order.Unknown {
		l.report(func() {
			t.open, t.attempts = &in, t.attempts+1
			l.later(t, l.account.Settle)
			l.run.emitUnknown(t, "the outcome of the call is unknown ("+brief(err)+"): the order is reread after the waiting time")
			l.failed(err)
		})
		return
	}
	if jerr := l.run.Journal.RecordOutcome(id, out); jerr != nil {
		l.unrecorded(t, out, jerr)
		return
	}
	switch out.Result {
	case order.Done:
		l.report(func() {
			l.breaker.success()
			l.finish(t, Applied, "")
		})
	case order.NotExecuted:
		l.report(func() { l.notExecuted(t, err) })
	default:
		denied, why := godatafeed.IsDenied(err), l.refusal(t, err)
		l.report(func() {
			if !denied {
				l.breaker.success() // a refusal is an answer
			}
			l.finish(t, Failed, why)
			if denied {
				l.run.halt(deniedMessage(l.account.Name, err))
			}
		})
	}
}

// notExecuted puts a call back that certainly had no effect.
func (l *lane) notExecuted(t *task, err error) {
	var api *godatafeed.Error
	status := 0
	if errors.As(err, &api) {
		status = api.Status
	}
	switch {
	case errors.Is(err, errStale):
		l.late(t)
		return
	case status == 429:
		t.throttled++
		l.run.count(func(r *Result) { r.Throttled++ })
		l.run.emit(Event{Type: Throttled, Account: l.account.Name, Message: "the API asked to slow down: another client may be using the account"})
		if t.throttled >= maxThrottled {
			l.finish(t, Failed, "the API kept asking to slow down")
			return
		}
	case status == 401:
		if t.denied++; t.denied > 1 {
			l.finish(t, Failed, brief(err))
			l.run.halt(deniedMessage(l.account.Name, err))
			return
		}
	default:
		l.failed(err)
	}
	l.queue.putBack(t)
}

// late puts a call back whose turn came when its read was old: it is reread.
func (l *lane) late(t *task) {
	if t.late++; t.late == maxLate {
		l.finish(t, Failed, fmt.Sprintf("not sent: %d times the call limit let it go only when its read was older than %s; "+
			"raise the account's limit_per_second, or run fewer programs on the account at once", t.late, plan.Freshness))
		return
	}
	l.queue.putBack(t)
}

// failed counts an outage's failure and pauses or stops the lane.
func (l *lane) failed(err error) {
	if unlimited, ok := errors.AsType[*godatafeed.UnlimitedError](err); ok {
		l.unlimited(unlimited)
		return
	}
	l.run.mu.Lock()
	pause, giveUp := l.breaker.failure(l.run.Now())
	l.run.mu.Unlock()
	switch {
	case giveUp:
		l.run.halt(fmt.Sprintf("account %s: the API did not come back after several pauses: %s", l.account.Name, brief(err)))
	case pause > 0:
		l.run.emit(Event{Type: Progress, Account: l.account.Name, Message: fmt.Sprintf("%d calls failed in a row (%s): pausing for %s", l.breaker.failures, brief(err), pause)})
	}
}

// unlimited ends the run: it is not known how many calls others make.
func (l *lane) unlimited(err *godatafeed.UnlimitedError) {
	l.run.fail(fmt.Errorf("account %s: nothing more was sent: %w", l.account.Name, err))
}

// unrecorded is a call whose outcome is known and can't be written. The intent
// is on disk, so the next run will find out; what is known is reported.
func (l *lane) unrecorded(t *task, out state.Outcome, err error) {
	l.report(l.endUnrecorded(t, out, err))
}

// endUnrecorded is what the coordinator is to do about that.
func (l *lane) endUnrecorded(t *task, out state.Outcome, err error) func() {
	if kept := (*state.KeptError)(nil); errors.As(err, &kept) {
		return func() {
			t.end(Unknown, fmt.Sprintf("the API's answer (%s) came when this run had lost the state: it is kept on this machine, and recorded late", out.Result))
			l.run.fail(fmt.Errorf("nothing more was sent: %w", err))
		}
	}
	return func() {
		t.end(Unknown, fmt.Sprintf("the API's answer (%s) could not be recorded", out.Result))
		l.run.count(func(r *Result) { r.Unrecorded = append(r.Unrecorded, t.item()) })
		l.run.fail(fmt.Errorf("an outcome could not be recorded: %w", err))
	}
}

func deniedMessage(account string, err error) string {
	return fmt.Sprintf("account %s: the API denies access (%s): check the account's consumer key", account, brief(err))
}

// brief is an error without the operation, which the task names.
func brief(err error) string {
	var api *godatafeed.Error
	if errors.As(err, &api) {
		return api.Brief()
	}
	return err.Error()
}

// outcomeOf is what a call's error, or its absence, says about its effect.
func outcomeOf(err error) state.Outcome {
	if err == nil {
		return state.Outcome{Result: order.Done, Status: 200}
	}
	var out state.Outcome
	var api *godatafeed.Error
	if errors.As(err, &api) {
		out.Status, out.Message = api.Status, api.Message
	}
	switch godatafeed.OutcomeOf(err) {
	case godatafeed.Refused:
		out.Result = order.Refused
	case godatafeed.NotExecuted:
		out.Result = order.NotExecuted
	default:
		out.Result = order.Unknown
	}
	return out
}

// intent is what is about to be done, complete enough to repeat it to the
// letter: a ship date that is chosen now stays the same in every sending.
func (l *lane) intent(t *task) state.Intent {
	in := state.Intent{
		Key: t.key, Ref: t.ref, Created: t.change.Created, Address: t.change.Address, DefinedAt: t.change.DefinedAt.String(),
		Action: t.action, Before: t.before, After: t.after, Attempt: t.attempt(), Sending: 1, Reason: t.change.Reason,
		Content: t.change.Content, PlanHash: t.change.PlanHash, ErrorBefore: t.errorBefore(), Resent: t.change.Resend,
	}
	if t.repeat != nil {
		in.Sending, in.Repeated = t.repeat.Sending+1, true
		in.After, in.ErrorBefore = t.repeat.After, t.repeat.ErrorBefore
	} else if in.After.ShippedAt.IsZero() && (t.action == order.Ship || t.action == order.Correct) {
		in.After.ShippedAt = l.shipTime(t)
	}
	return in
}

// shipTime is the ship date where the plan left it to the moment of sending.
func (l *lane) shipTime(t *task) time.Time {
	now := l.run.Now().UTC().Truncate(time.Second)
	if t.change.ShippedOn.IsZero() {
		return now
	}
	created := t.change.Created
	if t.live != nil {
		created = t.live.Created()
	}
	return plan.ShipTime(t.change.ShippedOn, l.account.Timezone, created, now)
}

func (l *lane) call(ctx context.Context, t *task, in *state.Intent, before godatafeed.BeforeSend) error {
	switch t.action {
	case order.Insert:
		return l.insert(ctx, t, before)
	case order.Acknowledge:
		return l.api.Acknowledge(ctx, t.key.ID, in.After.OrderNumber, before)
	case order.Cancel:
		return l.api.Cancel(ctx, t.key.ID, before)
	case order.Ship, order.Correct:
		return l.api.Ship(ctx, t.key.ID, godatafeed.Shipment{Tracking: in.After.Tracking, Carrier: in.After.Carrier, ShippedAt: in.After.ShippedAt}, before)
	}
	return fmt.Errorf("apply: no call for action %q", t.action)
}

func (r *run) emitUnknown(t *task, message string) {
	ref := t.ref
	r.emit(Event{Type: ChangeUnknown, Account: t.key.Account, Address: t.address(), Order: &ref, Action: t.action, Message: message})
}
