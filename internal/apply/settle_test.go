package apply_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func TestAnOrderThatIsNeitherAsBeforeNorAsWantedStaysUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Nth: 1}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		shipped, other := sandbox.StatusShipped, "1Z9999"
		time.AfterFunc(time.Minute, func() {
			if err := w.api.Drift(sandbox.Drift{Order: "N-0", Status: &shipped, Tracking: &other}); err != nil {
				t.Error(err)
			}
		})
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Unknown] != 1 || r.Clean() || r.Calls != 1 {
			t.Fatalf("%v, %+v", err, r)
		}
		if message := r.Items[0].Message; !strings.Contains(message, "neither as before nor as wanted") || !strings.Contains(message, other) {
			t.Errorf("message %q", message)
		}
		if o, _ := w.api.Order("N-0"); o.WriteCount != 0 {
			t.Error("the order was written")
		}
	})
}

func TestACallThatNeverHasAnEffectIsSentThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Probability: 1}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		r, err := w.apply(t.Context())
		if err != nil || r.Calls != 3 || r.Counts[apply.Failed] != 1 {
			t.Errorf("%v, %d calls, %+v", err, r.Calls, r.Items)
		}
	})
}

func TestARefusedAcknowledgeHoldsItsShipment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 8, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpAcknowledge, Kind: sandbox.FaultStatus, Status: 400, Probability: 1}}}, account("")+mixed)
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != 2 || r.Counts[apply.Skipped] != 1 || r.Counts[apply.Applied] != 1 {
			t.Fatalf("%v, %+v", err, r)
		}
		for _, item := range r.Items {
			if item.Verdict == apply.Skipped && !strings.Contains(item.Message, "its acknowledge did not succeed") {
				t.Errorf("skipped because %q", item.Message)
			}
		}
		if o, _ := w.api.Order("N-7"); o.Status != sandbox.StatusNew {
			t.Errorf("N-7 is %s", o.Status)
		}
	})
}

// A read that doesn't even show the acknowledge of before can't show that the
// ship behind it had no effect: the ship is not sent again.
func TestAReadThatLagsSettlesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		lag  time.Duration
		want apply.Verdict
	}{
		"behind both changes":           {time.Hour, apply.Unknown},
		"until a bit later than settle": {125 * time.Second, apply.Applied},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, sandbox.Options{
					ReadLag: c.lag, Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Nth: 1}},
				}, account("")+`
order "one" {
  find            = { source = "Amazon", source_order_number = "N-0" }
  status          = "shipped"
  order_number    = "SO-0"
  tracking_number = "1Z999AA10123456784"
}
`)
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[c.want] == 0 || r.Calls != 2 {
					t.Errorf("%v, %d calls, %v, %+v", err, r.Calls, r.Counts, r.Items)
				}
				w.assertNothingTwice()
			})
		})
	}
}
