package plan

import (
	"cmp"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// decision is the outcome of the decision table for one order: nothing to do,
// something to do, or held back; and what is worth saying about it.
type decision struct {
	actions      []order.Action
	after        order.Values
	afterUnknown []string
	shippedOn    calendar.Day // the time is chosen at sending
	held         Code
	message      string
	notes        []rules.Finding
	open         bool   // as wanted, and still not to be closed
	refused      string // names the change that it takes the place of
}

// decide is the decision table: what is wanted, held against what is there.
// It is total: every live order leads to an action, to nothing, or to being
// held back, and an order in a state that gdfctl doesn't know is never acted
// on.
func decide(w *spec.Wish, live order.Live, past history) decision {
	if !live.Status.Known() && !live.IsCancelled() {
		return hold(UnknownStatus, "its live status is not one that the API documents (%s); gdfctl never acts on a guess", live.Status)
	}
	switch w.Want.Status {
	case order.Acknowledged:
		return decideAcknowledged(w, live)
	case order.Shipped:
		return decideShipped(w, live, past)
	case order.Cancelled:
		return decideCancelled(live)
	}
	return hold(UnknownStatus, "the wanted status %q does not exist", w.Want.Status)
}

func decideAcknowledged(w *spec.Wish, live order.Live) decision {
	number := w.Want.OrderNumber
	switch {
	case live.IsCancelled():
		return hold(AlreadyCancelled, "it is already canceled: do not pack it")
	case live.OrderNumber != "" && live.OrderNumber != number:
		return hold(OrderNumberDiffers, "its order number is already %q, but %q is wanted", live.OrderNumber, number)
	case live.Status == order.Shipped:
		if live.OrderNumber == "" {
			return decision{notes: []rules.Finding{noteNoNumber}}
		}
		return decision{}
	case live.Status == order.Processing && live.OrderNumber == number:
		return decision{}
	}
	after := live.Values
	after.Status, after.OrderNumber = order.Processing, number
	return decision{actions: []order.Action{order.Acknowledge}, after: after}
}

func decideShipped(w *spec.Wish, live order.Live, past history) decision {
	want := w.Want
	switch {
	case live.IsCancelled():
		return hold(AlreadyCancelled, "it is already canceled: %s", want.Parcel().Pull())
	case live.Status == order.Shipped:
		return decideShippedAgain(w, live, past)
	case want.OrderNumber != "" && live.OrderNumber != "" && live.OrderNumber != want.OrderNumber:
		return hold(OrderNumberDiffers, "its order number is already %q, but %q is wanted", live.OrderNumber, want.OrderNumber)
	}
	if code, message := NotReadyToShip(live); code != "" {
		return hold(code, "%s", message)
	}
	if want.Tracking != "" {
		if damage := w.Damage(); damage != nil {
			return hold(BadTracking, "%s: %s", damage.Rule, damage.Message)
		}
	}
	d := decision{after: live.Values}
	if want.OrderNumber != "" && live.OrderNumber == "" {
		d.actions = append(d.actions, order.Acknowledge)
		d.after.OrderNumber = want.OrderNumber
	}
	d.actions = append(d.actions, order.Ship)
	d.after.Status, d.after.Tracking, d.after.ShippedAt = order.Shipped, want.Tracking, want.ShippedAt
	if want.Carrier != "" {
		d.after.Carrier = want.Carrier
	}
	if want.ShippedAt.IsZero() {
		d.afterUnknown = []string{"shipped_at"}
	}
	return d
}

// NotReadyToShip says why an open order can't be shipped yet, by its marketplace's own
// word; the code is empty if it can.
func NotReadyToShip(live order.Live) (Code, string) {
	switch live.Unready() {
	case order.Unpaid:
		return NotReady, "its marketplace still waits for the payment (pending): do not ship it yet"
	case order.PartlySent:
		return SplitShipment, "its marketplace shows it as partially shipped, and the API has one tracking number per order: ship the rest at the marketplace"
	}
	return "", ""
}

// decideShippedAgain is the case of an order that is shipped already: only
// another tracking number is worth the overwritten times.
func decideShippedAgain(w *spec.Wish, live order.Live, past history) decision {
	want := w.Want
	d := decision{notes: orderNumberNotes(want, live)}
	number := again{
		wanted: want.Tracking, live: live.Tracking, others: w.OtherNumbers(), sent: past.sent, sentAgo: past.sentAgo,
		bad: unsendable(w, live.Source, past.strict), raised: past.raised,
		doubtful: rules.WrongDigit(want.Tracking, cmp.Or(want.Carrier, live.Carrier)) && !rules.WrongDigit(live.Tracking, cmp.Or(live.Carrier, want.Carrier)),
	}.judge()
	if number.held != "" {
		return hold(number.held, "%s", number.message)
	}
	if number.note != nil {
		d.notes = append(d.notes, *number.note)
	}
	d.open = number.drifted
	if number.same {
		d.notes = append(d.notes, shipmentNotes(w, live)...)
	}
	if !number.correct {
		return d
	}
	d.actions = []order.Action{order.Correct}
	d.after = live.Values
	d.after.Tracking = want.Tracking
	d.after.Carrier = cmp.Or(want.Carrier, live.Carrier)
	if !want.ShippedAt.IsZero() {
		d.after.ShippedAt = want.ShippedAt
	}
	if d.after.ShippedAt.IsZero() {
		d.afterUnknown = []string{"shipped_at"}
	}
	return d
}

// orderNumberNotes says what of an order number comes too late.
func orderNumberNotes(want order.Values, live order.Live) []rules.Finding {
	switch {
	case want.OrderNumber == "" || live.OrderNumber == want.OrderNumber:
		return nil
	case live.OrderNumber == "":
		return []rules.Finding{noteNoNumber}
	}
	return []rules.Finding{{
		Rule: "order_number_differs", Severity: rules.Info,
		Message: fmt.Sprintf("shipped with the order number %q, but %q is wanted; a shipped order is never acknowledged again", live.OrderNumber, want.OrderNumber),
	}}
}

// shipmentNotes says in what a shipment of the same number differs.
func shipmentNotes(w *spec.Wish, live order.Live) []rules.Finding {
	var notes []rules.Finding
	want := w.Want
	if want.Carrier != "" && live.Carrier != "" && !carrier.Same(want.Carrier, live.Carrier) {
		notes = append(notes, rules.Finding{
			Rule: "carrier_differs", Severity: rules.Info,
			Message: "shipped with a different carrier; only a raised attempt sends a carrier alone, because each call overwrites the order's times",
		})
	}
	if !sameShipDate(w, live) {
		notes = append(notes, rules.Finding{
			Rule: "ship_date_differs", Severity: rules.Info,
			Message: "shipped with a different time; only a raised attempt sends a time alone",
		})
	}
	return notes
}

func decideCancelled(live order.Live) decision {
	switch {
	case live.IsCancelled():
		return decision{}
	case live.Status == order.Shipped:
		return hold(AlreadyShipped, "it is already shipped and can't be canceled")
	case live.SourceStatus == order.Shipped:
		return hold(AlreadyShipped, "according to its marketplace, it is already shipped and can't be canceled")
	case live.Unready() == order.PartlySent:
		return hold(AlreadyShipped, "according to its marketplace, a part of it is already shipped: cancel the rest there")
	}
	after := live.Values
	after.Status = order.Cancelled
	return decision{actions: []order.Action{order.Cancel}, after: after}
}

var noteNoNumber = rules.Finding{
	Rule: "shipped_without_number", Severity: rules.Info,
	Message: "shipped without an order number; a shipped order is never acknowledged",
}

func hold(code Code, format string, args ...any) decision {
	return decision{held: code, message: fmt.Sprintf(format, args...)}
}
