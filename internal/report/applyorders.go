package report

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// Kinds of orders in the table of an apply.
const (
	KindHeldByPlan Kind = "held back by the plan"
	KindDoneBefore Kind = "made by an earlier run"
)

// changed is one action on one order.
type changed struct {
	account, address string
	action           order.Action
}

// Outcomes remembers of a run what its result only counts: changes that were not
// needed any more, or that an earlier run had made.
type Outcomes map[changed]apply.ItemResult

// Note takes an event of the run.
func (o Outcomes) Note(e apply.Event) {
	if r := apply.ItemResult(e.Result); r == apply.AsWanted || r == apply.Confirmed {
		o[changed{e.Account, e.Address, e.Action}] = r
	}
}

// Carried is a plan that was applied, for those who want to see each of its orders.
type Carried struct {
	Plan       *Plan
	Left       []*plan.Change // not reached
	Outcomes   Outcomes
	DoneBefore string // the earlier run that carried the plan out; empty: none did
}

// severity is the order of results in a table: what wants a look comes first.
var severity = []apply.ItemResult{
	apply.Unknown, apply.Failed, apply.HeldBack, apply.NotReviewed, apply.Skipped, apply.NotReached, apply.Applied, apply.Confirmed, apply.AsWanted,
}

// Orders are all orders of the plan, and how each ended.
func (r *Apply) Orders() *OrderTable {
	p := r.Carried.Plan
	t := &tabling{plan: p, times: p.Clock(), sources: map[string]string{}}
	ends := r.ends()
	byResult := map[apply.ItemResult][]OrderRow{}
	for i := range p.Changes {
		c := &p.Changes[i]
		result, messages := ends.of(c)
		row := t.change(c, Kind(ResultWord(result)))
		if r.Carried.DoneBefore != "" {
			row.Kind = KindDoneBefore
		}
		if row.Note != "" {
			messages = append(messages, row.Note)
		}
		row.Note = strings.Join(messages, "; ")
		byResult[result] = append(byResult[result], row)
	}
	for _, item := range ends.others {
		row := t.row(Kind(ResultWord(item.Result)), item.Account, item.Address, item.Order, item.DefinedAt)
		row.Action, row.Parcel.Is, row.Note = item.Action, item.Tracking, item.Message
		byResult[item.Result] = append(byResult[item.Result], row)
	}
	for _, result := range severity {
		t.rows = append(t.rows, byResult[result]...)
	}
	first := len(t.rows)
	t.held()
	t.unsettled()
	t.waiting()
	for i := first; i < len(t.rows); i++ {
		if t.rows[i].Kind == KindHeld {
			t.rows[i].Kind = KindHeldByPlan
		}
	}
	return t.done("Result")
}

// Shipped are the changes that ship and were made.
func (r *Apply) Shipped() []*plan.Change {
	var out []*plan.Change
	ends := r.ends()
	for i := range r.Carried.Plan.Changes {
		c := &r.Carried.Plan.Changes[i]
		if result, _ := ends.of(c); c.Has(order.Ship) && r.Carried.DoneBefore == "" && (result == apply.Applied || result == apply.Confirmed) {
			out = append(out, c)
		}
	}
	return out
}

// ends are how changes ended, those that were applied left out.
type ends struct {
	outcomes Outcomes
	items    map[changed]*apply.Item
	left     map[changed]bool
	others   []*apply.Item // calls that the plan has no change for: of an earlier run
}

func (r *Apply) ends() *ends {
	e := &ends{outcomes: r.Carried.Outcomes, items: map[changed]*apply.Item{}, left: map[changed]bool{}}
	for i := range r.Items {
		item := &r.Items[i]
		e.items[changed{item.Account, item.Address, item.Action}] = item
	}
	planned := map[changed]bool{}
	for i := range r.Carried.Plan.Changes {
		c := &r.Carried.Plan.Changes[i]
		for _, action := range c.Actions {
			if at := (changed{c.Account, c.Address, action}); e.items[at] != nil {
				planned[at] = true
			}
		}
	}
	for i := range r.Items {
		if item := &r.Items[i]; !planned[changed{item.Account, item.Address, item.Action}] {
			e.others = append(e.others, item)
		}
	}
	for _, c := range r.Carried.Left {
		e.left[changed{account: c.Account, address: c.Address}] = true
	}
	return e
}

// of is how a change ended, the worst of its actions, and why.
func (e *ends) of(c *plan.Change) (apply.ItemResult, []string) {
	worst := len(severity) - 1
	var messages []string
	for _, action := range c.Actions {
		at := changed{c.Account, c.Address, action}
		result := apply.Applied
		switch item, found := e.items[at], e.outcomes[at]; {
		case item != nil:
			if result = item.Result; item.Message != "" {
				text := item.Message
				if len(c.Actions) > 1 {
					text = string(action) + ": " + text
				}
				messages = append(messages, text)
			}
		case e.left[changed{account: c.Account, address: c.Address}]:
			result = apply.NotReached
		case found != "":
			result = found
		}
		worst = min(worst, slices.Index(severity, result))
	}
	return severity[worst], messages
}
