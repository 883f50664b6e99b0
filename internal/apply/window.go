package apply

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// readWindow reads the orders of the next tasks again, as many as can be
// written before the reads are old. Nothing else is begun from the queue
// meanwhile; the waiting time of open calls goes on. A run that is stopped has no use
// for what is read, and doesn't wait for it.
func (l *lane) readWindow() {
	window, inserts := leadingInserts(l.queue.next(plan.WindowSize(l.account.PerSecond)))
	if inserts {
		l.relistWindow(window)
		return
	}
	known := make([]plan.Known, 0, len(window))
	seen := map[string]bool{}
	for _, t := range window {
		if !seen[t.key.ID] {
			seen[t.key.ID] = true
			known = append(known, plan.Known{ID: t.key.ID, Created: t.change.Created, Status: t.before.Status})
		}
	}
	again := plan.Rereading{API: l.api, Account: l.account, Learned: l.run.Learned[l.account.Name], Now: l.run.Now}
	l.reading = true
	at := l.run.moment()
	go func() {
		ctx, end := l.run.leavable(l.run.soft)
		defer end()
		snap, err := again.Orders(ctx, known)
		l.results <- func() {
			l.reading = false
			if err != nil {
				l.readFailed(err)
				return
			}
			l.countRereads(snap.Calls)
			for _, t := range window {
				live, _ := snap.Order(t.key.ID)
				t.live = &live
				t.gone = snap.Missing[t.key.ID]
				t.readAt = at
				t.windows++
			}
		}
	}()
}

// readFailed counts a failed reading, which the client has repeated already,
// as a failure of the API: the tasks stay in the queue, and nothing is written
// before their orders were read.
func (l *lane) readFailed(err error) {
	switch {
	case l.run.over():
	case godatafeed.IsDenied(err):
		l.run.halt(deniedMessage(l.account.Name, err))
	default:
		l.failed(err)
	}
}

// check decides, on the latest read, whether a task may be sent. It returns
// true, or ends the task.
func (l *lane) check(t *task) (result ItemResult, message string) {
	if t.action == order.Insert {
		return l.checkInsert(t)
	}
	if t.gone {
		return Failed, "the API doesn't know the order any more"
	}
	entry := l.run.Journal.State().Remembered(t.key)
	live, _ := plan.Effective(entry, t.latest(), t.attempt())
	if !plan.SameOrder(t.change.Order, live.Ref) {
		return Failed, fmt.Sprintf("the ID %s is that of another order (%s): plan again", t.key.ID, live.Ref)
	}
	refused := l.stillRefused(t, entry)
	switch {
	case !refused && plan.SentBefore(entry, t.action, t.before, t.after, t.attempt()):
		return AsWanted, ""
	case uptake.ShowsChange(t.action, t.before, t.after, live) && !refused && !t.restates():
		return AsWanted, ""
	case live.IsCancelled() && t.action != order.Acknowledge && t.after.Tracking != "":
		return HeldBack, "canceled in the meantime: " + l.pull(t, t.after.Parcel())
	case live.IsCancelled():
		return HeldBack, "canceled in the meantime: do not ship it"
	case t.action == order.Cancel && live.SourceStatus == order.Shipped:
		return HeldBack, "shipped in the meantime, according to its marketplace: it can't be canceled"
	case t.action == order.Cancel && live.Unready() == order.PartlySent:
		return HeldBack, "shipped in part in the meantime, according to its marketplace: cancel the rest there"
	case t.change.Refused != "" && !refused:
		return Skipped, "its marketplace does not refuse the last change any more, or it is another one by now: plan again"
	case !plan.ShowsBefore(t.action, t.before, t.after, live):
		return Skipped, fmt.Sprintf("changed since the plan (it was %s, now it is %s): plan again", plan.Describe(t.before), plan.Describe(live.Values))
	case !plan.Kept(t.before, t.after, live.Values):
		return Skipped, "its carrier or ship date changed since the plan: plan again"
	}
	if t.live != nil {
		if message := plan.StillMeant(t.change, live, l.run.Now()); message != "" {
			return Skipped, message
		}
	}
	if _, message := plan.NotReadyToShip(live); t.action == order.Ship && message != "" {
		return HeldBack, message
	}
	if t.action == order.Ship || t.action == order.Correct {
		if message := plan.ShippedTooEarly(t.after, live, l.run.Now()); message != "" {
			return HeldBack, message
		}
	}
	if day := t.change.ShippedOn; !day.IsZero() {
		switch zone := l.account.Timezone; {
		case zone == nil:
			return Skipped, "its ship date is a day, and the account has no timezone any more: plan again"
		case day > calendar.Of(l.run.Now(), zone):
			return Skipped, fmt.Sprintf("it ships on %s: plan again on that day", day)
		}
	}
	if message := plan.CheckRules(l.run.Policy, t.change); message != "" {
		return HeldBack, message
	}
	return "", ""
}

// stillRefused reports whether the marketplace, as the latest read shows it, refuses the
// change that the task takes the place of. That of the plan was judged by the plan.
func (l *lane) stillRefused(t *task, entry *state.Entry) bool {
	name := t.change.Refused
	if name == "" || t.live == nil {
		return name != "" && entry.LastChange() == name
	}
	return plan.StillRefused(entry, name, *t.live, t.readAt.wall, plan.UptakeSettings(l.account, t.live.Source, l.run.Learned[l.account.Name]))
}
