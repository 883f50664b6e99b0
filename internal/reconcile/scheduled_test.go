package reconcile_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// scheduled runs a schedule as an agent of a machine that allows these actions.
func (s *shop) scheduled(name string, allow ...order.Action) (*reconcile.ScheduledReport, error) {
	return reconcile.RunScheduled(s.Context(), reconcile.ScheduledRequest{Source: s.source(), Schedule: name, Allow: allow, PolicyDirs: s.policies}, s.deps, s.observe)
}

// every is a schedule that applies one block.
func every(name, target string) string {
	return "schedule \"" + name + "\" {\n  every = \"10m\"\n  run = \"apply\"\n  target = [" + target + "]\n  limits {\n    max_changes = 10\n  }\n}\n"
}

// A machine lets its runs ship or not. Whatever its file says, they never cancel, correct
// or insert.
func TestWhatAMachineLetsItsRunsDo(t *testing.T) {
	const acknowledge, ship, correct, cancel, insert = "acknowledge", "ship", "correct", "cancel", "insert"
	all := []order.Action{order.Acknowledge, order.Ship, order.Correct, order.Cancel, order.Insert}
	for _, c := range []struct {
		name  string
		allow []order.Action
		does  map[string]bool
	}{
		{"nothing is said", nil, map[string]bool{acknowledge: true}},
		{"acknowledge", []order.Action{order.Acknowledge}, map[string]bool{acknowledge: true}},
		{"ship", []order.Action{order.Ship}, map[string]bool{acknowledge: true, ship: true}},
		{"everything", all, map[string]bool{acknowledge: true, ship: true}},
		{"what no agent does", []order.Action{order.Cancel}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, shipments("112-ship", "112-correct")+`
order "acknowledge" {
  find         = { source = "Amazon", source_order_number = "112-new" }
  status       = "acknowledged"
  order_number = "SO-1"
}
order "cancel" {
  find   = { source = "Amazon", source_order_number = "112-cancel" }
  status = "cancelled"
  reason = "BuyerCanceled"
}
new_orders "phone" {
  rows = jsonl("orders.jsonl")
}
`+every("acknowledge", `"order[\"acknowledge\"]"`)+every("ship", `"order[\"112-ship\"]"`)+every("correct", `"order[\"112-correct\"]"`)+
					every("cancel", `"order[\"cancel\"]"`)+every("insert", `"new_orders.phone"`))
				s.processing("112-ship", "112-cancel")
				for _, o := range []sandbox.NewOrder{
					{Number: "112-new"},
					{Number: "112-correct", Status: sandbox.StatusShipped, OrderNumber: "SO-2", Tracking: "1Z12345E0291980793", Carrier: "UPS", ShippedAt: time.Now().Add(-time.Hour)},
				} {
					if _, err := s.api.AddOrder(o); err != nil {
						t.Fatal(err)
					}
				}
				s.mustExist("P-1")
				before := len(s.api.Ledger())
				for _, schedule := range []string{acknowledge, ship, correct, cancel, insert} {
					r, err := s.scheduled(schedule, c.allow...)
					var refused *reconcile.NotAllowedError
					switch {
					case c.does[schedule] && (err != nil || r.Applied != 1):
						t.Errorf("%s: %+v, %v", schedule, r, err)
					case !c.does[schedule] && !errors.As(err, &refused):
						t.Errorf("%s was not refused: %+v, %v", schedule, r, err)
					}
				}
				if n := len(s.api.Ledger()) - before; n != len(c.does) {
					t.Errorf("%d writes were sent, want %d", n, len(c.does))
				}
			})
		})
	}
}

