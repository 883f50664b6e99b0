package plan

import (
	"cmp"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// NumberNotUnique is the code of an order whose number, made by a standing order,
// is that of another order too: the seller's system would take the two for one.
const NumberNotUnique Code = "ACK02"

// orderNumbers are the numbers that standing orders make in a plan, and who has
// them too.
type orderNumbers struct {
	made    map[orderKey][]order.Ref // by account and number
	written map[orderKey]*spec.Wish
	kept    map[orderKey]*state.Entry
	live    func(account, number string) (id string, ok bool)
}

// orderNumbersOf gathers who else has the numbers of changes: a table can have a
// million others.
func orderNumbersOf(made []*Change, wishes *spec.Wishes, st *state.State, accounts []*spec.Account, live func(account, number string) (string, bool)) *orderNumbers {
	n := &orderNumbers{made: map[orderKey][]order.Ref{}, written: map[orderKey]*spec.Wish{}, kept: map[orderKey]*state.Entry{}, live: live}
	for _, c := range made {
		key := orderKey{c.Account, c.After.OrderNumber}
		n.made[key] = append(n.made[key], c.Order)
	}
	for _, w := range wishes.Orders {
		key := orderKey{w.Origin.Account.Name, w.Want.OrderNumber}
		if _, is := n.made[key]; is && n.written[key] == nil {
			n.written[key] = w
		}
	}
	endpoints := map[string]string{}
	for _, a := range accounts {
		endpoints[a.Name] = a.Endpoint
	}
	for e := range st.Entries() {
		last, _ := lastValues(e)
		number := last.OrderNumber
		if e.Observed != nil {
			number = cmp.Or(number, e.Observed.Values.OrderNumber)
		}
		key := orderKey{e.Account, number}
		if _, is := n.made[key]; is && endpoints[e.Account] == e.Endpoint {
			n.kept[key] = e
		}
	}
	return n
}

// clash says which other order has the number that a standing order makes, or
// nothing.
func (n *orderNumbers) clash(c *Change) string {
	key := orderKey{c.Account, c.After.OrderNumber}
	says := func(other string) string {
		return fmt.Sprintf("its order number would be %q, which is that of %s too", key.name, other)
	}
	for _, other := range n.made[key] {
		if other.ID != c.Order.ID {
			return says(other.String())
		}
	}
	if w := n.written[key]; w != nil && !w.Find.Matches(c.Order, c.Before.OrderNumber) {
		return says(w.Address())
	}
	if e := n.kept[key]; e != nil && e.ID != c.Order.ID {
		return says(e.Ref.String())
	}
	if id, ok := n.live(key.account, key.name); ok && id != c.Order.ID {
		return says("the live order " + id)
	}
	return ""
}

// uniqueNumbers holds back orders whose number, made by a standing order, is not
// theirs alone. Which of two orders with one number is right, nobody knows.
func (b *builder) uniqueNumbers() {
	made := map[orderKey]*resolvedWish{} // by account and id
	for i := range b.resolved {
		if r := &b.resolved[i]; r.NumberedBy() != nil {
			made[orderKey{r.Origin.Account.Name, r.live.ID}] = r
		}
	}
	if len(made) == 0 {
		return
	}
	isMade := func(c *Change) *resolvedWish {
		if !c.Has(order.Acknowledge) {
			return nil
		}
		return made[orderKey{c.Account, c.Order.ID}]
	}
	var changes []*Change
	for i := range b.plan.Changes {
		if c := &b.plan.Changes[i]; isMade(c) != nil {
			changes = append(changes, c)
		}
	}
	numbers := orderNumbersOf(changes, b.in.Wishes, b.in.State, b.in.Accounts, func(account, number string) (string, bool) {
		id, ok := b.in.Snapshot.Accounts[account].taken[number]
		return id, ok
	})
	kept := b.plan.Changes[:0]
	for i := range b.plan.Changes {
		c := b.plan.Changes[i]
		if r := isMade(&c); r != nil {
			if message := numbers.clash(&c); message != "" {
				b.hold(r.Wish, c.Order, NumberNotUnique, message, r.Place)
				continue
			}
		}
		kept = append(kept, c)
	}
	b.plan.Changes = kept
}
