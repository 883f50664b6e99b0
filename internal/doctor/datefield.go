package doctor

import (
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
)

// An order whose dates are this far apart stands in the window around one of
// them alone. Windows are in whole seconds, and may or may not hold their ends.
const (
	farApart = 10 * time.Second
	around   = 2 * time.Second
)

// dateField finds the date that listings are filtered by: it looks for one
// order around each of its two dates. It returns what is known then.
func (e *examination) dateField(ctx context.Context) memory.DateField {
	probe := e.tellingOrder()
	if probe == nil {
		e.untold(DateField, dateWords[e.Known.DateField], "no order of the lookback has two dates that are far enough apart")
		return e.Known.DateField
	}
	var shown, crowded [2]bool
	for i, field := range dateFields {
		q := windowAround(dateOf(probe, field))
		page, err := e.list(ctx, q, 1, largePage)
		if err != nil {
			e.failed(ctx, DateField, err)
			return e.Known.DateField
		}
		if slices.ContainsFunc(page, func(o order.Live) bool { return outside(&o, q) }) {
			e.add(DateField, Warning, "listings show orders from outside of the dates that were asked for",
				"Plans still find their orders, at more calls than are needed. If it stays so, ask GoDataFeed")
			return ""
		}
		shown[i] = slices.ContainsFunc(page, func(o order.Live) bool { return o.ID == probe.ID })
		crowded[i] = len(page) >= e.full
	}
	switch {
	case shown[0] && !shown[1] && !crowded[1]:
		return e.filtered(memory.DateCreatedInSource)
	case shown[1] && !shown[0] && !crowded[0]:
		return e.filtered(memory.DateCreatedInDestination)
	case shown[0] && shown[1]:
		e.untold(DateField, dateWords[e.Known.DateField], "an order is listed by both of its dates")
	case crowded[0] || crowded[1]:
		e.untold(DateField, dateWords[e.Known.DateField], "too many orders have the same dates")
	default:
		e.add(DateField, Warning, "an order is listed by neither of its dates",
			"The API may mean dates in another time zone than UTC: orders at the ends of the lookback may be missed. A longer lookback makes up for it")
	}
	return e.Known.DateField
}

var dateWords = map[memory.DateField]string{
	memory.DateCreatedInSource:      "the moment when an order was placed at its marketplace",
	memory.DateCreatedInDestination: "the moment when an order arrived in GoDataFeed",
}

func (e *examination) filtered(field memory.DateField) memory.DateField {
	e.facts.dateField = &field
	e.add(DateField, OK, dateWords[field], "")
	return field
}

// tellingOrder is an order whose dates are far apart, with as few others about
// as can be, so that a page is sure to show it; nil if there is none.
func (e *examination) tellingOrder() *order.Live {
	listed := slices.Concat(e.first, e.second)
	crowd := map[int64]int{}
	seconds := func(o *order.Live) [2]int64 {
		return [2]int64{o.CreatedInSource.Unix(), o.CreatedInDestination.Unix()}
	}
	for i := range listed {
		for _, s := range seconds(&listed[i]) {
			crowd[s]++
		}
	}
	var best *order.Live
	fewest := 0
	for i := range listed {
		o := &listed[i]
		if o.CreatedInSource.IsZero() || o.CreatedInDestination.IsZero() || o.CreatedInDestination.Sub(o.CreatedInSource).Abs() < farApart {
			continue
		}
		others := 0
		for _, s := range seconds(o) {
			for near := s - 2; near <= s+2; near++ {
				others += crowd[near]
			}
		}
		if best == nil || others < fewest {
			best, fewest = o, others
		}
	}
	return best
}

func windowAround(at time.Time) godatafeed.OrderQuery {
	return godatafeed.OrderQuery{From: at.Truncate(time.Second).Add(-around), To: at.Truncate(time.Second).Add(around)}
}

// outside reports whether both dates of an order are out of a window.
func outside(o *order.Live, q godatafeed.OrderQuery) bool {
	for _, field := range dateFields {
		at := dateOf(o, field)
		if at.IsZero() || (!at.Before(q.From.Add(-around)) && !at.After(q.To.Add(around))) {
			return false
		}
	}
	return true
}
