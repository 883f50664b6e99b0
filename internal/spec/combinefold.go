package spec

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// fold makes one wish of what is left, or holds the order back. The blocks'
// wishes are folded in one go: how they are divided makes no difference then.
func (c *combination) fold() {
	if len(c.left) == 0 {
		c.made = nil
		return
	}
	if bad := worst(c.left); bad != nil {
		c.made = bad
		return
	}
	if c.made != nil {
		return
	}
	if c.parcels(); c.made != nil {
		return
	}
	if len(c.left) == 1 {
		c.made = c.left[0]
		return
	}
	f := folding{left: c.left}
	f.fold()
	switch {
	case len(f.fields) > 0:
		c.made = f.one.contradicts(f.other, f.fields, suggestion(f.one, f.other, f.fields[0]))
	case f.primary.Same(&f.out) && f.primary.DateOnly == f.out.DateOnly && f.primary.Reason == f.out.Reason:
		c.made = f.primary
	default:
		c.made = &f.out
	}
}

// worst is the wish that holds the order back, if one does. A bad row and a good
// one about one order are no conflict: which is meant is not for gdfctl to say.
// Of several, that of a bad row comes before the question of parcels, and then
// the first.
func worst(left []*Wish) *Wish {
	var found *Wish
	for _, w := range left {
		if w.Problem != nil && (found == nil || found.Problem.Code == SplitShipment && w.Problem.Code != SplitShipment) {
			found = w
		}
	}
	return found
}

// folding puts good wishes for one order together, in the order of their places.
type folding struct {
	left    []*Wish
	primary *Wish // whose name and place the result has
	out     Wish

	fields     []string // in which wishes contradict each other
	one, other *Wish    // the first two that do
}

func (f *folding) fold() {
	f.out.Want.Status = f.status()
	if len(f.fields) > 0 {
		return // what a cancel and a shipment have beside that is of no matter
	}
	if f.out.Want.Status != order.Cancelled {
		f.out.Want.OrderNumber = f.text("order_number", f.left, func(w *Wish) string { return w.Want.OrderNumber }, func(a, b string) bool { return a == b })
	}
	reached := f.of(f.out.Want.Status)
	f.primary = reached[0]
	if f.out.Want.Status == order.Shipped {
		f.parcel(reached)
	}
	for _, w := range reached {
		f.out.Attempt = max(f.out.Attempt, w.Attempt)
		if f.out.Reason == "" {
			f.out.Reason = w.Reason
		}
	}
	p := f.primary
	f.out.Origin, f.out.Find, f.out.Place, f.out.Number, f.out.NumberColumn = p.Origin, p.Find, p.Place, p.Number, p.NumberColumn
}

// status is the furthest status that is wanted; a cancel and anything else
// contradict each other.
func (f *folding) status() order.Status {
	first := f.left[0]
	status := first.Want.Status
	for _, w := range f.left[1:] {
		if (w.Want.Status == order.Cancelled) != (first.Want.Status == order.Cancelled) {
			f.contradiction("status", first, w)
			return status
		}
		if w.Want.Status == order.Shipped {
			status = order.Shipped
		}
	}
	return status
}

func (f *folding) of(status order.Status) []*Wish {
	var all []*Wish
	for _, w := range f.left {
		if w.Want.Status == status {
			all = append(all, w)
		}
	}
	return all
}

// parcel puts together what belongs to the parcel. Carrier and ship date come
// from the wishes that have its number; only if those have none, from wishes of
// the same batch without a number.
func (f *folding) parcel(reached []*Wish) {
	f.out.Want.Tracking = f.text("tracking_number", reached, func(w *Wish) string { return w.Want.Tracking }, carrier.SameNumber)
	numbered, lending := reached, []*Wish(nil)
	if f.out.Want.Tracking != "" {
		numbered = nil
		batches := map[*Origin]bool{}
		for _, w := range reached {
			if w.Want.Tracking != "" {
				numbered = append(numbered, w)
				batches[w.Origin] = true
			}
		}
		for _, w := range reached {
			if w.Want.Tracking == "" && batches[w.Origin] {
				lending = append(lending, w)
			}
		}
		f.primary = numbered[0]
	}
	carrierOf := func(w *Wish) string { return w.Want.Carrier }
	if f.out.Want.Carrier = f.text("carrier", numbered, carrierOf, carrier.Same); f.out.Want.Carrier == "" {
		f.out.Want.Carrier = f.text("carrier", lending, carrierOf, carrier.Same)
	}
	if f.shipDate(numbered); f.out.Want.ShippedAt.IsZero() && f.out.ShippedOn.IsZero() {
		f.shipDate(lending)
	}
	if f.out.Want.Tracking == "" {
		for _, w := range reached {
			f.out.NoTracking = f.out.NoTracking || w.NoTracking
		}
	}
}

// text is the one value that the wishes have, as the first of them spells it.
func (f *folding) text(field string, wishes []*Wish, value func(*Wish) string, same func(a, b string) bool) string {
	var first *Wish
	for _, w := range wishes {
		switch {
		case value(w) == "":
		case first == nil:
			first = w
		case value(first) != value(w) && !same(value(first), value(w)):
			f.contradiction(field, first, w)
			return value(first)
		}
	}
	if first == nil {
		return ""
	}
	return value(first)
}

// sameShipment is how far apart two ship dates of one parcel may be: one system
// writes when the label was made, the other when the parcel was collected.
const sameShipment = 24 * time.Hour

// shipDate is the earliest of the ship dates, if they are those of one parcel.
func (f *folding) shipDate(wishes []*Wish) {
	var earliest, latest *Wish
	for _, w := range wishes {
		at := w.shipMoment()
		if at.IsZero() {
			continue
		}
		if earliest == nil || at.Before(earliest.shipMoment()) || at.Equal(earliest.shipMoment()) && earliest.DateOnly && !w.DateOnly {
			earliest = w
		}
		if latest == nil || at.After(latest.shipMoment()) {
			latest = w
		}
	}
	if earliest == nil {
		return
	}
	f.out.Want.ShippedAt, f.out.DateOnly, f.out.ShippedOn = earliest.Want.ShippedAt, earliest.DateOnly, earliest.ShippedOn
	if latest.shipMoment().Sub(earliest.shipMoment()) > sameShipment {
		field := "shipped_at"
		if !earliest.ShippedOn.IsZero() && !latest.ShippedOn.IsZero() {
			field = "shipped_on"
		}
		f.contradiction(field, earliest, latest)
	}
}

// shipMoment is the ship date, or noon of the ship day; zero if neither is
// wanted.
func (w *Wish) shipMoment() time.Time {
	if w.ShippedOn.IsZero() {
		return w.Want.ShippedAt
	}
	return w.ShippedOn.At(12, w.Origin.Account.Timezone)
}

func (f *folding) contradiction(field string, a, b *Wish) {
	f.fields = append(f.fields, field)
	if f.one == nil {
		f.one, f.other = a, b
		if compareWishes(b, a) < 0 {
			f.one, f.other = b, a
		}
	}
}
