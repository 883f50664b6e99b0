package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// An insert is like no other call: the order has no ID, so it can't be read back, and
// nothing keeps the API from taking it in twice. So it is never repeated on the ground
// that it is not seen. What is known of an order comes from listings that are complete.

// RowError says that the row of an order that is to be inserted is not what was planned.
type RowError struct{ Text string }

func (e *RowError) Error() string { return e.Text }

// insert makes the call. The buyer is in memory from here to the answer.
func (l *lane) insert(ctx context.Context, t *task, before godatafeed.BeforeSend) error {
	body, err := l.run.Body(ctx, t.change)
	if err != nil {
		return err
	}
	return l.api.Insert(ctx, body, before)
}

// checkInsert is check for an order that is to be inserted.
func (l *lane) checkInsert(t *task) (result ItemResult, message string) {
	entry := l.run.Journal.State().Remembered(t.key)
	if len(t.there) > 0 || entry != nil && (entry.Applied != nil || entry.Closed != nil) {
		return AsWanted, ""
	}
	if message := plan.CheckRules(l.run.Policy, t.change); message != "" {
		return HeldBack, message
	}
	return "", ""
}

// leadingInserts are the inserts at the beginning of some tasks or, if it begins
// otherwise, what is in front of the first one.
func leadingInserts(tasks []*task) (some []*task, inserts bool) {
	inserts = len(tasks) > 0 && tasks[0].action == order.Insert
	n := slices.IndexFunc(tasks, func(t *task) bool { return (t.action == order.Insert) != inserts })
	if n < 0 {
		n = len(tasks)
	}
	return tasks[:n], inserts
}

// relist looks for the orders of inserts. No write is counted on it if it is not complete.
func (l *lane) relist(ctx context.Context, tasks []*task, windows func(t *task) []plan.Window) (*plan.Relisted, error) {
	var sought []plan.Unlisted
	for _, t := range tasks {
		sought = append(sought, plan.Unlisted{Source: t.ref.Source, Number: t.ref.SourceNumber, Windows: windows(t)})
	}
	again := plan.Rereading{API: l.api, Account: l.account, Learned: l.run.Learned[l.account.Name], Now: l.run.Now}
	return again.Listed(ctx, sought)
}

func (l *lane) windowToInsert(t *task) []plan.Window {
	windows := plan.WindowToInsert(t.change.Created, l.run.Now())
	if !t.earliest.IsZero() {
		windows = append(windows, plan.WindowToInsert(t.earliest, l.run.Now())...)
	}
	return windows
}

func (l *lane) windowsOfCall(t *task) []plan.Window {
	windows := plan.WindowsOfInsert(t.open.Created, t.open.At, l.run.Now())
	if t.insertsAgain() { // that it is not there has to be proved as for any insert
		t.earliest = plan.EarliestOfInsert(t.change.Created, []state.Intent{*t.open})
		windows = append(windows, l.windowToInsert(t)...)
	}
	return windows
}

// insertsAgain reports whether people asked for an insert to be made once more whose call
// is open. The attempt that they asked for is higher than that of the call, so that the
// one which is made for them is never taken for the one before.
func (t *task) insertsAgain() bool {
	return t.change != nil && t.change.Resend && t.open != nil && t.open.Attempt < t.attempt()
}

// insertAgain closes an insert of which a listing after the waiting time showed nothing,
// on record and as people asked, so that it is sent once more.
func (l *lane) insertAgain(t *task, in state.Intent) func() {
	out := state.Outcome{Result: order.Released, Message: t.change.Reason, ReadBack: true}
	switch err := l.run.Journal.RecordOutcome(in.Ident(), out); {
	case errors.Is(err, state.ErrNoIntent): // others found it out meanwhile
		return func() { l.foundOut(t, in, l.recordedBy(t.key, in)) }
	case err != nil:
		return l.endUnrecorded(t, out, err)
	}
	return func() {
		l.breaker.success()
		t.open, t.there, t.readAt = nil, nil, moment{} // it is listed once more, just before it is sent
		l.queue.putBack(t)
	}
}

