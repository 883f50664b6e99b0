package doctor

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
)

// enoughDates is how many different dates a listing must have before its order
// is believed: by chance, one of so many in 20,000 looks sorted.
const enoughDates = 8

// sorting is how a listing is sorted by one of its orders' dates.
type sorting struct {
	order memory.ListOrder // empty: not by this date
	told  bool             // there were dates enough to tell
}

// dateFields are an order's dates.
var dateFields = []memory.DateField{memory.DateCreatedInSource, memory.DateCreatedInDestination}

// dateOf is one of an order's dates; zero if the API gave none.
func dateOf(o *order.Live, field memory.DateField) time.Time {
	if field == memory.DateCreatedInSource {
		return o.CreatedInSource
	}
	return o.CreatedInDestination
}

// sortingOf looks at the orders in the way in which they were listed.
func sortingOf(listed []order.Live, field memory.DateField) sorting {
	var dates []time.Time
	for i := range listed {
		if at := dateOf(&listed[i], field); !at.IsZero() {
			dates = append(dates, at)
		}
	}
	different := map[time.Time]bool{}
	for _, at := range dates {
		different[at] = true
	}
	s := sorting{told: len(different) >= enoughDates}
	if !s.told {
		return s
	}
	if slices.IsSortedFunc(dates, time.Time.Compare) {
		s.order = memory.OldestFirst
	} else if slices.IsSortedFunc(dates, func(a, b time.Time) int { return b.Compare(a) }) {
		s.order = memory.NewestFirst
	}
	return s
}

var sortWords = map[memory.ListOrder]string{memory.NewestFirst: "newest first", memory.OldestFirst: "oldest first"}

// listOrder finds the order of the pages that were read. What is learned is
// the order by the date that listings are filtered by. Where orders arrive in
// the order in which they were placed, a listing looks sorted by both dates, and
// proves neither.
func (e *examination) listOrder(filtered memory.DateField) {
	listed := slices.Concat(e.first, e.second)
	placed, arrived := sortingOf(listed, memory.DateCreatedInSource), sortingOf(listed, memory.DateCreatedInDestination)
	if !placed.told && !arrived.told {
		e.untold(ListOrder, sortWords[e.Known.ListOrder], "there are too few orders with different dates")
		return
	}
	switch filtered {
	case memory.DateCreatedInSource:
		e.facts.listOrder = learnedOrder(placed, arrived, e.Known.ListOrder)
	case memory.DateCreatedInDestination:
		e.facts.listOrder = learnedOrder(arrived, placed, e.Known.ListOrder)
	}
	switch {
	case placed.order != "" && placed.order == arrived.order:
		e.add(ListOrder, OK, sortWords[placed.order]+"; by which of an order's dates is not known yet", "")
	case placed.order != "":
		e.add(ListOrder, OK, sortWords[placed.order]+", by the moment when orders were placed", "")
	case arrived.order != "":
		e.add(ListOrder, OK, sortWords[arrived.order]+", by the moment when orders arrived in GoDataFeed", "")
	default:
		e.add(ListOrder, OK, "by neither of an order's dates", "")
	}
}

// learnedOrder is what is learned from a listing: its order by the date that it
// is filtered by, if that is certain; nothing, if that contradicts what was
// known; else nil.
func learnedOrder(by, other sorting, known memory.ListOrder) *memory.ListOrder {
	switch {
	case !by.told:
		return nil
	case by.order != "" && other.told && other.order == "":
		return &by.order
	case by.order == "" || by.order != known:
		return new(memory.ListOrder)
	}
	return nil
}
