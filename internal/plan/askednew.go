package plan

import (
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// newOrder compares an insert of a saved plan with the rows of the tables now. Whether a
// row says what it said is left to apply, which reads it again just before: if it does
// not, that insert is skipped, and the rest of the plan is carried out. So its seal stays
// the plan's, by which apply finds that out.
func (a *comparison) newOrder(c *Change, f *asker) {
	if a.created == nil {
		a.created = make(map[orderKey]*spec.NewOrder, len(a.Wishes.New))
		for _, n := range a.Wishes.New {
			a.created[orderKey{n.Origin.Account.Name, n.ID()}] = n
		}
	}
	n := a.created[orderKey{c.Account, c.Order.ID}]
	if n == nil {
		f.why = "the configuration has no row for this order that must exist"
		return
	}
	f.wish = &n.Wish
	switch {
	case n.Address() != c.Address:
		f.why = fmt.Sprintf("the configuration has no wish with this address; the order's wish is %s", n.Address())
		return
	case !slices.Equal(c.Actions, []order.Action{order.Insert}):
		f.why = "an order that must exist is inserted, and nothing else"
		return
	case c.Content == "":
		f.why = "it does not say which content of the row was planned"
		return
	}
	f.change = insertOf(n, a.Seal)
	same := n.Problem == nil && f.change.Content == c.Content
	if f.change.Content = c.Content; same {
		f.why = differing(c, &f.change)
	}
	if n.Problem != nil {
		f.change.Created = c.Created // the row need not have one that can be read
	}
}

// insertLimits refuses what is beyond the number of orders that a block of new orders
// inserts in one run.
func (a *comparison) insertLimits() {
	inserts := map[string]int{} // by block
	for i := range a.found {
		f := &a.found[i]
		if f.why != "" || !f.change.Has(order.Insert) {
			continue
		}
		n := a.created[orderKey{f.change.Account, f.change.Order.ID}]
		block := n.Origin.String()
		if inserts[block]++; n.PerRun > 0 && inserts[block] > n.PerRun {
			f.why = fmt.Sprintf("%s inserts %s per run (max_per_run)", block, words.Count(n.PerRun, "order", "orders"))
		}
	}
}