// The policies of a machine hold beside those of the configuration.
func TestAMachinesPolicyHoldsForItsRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2")+every("ship", `"order[\"112-1\"]", "order[\"112-2\"]"`))
		s.processing("112-1", "112-2")
		policy := newShop(t, "policy {\n  max_ships = 1\n}\n")
		s.policies = []string{policy.dir}
		var beyond *reconcile.PolicyError
		if r, err := s.scheduled("ship", order.Ship); !errors.As(err, &beyond) || len(s.api.Ledger()) != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// What a run reports to those who watch is what it did and saw, and nothing of what it did
// not look at.
func TestFactsOfARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, `
watch "feeds" {
  feeds   = "*"
  max_age = "1h"
}
standing "walmart" {
  live         = { source = "Walmart", status = "new", older_than = "1h" }
  status       = "acknowledged"
  order_number = live.source_order_number
  max_per_run  = 1
}
schedule "feeds" {
  every = "10m"
  run   = "feeds"
}
schedule "verify" {
  every = "10m"
  run   = "verify"
}
`+shipments("112-1")+every("acknowledge", `"standing.walmart"`)+every("ship", `"order[\"112-1\"]"`))
		now := time.Now()
		s.add("Walmart", "W-1", sandbox.StatusNew, 3*time.Hour)
		s.add("Walmart", "W-2", sandbox.StatusNew, 2*time.Hour)
		s.add("walmart", "W-3", sandbox.StatusNew, time.Minute)
		s.add("Etsy", "E-1", sandbox.StatusNew, time.Minute)
		s.processing("112-1")
		calls := 0
		s.called = func() { calls++ }

		r, err := s.scheduled("acknowledge")
		if err != nil {
			t.Fatal(err)
		}
		want := map[order.Action]map[reconcile.ChangeOutcome]int{order.Acknowledge: {reconcile.ChangeApplied: 1}}
		if diff := cmp.Diff(want, r.Changes); diff != "" {
			t.Error(diff)
		}
		waiting := []reconcile.Unacknowledged{ // Etsy waits for nothing
			{Account: "default", Source: "Walmart", Oldest: now.Add(-2 * time.Hour).UTC(), Orders: 2},
		}
		if diff := cmp.Diff(waiting, r.Unacknowledged); diff != "" {
			t.Error(diff)
		}
		if n := r.Calls["default"]["200"]; n != calls || n == 0 {
			t.Errorf("%d calls of %d are counted: %+v", n, calls, r.Calls)
		}
		if level := r.Levels["default"]; !(level > 0 && level <= float64(calls)) {
			t.Errorf("the bucket's level is %v", r.Levels)
		}
		if r.LeaseLost || r.Feeds != nil || !slices.Equal(r.Listed, []string{"default"}) {
			t.Errorf("%+v", r.Facts)
		}

		// The ship reads one order by its number, so all orders: also those that it does not want.
		r, err = s.scheduled("ship", order.Ship)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(waiting, r.Unacknowledged); diff != "" { // W-1 is acknowledged
			t.Error(diff)
		}
		time.Sleep(25 * time.Hour) // the order is known by its id
		for _, schedule := range []string{"ship", "verify", "feeds"} {
			if r, err = s.scheduled(schedule, order.Ship); err != nil {
				t.Fatal(err)
			}
			if r.Listed != nil || r.Unacknowledged != nil || r.Changes != nil {
				t.Errorf("%s read no new orders: %+v", schedule, r.Facts)
			}
		}
		if len(r.Feeds) != 2 || r.Feeds[0].State != watch.FeedFailing || r.Feeds[0].Items == nil || r.Feeds[0].CompiledAt.IsZero() {
			t.Errorf("%+v", r.Feeds)
		}

		// Calls count when a run fails, and nothing is known that it did not read.
		if err := s.api.AddFault(sandbox.Fault{Op: sandbox.OpAny, Kind: sandbox.FaultStatus, Status: http.StatusForbidden}); err != nil {
			t.Fatal(err)
		}
		r, err = s.scheduled("acknowledge")
		if err == nil || r == nil || r.Listed != nil || r.Calls["default"]["403"] == 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A run whose state another one took over says so, and what it did until then.
func TestARunThatLosesItsLeaseSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2")+every("ship", `"order[\"112-1\"]", "order[\"112-2\"]"`))
		s.processing("112-1", "112-2")
		s.seen = func(e reconcile.Event) {
			if p, ok := e.(reconcile.Progressed); ok && p.Type == apply.ChangeDone {
				_ = os.Remove(filepath.Join(s.dir, "gdfctl.state.json.lock")) // once is enough
			}
		}
		r, err := s.scheduled("ship", order.Ship)
		if err == nil || !r.LeaseLost || r.Changes[order.Ship][reconcile.ChangeApplied] == 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
