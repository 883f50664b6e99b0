package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// NumberNotUnique is the code of an order that would be acknowledged with the number of
// another order: the seller's system would take the two for one.
const NumberNotUnique Code = "ACK02"

// orderNumbers are the numbers that a plan gives to orders, and who has them too.
type orderNumbers struct {
	giving  []*Change            // by account and number
	made    func(c *Change) bool // whether a standing order made the number of a change
	written map[orderKey]*spec.Wish
	kept    map[orderKey]*state.Entry
	live    func(account, number string) (id string, ok bool)
}

// orderNumbersOf gathers who else has the numbers of changes, which it sorts: a table can
// have a million others.
func orderNumbersOf(giving []*Change, made func(c *Change) bool, wishes *spec.Wishes, st *state.State, accounts []*spec.Account, live func(account, number string) (string, bool)) *orderNumbers {
	slices.SortFunc(giving, func(x, y *Change) int {
		return cmp.Or(cmp.Compare(x.Account, y.Account), cmp.Compare(x.After.OrderNumber, y.After.OrderNumber), writtenFirst(made(x), made(y)), cmp.Compare(x.Order.ID, y.Order.ID))
	})
	n := &orderNumbers{giving: giving, made: made, written: map[orderKey]*spec.Wish{}, kept: map[orderKey]*state.Entry{}, live: live}
	if slices.ContainsFunc(giving, made) {
		for _, w := range wishes.Orders {
			key := orderKey{w.Origin.Account.Name, w.Want.OrderNumber}
			if n.written[key] == nil && len(n.getting(key)) > 0 {
				n.written[key] = w
			}
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
		if number != "" && endpoints[e.Account] == e.Endpoint && len(n.getting(key)) > 0 {
			n.kept[key] = e
		}
	}
	return n
}

// writtenFirst sorts numbers that are written down before those that are made.
func writtenFirst(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// getting are the changes that give a number, the first few of them.
func (n *orderNumbers) getting(key orderKey) []*Change {
	begin, _ := slices.BinarySearchFunc(n.giving, key, func(c *Change, key orderKey) int {
		return cmp.Or(cmp.Compare(c.Account, key.account), cmp.Compare(c.After.OrderNumber, key.name))
	})
	end := begin
	for end < len(n.giving) && end < begin+mostCompared && n.giving[end].Account == key.account && n.giving[end].After.OrderNumber == key.name {
		end++
	}
	return n.giving[begin:end]
}

// mostCompared is how many of the changes that give one number are looked at. Those that are
// written down come first, so each change finds another one among two, if there is any that
// it gives way to.
const mostCompared = 2

// clash says which other order has the number that a change gives, or nothing. A number
// that is written down gives way to no number that a standing order makes.
func (n *orderNumbers) clash(c *Change) string {
	key := orderKey{c.Account, c.After.OrderNumber}
	says := func(other string) string {
		return fmt.Sprintf("its order number would be %q, which is that of %s too", key.name, other)
	}
	for _, other := range n.getting(key) {
		if other.Order.ID != c.Order.ID && (n.made(c) || !n.made(other)) {
			return says(other.Order.String())
		}
	}
	if w := n.written[key]; w != nil && n.made(c) && !w.Find.Matches(c.Order, c.Before.OrderNumber) {
		return says(w.Address())
	}
	if e := n.kept[key]; e != nil && e.ID != c.Order.ID && !sameAtSource(e.Ref, c.Order) {
		return says(e.Ref.String())
	}
	if id, ok := n.live(key.account, key.name); ok && id != c.Order.ID {
		return says("the live order " + id)
	}
	return ""
}

func givesNumber(c *Change) bool { return c.Has(order.Acknowledge) && c.After.OrderNumber != "" }

// sameAtSource reports whether two IDs are of one order of a marketplace: one that was
// inserted is remembered by its number, and one that came in again has another ID.
func sameAtSource(a, b order.Ref) bool {
	return a.SourceNumber != "" && a.SourceNumber == b.SourceNumber && order.SourceKey(a.Source) == order.SourceKey(b.Source)
}

// uniqueNumbers holds back orders that would get a number that is not theirs alone. Which
// of two orders with one number is right, nobody knows.
func (b *builder) uniqueNumbers() {
	count := 0
	for i := range b.plan.Changes {
		if givesNumber(&b.plan.Changes[i]) {
			count++
		}
	}
	if count == 0 {
		return
	}
	giving := make([]*Change, 0, count)
	for i := range b.plan.Changes {
		if c := &b.plan.Changes[i]; givesNumber(c) {
			giving = append(giving, c)
		}
	}
	made := map[orderKey]bool{} // by account and id
	for i := range b.resolved {
		if r := &b.resolved[i]; r.NumberedBy() != nil {
			made[orderKey{r.Origin.Account.Name, r.live.ID}] = true
		}
	}
	byStanding := func(c *Change) bool { return made[orderKey{c.Account, c.Order.ID}] }
	numbers := orderNumbersOf(giving, byStanding, b.in.Wishes, b.in.State, b.in.Accounts, func(account, number string) (string, bool) {
		id, ok := b.in.Snapshot.Accounts[account].taken[number]
		return id, ok
	})
	clashes := map[orderKey]string{} // by account and id
	for _, c := range giving {
		if message := numbers.clash(c); message != "" {
			clashes[orderKey{c.Account, c.Order.ID}] = message
		}
	}
	if len(clashes) == 0 {
		return
	}
	b.plan.Changes = slices.DeleteFunc(b.plan.Changes, func(c Change) bool { return clashes[orderKey{c.Account, c.Order.ID}] != "" })
	for i := range b.resolved {
		r := &b.resolved[i]
		if message := clashes[orderKey{r.Origin.Account.Name, r.live.ID}]; message != "" {
			b.hold(r.Wish, r.live.Ref, NumberNotUnique, message, r.Place)
		}
	}
}
