package plan

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/calendar"
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
}

// decide is the decision table: what is wanted, held against what is there.
// It is total: every live order leads to an action, to nothing, or to being
// held back, and an order in a state that gdfctl doesn't know is never acted
// on.
func decide(w *spec.Wish, live order.Live) decision {
	if !live.Status.Known() && !live.IsCancelled() {
		return hold(UnknownStatus, "its live status is not one that the API documents (%s); nothing is done on a guess", live.Status)
	}
	switch w.Want.Status {
	case order.Acknowledged:
		return decideAcknowledged(w, live)
	case order.Shipped:
		return decideShipped(w, live)
	case order.Cancelled:
		return decideCancelled(live)
	}
	return hold(UnknownStatus, "nothing is known of the wanted status %q", w.Want.Status)
}

func decideAcknowledged(w *spec.Wish, live order.Live) decision {
	number := w.Want.OrderNumber
	switch {
	case live.IsCancelled():
		return hold(AlreadyCancelled, "it is cancelled already: do not pack it")
	case live.OrderNumber != "" && live.OrderNumber != number:
		return hold(OrderNumberDiffers, "its order number is %q already, %q is wanted", live.OrderNumber, number)
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

func decideShipped(w *spec.Wish, live order.Live) decision {
	want := w.Want
	switch {
	case live.IsCancelled():
		return hold(AlreadyCancelled, "it is cancelled already: PULL PARCEL %s", orNone(want.Tracking))
	case live.Status == order.Shipped:
		return decideShippedAgain(w, live)
	case want.OrderNumber != "" && live.OrderNumber != "" && live.OrderNumber != want.OrderNumber:
		return hold(OrderNumberDiffers, "its order number is %q already, %q is wanted", live.OrderNumber, want.OrderNumber)
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

// decideShippedAgain is the case of an order that is shipped already: only
// another tracking number is worth the overwritten times.
func decideShippedAgain(w *spec.Wish, live order.Live) decision {
	want := w.Want
	var d decision
	if want.OrderNumber != "" && live.OrderNumber == "" {
		d.notes = append(d.notes, noteNoNumber)
	}
	if want.OrderNumber != "" && live.OrderNumber != "" && live.OrderNumber != want.OrderNumber {
		d.notes = append(d.notes, rules.Finding{
			Rule: "order_number_differs", Severity: rules.Info,
			Message: fmt.Sprintf("shipped with the order number %q, %q is wanted; a shipped order is never acknowledged again", live.OrderNumber, want.OrderNumber),
		})
	}
	if want.Tracking == "" || order.SameTracking(want.Tracking, live.Tracking) {
		if want.Carrier != "" && live.Carrier != "" && !order.SameCarrier(want.Carrier, live.Carrier) {
			d.notes = append(d.notes, rules.Finding{
				Rule: "carrier_differs", Severity: rules.Info,
				Message: "shipped with another carrier; only a raised attempt sends a carrier alone, since sending again overwrites the order's times",
			})
		}
		if !sameShipDate(w, live) {
			d.notes = append(d.notes, rules.Finding{
				Rule: "ship_date_differs", Severity: rules.Info,
				Message: "shipped at another time; only a raised attempt sends a time alone",
			})
		}
		return d
	}
	d.actions = []order.Action{order.Correct}
	d.after = live.Values
	d.after.Tracking = want.Tracking
	if want.Carrier != "" {
		d.after.Carrier = want.Carrier
	}
	if !want.ShippedAt.IsZero() {
		d.after.ShippedAt = want.ShippedAt
	}
	if d.after.ShippedAt.IsZero() {
		d.afterUnknown = []string{"shipped_at"}
	}
	return d
}

func decideCancelled(live order.Live) decision {
	switch {
	case live.IsCancelled():
		return decision{}
	case live.Status == order.Shipped:
		return hold(AlreadyShipped, "it is shipped already and can't be cancelled")
	case live.SourceStatus == order.Shipped:
		return hold(AlreadyShipped, "its marketplace shows it as shipped already, and it can't be cancelled")
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

func orNone(tracking string) string {
	if tracking == "" {
		return "(no number)"
	}
	return tracking
}
