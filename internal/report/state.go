package report

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// State are orders that a state keeps.
type State struct {
	FormatVersion string       `json:"format_version"`
	Lineage       string       `json:"lineage"`
	Serial        uint64       `json:"serial"`
	Orders        []StateOrder `json:"orders"`

	Entries []*state.Entry      `json:"-"`
	Closed  []state.ClosedEntry `json:"-"`
}

// NewState is the report of entries and closed orders.
func NewState(lineage string, serial uint64, entries []*state.Entry, closed []state.ClosedEntry) *State {
	out := &State{
		FormatVersion: jsonformat.Version, Lineage: lineage, Serial: serial, Orders: make([]StateOrder, 0, len(entries)+len(closed)),
		Entries: entries, Closed: closed,
	}
	for _, e := range entries {
		out.Orders = append(out.Orders, entryDocument(e))
	}
	for _, c := range closed {
		out.Orders = append(out.Orders, StateOrder{
			Account: c.Account, Endpoint: endpoint.Shown(c.Endpoint), Order: c.Ref, Status: "closed", OrderID: c.OrderID, Sent: c.Sent, Wanted: &c.Wanted, ClosedAt: wholeSeconds(c.ClosedAt),
		})
	}
	return out
}

// Counts says in one sentence how many orders there are: "3 orders: 1 pending, 2
// verified."
func (r *State) Counts() string {
	counts := map[string]int{}
	for i := range r.Orders {
		counts[r.Orders[i].Status]++
	}
	var parts []string
	for _, status := range []string{"unknown", "pending", "applied", "verified", "open", "closed"} {
		if n := counts[status]; n > 0 {
			parts = append(parts, words.Number(n)+" "+status)
		}
	}
	return words.Count(len(r.Orders), "order", "orders") + ": " + strings.Join(parts, ", ") + "."
}

// entryStatus says in one word how far an order has come.
func entryStatus(e *state.Entry) string {
	switch {
	case len(e.Intents) > 0:
		return "unknown" // what became of a call
	case e.Applied == nil:
		return "open"
	case !e.Verified.IsZero():
		return "verified"
	case pending(e):
		return "pending"
	}
	return "applied"
}

// pending: the API accepted the change, and a later read doesn't show it.
func pending(e *state.Entry) bool {
	if e.Observed == nil || !e.Observed.At.After(e.Applied.At) {
		return false
	}
	seen := order.Live{Values: e.Observed.Values, SourceStatus: e.Observed.SourceStatus}
	return !uptake.Shows(e.Applied.Action, e.Applied.Values, seen)
}

// StateOrder is an order of a state. Members that don't apply are absent.
type StateOrder struct {
	Account  string         `json:"account"`
	Endpoint string         `json:"endpoint"`
	Order    order.Ref      `json:"order"`
	Status   string         `json:"status"`
	OrderID  string         `json:"order_id,omitempty"` // the API's, of an order that was inserted
	Created  *time.Time     `json:"created_at,omitempty"`
	Applied  *StateApplied  `json:"applied,omitempty"`
	Earlier  []StateApplied `json:"earlier,omitempty"`
	Sent     []string       `json:"sent,omitempty"`
	Observed *StateObserved `json:"observed,omitempty"`
	Verified *time.Time     `json:"verified_at,omitempty"`
	Intents  []StateIntent  `json:"intents,omitempty"`
	Wanted   *order.Values  `json:"wanted,omitempty"`
	ClosedAt *time.Time     `json:"closed_at,omitempty"`
}

// StateApplied is a change that the API accepted.
type StateApplied struct {
	Action  order.Action `json:"action"`
	Before  order.Values `json:"before"`
	Values  order.Values `json:"values"`
	At      *time.Time   `json:"at"`
	RunID   string       `json:"run_id"`
	Attempt int          `json:"attempt"`
}

// StateObserved is what the latest read showed.
type StateObserved struct {
	Values       order.Values `json:"values"`
	SourceStatus *string      `json:"source_status"`
	At           *time.Time   `json:"at"`
}

// StateIntent is a call whose outcome is unknown.
type StateIntent struct {
	RunID     string       `json:"run_id"`
	Seq       uint64       `json:"seq"`
	Address   string       `json:"address"`
	DefinedAt string       `json:"defined_at"`
	Action    order.Action `json:"action"`
	Before    order.Values `json:"before"`
	After     order.Values `json:"after"`
	At        *time.Time   `json:"at"`
}

func appliedDocument(a state.Applied) *StateApplied {
	return &StateApplied{a.Action, a.Before, a.Values, wholeSeconds(a.At), a.RunID, a.Attempt}
}

func entryDocument(e *state.Entry) StateOrder {
	doc := StateOrder{
		Account: e.Account, Endpoint: endpoint.Shown(e.Endpoint), Order: e.Ref, Status: entryStatus(e), OrderID: e.OrderID,
		Sent: e.Sent(), Created: wholeSeconds(e.Created), Verified: wholeSeconds(e.Verified),
	}
	if a := e.Applied; a != nil {
		doc.Applied = appliedDocument(*a)
	}
	for _, a := range e.Earlier {
		doc.Earlier = append(doc.Earlier, *appliedDocument(a))
	}
	if o := e.Observed; o != nil {
		doc.Observed = &StateObserved{o.Values, nullable(string(o.SourceStatus)), wholeSeconds(o.At)}
	}
	for _, in := range e.Intents {
		doc.Intents = append(doc.Intents, StateIntent{
			in.RunID, in.Seq, in.Address, in.DefinedAt, in.Action, in.Before, in.After, wholeSeconds(in.At),
		})
	}
	return doc
}
