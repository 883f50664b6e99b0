package apply_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

const standingOrder = `
standing "s" {
  live         = { source = "Amazon", older_than = "10m", newer_than = "5h" }
  status       = "acknowledged"
  order_number = "O-${live.source_order_number}"
  max_per_run  = 9
}
`

// An order that its marketplace shows as shipped by the time of the call, or that has
// grown too old, is not what the standing order selects: it is left alone.
func TestAStandingOrderLooksAgainJustBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, sandbox.Options{}, account("")+standingOrder)
		cfg := w.config()
		session := w.store()
		st, _, err := session.Read()
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.plan(t.Context(), cfg, map[string]apply.API{"main": w.client()}, st)
		if err != nil || len(p.Changes) != 5 {
			t.Fatalf("%v: %d changes", err, len(p.Changes))
		}
		cfg.Close()
		shipped := sandbox.StatusShipped
		if err := w.api.Drift(sandbox.Drift{Order: "N-2", SourceStatus: &shipped}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute) // N-0 is more than five hours old now
		w.saved = p
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Applied] != 3 || r.Counts[apply.Skipped] != 2 {
			t.Fatalf("%v: %+v", err, r.Counts)
		}
		for number, want := range map[string]string{"N-0": "", "N-1": "O-N-1", "N-2": "", "N-3": "O-N-3", "N-4": "O-N-4"} {
			if o, _ := w.api.Order(number); o.OrderNumber != want {
				t.Errorf("%s has the number %q, want %q", number, o.OrderNumber, want)
			}
		}
		w.assertNothingTwice()
	})
}

// What was acknowledged and still shows as new is not sent again, for as long as
// reads lag; nor does it keep others from their turn.
func TestAStandingOrderWhoseReadsLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpAcknowledge, Kind: sandbox.FaultCutAfter, Nth: 2}}, ReadLag: 90 * time.Second},
			account("")+"standing \"s\" {\n  live = { source = \"Amazon\", older_than = \"10m\" }\n  status = \"acknowledged\"\n  order_number = live.source_order_number\n  max_per_run = 2\n}\n")
		for run := range 4 {
			if r, err := w.apply(t.Context()); err != nil || r.Counts[apply.Failed] > 0 {
				t.Fatalf("run %d: %v: %+v", run, err, r.Counts)
			}
		}
		for _, number := range []string{"N-0", "N-1", "N-2", "N-3", "N-4"} {
			if o, _ := w.api.Order(number); o.OrderNumber != number {
				t.Errorf("%s has the number %q", number, o.OrderNumber)
			}
		}
		w.assertNothingTwice()
	})
}
