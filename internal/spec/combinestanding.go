package spec

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
)

// takeStanding takes the wishes of standing orders out of what is left, which the
// steps for what somebody wrote of the order don't see.
func (c *combination) takeStanding() []*Wish {
	isStanding := func(w *Wish) bool { return w.Origin.Kind == KindStanding }
	if !slices.ContainsFunc(c.left, isStanding) {
		return nil
	}
	var standing, written []*Wish
	for _, w := range c.left {
		if isStanding(w) {
			standing = append(standing, w)
		} else {
			written = append(written, w)
		}
	}
	c.left = written
	return standing
}

// standing puts the wishes of standing orders to what is wanted otherwise. Where
// something else names the order, they only give a shipment the number that it has
// none of: whatever else is wanted, or keeps the order from being changed, goes
// first. written says whether anything else names it.
func (c *combination) standing(wishes []*Wish, written bool) {
	if len(wishes) == 0 || written && (c.made == nil || c.made.Problem != nil || c.made.Want.Status != order.Shipped || c.made.Want.OrderNumber != "") {
		return
	}
	first := wishes[0]
	for _, w := range wishes {
		switch {
		case w.Problem != nil:
			c.made = w // that there is no number is for people to see to
			return
		case w.Want.OrderNumber != first.Want.OrderNumber:
			c.made = first.contradicts(w, []string{"order_number"},
				"let only or except take the order out of one of them, or give both the same order_number")
			return
		}
	}
	c.numbered = first.Origin
	if !written {
		c.made = first
		return
	}
	shipped := *c.made
	shipped.Want.OrderNumber = first.Want.OrderNumber
	c.made = &shipped
}

// NumberedBy is the standing order that gives the wish its order number; nil if
// somebody wrote the number, or there is none.
func (w *Wish) NumberedBy() *Origin {
	switch {
	case w.extra != nil && w.extra.numbered != nil:
		return w.extra.numbered
	case w.Origin.Kind == KindStanding && w.Problem == nil:
		return w.Origin
	}
	return nil
}
