package plan

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
)

func shownPlan(changes ...Change) *Plan {
	return &Plan{Accounts: []AccountPlan{{Name: "main", EndpointHash: "e1"}, {Name: "eu", EndpointHash: "e2"}}, Changes: changes}
}

func aChange(id string) Change {
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	return Change{
		Address: "batch.b[\"" + id + "\"]", Account: "main", Order: order.Ref{ID: id, Source: "Amazon", SourceNumber: "112-" + id},
		Actions: []order.Action{order.Acknowledge, order.Ship}, Before: order.Values{Status: order.New},
		After:        order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z999AA10123456784", Carrier: "UPS", ShippedAt: at},
		AfterUnknown: []string{}, Reason: "r", Attempt: 1,
	}
}

// A change is made if a reviewed plan has it with everything that is sent, and in no
// other case: whatever is altered in a published plan, the change isn't made.
func TestReviewed(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(p *Plan, c *Change) // the reviewed plan
		why   string                   // "": it was reviewed
	}{
		"the same":                  {func(*Plan, *Change) {}, ""},
		"a block with another name": {func(_ *Plan, c *Change) { c.Address = "order[\"x\"]" }, ""},
		"read at another time":      {func(_ *Plan, c *Change) { c.ReadAt = time.Now() }, ""},
		"a tracking number":         {func(_ *Plan, c *Change) { c.After.Tracking = "1Z999AA10123456700" }, `"1Z999AA10123456700"`},
		"an order number":           {func(_ *Plan, c *Change) { c.After.OrderNumber = "O2" }, `"O2"`},
		"a carrier":                 {func(_ *Plan, c *Change) { c.After.Carrier = "USPS" }, "the carrier differs"},
		"a ship date":               {func(_ *Plan, c *Change) { c.After.ShippedAt = c.After.ShippedAt.Add(time.Second) }, "the ship date differs"},
		"a ship date at sending": {func(_ *Plan, c *Change) {
			c.After.ShippedAt, c.AfterUnknown = time.Time{}, []string{"shipped_at"}
		}, "the ship date differs"},
		"a status":           {func(_ *Plan, c *Change) { c.After.Status = order.Cancelled }, "the status is shipped"},
		"a reason":           {func(_ *Plan, c *Change) { c.Reason = "q" }, "the reason differs"},
		"an attempt":         {func(_ *Plan, c *Change) { c.Attempt = 2 }, "attempt is 1, not 2"},
		"one action less":    {func(_ *Plan, c *Change) { c.Actions = []order.Action{order.Ship} }, "the action is"},
		"another action":     {func(_ *Plan, c *Change) { c.Actions = []order.Action{order.Cancel} }, "the action is"},
		"another order":      {func(_ *Plan, c *Change) { c.Order.ID = "other" }, "no reviewed plan changes this order"},
		"another account":    {func(_ *Plan, c *Change) { c.Account = "eu" }, "no reviewed plan changes this order"},
		"another endpoint":   {func(p *Plan, _ *Change) { p.Accounts[0].EndpointHash = "e9" }, "no reviewed plan changes this order"},
		"an unknown account": {func(p *Plan, _ *Change) { p.Accounts = nil }, "no reviewed plan changes this order"},
	} {
		t.Run(name, func(t *testing.T) {
			reviewed := shownPlan(aChange("a"))
			c.alter(reviewed, &reviewed.Changes[0])
			now := shownPlan(aChange("a"))
			kept, rest := Reviewed(now, []ReviewedPlan{{reviewed, "abcdef"}})
			if c.why == "" {
				want := aChange("a")
				want.PlanHash = "abcdef"
				if diff := cmp.Diff([]Change{want}, kept.Changes); diff != "" || len(rest) != 0 {
					t.Errorf("%s %v", diff, rest)
				}
				return
			}
			if len(kept.Changes) != 0 || len(rest) != 1 || !strings.Contains(rest[0].Why, c.why) {
				t.Errorf("kept %v, not reviewed %v", kept.Changes, rest)
			}
		})
	}
}

// What is left of a reviewed change is reviewed; what comes on top is not.
func TestTheRestOfAReviewedChange(t *testing.T) {
	acknowledged := aChange("a")
	acknowledged.Before.Status, acknowledged.Before.OrderNumber, acknowledged.Actions = order.Processing, "O1", []order.Action{order.Ship}
	if kept, rest := Reviewed(shownPlan(acknowledged), []ReviewedPlan{{shownPlan(aChange("a")), "h"}}); len(kept.Changes) != 1 || !slices.Equal(kept.Changes[0].Actions, []order.Action{order.Ship}) {
		t.Errorf("%v %v", kept.Changes, rest)
	}
	corrected := aChange("a")
	corrected.Actions = []order.Action{order.Correct}
	if kept, _ := Reviewed(shownPlan(corrected), []ReviewedPlan{{shownPlan(aChange("a")), "h"}}); len(kept.Changes) != 0 {
		t.Errorf("a correction of a number that somebody else sent was kept: %v", kept.Changes)
	}
}

// Of several reviewed plans, the newest that has the change counts, and an added
// change does nothing.
func TestReviewedInOneOfSeveral(t *testing.T) {
	other := aChange("a")
	other.After.Tracking = "1Z999AA10123456700"
	added := aChange("b")
	added.Actions, added.After = []order.Action{order.Cancel}, order.Values{Status: order.Cancelled}
	shown := []ReviewedPlan{{shownPlan(aChange("a")), "first"}, {shownPlan(aChange("a")), "second"}, {shownPlan(other, added), "third"}}
	kept, rest := Reviewed(shownPlan(aChange("a"), aChange("b")), shown)
	if len(kept.Changes) != 1 || kept.Changes[0].PlanHash != "second" || len(rest) != 1 || rest[0].Change.Order.ID != "b" {
		t.Errorf("kept %v, not reviewed %v", kept.Changes, rest)
	}
}
