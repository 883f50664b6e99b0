package plan

import (
	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Carrier and ship date alone are never sent, since sending a shipped order
// again overwrites its times. A raised attempt asks for it: then they count as
// differences like the number. What is equal in all three is never sent.

// decideFor is the decision about a live order for which the state has an entry,
// or nil: the decision table, with what an attempt and a ship day add to it.
func decideFor(w *spec.Wish, live order.Live, entry *state.Entry, past history) decision {
	d := sendAgain(decide(w, live, past), w, live, raised(w, entry) && differsBesideNumber(w, live))
	d.setShipDay(w, live)
	return d
}

// raised reports whether the configuration asks for a further attempt than the
// one that was applied.
func raised(w *spec.Wish, entry *state.Entry) bool { return w.Attempt > attemptOf(entry) }

// sendAgain makes a correct of a decision that has nothing to do, where a
// raised attempt wants another carrier or ship date, or the marketplace did not take
// the last ones.
func sendAgain(d decision, w *spec.Wish, live order.Live, again bool) decision {
	if d.held != "" || len(d.actions) > 0 || !again {
		return d
	}
	after := live.Values
	if w.Want.Carrier != "" {
		after.Carrier = w.Want.Carrier
	}
	if !w.Want.ShippedAt.IsZero() {
		after.ShippedAt = w.Want.ShippedAt
	}
	d = decision{actions: []order.Action{order.Correct}, after: after}
	if d.after.ShippedAt.IsZero() {
		d.afterUnknown = []string{"shipped_at"}
	}
	return d
}

// differsBesideNumber reports whether a shipped order has another carrier or
// ship date than is wanted. Its number may be another one.
func differsBesideNumber(w *spec.Wish, live order.Live) bool {
	if w.Want.Status != order.Shipped || live.Status != order.Shipped || live.IsCancelled() {
		return false
	}
	dated := !w.Want.ShippedAt.IsZero() || !w.ShippedOn.IsZero()
	return (w.Want.Carrier != "" && !carrier.Same(w.Want.Carrier, live.Carrier)) ||
		(dated && (live.ShippedAt.IsZero() || !sameShipDate(w, live)))
}

// ShowsBefore is Unchanged for a change from before to after.
func ShowsBefore(action order.Action, before, after order.Values, live order.Live) bool {
	return Unchanged(before, live) && (!uptake.KeepsNumber(action, before, after) || uptake.SameParcel(before, live.Values))
}

// SentBefore reports whether an attempt to correct the carrier or the ship date
// alone was applied already: reads that lag don't show it, and no number does.
func SentBefore(entry *state.Entry, action order.Action, before, after order.Values, attempt int) bool {
	return uptake.KeepsNumber(action, before, after) && entry != nil && entry.Applied != nil && attempt <= attemptOf(entry)
}
