package plan

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

func TestASingleReadOfAnotherOrderIsAnError(t *testing.T) {
	api := &fakeAPI{orders: newOrders(2), other: true}
	a := newAccount(250)
	if snap, err := read(t, api, a, newSession(t).State(), ship(a, "x", spec.Find{ID: "id-0"}, "1Z1")); err == nil {
		t.Errorf("no error, but %+v", snap.Orders)
	}
}

// An order that is closed is neither read nor planned, while it is wanted as
// it was closed; what else is wanted of it takes it up again.
func TestClosedOrdersCostNoCall(t *testing.T) {
	a := newAccount(250)
	api := &fakeAPI{orders: newOrders(1)}
	shown := &api.orders[0]
	shown.Values = order.Values{Status: order.Shipped, Tracking: "1Z1"}
	x := newSession(t)
	x.Observe(keyOf(a, shown.ID), shown.Ref, shown.CreatedInSource, state.Observed{Values: shown.Values, At: noon}, true, &shown.Values)
	tests := []struct {
		name    string
		find    spec.Find
		want    string
		calls   int
		changes int
	}{
		{"by number", byNumber(0), "1Z1", 0, 0},
		{"by id", spec.Find{ID: "id-0"}, "1Z1", 0, 0},
		{"no tracking number is wanted", byNumber(0), "", 0, 0},
		{"another tracking number", byNumber(0), "1Z2", 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			api.calls = 0
			wish := ship(a, "x", tt.find, tt.want)
			snap, err := read(t, api, a, x.State(), wish)
			if err != nil || api.calls != tt.calls {
				t.Fatalf("%v, %d calls, want %d", err, api.calls, tt.calls)
			}
			p := build(t, a, snap, x.State(), wish)
			if len(p.Changes) != tt.changes || p.NoOp != 1-tt.changes {
				t.Errorf("%d changes, %d as wanted; want %d changes", len(p.Changes), p.NoOp, tt.changes)
			}
		})
	}
}
