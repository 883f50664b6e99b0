package apply_test

import (
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func TestUnknownOutcomeWaitsForSettleWhileTheRestGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The write is executed 90 s after its connection was cut.
		late := 90 * time.Second
		o := sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Nth: 1}}}
		first := true
		o.ExecuteLate = func() time.Duration {
			if first {
				first = false
				return late
			}
			return 0
		}
		w := newWorld(t, 20, o, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 20)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		start := time.Now()
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		w.assertShipped(0, 20)
		w.assertNothingTwice()
		if took := time.Since(start); took < 120*time.Second {
			t.Errorf("reread after %s, before its waiting time was over", took)
		}
		others := 0
		for _, e := range w.events {
			if e.Type == apply.ChangeDone && e.At.Sub(start) < 60*time.Second {
				others++
			}
		}
		if others != 19 {
			t.Errorf("%d other orders went out while one waited, want 19", others)
		}
	})
}

func TestACallWithoutEffectIsRepeatedToTheLetterAndMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Nth: 1}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		started := time.Now().UTC().Truncate(time.Second)
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		o, _ := w.api.Order("N-0")
		if !o.ShippedAt.Equal(started) {
			t.Errorf("shipped at %s, want the moment of the first sending, %s", o.ShippedAt, started)
		}
	})
}

// A server that is later than settle can execute a repeated call twice: that
// bound is documented, and every such repeat is marked in the record.
func TestAWriteLaterThanSettleIsRepeatedAndMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := []time.Duration{5 * time.Minute}
		o := sandbox.Options{
			Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Nth: 1}},
			ExecuteLate: func() time.Duration {
				if len(late) == 0 {
					return 0
				}
				d := late[0]
				late = late[1:]
				return d
			},
		}
		w := newWorld(t, 3, o, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 3)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		time.Sleep(10 * time.Minute)
		twice := map[string]bool{}
		for what, n := range w.executed() {
			if n > 1 {
				twice[strings.Fields(what)[0]] = true
			}
		}
		if len(twice) != 1 {
			t.Fatalf("executed twice: %v, want the late one", twice)
		}
		marked := map[string]bool{}
		for record, err := range w.store().AuditList(audit.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if record.Repeated {
				marked[record.Order.ID] = true
			}
		}
		if !maps.Equal(twice, marked) {
			t.Errorf("executed twice %v, marked as repeated %v", twice, marked)
		}
	})
}
