package view

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

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
	return !plan.Shows(e.Applied.Action, e.Applied.Values, seen)
}

// StateList prints the orders that a state keeps, closed ones aside.
func StateList(w io.Writer, s Style, entries []*state.Entry) error {
	columns := []column{
		{title: "ACCOUNT"}, {title: "ORDER"}, {title: "ID"}, {title: "LAST ACTION"}, {title: "APPLIED AT"}, {title: "STATUS"},
	}
	rows := make([][]string, len(entries))
	for i, e := range entries {
		action, at := "", ""
		if e.Applied != nil {
			action, at = string(e.Applied.Action), moment(e.Applied.At)
		}
		rows[i] = []string{e.Account, e.Ref.String(), e.ID, action, at, entryStatus(e)}
	}
	return writeTable(w, s, columns, rows)
}

// StateCounts is a list of orders in one sentence: "3 orders: 1 pending, 2
// verified."
func StateCounts(entries []*state.Entry) string {
	counts := map[string]int{}
	for _, e := range entries {
		counts[entryStatus(e)]++
	}
	var parts []string
	for _, status := range []string{"unknown", "pending", "applied", "verified", "open"} {
		if n := counts[status]; n > 0 {
			parts = append(parts, number(n)+" "+status)
		}
	}
	return plural(len(entries), "order", "orders") + ": " + strings.Join(parts, ", ") + "."
}

// StateEntry prints one order of a state in full.
func StateEntry(w io.Writer, s Style, e *state.Entry) error {
	fields := []field{
		{"id", e.ID}, {"account", e.Account}, {"endpoint", endpoint.Shown(e.Endpoint)}, {"status", entryStatus(e)}, {"created_at", stamp(e.Created)},
	}
	if a := e.Applied; a != nil {
		fields = append(fields, field{"applied", fmt.Sprintf("%s at %s", a.Action, stamp(a.At))}, field{"in_run", a.RunID})
		fields = append(fields, valueFields("applied.", a.Values)...)
	}
	if sent := e.Sent(); len(sent) > 1 {
		fields = append(fields, field{"sent", strings.Join(sent, ", ")})
	}
	if o := e.Observed; o != nil {
		fields = append(fields, field{"observed_at", stamp(o.At)})
		fields = append(fields, valueFields("observed.", o.Values)...)
		fields = append(fields, field{"observed.source_status", string(o.SourceStatus)})
	}
	fields = append(fields, field{"verified_at", stamp(e.Verified)})
	for _, in := range e.Intents {
		fields = append(fields, field{"call_under_way", fmt.Sprintf("%s at %s, run %s, number %d", in.Action, stamp(in.At), in.RunID, in.Seq)})
		fields = append(fields, valueFields("call.", in.After)...)
	}
	return writeFields(w, s, e.Ref.String(), fields)
}

// StateClosed prints an order that needs no call any more.
func StateClosed(w io.Writer, s Style, c state.ClosedEntry) error {
	fields := []field{
		{"id", c.ID}, {"account", c.Account}, {"endpoint", endpoint.Shown(c.Endpoint)}, {"status", "closed"}, {"closed_at", stamp(c.ClosedAt)},
	}
	if len(c.Sent) > 1 {
		fields = append(fields, field{"sent", strings.Join(c.Sent, ", ")})
	}
	return writeFields(w, s, c.Ref.String(), append(fields, valueFields("wanted.", c.Wanted)...))
}

// valueFields are the values of an order, absent ones left out.
func valueFields(prefix string, v order.Values) []field {
	all := []field{
		{prefix + "status", string(v.Status)},
		{prefix + "order_number", v.OrderNumber},
		{prefix + "tracking_number", v.Tracking},
		{prefix + "carrier", v.Carrier},
		{prefix + "shipped_at", stamp(v.ShippedAt)},
	}
	return slices.DeleteFunc(all, func(f field) bool { return f.value == "" })
}

type entryJSON struct {
	Account  string        `json:"account"`
	Endpoint string        `json:"endpoint"`
	Order    order.Ref     `json:"order"`
	Status   string        `json:"status"`
	Created  *time.Time    `json:"created_at,omitempty"`
	Applied  *appliedJSON  `json:"applied,omitempty"`
	Earlier  []appliedJSON `json:"earlier,omitempty"`
	Sent     []string      `json:"sent,omitempty"`
	Observed *observedJSON `json:"observed,omitempty"`
	Verified *time.Time    `json:"verified_at,omitempty"`
	Intents  []intentJSON  `json:"intents,omitempty"`
	Wanted   *order.Values `json:"wanted,omitempty"`
	ClosedAt *time.Time    `json:"closed_at,omitempty"`
}

type appliedJSON struct {
	Action  order.Action `json:"action"`
	Before  order.Values `json:"before"`
	Values  order.Values `json:"values"`
	At      *time.Time   `json:"at"`
	RunID   string       `json:"run_id"`
	Attempt int          `json:"attempt"`
}

type observedJSON struct {
	Values       order.Values `json:"values"`
	SourceStatus *string      `json:"source_status"`
	At           *time.Time   `json:"at"`
}

type intentJSON struct {
	RunID     string       `json:"run_id"`
	Seq       uint64       `json:"seq"`
	Address   string       `json:"address"`
	DefinedAt string       `json:"defined_at"`
	Action    order.Action `json:"action"`
	Before    order.Values `json:"before"`
	After     order.Values `json:"after"`
	At        *time.Time   `json:"at"`
}

// StateJSON prints entries and closed orders as one object.
func StateJSON(w io.Writer, lineage string, serial uint64, entries []*state.Entry, closed []state.ClosedEntry) error {
	out := struct {
		FormatVersion string      `json:"format_version"`
		Lineage       string      `json:"lineage"`
		Serial        uint64      `json:"serial"`
		Orders        []entryJSON `json:"orders"`
	}{formatVersion, lineage, serial, make([]entryJSON, 0, len(entries)+len(closed))}
	for _, e := range entries {
		out.Orders = append(out.Orders, entryDocument(e))
	}
	for _, c := range closed {
		out.Orders = append(out.Orders, entryJSON{
			Account: c.Account, Endpoint: endpoint.Shown(c.Endpoint), Order: c.Ref, Status: "closed", Sent: c.Sent, Wanted: &c.Wanted, ClosedAt: wholeSeconds(c.ClosedAt),
		})
	}
	return JSON(w, out)
}

func appliedDocument(a state.Applied) *appliedJSON {
	return &appliedJSON{a.Action, a.Before, a.Values, wholeSeconds(a.At), a.RunID, a.Attempt}
}

func entryDocument(e *state.Entry) entryJSON {
	doc := entryJSON{
		Account: e.Account, Endpoint: endpoint.Shown(e.Endpoint), Order: e.Ref, Status: entryStatus(e),
		Sent: e.Sent(), Created: wholeSeconds(e.Created), Verified: wholeSeconds(e.Verified),
	}
	if a := e.Applied; a != nil {
		doc.Applied = appliedDocument(*a)
	}
	for _, a := range e.Earlier {
		doc.Earlier = append(doc.Earlier, *appliedDocument(a))
	}
	if o := e.Observed; o != nil {
		doc.Observed = &observedJSON{o.Values, nullable(string(o.SourceStatus)), wholeSeconds(o.At)}
	}
	for _, in := range e.Intents {
		doc.Intents = append(doc.Intents, intentJSON{
			in.RunID, in.Seq, in.Address, in.DefinedAt, in.Action, in.Before, in.After, wholeSeconds(in.At),
		})
	}
	return doc
}
