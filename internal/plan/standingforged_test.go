package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// forgedInput has a standing order with exceptions, a shipment that takes its
// number from it, and a cancel.
func forgedInput(t testing.TB) plan.Input {
	return configuredInput(t, t.TempDir(), map[string]string{"main.hcl": sandboxAccount +
		standingBlock("s", ownNumber, 2, listOf("except", "id-4")) + standingBlock("u", `live.id`, 2, listOf("only", "id-5")) +
		"order \"id-2\" {\n  status = \"shipped\"\n  carrier = \"UPS\"\n  tracking_number = \"1Z999AA10123456784\"\n}\n" +
		"order \"id-3\" {\n  status = \"cancelled\"\n  reason = \"r\"\n}\n"}, append(lives(5),
		live(5), live(6, func(l *order.Live) { l.CreatedInSource = noon.Add(-time.Minute) })), plan.Selection{})
}

// acknowledgeToo is a change that somebody adds to a plan: a copy of a good one, for
// another order.
func acknowledgeToo(p *plan.Plan, l order.Live, number string) {
	c := *change(p, 0)
	c.Address = strings.Replace(c.Address, "112-0", l.SourceNumber, 1)
	c.Order, c.Before, c.Created, c.After.OrderNumber = l.Ref, l.Values, l.CreatedInSource, number
	p.Changes = append(p.Changes, c)
}

// A saved plan may hold no order that its standing orders don't select, and no
// other number than they make.
func TestForgedChangesOfStandingOrders(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(p *plan.Plan, in *plan.Input)
		why   string
	}{
		"another number":     {func(p *plan.Plan, _ *plan.Input) { change(p, 0).After.OrderNumber = "O-9" }, `the order number is "O-112-0", not "O-9"`},
		"another address":    {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Address = `standing.t["Amazon/112-0"]` }, "the order's wish is standing.s"},
		"another source":     {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Order.Source = "Walmart" }, "no wish with this address"},
		"a younger order":    {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Created = noon.Add(-time.Minute) }, "no wish with this address"},
		"an order of no age": {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Created = time.Time{} }, "no wish with this address"},
		"an open order":      {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Before.Status = order.Processing }, "no wish with this address"},
		"a shipment too": {func(p *plan.Plan, _ *plan.Input) {
			c := change(p, 0)
			c.Actions, c.After.Status, c.After.Tracking = append(c.Actions, order.Ship), order.Shipped, "1Z999AA10123456784"
		}, "the action is acknowledge"},
		"a younger order more": {func(p *plan.Plan, _ *plan.Input) {
			acknowledgeToo(p, live(6, func(l *order.Live) { l.CreatedInSource = noon.Add(-time.Minute) }), "O-112-6")
		}, "no wish with this address"},
		"an excepted order": {func(p *plan.Plan, _ *plan.Input) { acknowledgeToo(p, live(4), "O-112-4") }, "no wish with this address"},
		"a canceled order": {func(p *plan.Plan, _ *plan.Input) {
			p.Changes = slices.DeleteFunc(p.Changes, func(c plan.Change) bool { return c.Order.ID == "id-3" })
			acknowledgeToo(p, live(3), "O-112-3")
		}, `the order's wish is order["id-3"]`},
		"one more than allowed": {func(p *plan.Plan, _ *plan.Input) { acknowledgeToo(p, live(7), "O-112-7") }, "max_per_run of standing.s is 2 (main.hcl:9), and the plan has 3"},
		"the number of a shipment": {func(p *plan.Plan, _ *plan.Input) {
			change(p, 2).After.OrderNumber = "O-9"
		}, `the order number is "O-112-2", not "O-9"`},
		"no number for a shipment": {func(p *plan.Plan, _ *plan.Input) {
			c := change(p, 2)
			c.Actions, c.After.OrderNumber = c.Actions[1:], ""
		}, "the action is acknowledge and ship"},
		"a block that is stopped": {func(_ *plan.Plan, in *plan.Input) {
			in.Wishes.Standing[0].Problem = &spec.Problem{Code: spec.BadRow, Message: "its table is gone"}
		}, "its table is gone"},
		"a number that is taken now": {func(_ *plan.Plan, in *plan.Input) {
			in.Wishes.Orders[0].Want.OrderNumber = "O-112-0"
		}, `its order number would be "O-112-0", which is that of order["id-2"] too`},
		"two of one number": {func(p *plan.Plan, in *plan.Input) {
			for _, s := range in.Wishes.Standing {
				s.Number = func(order.Ref, time.Time) (string, error) { return "X", nil }
			}
			for i := range p.Changes {
				if c := &p.Changes[i]; plan.IsStanding(c.Address) {
					c.After.OrderNumber = "X"
				}
			}
		}, `its order number would be "X"`},
	} {
		t.Run(name, func(t *testing.T) {
			in := forgedInput(t)
			p := mustBuild(t, in)
			// id-0 and id-1 by s, id-2 with a number of s, id-3, and id-5, for which the two blocks differ, is held
			if len(p.Changes) != 4 || len(p.Held) != 1 {
				t.Fatalf("%v", withNumbers(p))
			}
			if _, unasked := asked(in, p); len(unasked) > 0 {
				t.Fatalf("the good plan: %v", unasked[0].Why)
			}
			c.alter(p, &in)
			_, unasked := asked(in, p)
			if !slices.ContainsFunc(unasked, func(u plan.Unasked) bool { return strings.Contains(u.Why, c.why) }) {
				t.Errorf("found %+v, want %q", unasked, c.why)
			}
		})
	}
}

