package report

import (
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// EntryFields are an order of a state in full.
func EntryFields(e *state.Entry) []Field {
	fields := []Field{
		{"id", e.ID}, {"account", e.Account}, {"endpoint", endpoint.Shown(e.Endpoint)}, {"status", entryStatus(e)}, {"created_at", Stamp(e.Created)},
	}
	if e.OrderID != "" {
		fields = append(fields, Field{"order_id", e.OrderID})
	}
	if a := e.Applied; a != nil {
		fields = append(fields, Field{"applied", fmt.Sprintf("%s at %s", a.Action, Stamp(a.At))}, Field{"in_run", a.RunID})
		fields = append(fields, valueFields("applied.", a.Values)...)
	}
	if sent := e.Sent(); len(sent) > 1 {
		fields = append(fields, Field{"sent", strings.Join(sent, ", ")})
	}
	if o := e.Observed; o != nil {
		fields = append(fields, Field{"observed_at", Stamp(o.At)})
		fields = append(fields, valueFields("observed.", o.Values)...)
		fields = append(fields, Field{"observed.source_status", string(o.SourceStatus)})
	}
	fields = append(fields, Field{"verified_at", Stamp(e.Verified)})
	for _, in := range e.Intents {
		fields = append(fields, Field{"call_under_way", fmt.Sprintf("%s at %s, run %s, number %d", in.Action, Stamp(in.At), in.RunID, in.Seq)})
		fields = append(fields, valueFields("call.", in.After)...)
	}
	return fields
}

// ClosedFields are an order that needs no call any more.
func ClosedFields(c state.ClosedEntry) []Field {
	fields := []Field{
		{"id", c.ID}, {"account", c.Account}, {"endpoint", endpoint.Shown(c.Endpoint)}, {"status", "closed"}, {"closed_at", Stamp(c.ClosedAt)},
	}
	if c.OrderID != "" {
		fields = append(fields, Field{"order_id", c.OrderID})
	}
	if len(c.Sent) > 1 {
		fields = append(fields, Field{"sent", strings.Join(c.Sent, ", ")})
	}
	return append(fields, valueFields("wanted.", c.Wanted)...)
}

// valueFields are the values of an order, absent ones left out.
func valueFields(prefix string, v order.Values) []Field {
	var fields []Field
	for _, f := range v.Fields(Stamp) {
		if f.Value != "" {
			fields = append(fields, Field{prefix + f.Name, f.Value})
		}
	}
	return fields
}
