package report

import (
	"maps"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/words"
)

// whenSent is the ship time of what is shipped at the moment at which it is sent.
const whenSent = "when sent"

// ShipTime is when an order was shipped, as far as it is known before it is sent.
func (c Clock) ShipTime(change *plan.Change) string {
	switch {
	case !change.ShippedOn.IsZero():
		return "on " + change.ShippedOn.String()
	case change.After.ShippedAt.IsZero():
		return whenSent
	}
	return c.Time(change.Account, change.After.ShippedAt)
}

// ShipDays counts changes that ship by their day in the account's zone: the last few
// days, in their order, and before them what shipped earlier.
func (c Clock) ShipDays(changes []*plan.Change, most int) []Share {
	days, atSending := map[calendar.Day]int{}, 0
	for _, change := range changes {
		switch day := shipDay(change, c.Zone(change.Account)); {
		case day.IsZero():
			atSending++
		default:
			days[day]++
		}
	}
	var out []Share
	sorted := slices.Sorted(maps.Keys(days))
	if early := len(sorted) - most; early > 0 {
		first := Share{What: "before " + c.day(sorted[early])}
		for _, day := range sorted[:early] {
			first.Orders += days[day]
		}
		out, sorted = append(out, first), sorted[early:]
	}
	for _, day := range sorted {
		out = append(out, Share{c.day(day), days[day]})
	}
	if atSending > 0 {
		out = append(out, Share{whenSent, atSending})
	}
	return out
}

func shipDay(change *plan.Change, zone *time.Location) calendar.Day {
	if change.ShippedOn.IsZero() && !change.After.ShippedAt.IsZero() {
		return calendar.Of(change.After.ShippedAt, zone)
	}
	return change.ShippedOn
}

func (c Clock) day(d calendar.Day) string {
	noon := d.At(12, time.UTC)
	if noon.Year() != c.Plan.CreatedAt.Year() {
		return noon.Format("Mon Jan 2, 2006")
	}
	return noon.Format("Mon Jan 2")
}

// Folded are the largest of some shares, and one for all others.
func Folded(list []Share, most int) []Share {
	if len(list) <= most+1 {
		return list
	}
	rest := Share{What: words.Number(len(list)-most) + " others"}
	for _, s := range list[most:] {
		rest.Orders += s.Orders
	}
	return append(slices.Clip(list[:most]), rest)
}
