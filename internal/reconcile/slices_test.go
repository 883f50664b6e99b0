package reconcile_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// slices makes slices of a schedule's runs as one agent does, whose machine's file lets it ship.
func (s *team) slices() func(schedule string) (*reconcile.ScheduledReport, error) {
	found := &reconcile.Found{}
	return func(schedule string) (*reconcile.ScheduledReport, error) {
		return reconcile.RunScheduled(s.Context(), reconcile.ScheduledRequest{
			Source: s.source(), Schedule: schedule, Allow: []order.Action{order.Ship}, Deadline: 5 * time.Minute, LockTimeout: 4 * time.Minute, Found: found,
		}, s.deps, s.observe)
	}
}

// diesSending makes the one call of a run, which has no effect, and dies before it knows that.
func (s *team) diesSending(schedules string) {
	s.Helper()
	s.processing("112-1")
	s.commit(s.head, shipments("112-1")+schedules)
	s.fault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Times: 1})
	first, end := context.WithCancel(s.Context())
	s.seen = func(e reconcile.Event) {
		if p, ok := e.(reconcile.Progressed); ok && p.Type == apply.ChangeUnknown {
			end()
		}
	}
	if _, err := s.apply(first, reconcile.ApplyRequest{}); err != nil {
		s.Fatal(err)
	}
	s.seen = nil
}

// A call whose outcome nobody knows is found out by slices, though each of them ends before
// reads prove anything.
func TestSlicesFindOutWhatReadsShowLate(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.diesSending(every("ship", `"order[\"112-1\"]"`))
		slice, began, last := s.slices(), time.Now(), &reconcile.ScheduledReport{Left: true}
		for last.Left && time.Since(began) < time.Hour {
			r, err := slice("ship")
			if err != nil {
				t.Fatal(err)
			}
			last = r
		}
		// read_lag is 15 minutes.
		if took := time.Since(began); took < 15*time.Minute || took > 16*time.Minute || last.Applied != 1 || last.Incomplete {
			t.Errorf("after %s: %+v", took, last)
		}
		s.once(1)
	})
}

// The run behind one that died plans when nothing of that one can take effect any more: an
// order that comes in while it waits does not wait for the next due time.
func TestASliceBehindADeadMachinePlansLate(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1")
		s.commit(s.head, shipments("112-1", "112-2")+every("ship", `"order[\"112-1\"]", "order[\"112-2\"]"`))
		dead, log := s.other(), s.logs[sharedlog.State]
		dead.deps.Transport = onWrite{dead.shop, func() {
			log.SetFaults(func(c memlog.Call) memlog.Fault {
				if c.Method == "Append" {
					return memlog.Fault{Err: errors.New("away")}
				}
				return memlog.Fault{}
			})
		}}
		if _, err := dead.slices()("ship"); err == nil {
			t.Fatal("nothing failed")
		}
		log.SetFaults(nil)
		acquired := time.Time{}
		s.seen = func(e reconcile.Event) {
			if _, had := e.(reconcile.WaitedForLease); had {
				acquired = time.Now()
				time.AfterFunc(time.Minute, func() { s.processing("112-2") })
			}
		}
		r, err := s.slices()("ship")
		synctest.Wait()
		if err != nil || r.Applied+r.Unknown < 1 || len(s.sent()) != 2 {
			t.Errorf("%+v, %v, sent %v", r, err, s.sent())
		}
		if took := time.Since(acquired); took < 2*time.Minute || took > 5*time.Minute+time.Second {
			t.Errorf("it had the state for %s", took)
		}
	})
}

// A schedule's run of few calls goes before a batch that waits, though that one asked first.
func TestASliceOfFewCallsGoesFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.manyOrders()
		s.processing("119-1", "118-1")
		batch, agent := s.other(), s.other()
		batch.write("main.hcl", s.head+shipments("118-1"))
		agent.write("main.hcl", s.head+shipments("119-1")+every("ship", `"order[\"119-1\"]"`))
		var order []string
		had := func(name string) func(reconcile.Event) {
			return func(e reconcile.Event) {
				if _, had := e.(reconcile.WaitedForLease); had {
					order = append(order, name)
				}
			}
		}
		batch.seen, agent.seen = had("batch"), had("agent")
		done := make(chan error, 2)
		go func() {
			time.Sleep(10 * time.Second)
			_, err := batch.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour})
			done <- err
		}()
		go func() {
			time.Sleep(30 * time.Second)
			_, err := agent.slices()("ship")
			done <- err
		}()
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
		expect(t, "had the state", []string{"agent", "batch"}, order)
	})
}
