package reconcile_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// fault has the API fail from now on.
func (s *team) fault(f sandbox.Fault) {
	s.Helper()
	if err := s.api.AddFault(f); err != nil {
		s.Fatal(err)
	}
}

// shortRun has another machine ship one order after a while. What it returns is how long
// that order waited, once the run is done.
func (s *team) shortRun(after time.Duration) (waited func() time.Duration) {
	s.Helper()
	s.processing("119-1")
	other := s.other()
	other.write("main.hcl", s.head+shipments("119-1"))
	type answer struct {
		took time.Duration
		err  error
	}
	done := make(chan answer, 1)
	var began, shipped time.Time
	other.seen = func(e reconcile.Event) {
		if p, ok := e.(reconcile.Progressed); ok && p.Type == apply.ChangeDone && p.Order.SourceNumber == "119-1" {
			shipped = time.Now()
		}
	}
	go func() {
		<-time.After(after)
		began = time.Now()
		r, err := other.apply(other.Context(), reconcile.ApplyRequest{LockTimeout: 10 * time.Hour})
		if err == nil && (r.Result.Counts[apply.Applied] != 1 || r.Result.Counts[apply.Failed] > 0) {
			err = fmt.Errorf("%+v", r.Result)
		}
		done <- answer{shipped.Sub(began), err}
	}()
	return func() time.Duration {
		s.Helper()
		a := <-done
		if a.err != nil {
			s.Error(a.err)
		}
		return a.took
	}
}

// once checks that each order was shipped, and none twice.
func (s *team) once(orders int) {
	s.Helper()
	ledger := map[string]int{}
	for _, w := range s.sent() {
		if ledger[w]++; ledger[w] > 1 {
			s.Errorf("%s: %d times", w, ledger[w])
		}
	}
	if len(ledger) != orders {
		s.Errorf("%d orders were shipped, want %d", len(ledger), orders)
	}
}

// A run that gives way while the outcome of a call is unknown finds it out in its next
// turn: the order is counted once, and is not taken for one that another run changed.
func TestATurnFindsOutWhatTheOneBeforeCouldNot(t *testing.T) {
	for name, kind := range map[string]sandbox.Kind{"it had effect": sandbox.FaultCutAfter, "it had none": sandbox.FaultCutBefore} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				s.manyOrders()
				waited := s.shortRun(30 * time.Second)
				struck := false
				s.seen = func(e reconcile.Event) {
					if p, ok := e.(reconcile.Progressed); ok && !struck && p.Done > 225 { // soon it gives way
						struck = true
						s.fault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: kind, Times: 3})
					}
				}
				r, err := s.apply(t.Context(), reconcile.ApplyRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if got := r.Result; !r.Complete() || got.Counts[apply.Applied]+got.Counts[apply.AsWanted] != 600 || got.Done != 600 || got.Total != 600 || len(got.Items) > 0 {
					t.Errorf("%+v", got)
				}
				if took := waited(); took > 6*time.Minute {
					t.Errorf("the short run waited %s", took)
				}
				s.once(602)
			})
		})
	}
}

// A run that only waits keeps nobody from the state: not for the outcome of its own
// call, nor for a pause that the API asked for.
func TestARunThatWaitsGivesWay(t *testing.T) {
	for name, c := range map[string]struct {
		account string
		fault   sandbox.Fault
	}{
		"settle":      {`settle = "50m"`, sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Times: 1}},
		"Retry-After": {"", sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "300", Times: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				s.processing("112-1", "112-2", "112-3")
				s.commit(s.head, "account \"default\" {\n"+c.account+"\n}\n", strings.ReplaceAll(shipments("112-1", "112-2", "112-3"), `"UPS"`, `"Our own van"`))
				s.fault(c.fault)
				waited := s.shortRun(time.Second)
				r, err := s.apply(t.Context(), reconcile.ApplyRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if got := r.Result; !r.Complete() || got.Done != 3 || got.Total != 3 || len(got.Items) > 0 {
					t.Errorf("%+v", got)
				}
				if took := waited(); took > 6*time.Minute {
					t.Errorf("the short run waited %s", took)
				}
				s.once(4)
			})
		})
	}
}

// Two runs that wait for the same call of an earlier one, and give way to each other,
// come to an end: what passed since they found it counts, whoever has the state meanwhile.
func TestRunsThatGiveWayToEachOtherComeToAnEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1")
		s.commit(s.head, strings.ReplaceAll(shipments("112-1"), `"UPS"`, `"Our own van"`))
		s.fault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Times: 1})
		ctx, stop := context.WithTimeout(t.Context(), 6*time.Hour)
		defer stop()
		first, end := context.WithCancel(ctx)
		s.seen = func(e reconcile.Event) {
			if p, ok := e.(reconcile.Progressed); ok && p.Type == apply.ChangeUnknown {
				end()
			}
		}
		if _, err := s.apply(first, reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		waited := s.shortRun(time.Second)
		began := time.Now()
		r, err := s.apply(ctx, reconcile.ApplyRequest{LockTimeout: 10 * time.Hour})
		if err != nil || !r.Complete() {
			t.Fatalf("%v, %+v", err, r.Result)
		}
		if took := time.Since(began); took > time.Hour {
			t.Errorf("it took %s", took)
		}
		waited()
		s.once(2)
	})
}
