package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// SourceShare is what is sent of one marketplace, by carrier or, of what is
// not shipped, by action: the most frequent first.
type SourceShare struct {
	Name string
	Goes []Share
}

// Share is a part of some changes.
type Share struct {
	What   string
	Orders int
}

// sum counts what is sent of each marketplace, and finds the span of the ship times.
func (b *PlanBlock) sum() {
	type source struct {
		name   string
		orders int
		goes   tally
	}
	var sources []*source
	bySource := map[string]*source{} // by names as written, and by their keys
	for _, changes := range [][]*plan.Change{b.Special, b.Ordinary} {
		for _, c := range changes {
			s := bySource[c.Order.Source]
			if s == nil {
				key := order.SourceKey(c.Order.Source)
				if s = bySource[key]; s == nil {
					s = &source{name: cmp.Or(c.Order.Source, "by ID")}
					sources = append(sources, s)
				}
				bySource[key], bySource[c.Order.Source] = s, s
			}
			s.orders++
			s.goes.add(goes(c))
			b.widen(c)
		}
	}
	slices.SortStableFunc(sources, func(x, y *source) int { return cmp.Compare(y.orders, x.orders) })
	for _, s := range sources {
		b.Sources = append(b.Sources, SourceShare{s.name, s.goes.largestFirst()})
	}
}

// Span is the first and the last of some times; zero if there are none.
type Span struct{ From, To time.Time }

// widen takes in the ship time that a change sets.
func (s *Span) widen(c *plan.Change) {
	at := c.After.ShippedAt
	if at.IsZero() || at.Equal(c.Before.ShippedAt) {
		return
	}
	if s.From.IsZero() || at.Before(s.From) {
		s.From = at
	}
	if at.After(s.To) {
		s.To = at
	}
}

// goes is by what carrier an order is shipped or, where it doesn't, what is done to it.
func goes(c *plan.Change) string {
	switch {
	case c.Has(order.Ship) || c.Has(order.Correct):
		return cmp.Or(c.After.Carrier, "without carrier")
	case c.Has(order.Cancel):
		return "cancel"
	case c.Has(order.Insert):
		return "insert"
	}
	return "acknowledge"
}

// tally counts things, in the order in which they come up.
type tally struct {
	shares []Share
	index  map[string]int
}

func (t *tally) add(what string) {
	at, seen := t.index[what]
	if !seen {
		if t.index == nil {
			t.index = map[string]int{}
		}
		at = len(t.shares)
		t.index[what] = at
		t.shares = append(t.shares, Share{What: what})
	}
	t.shares[at].Orders++
}

func (t *tally) largestFirst() []Share {
	slices.SortStableFunc(t.shares, func(x, y Share) int { return cmp.Compare(y.Orders, x.Orders) })
	return t.shares
}
