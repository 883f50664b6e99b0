package apply

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// readWindow reads the orders of the next tasks again, as many as can be
// written before the reads are old. Nothing else is begun from the queue
// meanwhile; the waiting time of open calls goes on. A run that is stopped has no use
// for what is read, and doesn't wait for it.
func (l *lane) readWindow() {
	window := l.queue.next(plan.WindowSize(l.account.PerSecond))
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
	if t.gone {
		return Failed, "the API doesn't know the order any more"
	}
	entry := l.run.Journal.State().Remembered(t.key)
	live, _ := plan.Effective(entry, t.latest(), t.attempt())
	if !plan.SameOrder(t.change.Order, live.Ref) {
		return Failed, fmt.Sprintf("the ID %s is that of another order (%s): plan again", t.key.ID, live.Ref)
	}
	switch {
	case plan.ShowsChange(t.action, t.before, t.after, live), plan.SentBefore(entry, t.action, t.before, t.after, t.attempt()):
		return AsWanted, ""
	case live.IsCancelled() && t.action != order.Acknowledge && t.after.Tracking != "":
		return HeldBack, "canceled in the meantime: PULL PARCEL " + t.after.Tracking
	case live.IsCancelled():
		return HeldBack, "canceled in the meantime: do not ship it"
	case t.action == order.Cancel && live.SourceStatus == order.Shipped:
		return HeldBack, "shipped in the meantime, according to its marketplace: it can't be canceled"
	case !plan.ShowsBefore(t.action, t.before, t.after, live):
		return Skipped, fmt.Sprintf("changed since the plan (it was %s, now it is %s): plan again", describe(t.before), describe(live.Values))
	case !plan.Kept(t.before, t.after, live.Values):
		return Skipped, "its carrier or ship date changed since the plan: plan again"
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

func describe(v order.Values) string {
	s := string(v.Status)
	if v.OrderNumber != "" {
		s += ", number " + v.OrderNumber
	}
	if v.Tracking != "" {
		s += ", tracking " + v.Tracking
	}
	return s
}
