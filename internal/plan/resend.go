package plan

import (
	"cmp"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Resending asks Build to send again what was sent before, because a person says
// so. Every order that it is about is sent again or held back, with the reason.
type Resending struct {
	Reason      string // for the audit log
	EvenIfShown bool   // also what the order shows as wanted, without an error
	Refused     bool   // only orders that the marketplace refused; the others are left out
}

// The codes of orders that are not sent again.
const (
	NothingSent   Code = "nothing_sent"
	ShownAsWanted Code = "shown_as_wanted"
	StillPending  Code = "still_pending"
)

// resend decides about one order that is to be sent again. Its live values are
// taken at their word: nothing is laid over them.
func (b *builder) resend(r *resolvedWish) {
	entry := b.in.State.Remembered(r.key())
	live, account := *r.live, r.Origin.Account
	with := UptakeSettings(account, live.Source, b.in.Learned[account.Name])
	last, _ := UptakeNow(entry, live, b.in.Snapshot.Accounts[account.Name].ReadAt, with)
	if b.in.Resend.Refused && last.Word != uptake.RefusedLater {
		b.plan.Orders--
		return
	}
	d := decideResend(r.Wish, live, entry, historyOf(r.Wish, entry, b.in.Policy, b.in.Now), last.Word, *b.in.Resend)
	if d.held != "" {
		b.hold(r.Wish, live.Ref, d.held, d.message, r.Place)
		return
	}
	again := *r.Wish
	again.Attempt, again.Reason = max(attemptOf(entry), r.Attempt)+1, b.in.Resend.Reason
	r.Wish = &again
	if b.byDay(r, live, d) {
		return
	}
	b.change(r, live, d)
}

// decideResend is the decision about an order that is to be sent again: that of a
// raised attempt, or, where that leaves nothing to do, what the order shows already.
// last is what is known of the change that was sent last.
func decideResend(w *spec.Wish, live order.Live, entry *state.Entry, past history, last uptake.Word, again Resending) decision {
	switch {
	case !changed(entry):
		return hold(NothingSent, "gdfctl has not changed this order, so there is nothing to send again: apply makes what is wanted")
	case len(entry.Intents) > 0:
		return hold(OutcomeUnknown, "the outcome of an earlier call is unknown: apply finds it out first")
	case live.IsCancelled():
		return hold(AlreadyCancelled, "it is canceled: nothing is sent for it")
	}
	past.raised = true
	d := decide(w, live, past)
	switch {
	case d.held != "":
		return d
	case len(d.actions) > 0:
	case live.Status == order.Shipped && w.Want.Status == order.Acknowledged:
		return hold(AlreadyShipped, "it is shipped, and a shipped order is never acknowledged")
	case w.Want.Tracking != "" && !carrier.SameNumber(w.Want.Tracking, live.Tracking):
		return hold(BadTracking, "its number is %s, and the wanted one is not sent: %s", live.Tracking, d.whyLeft())
	default:
		shown := live.SyncError == "" && !differsBesideNumber(w, live)
		if shown && !again.EvenIfShown {
			return hold(ShownAsWanted, "it shows what is wanted, and no error: --even-if-shown sends it all the same")
		}
		d = asShown(w, live)
	}
	if last == uptake.Pending && !again.EvenIfShown {
		return hold(StillPending, "the API accepted the %s at %s, and the marketplace may still need time: --even-if-shown sends it again all the same",
			entry.Applied.Action, entry.Applied.At.UTC().Format(time.RFC3339))
	}
	d.setShipDay(w, live)
	return d
}

// asShown sends an order what it shows already, as far as nothing else is wanted. A
// shipped order keeps its ship date: a parcel that is reported again did not leave
// later.
func asShown(w *spec.Wish, live order.Live) decision {
	d := decision{actions: []order.Action{order.Acknowledge}, after: live.Values}
	if w.Want.Status != order.Shipped {
		return d
	}
	d.actions = []order.Action{order.Correct}
	d.after.Carrier = cmp.Or(w.Want.Carrier, live.Carrier)
	if !w.Want.ShippedAt.IsZero() {
		d.after.ShippedAt = w.Want.ShippedAt
	}
	if d.after.ShippedAt.IsZero() {
		d.afterUnknown = []string{"shipped_at"}
	}
	return d
}

// whyLeft is the warning with which a decision leaves a shipped order's number.
func (d decision) whyLeft() string {
	for _, note := range d.notes {
		if note.Severity == rules.Warn {
			return note.Message
		}
	}
	return "it is one of several that the table has for the order"
}

// Restates reports whether a change leads to what the order showed before it, as
// far as reads show: then no read proves that its call had an effect, nor that
// it had none.
func Restates(action order.Action, before, after order.Values) bool {
	return uptake.ShowsChange(action, before, after, order.Live{Values: before})
}

// WishOf is what the state knows to have been wanted last of an order that no wish
// names any more; nil if gdfctl did nothing about it.
func WishOf(e *state.Entry, account *spec.Account) *spec.Wish {
	last, ok := lastValues(e)
	switch {
	case ok:
	case e != nil && len(e.Intents) > 0: // it is held back for that
		last = e.Intents[len(e.Intents)-1].After
	default:
		return nil
	}
	w := &spec.Wish{Origin: &spec.Origin{Kind: "order", Name: e.ID, Account: account}, Find: spec.Find{ID: e.ID}, Want: last, Attempt: 1}
	if last.Status == order.Processing {
		w.Want = order.Values{Status: order.Acknowledged, OrderNumber: last.OrderNumber}
	}
	return w
}
