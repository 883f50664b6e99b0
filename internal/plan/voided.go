package plan

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// VoidedAfterShip is the finding that an order shows the number of a label that
// is void by now, and the tables have no other one.
const VoidedAfterShip = "voided_after_ship"

// notes tells what is to be known of how a wish came about.
func (b *builder) notes(w *spec.Wish) {
	for _, n := range w.Remarks() {
		severity := rules.Warn
		if n.Code == spec.CellOfSeveral {
			severity = rules.Info // the configuration says that the first one stands
		}
		b.findings.add(Finding{Rule: n.Code, Severity: severity, Address: w.Address(), Message: n.Message, DefinedAt: n.Place})
	}
}

// voidedAfterShip looks at orders of which nothing is wanted because all their
// labels are void. They are not read for it: what was read anyhow shows their
// number, or the state knows it.
func (b *builder) voidedAfterShip() {
	for _, w := range b.in.Wishes.Dropped {
		if !b.merged[w] && b.in.Select.wants(w) {
			ref, values := b.lastKnown(w)
			if b.releaseOf(w.Origin.Account.Name, ref, values.OrderNumber) == nil {
				b.voidedLabel(w, ref, values.Tracking)
			}
		}
	}
}

// lastKnown is what is known of the order of a wish that asks for nothing.
func (b *builder) lastKnown(w *spec.Wish) (order.Ref, order.Values) {
	account := w.Origin.Account
	snap := b.in.Snapshot.Accounts[account.Name]
	if ids := snap.match(w.Find); len(ids) == 1 {
		entry := b.in.State.Remembered(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: ids[0]})
		live, _ := Effective(entry, *snap.order(ids[0]), 1)
		return live.Ref, live.Values
	}
	s := soughtOf(b.in.State, w)
	key := state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: s.id}
	if entry, ok := b.in.State.Entry(key); ok && entry.Applied != nil {
		return entry.Ref, entry.Applied.Values
	}
	if closed, ok := b.in.State.Closed(key); ok {
		return closed.Ref, closed.Wanted
	}
	return order.Ref{}, order.Values{}
}

// voidedLabel warns of a void label that went out, where no other number is
// wanted.
func (b *builder) voidedLabel(w *spec.Wish, ref order.Ref, tracking string) {
	if tracking == "" || w.Want.Tracking != "" && !carrier.SameNumber(w.Want.Tracking, tracking) {
		return
	}
	place, void := w.Void(tracking)
	if !void {
		return
	}
	b.findings.add(Finding{
		Rule: VoidedAfterShip, Severity: rules.Warn, Address: w.Address(), DefinedAt: place,
		Message: fmt.Sprintf("%s was sent to %s, but its label is void; the table has no other number", tracking, ref.Source),
	})
}
