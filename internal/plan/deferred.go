package plan

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Deferred is an order whose time has not come: nothing is wrong with it, and a
// later plan will change it.
type Deferred struct {
	Address   string       `json:"address"`
	Account   string       `json:"account"`
	Order     order.Ref    `json:"order"`
	Until     calendar.Day `json:"until,omitzero"` // the day from which on it is planned
	Message   string       `json:"message"`
	DefinedAt spec.Place   `json:"defined_at"`
}

// later defers an order for a reason that is no day.
func (b *builder) later(w *spec.Wish, ref order.Ref, message string) {
	b.plan.Deferred = append(b.plan.Deferred, Deferred{
		Address: w.Address(), Account: w.Origin.Account.Name, Order: ref, Message: message, DefinedAt: w.Place,
	})
}

// byDay takes a decision to ship through the table of ship days. It reports
// whether that decides the order: it is deferred or held back.
func (b *builder) byDay(r *resolvedWish, live order.Live, d decision) bool {
	if d.shippedOn.IsZero() {
		return false
	}
	zone := r.Origin.Account.Timezone
	switch judgeDay(d.shippedOn, zone, live.Created(), b.in.Now) {
	case shipLater:
		b.plan.Deferred = append(b.plan.Deferred, Deferred{
			Address: r.Address(), Account: r.Origin.Account.Name, Order: r.live.Ref, Until: d.shippedOn,
			Message: fmt.Sprintf("ships on %s; planned from that day on", d.shippedOn), DefinedAt: r.Place,
		})
		return true
	case beforeCreated:
		b.hold(r.Wish, r.live.Ref, ShippedBeforeCreated, heldByDay(d.shippedOn, live.Created()), r.Place)
		return true
	}
	if f, late := lateDay(d.shippedOn, zone, b.in.Now); late {
		b.finding(r.Wish, r.Address(), f)
	}
	return false
}
