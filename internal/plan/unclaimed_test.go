package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Which open orders no wish names: in whatever way one is named, and whatever
// became of the wish. Closed orders are nobody's business.
func TestUnclaimed(t *testing.T) {
	a, other := mainAccount(), &spec.Account{Name: "other", Endpoint: "https://other.example.com", PageSize: 10, PerSecond: 1}
	orders := lives(12)
	orders[1].Status = order.Processing
	orders[2].Status = order.Shipped
	orders[3].Status = order.Cancelled
	orders[4].SourceStatus = order.Cancelled
	orders[5].SourceStatus = order.Shipped
	orders[6].OrderNumber = "SO-6"
	orders[7].Source = "eBay"
	bad := ship(a, byNumber(8))
	bad.Problem = &spec.Problem{Code: spec.BadRow, Message: "time"}
	aside := ship(a, byID(9))
	aside.Origin = &spec.Origin{Kind: "batch", Name: "aside", Account: a}
	wishes := []spec.Wish{
		ship(a, byNumber(0)),                    // makes the lookback listed
		ship(a, spec.Find{OrderNumber: "SO-6"}), // by the seller's number
		ship(a, spec.Find{Number: " 112-7 "}),   // of any source
		bad,                                     // held, and names its order
		aside,                                   // not selected
		ship(other, byNumber(10)),               // another account's
		ship(a, spec.Find{Source: "Walmart", Number: "112-11"}), // not found
	}
	req := reading(&script{orders: orders}, wishes, stateOf(t))
	req.Accounts = append(req.Accounts, other)
	req.APIs["other"] = &script{}
	void := ship(a, byNumber(11))
	req.Wishes.Dropped = []*spec.Wish{&void} // all its labels are void, and the table names it
	req.Wishes.Released = []spec.Release{{Account: a, Find: byID(1)}}
	req.Select = plan.Selection{Targets: []string{`batch.b["amazon/112-0"]`}}
	p := mustBuild(t, plan.Input{Accounts: req.Accounts, Wishes: req.Wishes, State: req.State, Snapshot: mustRead(t, req), Now: noon, Select: req.Select})
	// Left is number 10 alone.
	want := &plan.Unclaimed{Count: 1, Oldest: orders[10].CreatedInSource}
	if diff := cmp.Diff(want, p.Unclaimed()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// orders list --unclaimed and status say the same without a plan.
	var open []plan.OpenOrder
	for i := range orders {
		if o := &orders[i]; plan.Waits(o.Status, o.SourceStatus) {
			open = append(open, plan.OpenOrder{Ref: o.Ref, OrderNumber: o.OrderNumber, Status: o.Status})
		}
	}
	if left := plan.NotClaimed(a, req.Wishes, open); len(left) != 1 || left[0].ID != orders[10].ID {
		t.Errorf("without a plan: got %v", left)
	}
}

// Without a listing of the whole lookback it is not known, which is not none.
func TestUnclaimedIsNotKnown(t *testing.T) {
	a := mainAccount()
	p := mustBuild(t, input(t, &script{orders: lives(30)}, []spec.Wish{ship(a, byID(1))}, stateOf(t)))
	if p.Unclaimed() != nil {
		t.Errorf("got %+v", p.Unclaimed())
	}
	p = mustBuild(t, input(t, &script{orders: lives(1)}, []spec.Wish{ship(a, byNumber(0))}, stateOf(t)))
	if diff := cmp.Diff(&plan.Unclaimed{}, p.Unclaimed()); diff != "" {
		t.Error(diff)
	}
}

// An order that a later page shows as shipped is not open any more.
func TestUnclaimedMeanwhileShipped(t *testing.T) {
	a := mainAccount()
	api := &script{orders: lives(15)}
	api.page = func(page, _ int) (int, int) { // the last order of the first page is the first of the second
		if page == 1 {
			return 0, 10
		}
		api.orders[9].Status = order.Shipped
		return 9, 15
	}
	p := mustBuild(t, input(t, api, []spec.Wish{ship(a, byNumber(0))}, stateOf(t)))
	if u := p.Unclaimed(); u == nil || u.Count != 13 || !u.Oldest.Equal(noon.Add(-48*time.Hour+time.Minute)) {
		t.Errorf("got %+v", u)
	}
}
