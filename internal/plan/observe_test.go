package plan

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// A change counts as taken when a read shows it long enough after it, and the
// order is closed with that. What was never changed may be closed at once.
func TestAChangeIsVerifiedAfterTakeTime(t *testing.T) {
	a := newAccount(250)
	api := &fakeAPI{orders: newOrders(1)}
	shown := &api.orders[0]
	shown.Values = order.Values{Status: order.Shipped, Tracking: "1Z1"}
	wish := ship(a, "x", spec.Find{ID: shown.ID}, "1Z1")
	for _, tt := range []struct {
		name             string
		applied          time.Duration // before the read; 0: never
		syncError        string
		verified, closed bool
	}{
		{"never changed", 0, "", false, true},
		{"just now", time.Second, "", false, false},
		{"a little too soon", time.Hour - time.Second, "", false, false},
		{"long enough", time.Hour, "", true, true},
		{"with an error of the marketplace", time.Hour, "no such carrier", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := newSession(t)
			if tt.applied > 0 {
				at := noon.Add(-tt.applied)
				seq, err := x.Intend(state.Intent{Key: keyOf(a, shown.ID), Ref: shown.Ref, Action: order.Ship, After: shown.Values, At: at})
				if err != nil {
					t.Fatal(err)
				}
				id := state.IntentID{RunID: openRun(x.State()), Seq: seq}
				if err := x.Settle(id, state.Outcome{Result: state.Done, At: at}); err != nil {
					t.Fatal(err)
				}
			}
			shown.SyncError = tt.syncError
			snap, err := read(t, api, a, x.State(), wish)
			if err != nil {
				t.Fatal(err)
			}
			seen := Observe(Input{
				Wishes: &spec.Wishes{Orders: []spec.Wish{wish}}, State: x.State(),
				Snapshot: &Snapshot{Accounts: map[string]*AccountSnapshot{a.Name: snap}}, Now: noon,
			})
			if len(seen) != 1 || seen[0].Verified != tt.verified || (seen[0].Closed != nil) != tt.closed {
				t.Errorf("%+v, want verified %t, closed %t", seen, tt.verified, tt.closed)
			}
		})
	}
}

// openRun is the run whose call is open.
func openRun(s *state.State) string {
	for in := range s.OpenIntents() {
		return in.RunID
	}
	return ""
}
