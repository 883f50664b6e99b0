package report_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// A table of orders has every order of a plan once, and counts what each filter
// chooses.
func TestOrdersOfAPlan(t *testing.T) {
	table := samples.Day().Orders()
	if len(table.Rows) != 561 || table.Rows[0].Note != "it is already canceled: PULL PARCEL 1Z999AA10000000051" {
		t.Errorf("%d rows, the first %+v", len(table.Rows), table.Rows[0])
	}
	for name, c := range map[string]struct{ got, want []report.Share }{
		"actions":  {table.Kinds, []report.Share{{"held back", 4}, {"cancel", 3}, {"correct", 2}, {"ship", 540}, {"acknowledge", 12}}},
		"sources":  {table.Sources, []report.Share{{"Amazon", 294}, {"Walmart", 191}, {"eBay", 76}}},
		"carriers": {table.Carriers, []report.Share{{"UPS", 333}, {"USPS", 151}, {"FedEx", 56}, {"without carrier", 2}}},
		"findings": {table.Found, []report.Share{{"SHIP09", 2}, {"already_cancelled", 1}, {"not_found", 1}}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// After an apply, every change is there with how it ended: what the result only
// counts too, and calls of an earlier run that the plan has no change for.
func TestOrdersOfAnApply(t *testing.T) {
	change := func(number string, actions ...order.Action) plan.Change {
		return plan.Change{Address: "batch.b[\"" + number + "\"]", Account: "us", Order: order.Ref{Source: "eBay", SourceNumber: number}, Actions: actions, After: order.Values{OrderNumber: "SO", Tracking: "1Z"}}
	}
	p := &plan.Plan{
		Accounts: []plan.AccountPlan{{Name: "us"}},
		Changes: []plan.Change{
			change("applied", order.Ship), change("confirmed", order.Ship), change("wanted", order.Cancel), change("left", order.Ship), change("failed", order.Ship),
			change("half", order.Acknowledge, order.Ship), change("begun", order.Acknowledge, order.Ship),
		},
		Held: []plan.Held{{Code: plan.NotFound, Message: "no live order", Order: order.Ref{SourceNumber: "held"}}},
	}
	item := func(c *plan.Change, action order.Action, result apply.ItemResult, message string) apply.Item {
		return apply.Item{Address: c.Address, Account: c.Account, Order: c.Order, Action: action, Result: result, Message: message}
	}
	outcomes := report.Outcomes{}
	for i, result := range map[int]apply.ItemResult{0: apply.Applied, 1: apply.Confirmed, 2: apply.AsWanted} {
		c := &p.Changes[i]
		outcomes.Note(apply.Event{Account: c.Account, Address: c.Address, Action: c.Actions[0], Result: string(result)})
	}
	before := plan.Change{Address: "order[\"old\"]", Account: "us", Order: order.Ref{ID: "old"}}
	carried := &report.Carried{Plan: report.NewPlan(p, "", nil, watch.Report{}), Outcomes: outcomes, Left: []*plan.Change{&p.Changes[3], &p.Changes[6]}}
	r := report.NewApply(report.Applied{Carried: carried, Result: &apply.Result{Items: []apply.Item{
		item(&p.Changes[4], order.Ship, apply.Failed, "refused"), item(&p.Changes[5], order.Ship, apply.Unknown, "no answer"), item(&before, order.Ship, apply.Unknown, "an earlier run"),
	}}})
	var got [][3]string
	for _, row := range r.Orders().Rows {
		got = append(got, [3]string{row.Number, string(row.Kind), row.Note})
	}
	want := [][3]string{
		{"half", "unknown", "ship: no answer; acknowledged as SO"},
		{"old", "unknown", "an earlier run"},
		{"failed", "failed", "refused"},
		{"left", "not reached", ""},
		{"begun", "not reached", "acknowledged as SO"},
		{"applied", "applied", ""},
		{"confirmed", "confirmed", ""},
		{"wanted", "as wanted", "no reason"},
		{"held", "held back by the plan", "no live order"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if shipped := r.Shipped(); len(shipped) != 2 || shipped[0].Order.SourceNumber != "applied" || shipped[1].Order.SourceNumber != "confirmed" {
		t.Errorf("shipped: %+v", shipped)
	}

	carried.DoneBefore = "20261127T170012Z-a69ab2c9"
	if kinds := r.Orders().Kinds; !slices.Contains(kinds, report.Share{What: string(report.KindDoneBefore), Orders: 7}) || len(r.Shipped()) > 0 {
		t.Errorf("%+v", kinds)
	}
}

// Days of ships are in their order, those long ago together.
func TestShipDays(t *testing.T) {
	d := samples.Large(20_000)
	got := d.Clock().ShipDays(d.ByAction()[order.Ship], 3)
	if len(got) != 4 || got[0].What != "before Wed Nov 25" || got[3].What != "Fri Nov 27" {
		t.Errorf("%+v", got)
	}
	if folded := report.Folded([]report.Share{{"a", 5}, {"b", 4}, {"c", 3}, {"d", 2}}, 2); len(folded) != 3 || folded[2] != (report.Share{What: "2 others", Orders: 5}) {
		t.Errorf("%+v", folded)
	}
}
