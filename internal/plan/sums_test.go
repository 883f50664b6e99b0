package plan_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Every order that is wanted is in exactly one part of the plan, whatever is
// wanted and there.
func TestTheSumsAddUp(t *testing.T) {
	a := mainAccount()
	a.Timezone = time.UTC
	statuses := []order.Status{order.New, order.Processing, order.Shipped, order.Cancelled, "unknown:On Hold"}
	rapid.Check(t, func(r *rapid.T) {
		orders := lives(12)
		for i := range orders {
			orders[i].Status = rapid.SampledFrom(statuses).Draw(r, "status")
			if orders[i].Status == order.Shipped {
				orders[i].Tracking = rapid.SampledFrom([]string{"1Z1", "1Z2"}).Draw(r, "tracking")
			}
		}
		var wishes []spec.Wish
		for i := range 14 {
			find := byID(i)
			if rapid.Bool().Draw(r, "by number") {
				find = byNumber(i)
			}
			w := want(a, find, order.Values{Status: order.Shipped, Tracking: "1Z1"})
			switch rapid.IntRange(0, 5).Draw(r, "wish") {
			case 0:
				w.Want = order.Values{Status: order.Cancelled}
			case 1:
				w.Want = order.Values{Status: order.Acknowledged, OrderNumber: "SO"}
			case 2:
				w.ShippedOn = calendar.Of(noon, time.UTC) + calendar.Day(rapid.IntRange(-2, 2).Draw(r, "days"))
			case 3:
				w.Problem = &spec.Problem{Code: spec.BadRow, Message: "time"}
			case 4:
				w.Want.OrderNumber = "SO"
			}
			wishes = append(wishes, w)
			if rapid.IntRange(0, 9).Draw(r, "twice") == 0 {
				w.Find = byID(i)
				wishes = append(wishes, w)
			}
		}
		var done []func(x *state.Session) error
		for i := range 4 {
			if rapid.Bool().Draw(r, "applied") {
				done = append(done, applied(a, live(i), order.Ship, order.Values{Status: order.Shipped, Tracking: "1Z1"}, time.Minute))
			}
		}
		in := input(t, &script{orders: orders}, wishes, stateOf(t, done...))
		if rapid.Bool().Draw(r, "released") {
			in.Wishes.Released = []spec.Release{{Account: a, Find: byID(3), Place: spec.Place{File: "main.hcl", Line: 3}}}
		}
		p := mustBuild(t, in)
		s := p.Summary()
		if sum := len(p.Changes) + s.NoOp + s.Held + s.Pending + s.Deferred + s.Released; sum != s.Orders {
			r.Fatalf("%d orders, and %d are accounted for: %+v", s.Orders, sum, p)
		}
		if s.Held != len(p.Held) || s.Pending != len(p.Pending) || s.Deferred != len(p.Deferred) {
			r.Fatalf("the lists differ from their counts: %+v", s)
		}
	})
}

// A release counts once, however many rows it takes out, and in however many
// ways they name the order.
func TestAReleasedOrderCountsOnce(t *testing.T) {
	a := mainAccount()
	in := input(t, &script{orders: lives(3)}, []spec.Wish{ship(a, byNumber(1)), ship(a, byID(2))}, stateOf(t))
	at := spec.Place{File: "main.hcl", Line: 3}
	in.Wishes.Released = []spec.Release{{Account: a, Find: byID(1), Place: at}}
	in.Wishes.Replaced = []spec.Replacement{
		{Address: `batch.b["id-1"]`, By: "release", ByPlace: at},
		{Address: `batch.b["id-1"]`, Place: spec.Place{File: "t.csv", Line: 3}, By: "release", ByPlace: at},
		{Address: `batch.b["id-9"]`, By: `batch.c["id-9"]`},
	}
	s := mustBuild(t, in).Summary()
	if s.Released != 1 || s.Ship != 1 || s.Orders != 2 {
		t.Errorf("got %+v", s)
	}
	in.Select = plan.Selection{Targets: []string{`batch.b["id-2"]`}}
	if s := mustBuild(t, in).Summary(); s.Released != 0 || s.Orders != 1 {
		t.Errorf("selected: %+v", s)
	}
}

// The release of a row of new orders counts too where other rows turn out to be about one live order.
func TestAReleaseOfANewOrderCountsBesideMergedRows(t *testing.T) {
	a := mainAccount()
	in := input(t, &script{orders: lives(2)}, []spec.Wish{ship(a, byNumber(1)), ship(a, byID(1))}, stateOf(t))
	in.Wishes.Replaced = []spec.Replacement{{Address: `new_orders.n["Phone/P-1"]`, By: "release", ByPlace: spec.Place{File: "main.hcl", Line: 3}, New: true}}
	p := mustBuild(t, in)
	if s := p.Summary(); s.Released != 1 || s.Orders != 2 || !slices.ContainsFunc(p.Replaced, func(r spec.Replacement) bool { return r.New }) {
		t.Errorf("%+v, %+v", s, p.Replaced)
	}
}
