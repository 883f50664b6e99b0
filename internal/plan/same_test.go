package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// world draws live orders and wishes about some of them.
func world(t *rapid.T, a *spec.Account) ([]order.Live, []spec.Wish) {
	var orders []order.Live
	var wishes []spec.Wish
	status := rapid.SampledFrom([]order.Status{order.New, order.New, order.Processing, order.Shipped, order.Cancelled, "unknown:Odd"})
	for i := range rapid.IntRange(0, 12).Draw(t, "orders") {
		orders = append(orders, live(i, func(l *order.Live) {
			l.Status = status.Draw(t, "status")
			l.OrderNumber = rapid.SampledFrom([]string{"", "", "O1", "O2"}).Draw(t, "number")
			l.Tracking = rapid.SampledFrom([]string{"", "1Z1", "1Z2"}).Draw(t, "tracking")
			l.Source = rapid.SampledFrom([]string{"Amazon", "Walmart"}).Draw(t, "source")
			l.CreatedInSource = noon.Add(-time.Duration(rapid.IntRange(1, 4).Draw(t, "age")) * time.Hour)
		}))
	}
	values := rapid.SampledFrom([]order.Values{
		{Status: order.Shipped, Tracking: "1Z1", ShippedAt: noon},
		{Status: order.Shipped, Tracking: "112-1"},
		{Status: order.Cancelled},
		{Status: order.Acknowledged, OrderNumber: "O1"},
		{Status: order.Shipped, Tracking: "1Z1", OrderNumber: "O1"},
	})
	for i := range rapid.IntRange(1, 12).Draw(t, "wishes") {
		find := rapid.SampledFrom([]spec.Find{byID(i), byNumber(i), {Number: byNumber(i).Number}, {Source: "walmart", Number: byNumber(i).Number}}).Draw(t, "find")
		wishes = append(wishes, want(a, find, values.Draw(t, "values")))
	}
	return orders, wishes
}

// The same world makes the same plan, in whatever order it is told.
func TestTheSameWorldMakesTheSamePlan(t *testing.T) {
	st := stateOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		a := mainAccount()
		orders, wishes := world(rt, a)
		var hashes []string
		var plans []*plan.Plan
		for range 2 {
			api := &script{orders: rapid.Permutation(orders).Draw(rt, "order of the listing")}
			p, diags := plan.Build(input(t, api, wishes, st))
			if diags.HasErrors() {
				p = &plan.Plan{Version: diags.Error()}
			}
			hash, err := p.Hash()
			if err != nil {
				rt.Fatal(err)
			}
			plans, hashes = append(plans, p), append(hashes, hash)
		}
		if diff := cmp.Diff(plans[0], plans[1], cmpopts.EquateEmpty()); diff != "" || hashes[0] != hashes[1] {
			rt.Fatalf("two plans:\n%s", diff)
		}
	})
}

// Each wish comes to exactly one thing, and a plan's totals are those of its
// lists.
func TestEveryWishComesToSomething(t *testing.T) {
	st := stateOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		a := mainAccount()
		orders, wishes := world(rt, a)
		in := input(t, &script{orders: orders}, wishes, st)
		p, diags := plan.Build(in)
		if diags.HasErrors() {
			return
		}
		if p.Orders != len(p.Changes)+len(p.Held)+len(p.Pending)+p.NoOp {
			rt.Fatalf("%d orders: %v", p.Orders, outcome(p))
		}
		seen := map[string]bool{}
		last := 0
		var created time.Time
		for i := range p.Changes {
			c := &p.Changes[i]
			if seen[c.Order.ID] {
				rt.Fatalf("%s is changed twice", c.Order.ID)
			}
			seen[c.Order.ID] = true
			phase := plan.Phase(c.Actions[0])
			if phase < last || phase == last && c.Created.Before(created) {
				rt.Fatalf("out of order: %v", outcome(p))
			}
			last, created = phase, c.Created
		}
		s := p.Summary()
		if writes := s.Acknowledge + s.Ship + s.Correct + s.Cancel; writes != p.Calls().Write || s.NoOp != p.NoOp || s.Held != len(p.Held) {
			rt.Fatalf("%+v of %v", s, outcome(p))
		}
	})
}

// What a plan costs, and how long it takes at 50 calls and then 2 a second.
func TestCost(t *testing.T) {
	a := mainAccount()
	a.PageSize = 250
	for _, c := range []struct {
		changes int
		check   int
		eta     time.Duration
	}{
		{0, 0, 0}, {48, 0, 0}, {49, 0, 0}, {50, 0, 0}, {148, 0, 50 * time.Second}, {480, 0, 216 * time.Second}, {481, 3, 218 * time.Second}, {4135, 24, 2055 * time.Second},
	} {
		var wishes []spec.Wish
		for i := range c.changes {
			wishes = append(wishes, want(a, byID(i), order.Values{Status: order.Shipped}))
		}
		if c.changes == 0 {
			wishes = append(wishes, want(a, byID(0), order.Values{Status: order.Shipped}))
		}
		orders := lives(max(c.changes, 1))
		if c.changes == 0 {
			orders[0].Status = order.Shipped
		}
		p := mustBuild(t, input(t, &script{orders: orders}, wishes, stateOf(t)))
		calls := p.Calls()
		if calls.Write != c.changes || calls.Check != c.check {
			t.Errorf("%d changes: %+v", c.changes, calls)
		}
		if over := max(0, calls.Read+calls.Write+calls.Check-50); p.ETA() != time.Duration(over/2)*time.Second {
			t.Errorf("%d changes: %v for %+v", c.changes, p.ETA(), calls)
		}
	}
}
