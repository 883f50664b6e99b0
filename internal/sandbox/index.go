package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// index holds the visible orders by creation date, all of them and those of
// each status, so that counts and pages cost two binary searches whatever the
// size of the world. A change of status moves one pointer between two sorted
// slices.
type index struct {
	date     func(*order) time.Time
	all      []*order
	byStatus map[string][]*order
}

func newIndex(dateField string) *index {
	date := func(o *order) time.Time { return o.CreatedInSource }
	if dateField == DateDestination {
		date = func(o *order) time.Time { return o.CreatedInDestination }
	}
	return &index{date: date, byStatus: map[string][]*order{}}
}

// fill replaces the content at the cost of one sort.
func (x *index) fill(orders []*order) {
	x.all = orders
	slices.SortFunc(x.all, x.compare)
	for _, o := range x.all {
		k := statusKey(o)
		x.byStatus[k] = append(x.byStatus[k], o)
	}
}

func (x *index) insert(o *order) {
	x.all = x.with(x.all, o)
	k := statusKey(o)
	x.byStatus[k] = x.with(x.byStatus[k], o)
}

// change runs f, which may change what is visible of o, and moves o to where
// it then belongs.
func (x *index) change(o *order, f func()) {
	if o.Hidden {
		f()
		if !o.Hidden {
			x.insert(o)
		}
		return
	}
	before := statusKey(o)
	f()
	if after := statusKey(o); after != before {
		x.byStatus[before] = x.without(x.byStatus[before], o)
		x.byStatus[after] = x.with(x.byStatus[after], o)
	}
}

// between returns the orders created from from to to, both inclusive, oldest
// first; an empty status means all. The result must not be kept.
func (x *index) between(from, to time.Time, status string) []*order {
	list := x.all
	if status != "" {
		list = x.byStatus[strings.ToLower(status)]
	}
	byDate := func(o *order, t time.Time) int { return x.date(o).Compare(t) }
	lo, _ := slices.BinarySearchFunc(list, from, byDate)
	hi, _ := slices.BinarySearchFunc(list, to, func(o *order, t time.Time) int {
		if x.date(o).After(t) {
			return 1
		}
		return -1
	})
	if hi < lo {
		return nil
	}
	return list[lo:hi]
}

func (x *index) with(list []*order, o *order) []*order {
	at, _ := slices.BinarySearchFunc(list, o, x.compare)
	return slices.Insert(list, at, o)
}

func (x *index) without(list []*order, o *order) []*order {
	if at, ok := slices.BinarySearchFunc(list, o, x.compare); ok {
		return slices.Delete(list, at, at+1)
	}
	return list
}

func (x *index) compare(a, b *order) int {
	return cmp.Or(x.date(a).Compare(x.date(b)), cmp.Compare(a.Serial, b.Serial))
}

func statusKey(o *order) string { return strings.ToLower(o.shown().Status) }
