package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// outcome is a plan in short: "ship id-1", "held id-1 not_found: …", "no-op 3".
func outcome(p *plan.Plan) []string {
	var out []string
	for i := range p.Changes {
		var actions []string
		for _, a := range p.Changes[i].Actions {
			actions = append(actions, string(a))
		}
		out = append(out, strings.Join(actions, "+")+" "+p.Changes[i].Order.ID)
	}
	for _, h := range p.Held {
		out = append(out, sprintf("held %s %s", strings.TrimSpace(h.Order.ID+" "+h.Order.String()), h.Code))
	}
	for _, x := range p.Pending {
		out = append(out, sprintf("pending %s %s not taken %v", x.Action, x.Order.ID, x.NotTaken))
	}
	for _, d := range p.Deferred {
		out = append(out, sprintf("deferred %s %s", d.Order.ID, d.Until))
	}
	for _, f := range p.Findings {
		out = append(out, sprintf("%s %s", f.Severity, f.Rule))
	}
	if p.NoOp > 0 {
		out = append(out, sprintf("no-op %d", p.NoOp))
	}
	return out
}

// Each way in which an order is held back, met through reading and deciding.
func TestHeldBack(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	for name, c := range map[string]struct {
		live   []order.Live
		wish   spec.Wish
		state  func(x *state.Session) error
		policy []string
		want   []string
		says   string
	}{
		"another order number": {
			[]order.Live{live(1, func(l *order.Live) { l.OrderNumber = "O1" })},
			want(a, byID(1), order.Values{Status: order.Acknowledged, OrderNumber: "O2"}), nil, nil,
			[]string{"held id-1 Amazon 112-1 order_number_differs"},
			`"O1"`,
		},
		"cancelled": {
			[]order.Live{live(1, func(l *order.Live) { l.Status = order.Cancelled })},
			want(a, byID(1), shipped), nil, nil,
			[]string{"held id-1 Amazon 112-1 already_cancelled"},
			"1Z1",
		},
		"cancelled at the marketplace": {
			[]order.Live{live(1, func(l *order.Live) { l.SourceStatus = order.Cancelled })},
			want(a, byID(1), shipped), nil, nil,
			[]string{"held id-1 Amazon 112-1 already_cancelled"},
			"1Z1",
		},
		"shipped": {
			[]order.Live{live(1, func(l *order.Live) { l.Status = order.Shipped })},
			want(a, byID(1), order.Values{Status: order.Cancelled}), nil, nil,
			[]string{"held id-1 Amazon 112-1 already_shipped"},
			"shipped",
		},
		"no such id":                {nil, want(a, byID(1), shipped), nil, nil, []string{"held id-1 id-1 not_found"}, "no order"},
		"no such number":            {lives(2), want(a, byNumber(9), shipped), nil, nil, []string{"held amazon 112-9 not_found_in_lookback"}, "2026-10-23"},
		"no such number anywhere":   {lives(2), want(a, spec.Find{Number: "9"}, shipped), nil, nil, []string{"held 9 not_found_in_lookback"}, "lookback"},
		"no such seller's number":   {lives(2), want(a, spec.Find{OrderNumber: "O9"}, shipped), nil, nil, []string{"held  not_found_in_lookback"}, "lookback"},
		"a number without a source": {[]order.Live{live(1, func(l *order.Live) { l.Source = "" })}, want(a, spec.Find{Number: "112-1"}, shipped), nil, nil, []string{"ship id-1"}, ""},
		"two of one number": {
			[]order.Live{live(1), live(2, func(l *order.Live) { l.SourceNumber, l.Source = "112-1", "eBay" })},
			want(a, spec.Find{Number: "112-1"}, shipped), nil, nil,
			[]string{"held 112-1 ambiguous_match"},
			"id-1, id-2",
		},
		"two of one seller's number": {
			[]order.Live{live(1, func(l *order.Live) { l.OrderNumber = "O1" }), live(2, func(l *order.Live) { l.OrderNumber = "O1" })},
			want(a, spec.Find{OrderNumber: "O1"}, shipped), nil, nil,
			[]string{"held  ambiguous_match"},
			"id-1, id-2",
		},
		"two of one number and source": {
			[]order.Live{live(2), live(1, func(l *order.Live) { l.SourceNumber = "112-2" })},
			want(a, byNumber(2), shipped), nil, nil,
			[]string{"held amazon 112-2 ambiguous_match"},
			"id-1, id-2",
		},
		"shipped before it was placed": {
			[]order.Live{live(1)},
			want(a, byID(1), order.Values{Status: order.Shipped, ShippedAt: noon.Add(-72 * time.Hour)}), nil, nil,
			[]string{"held id-1 Amazon 112-1 shipped_before_created"},
			"2026-11-20",
		},
		"shipped in the future": {
			[]order.Live{live(1)},
			want(a, byID(1), order.Values{Status: order.Shipped, ShippedAt: noon.Add(time.Hour)}), nil, nil,
			[]string{"held id-1 Amazon 112-1 SHIP03"},
			"future",
		},
		"its own number as tracking": {
			[]order.Live{live(1)},
			want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "112-1"}), nil, nil,
			[]string{"held id-1 Amazon 112-1 SHIP07"},
			"number",
		},
		"an odd status": {
			[]order.Live{live(1, func(l *order.Live) { l.Status = order.ParseStatus("On Hold") })},
			want(a, byID(1), shipped), nil, nil,
			[]string{"held id-1 Amazon 112-1 unknown_status"},
			"On Hold",
		},
		"a bad row": {
			nil, func() spec.Wish {
				w := want(a, byID(1), shipped)
				w.Problem = &spec.Problem{Code: spec.BadRow, Message: "time", Place: spec.Place{File: "t.csv", Line: 7, Column: 3}}
				return w
			}(), nil, nil, []string{"held id-1 id-1 bad_row"}, "time",
		},
		"a rule of the policy": {
			[]order.Live{live(1)},
			want(a, byID(1), shipped), nil,
			[]string{`condition = change.after.carrier == "UPS"`},
			[]string{"held id-1 Amazon 112-1 policy_rule"},
			"r: carrier of id-1",
		},
		"a rule that fails": {
			[]order.Live{live(1)},
			want(a, byID(1), shipped), nil,
			[]string{`condition = length(change.after.carrier) > 2`},
			[]string{"held id-1 Amazon 112-1 policy_rule"},
			"can't be evaluated",
		},
		"a rule that is met": {
			[]order.Live{live(1)},
			want(a, byID(1), shipped), nil,
			[]string{`condition = change.after.tracking_number == "1Z1" && change.before.status == "new"`},
			[]string{"ship id-1"},
			"",
		},
		"held with a call under way": {
			[]order.Live{live(1, func(l *order.Live) { l.Status = order.Cancelled })},
			want(a, byID(1), shipped), begun(a, live(1), order.Ship, shipped), nil,
			[]string{"held id-1 Amazon 112-1 outcome_unknown"},
			"already canceled",
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t)
			if c.state != nil {
				st = stateOf(t, c.state)
			}
			in := input(t, &script{orders: c.live}, []spec.Wish{c.wish}, st)
			in.Policy = policyOf(t, c.policy...)
			p := mustBuild(t, in)
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.says == "" {
				return
			}
			if h := p.Held[0]; !strings.Contains(h.Message, c.says) || h.Address != c.wish.Address() || h.Account != "main" || h.DefinedAt.File != "t.csv" {
				t.Errorf("held: %+v", h)
			}
			if h := p.Held[0]; c.wish.Problem != nil && h.DefinedAt.Line != 7 {
				t.Errorf("a bad row is placed at %v", h.DefinedAt)
			}
		})
	}
}