// relistWindow looks for the orders of the next inserts, just before they are sent.
func (l *lane) relistWindow(window []*task) {
	l.reading = true
	at := l.run.moment()
	go func() {
		ctx, end := l.run.leavable(l.run.soft)
		defer end()
		listed, err := l.relist(ctx, window, l.windowToInsert)
		l.results <- func() {
			l.reading = false
			if err != nil {
				l.readFailed(err)
				return
			}
			l.countRereads(listed.Calls)
			for _, t := range window {
				t.there = listed.IDs(t.ref.Source, t.ref.SourceNumber)
				t.readAt = at
				t.windows++
			}
		}
	}()
}

// refreshInsert is refresh for an order that is to be inserted.
func (l *lane) refreshInsert(t *task) error {
	at := l.run.moment()
	ctx, end := l.run.leavable(l.run.soft)
	defer end()
	listed, err := l.relist(ctx, []*task{t}, l.windowToInsert)
	if err != nil {
		return err
	}
	l.countRereads(listed.Calls)
	t.there, t.readAt = listed.IDs(t.ref.Source, t.ref.SourceNumber), at
	return nil
}

// dueInserts takes the other inserts whose outcome is to be found out now: one listing
// shows all of them.
func (l *lane) dueInserts() []*task {
	now := l.run.Now()
	var due []*task
	l.awaiting = slices.DeleteFunc(l.awaiting, func(t *task) bool {
		if t.action != order.Insert || t.notBefore.After(now) {
			return false
		}
		due = append(due, t)
		return true
	})
	return due
}

// findOutInserts looks for the orders of inserts that have had their time to take effect.
// One that is there was inserted. One that is not may come yet: that is never taken for
// proof.
func (l *lane) findOutInserts(tasks []*task) {
	ctx, end := l.run.leavable(l.run.hard)
	defer end()
	listed, err := l.relist(ctx, tasks, l.windowsOfCall)
	if err != nil {
		l.report(func() {
			counts := false
			for _, t := range tasks {
				counts = l.rereadLater(t, err) || counts
			}
			if counts {
				l.failed(err)
			}
		})
		return
	}
	l.countRereads(listed.Calls)
	var ends []func()
	for _, t := range tasks {
		ends = append(ends, l.foundInsert(t, listed.IDs(t.ref.Source, t.ref.SourceNumber)))
	}
	l.report(func() {
		for _, end := range ends {
			end()
		}
	})
}

// foundInsert decides what became of an insert. It returns what the coordinator is to do
// about it.
func (l *lane) foundInsert(t *task, ids []string) func() {
	in := *t.open
	if t.inherited && !l.open(t) {
		result := l.recordedBy(t.key, in)
		return func() { l.foundOut(t, in, result) }
	}
	if len(ids) == 0 && t.insertsAgain() {
		return l.insertAgain(t, in)
	}
	if len(ids) == 0 {
		return func() {
			l.finish(t, Unknown, "the outcome of the insert is unknown: no listing shows the order yet. It is never inserted again by itself: "+
				"run apply again later, which looks for it; if it is certain that it is not there, a release block with the reason closes the call, or resend inserts it once more")
		}
	}
	out := state.Outcome{Result: order.Done, ReadBack: true}
	switch {
	case len(ids) > 1:
		out.Message = string(plan.InsertTwice)
	case t.insertsAgain():
		out.Message = "it is there as " + ids[0]
	}
	err := l.run.Journal.RecordOutcome(in.Ident(), out)
	if errors.Is(err, state.ErrNoIntent) && t.inherited {
		out.Result, err = l.recordedBy(t.key, in), nil
	}
	switch {
	case err != nil:
		return l.endUnrecorded(t, out, err)
	case len(ids) > 1:
		return func() {
			l.breaker.success()
			l.finish(t, Failed, fmt.Sprintf("%s: %s", plan.InsertTwice, plan.InsertedTwice(ids)))
		}
	}
	return func() { l.foundOut(t, in, out.Result) }
}
