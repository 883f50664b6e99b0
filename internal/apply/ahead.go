package apply

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// Where writing an intent down takes long, as in a state that several machines
// share, calls are written down in windows, ahead of their turns: one window is
// sent while the next is written, so that the writing costs no time. All that was
// decided then is checked again when the turn has come, after the wait for the call
// limit. What is not sent then is recorded as that, and goes back to the queue: it
// is certain, so nothing has to be looked up.

// written is an intent on record, and when it was about to be written.
type written struct {
	intent state.Intent
	at     moment
}

// leaseError says that the journal doesn't let anything be sent now.
type leaseError struct{ err error }

func (e *leaseError) Error() string { return e.err.Error() }
func (e *leaseError) Unwrap() error { return e.err }

var errExpired = errors.New("it was written down too long ago")

// windowSize is how many calls are written down at once.
func (l *lane) windowSize() int {
	return int(max(1, min(float64(l.terms.Window), l.account.PerSecond*l.terms.Span.Seconds())))
}

// writingTime is more than most journals take to write a window down.
const writingTime = 10 * time.Second

// ahead is for how long a read must be good when its call is written down: the last
// one of a window waits for the writing, for the window before, for those that have
// their workers, and may need a connection. Where the limit is too low for that, it
// is as long as reads can be good for.
func (l *lane) ahead() time.Duration {
	calls := float64(2*l.windowSize() + l.parallelism())
	return min(max(beginning, writingTime+seconds(calls/l.account.PerSecond)+connecting), plan.WindowTime)
}

// nextWritten takes the task whose call is to be made now. It has the next window
// written down as soon as less than one is left.
func (l *lane) nextWritten() *task {
	l.unsend(func(t *task) bool { return l.expired(t) || !l.run.fresh(t, connecting) })
	if !l.writing && len(l.ready) < l.windowSize() {
		l.writeWindow()
	}
	if len(l.ready) == 0 || l.doubtful() {
		return l.due() // the queue can have held some
	}
	t := l.ready[0]
	l.ready = l.ready[1:]
	return t
}

// expired reports whether a call was written down too long ago to be made.
func (l *lane) expired(t *task) bool { return l.run.age(t.written.at) > l.terms.Patience }

// doubtful reports whether calls are ready that must not be sent now, because it is not
// certain that the state is still this run's.
func (l *lane) doubtful() bool {
	uncertain := (*backend.UncertainError)(nil)
	return len(l.ready) > 0 && errors.As(l.run.Journal.Held(), &uncertain)
}

// doubtPause is how often it is asked whether a state that was not certain to be
// this run's is so again.
const doubtPause = time.Second

// writeWindow takes the tasks of a window from the queue, one for an order, and has
// them written down.
func (l *lane) writeWindow() {
	if l.queue.len() == 0 || l.run.giveWay() {
		return
	}
	var window []*task
	seen := map[string]bool{}
	for len(window) < l.windowSize() {
		t := l.take(l.ahead())
		switch {
		case t == nil:
		case t.open != nil:
			l.awaiting = append(l.awaiting, t) // its time has come: due returns it
			continue
		case seen[t.key.ID]:
			l.queue.putBack(t)
			t = nil
		}
		if t == nil {
			break
		}
		seen[t.key.ID] = true
		window = append(window, t)
	}
	if len(window) > 0 {
		l.writing = true
		go func() { l.results <- l.write(window) }()
	}
}