// Just before the call an order must still be what its standing order selects.
func TestStillMeant(t *testing.T) {
	in := forgedInput(t)
	p := mustBuild(t, in)
	c := change(p, 0)
	for name, x := range map[string]struct {
		live order.Live
		says string
	}{
		"as it was":               {live(0), ""},
		"created later":           {live(0, func(l *order.Live) { l.CreatedInSource = noon.Add(-time.Minute) }), "its date of creation is not the one"},
		"shipped by its own shop": {live(0, func(l *order.Live) { l.SourceStatus = order.Shipped }), "not what standing.s selects any more"},
		"acknowledged":            {live(0, func(l *order.Live) { l.Status = order.Processing }), "not what standing.s selects any more"},
	} {
		if got := plan.StillMeant(c, x.live, noon); !strings.Contains(got, x.says) || (got == "") != (x.says == "") {
			t.Errorf("%s: %q, want %q", name, got, x.says)
		}
	}
	if got := plan.StillMeant(c, live(0), noon.Add(-48*time.Hour)); !strings.Contains(got, "not old enough") {
		t.Errorf("by an earlier clock: %q", got)
	}
	if got := plan.StillMeant(change(p, 2), live(0), noon); got != "" {
		t.Errorf("a shipment only takes its number from there: %q", got)
	}
}

// Reviewers are shown the rule: which orders are new changes from minute to minute.
func TestAStandingOrderIsReviewedAsARule(t *testing.T) {
	files := func(block string) map[string]string { return map[string]string{"main.hcl": sandboxAccount + block} }
	block := standingBlock("s", ownNumber, 5)
	shown := configured(t, t.TempDir(), files(block), lives(2), plan.Selection{})
	for name, c := range map[string]struct {
		block string
		kept  int
	}{
		"the same":            {block, 4},
		"laid out otherwise":  {strings.ReplaceAll(block, " = ", "   =  "), 4},
		"another name":        {strings.Replace(block, `"s"`, `"t"`, 1), 4},
		"another number":      {standingBlock("s", `live.id`, 5), 0},
		"more in one run":     {standingBlock("s", ownNumber, 6), 0},
		"another age":         {strings.Replace(block, "10m", "9m", 1), 0},
		"without exceptions":  {standingBlock("s", ownNumber, 5, listOf("except", "id-9")), 0},
		"a number by a local": {"locals { a = \"O-\" }\n" + standingBlock("s", `"${local.a}${live.source_order_number}"`, 5), 0},
	} {
		t.Run(name, func(t *testing.T) {
			now := configured(t, t.TempDir(), files(c.block), lives(4), plan.Selection{})
			if len(now.Changes) != 4 {
				t.Fatal(withNumbers(now))
			}
			kept, rest := plan.Reviewed(now, []plan.ReviewedPlan{{Plan: shown, Hash: "abcdef"}})
			if len(kept.Changes) != c.kept || len(rest) != 4-c.kept {
				t.Errorf("%d kept, %d not", len(kept.Changes), len(rest))
			}
			if same := shown.ChangesHash() == now.ChangesHash(); same != (c.kept > 0) {
				t.Errorf("the hash of changes is the same: %v", same)
			}
			if len(rest) > 0 && !strings.Contains(rest[0].Why, "no reviewed plan has standing.s as it is now") {
				t.Error(rest[0].Why)
			}
		})
	}
	shown.Accounts[0].EndpointHash = "other"
	now := configured(t, t.TempDir(), files(block), lives(4), plan.Selection{})
	if kept, _ := plan.Reviewed(now, []plan.ReviewedPlan{{Plan: shown, Hash: "abcdef"}}); len(kept.Changes) > 0 {
		t.Error("it was reviewed for another endpoint")
	}
}