// Two entries that only reading shows to be about one order.
func TestTheSameOrderTwice(t *testing.T) {
	a := mainAccount()
	number := want(a, byNumber(1), order.Values{Status: order.Shipped, Tracking: "1Z1"})
	for name, c := range map[string]struct {
		other spec.Wish
		want  []string
	}{
		"wanting the same":      {want(a, byID(1), number.Want), []string{"ship id-1"}},
		"wanting another thing": {want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z2"}), []string{"held id-1 Amazon 112-1 conflict"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t, &script{orders: lives(2)}, []spec.Wish{number, c.other}, stateOf(t))
			p := mustBuild(t, in)
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" || p.Orders != len(p.Changes)+len(p.Held) {
				t.Errorf("%d orders (-want +got):\n%s", p.Orders, diff)
			}
		})
	}
}

// A source that no live order has is a misspelt one: the plan is refused, and
// those that were seen are named.
func TestAnUnknownSource(t *testing.T) {
	a := mainAccount()
	wish := func(source, number string) spec.Wish {
		return want(a, spec.Find{Source: source, Number: number}, order.Values{Status: order.Shipped})
	}
	api := &script{orders: append(lives(2), live(3, func(l *order.Live) { l.Source = "Walmart" }))}
	in := input(t, api, []spec.Wish{wish("AMAZON", "112-1"), wish("Amazn", "112-1"), wish("amazn", "112-2"), wish("Ebay", "1")}, stateOf(t))
	_, diags := plan.Build(in)
	if len(diags) != 2 || diags[0].Summary != `No live order is from "Amazn"` || diags[1].Summary != `No live order is from "Ebay"` {
		t.Fatalf("got %v", diags)
	}
	if d := diags[0]; !strings.Contains(d.Detail, "and for 1 more order. The sources of the live orders are: Amazon, Walmart.") || d.Range.File != "t.csv" || d.Range.Start.Line != 2 {
		t.Errorf("got %v at %v", d, d.Range)
	}
	in.Select = plan.Selection{Excludes: []string{`batch.b["Amazn/112-1"]`, `batch.b["amazn/112-2"]`, `batch.b["Ebay/1"]`}}
	if p := mustBuild(t, in); len(p.Changes) != 1 {
		t.Errorf("what is not selected stops the rest: %v", outcome(p))
	}
}

func TestSelection(t *testing.T) {
	for _, c := range []struct {
		targets, excludes []string
		address           string
		want              bool
	}{
		{nil, nil, `batch.b["x"]`, true},
		{[]string{"batch.b"}, nil, `batch.b["x"]`, true},
		{[]string{"batch.b"}, nil, `batch.bc["x"]`, false},
		{[]string{"batch"}, nil, `batch.b["x"]`, true},
		{[]string{"order"}, nil, `order["x"]`, true},
		{[]string{`order["x"]`}, nil, `order["x"]`, true},
		{[]string{`order["x"]`}, nil, `order["xy"]`, false},
		{[]string{`batch.b["x"]`}, nil, `batch.b["y"]`, false},
		{[]string{""}, nil, `batch.b["y"]`, false},
		{[]string{"batch.b"}, []string{`batch.b["x"]`}, `batch.b["x"]`, false},
		{nil, []string{"batch.b"}, `batch.c["x"]`, true},
	} {
		if got := (plan.Selection{Targets: c.targets, Excludes: c.excludes}).Has(c.address); got != c.want {
			t.Errorf("%v but %v has %s: %v", c.targets, c.excludes, c.address, got)
		}
	}
}
