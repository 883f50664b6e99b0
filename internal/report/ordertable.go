package report

import (
	"cmp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// OrderRow is an order as a table of all orders has it. Texts are as they came.
type OrderRow struct {
	Kind    Kind
	Action  order.Action // of an order that is changed, the last one
	Source  string       // in the spelling that came first
	Number  string       // the marketplace's, or the ID
	Carrier string
	Parcel  WasIs // tracking numbers
	Shipped string
	Note    string   // why, or what else is sent
	Block   string   // that wants something of the order
	Found   []string // rules that it does not meet, or the code under which it is held back
	At      spec.Place
}

// Kind is what is done to an order or, if nothing is, why. Of an apply, it is how
// the change ended.
type Kind string

// The kinds of orders beside actions and the results of an apply.
const (
	KindHeld      Kind = "held back"
	KindUnsettled Kind = "outcome unknown"
	KindPending   Kind = "pending"
	KindDeferred  Kind = "deferred"
)

// OrderTable is all orders that a report names, those that want a look first.
type OrderTable struct {
	What string // kinds are: "Action" or "Result"
	When string // times are: "Shipped" or "Accepted"
	Rows []OrderRow
	// What rows can be chosen by, with their numbers: the most frequent first.
	Kinds, Sources, Carriers, Blocks, Found []Share
}

// Orders are all orders that the plan names. Those that are as wanted it only counts.
func (r *Plan) Orders() *OrderTable {
	t := &tabling{plan: r, times: r.Clock(), sources: map[string]string{}}
	t.held()
	t.unsettled()
	changes := r.ByAction()
	for _, action := range []order.Action{order.Cancel, order.Correct, order.Insert, order.Ship, order.Acknowledge} {
		for _, c := range changes[action] {
			t.add(t.change(c, Kind(action)))
		}
	}
	t.waiting()
	return t.done("Action")
}

// tabling makes a table of orders.
type tabling struct {
	plan    *Plan
	times   Clock
	sources map[string]string // names of marketplaces by their keys
	rows    []OrderRow
}

func (t *tabling) add(row OrderRow) { t.rows = append(t.rows, row) }

// row begins a row with what is known of every order.
func (t *tabling) row(kind Kind, account, address string, ref order.Ref, at spec.Place) OrderRow {
	return OrderRow{
		Kind: kind, Source: t.source(ref.Source), Number: cmp.Or(ref.SourceNumber, ref.ID, address), Block: t.plan.blockTitle(account, address), At: at,
		Found: t.plan.RulesOf(address),
	}
}

// source is a marketplace in the spelling that came first.
func (t *tabling) source(name string) string {
	key := order.SourceKey(name)
	if _, named := t.sources[key]; !named {
		t.sources[key] = cmp.Or(name, "by ID")
	}
	return t.sources[key]
}

func (t *tabling) change(c *plan.Change, kind Kind) OrderRow {
	row := t.row(kind, c.Account, c.Address, c.Order, c.DefinedAt)
	row.Action = lastAction(c)
	var notes []string
	if c.Has(order.Acknowledge) {
		notes = append(notes, "acknowledged as "+cmp.Or(c.After.OrderNumber, "it is"))
	}
	if c.Has(order.Ship) || c.Has(order.Correct) {
		row.Carrier, row.Parcel.Is, row.Shipped = goes(c), c.After.Tracking, t.times.ShipTime(c)
	}
	if c.Has(order.Correct) {
		to := t.times.CorrectionOf(c)
		row.Parcel.Was = to.Number.Was
		if to.Carrier.Was != "" {
			notes = append(notes, "carrier was "+to.Carrier.Was)
		}
		if to.ShipTime.Was != "" {
			notes = append(notes, "ship time was "+to.ShipTime.Was)
		}
	}
	if c.Has(order.Insert) {
		notes = append(notes, "placed "+t.times.Time(c.Account, c.Created))
	}
	if c.Has(order.Cancel) {
		notes = append(notes, cmp.Or(c.Reason, "no reason"))
	}
	row.Note = strings.Join(notes, "; ")
	return row
}

func (t *tabling) held() {
	parcels, others := t.plan.Parcels()
	for _, group := range append([][]*plan.Held{parcels}, others...) {
		for _, h := range group {
			row := t.row(KindHeld, h.Account, h.Address, h.Order, h.DefinedAt)
			row.Found = []string{string(h.Code)}
			row.Note = t.times.Local(h.Account, h.Message)
			if h.Suggestion != "" {
				row.Note += "; " + t.times.Local(h.Account, h.Suggestion)
			}
			t.add(row)
		}
	}
}

func (t *tabling) unsettled() {
	for i := range t.plan.Unsettled {
		u := &t.plan.Unsettled[i]
		row := t.row(KindUnsettled, u.Account, u.Address, u.Order, u.DefinedAt)
		row.Action, row.Note = u.Action, "a call of run "+u.RunID
		t.add(row)
	}
}

// waiting are orders that are as they should be for now.
func (t *tabling) waiting() {
	for i := range t.plan.Pending {
		p := &t.plan.Pending[i]
		row := t.row(KindPending, p.Account, p.Address, p.Order, p.DefinedAt)
		row.Action, row.Note = p.Action, "changed "+t.times.Time(p.Account, p.AppliedAt)+", and the API doesn't show it yet"
		t.add(row)
	}
	for i := range t.plan.Deferred {
		d := &t.plan.Deferred[i]
		row := t.row(KindDeferred, d.Account, d.Address, d.Order, d.DefinedAt)
		row.Note = d.Message
		t.add(row)
	}
}

// done counts the rows.
func (t *tabling) done(what string) *OrderTable {
	var kinds, sources, carriers, blocks, found tally
	for i := range t.rows {
		row := &t.rows[i]
		kinds.add(string(row.Kind))
		sources.add(row.Source)
		if row.Carrier != "" {
			carriers.add(row.Carrier)
		}
		blocks.add(row.Block)
		for _, rule := range row.Found {
			found.add(rule)
		}
	}
	return &OrderTable{what, "Shipped", t.rows, kinds.shares, sources.largestFirst(), carriers.largestFirst(), blocks.largestFirst(), found.largestFirst()}
}