// write checks the tasks of a window and writes down those that may be sent. It
// returns what the coordinator is to do about it.
func (l *lane) write(window []*task) func() {
	var end []func()
	var back, checked []*task
	var intents []state.Intent
	at := l.run.moment()
	for i, t := range window {
		if !l.run.fresh(t, l.ahead()) {
			if err := l.refresh(t); err != nil {
				back = append(back, window[i:]...)
				end = append(end, func() { l.readFailed(err) })
				break
			}
		}
		if result, message := l.check(t); result != "" {
			end = append(end, func() { l.finish(t, result, message) })
			continue
		}
		in := l.intent(t)
		in.At = l.run.Now()
		checked, intents = append(checked, t), append(intents, in)
	}
	var ready []*task
	if l.run.soft.Err() != nil { // none of them would be sent: others need not read that
		back, intents = append(checked, back...), nil
	}
	if len(intents) > 0 {
		made, err := l.run.Journal.IntendWindow(intents)
		if err != nil {
			l.run.fail(fmt.Errorf("nothing more was sent, because the journal can't be written: %w", err))
			back, checked = append(checked, back...), nil
		}
		for i, t := range checked {
			switch in := made[i]; {
			case in.Seq > 0:
				t.written = &written{in, at}
				ready = append(ready, t)
			case l.open(t):
				end = append(end, func() { l.finish(t, Unknown, notSentAfterUnknown) })
			default:
				end = append(end, func() { l.changed(t) })
			}
		}
	}
	return func() {
		l.writing = false
		l.queue.putBack(back...)
		for _, f := range end {
			f()
		}
		l.ready = append(l.ready, ready...)
	}
}

// open reports whether the outcome of a call for the task's order is not known.
func (l *lane) open(t *task) bool {
	e, ok := l.run.Journal.State().Entry(t.key)
	return ok && len(e.Intents) > 0
}

// changed puts back a task for whose order a former run recorded something while
// it was written down: what it rests on is checked again.
func (l *lane) changed(t *task) {
	t.readAt = moment{}
	l.late(t)
}

// sendWritten makes a call whose intent is on record, unless it may not be made any
// more now that its turn has come.
func (l *lane) sendWritten(t *task) {
	in := t.written.intent
	ctx, goOn, end := l.sending()
	defer end()
	held := func() error {
		if err := l.run.Journal.Held(); err != nil {
			return &leaseError{err}
		}
		return nil
	}
	passed := false
	err := l.call(godatafeed.Gated(ctx, held), t, &in, func() error {
		err := l.lastCheck(t, goOn)
		switch {
		case err != nil:
			return err
		case l.expired(t):
			return errExpired
		}
		passed = true
		return nil
	})
	lease := (*leaseError)(nil)
	if !passed || errors.As(err, &lease) && godatafeed.OutcomeOf(err) == godatafeed.NotExecuted {
		l.unsent(t, err)
		return
	}
	l.run.count(func(r *Result) { r.Calls++ })
	t.written = nil
	l.answered(t, in, in.Ident(), err)
}

// unsent deals with a call that its turn found unfit to be made.
func (l *lane) unsent(t *task, err error) {
	l.recordNotSent(t)
	lease, uncertain := (*leaseError)(nil), (*backend.UncertainError)(nil)
	switch {
	case errors.As(err, &uncertain), errors.Is(err, errExpired):
		l.report(func() { l.late(t) })
	case errors.As(err, &lease):
		l.run.fail(fmt.Errorf("nothing more was sent: %w", lease.err))
		l.report(func() { l.queue.putBack(t) })
	default:
		l.notSent(t, err)
	}
}

// unsend gives up the calls that are ready and unfit, and puts their tasks back in
// their order.
func (l *lane) unsend(unfit func(*task) bool) {
	var keep, tasks []*task
	for _, t := range l.ready {
		if unfit(t) {
			tasks = append(tasks, t)
		} else {
			keep = append(keep, t)
		}
	}
	if len(tasks) == 0 {
		return
	}
	l.ready = keep
	l.busy++
	go func() {
		var wg sync.WaitGroup
		for _, t := range tasks {
			wg.Go(func() { l.recordNotSent(t) }) // they share a write
		}
		wg.Wait()
		l.report(func() { l.queue.putBack(tasks...) })
	}()
}

// recordNotSent records that a call which was written down is not made. A run that
// lost the state records it too: whoever has it now need not look the call up.
func (l *lane) recordNotSent(t *task) {
	id := t.written.intent.Ident()
	t.written = nil
	err := l.run.Journal.RecordOutcome(id, state.Outcome{Result: order.NotSent})
	fenced := (*backend.FencedError)(nil)
	if err != nil && !errors.As(err, &fenced) {
		l.run.fail(fmt.Errorf("that a call was not sent could not be recorded: %w", err))
	}
}
