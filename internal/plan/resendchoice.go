package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// ResendChoice chooses the orders that are to be sent again, and the wishes about
// them: of an order that several wishes are about, all of them have a say.
type ResendChoice struct {
	state  *state.State
	wishes *spec.Wishes
	of     map[state.Key][]*spec.Wish
	void   map[state.Key][]*spec.Wish // rows of an order that are all void
	named  map[namedBy]state.Key      // changed orders, by what finds without a marketplace have; without an ID where several have it
	chosen map[state.Key]*spec.Account
	again  []*spec.NewOrder // to be inserted again
}

// NewResendChoice begins with no order. The wishes are those of the configuration.
func NewResendChoice(st *state.State, wishes *spec.Wishes) *ResendChoice {
	c := &ResendChoice{state: st, wishes: wishes, of: map[state.Key][]*spec.Wish{}, void: map[state.Key][]*spec.Wish{}, chosen: map[state.Key]*spec.Account{}}
	c.name()
	for _, w := range wishes.Orders {
		if key, known := c.keyOf(w); known {
			c.of[key] = append(c.of[key], w)
		}
	}
	for _, w := range wishes.Dropped {
		if key, known := c.keyOf(w); known {
			c.void[key] = append(c.void[key], w)
		}
	}
	return c
}

// namedBy is what a find without a marketplace names an order by.
type namedBy struct {
	endpoint, account, number string
	sellers                   bool // it is the seller's number
}

// name gathers what the changed orders can be named by.
func (c *ResendChoice) name() {
	c.named = map[namedBy]state.Key{}
	add := func(by namedBy, key state.Key) {
		if _, several := c.named[by]; several {
			key = state.Key{}
		}
		c.named[by] = key
	}
	for e := range c.state.Entries() {
		if !changed(e) || order.IsInsertID(e.ID) {
			continue
		}
		if number := strings.TrimSpace(e.Ref.SourceNumber); number != "" {
			add(namedBy{e.Endpoint, e.Account, number, false}, e.Key)
		}
		if last, _ := lastValues(e); last.OrderNumber != "" {
			add(namedBy{e.Endpoint, e.Account, last.OrderNumber, true}, e.Key)
		}
	}
}

// keyOf is what the state keeps the order of a wish under, if it knows which it is.
func (c *ResendChoice) keyOf(w *spec.Wish) (state.Key, bool) {
	a := w.Origin.Account
	key := state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: soughtOf(c.state, w).id}
	switch f := w.Find; {
	case key.ID != "":
	case f.Number != "" && f.Source == "":
		key = c.named[namedBy{a.Endpoint, a.Name, strings.TrimSpace(f.Number), false}]
	case f.Number == "" && f.OrderNumber != "":
		key = c.named[namedBy{a.Endpoint, a.Name, f.OrderNumber, true}]
	}
	return key, key.ID != ""
}

// Add chooses an order.
func (c *ResendChoice) Add(key state.Key, account *spec.Account) { c.chosen[key] = account }

// AddFor chooses the order of a wish, which the state knows by another name.
func (c *ResendChoice) AddFor(key state.Key, w *spec.Wish) {
	c.Add(key, w.Origin.Account)
	c.of[key] = append(c.of[key], w)
}

// AddWishes chooses the orders of the wishes with an address, or of a block: those
// of which the state knows that they were changed. It returns how many wishes have the
// address, and those whose orders were not chosen.
func (c *ResendChoice) AddWishes(address string) (matched int, left []*spec.Wish) {
	for _, w := range c.wishes.Orders {
		if !anyOf([]string{address}, w) {
			continue
		}
		matched++
		if key, known := c.keyOf(w); known && changed(c.state.Remembered(key)) {
			c.Add(key, w.Origin.Account)
			continue
		}
		left = append(left, w)
	}
	return matched, left
}

// AddAccepted chooses orders with a change that the API accepted. With targets, only
// those that a wish with such an address names. An order whose row can't be used is
// chosen only if it is known to need sending again.
func (c *ResendChoice) AddAccepted(open []Accepted, targets []string) {
	for i := range open {
		a := &open[i]
		wishes := c.of[a.Entry.Key]
		switch {
		case a.Entry.Applied == nil, order.IsInsertID(a.Entry.ID): // an insert is never repeated
		case len(targets) > 0 && !slices.ContainsFunc(wishes, func(w *spec.Wish) bool { return anyOf(targets, w) }):
		case len(wishes)+len(c.voidOf(a.Entry.Key)) > 0 && !slices.ContainsFunc(wishes, usable) && a.Result.Word != uptake.RefusedLater:
		default:
			c.Add(a.Entry.Key, a.Account)
		}
	}
}

func usable(w *spec.Wish) bool { return w.Problem == nil }

// AddNew chooses the order that must exist with an address, and reports whether there is
// one. Each is named by itself, never with its block: of none is it certain that it is not
// there.
func (c *ResendChoice) AddNew(address string) bool {
	i := slices.IndexFunc(c.wishes.New, func(n *spec.NewOrder) bool { return n.Address() == address })
	if i < 0 {
		return false
	}
	if n := c.wishes.New[i]; !slices.Contains(c.again, n) {
		c.again = append(c.again, n)
	}
	return true
}

// Len is how many orders are chosen.
func (c *ResendChoice) Len() int { return len(c.chosen) + len(c.again) }

// voidOf is what holds an order back of which nothing is wanted, because the label of
// the number that was sent last is void.
func (c *ResendChoice) voidOf(key state.Key) []*spec.Wish {
	last, ok := lastValues(c.state.Remembered(key))
	if !ok || len(c.of[key]) > 0 {
		return nil
	}
	for _, w := range c.void[key] {
		place, void := w.Void(last.Tracking)
		if !void {
			continue
		}
		held := *w
		held.Problem = &spec.Problem{
			Code: VoidedAfterShip, Place: place,
			Message: fmt.Sprintf("%s was sent, but its label is void, and the table has no other number: print a new label, or write the number into the table", last.Tracking),
		}
		return []*spec.Wish{&held}
	}
	return nil
}

// Wishes are those about the chosen orders. Of an order that no wish names any more,
// it is wanted what was applied to it last, unless that is void.
func (c *ResendChoice) Wishes() *spec.Wishes {
	chosen := *c.wishes
	chosen.Orders, chosen.Standing, chosen.Replaced, chosen.Empty, chosen.Batches = nil, nil, nil, nil, nil
	chosen.New = c.again
	for key, account := range c.chosen {
		wishes := c.of[key]
		if len(wishes) == 0 {
			wishes = c.voidOf(key)
		}
		if len(wishes) == 0 {
			wishes = []*spec.Wish{WishOf(c.state.Remembered(key), account)}
		}
		chosen.Orders = append(chosen.Orders, wishes...)
	}
	slices.SortFunc(chosen.Orders, func(a, b *spec.Wish) int { return cmp.Compare(a.Address(), b.Address()) })
	return &chosen
}

// changed reports whether gdfctl changed an order, or may have.
func changed(e *state.Entry) bool {
	return e != nil && (e.Applied != nil || e.Closed != nil || len(e.Intents) > 0)
}
