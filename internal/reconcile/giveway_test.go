package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// A long run lets a short one go first that waits, and then goes on: each order is
// shipped once, and to whoever looks on the long run is one run.
func TestALongRunGivesWay(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.manyOrders()
		other := s.other()
		other.write("main.hcl", s.head+shipments("112-1"))
		var waited time.Duration
		done := make(chan error, 1)
		go func() {
			time.Sleep(10 * time.Second)
			began := time.Now()
			r, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour})
			if err == nil && (!r.Complete() || r.Result.Counts[apply.Applied] != 1) {
				err = fmt.Errorf("%+v", r.Result)
			}
			waited = time.Since(began)
			done <- err
		}()
		began := time.Now()
		var last apply.Event
		s.seen = func(e reconcile.Event) {
			if p, ok := e.(reconcile.Progressed); ok {
				if p.Seq != last.Seq+1 || p.Done < last.Done || p.RunID != last.RunID && last.RunID != "" {
					t.Errorf("%+v follows %+v", p.Event, last)
				}
				last = p.Event
			}
		}
		r, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Complete() || r.Result.Counts[apply.Applied] != 600 || r.Result.Done != 600 || r.Result.Total != 600 {
			t.Errorf("%+v", r.Result)
		}
		took := time.Since(began)
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if waited < time.Minute || waited > 4*time.Minute || took < waited {
			t.Errorf("the short run waited %s, the long one took %s", waited, took)
		}
		ledger := map[string]int{}
		for _, w := range s.sent() {
			ledger[w]++
		}
		if len(ledger) != 602 {
			t.Errorf("%d orders were shipped", len(ledger))
		}
		for what, n := range ledger {
			if n != 1 {
				t.Errorf("%s: %d times", what, n)
			}
		}
	})
}

// manyOrders are more than fit into a turn: 113-0 to 113-599.
func (s *team) manyOrders() {
	s.Helper()
	var many []string
	for i := range 600 {
		many = append(many, fmt.Sprintf("113-%d", i))
	}
	s.processing("112-0", "112-1")
	s.processing(many...)
	s.applied("112-0")
	config := s.head
	for i, number := range many { // a number that many orders have would be held back
		config += strings.Replace(shipments(number), "1Z999AA10123456784", fmt.Sprintf("LOCAL%07d", i), 1)
	}
	s.commit(strings.ReplaceAll(config, `"UPS"`, `"Our own van"`))
}

// The run that went first changed an order that the long run had still to change, and
// that it read just before: it is skipped.
func TestATurnLeavesOutWhatOthersChanged(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.manyOrders()
		other := s.other()
		other.write("main.hcl", s.head+shipments("113-590"))
		done := make(chan error, 1)
		go func() {
			time.Sleep(10 * time.Second)
			_, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour})
			done <- err
		}()
		r, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if r.Result.Counts[apply.Applied] != 599 || r.Result.Counts[apply.Skipped] != 1 {
			t.Errorf("%+v", r.Result)
		}
		for _, w := range s.api.Ledger() {
			if s.numbers[w.Order] == "113-590" && w.Tracking != "1Z999AA10123456784" {
				t.Errorf("it was shipped again, with %s", w.Tracking)
			}
		}
	})
}

// A run that is interrupted while another one has its turn has saved what it did, and
// the next run goes on with the rest.
func TestInterruptedBetweenTurns(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.manyOrders()
		other := s.other()
		other.write("main.hcl", s.head+shipments("112-1"))
		ctx, stop := context.WithCancel(t.Context())
		other.seen = func(e reconcile.Event) {
			if _, planned := e.(reconcile.Planned); planned { // it has the state now
				stop()
			}
		}
		done := make(chan error, 1)
		go func() {
			time.Sleep(10 * time.Second)
			_, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour})
			done <- err
		}()
		r, err := s.apply(ctx, reconcile.ApplyRequest{})
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if first := r.Result.Counts[apply.Applied]; !r.Result.Interrupted || first == 0 || first == 600 {
			t.Errorf("%+v", r.Result)
		}
		if r, err = s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil || !r.Complete() {
			t.Errorf("%v", err)
		}
		if sent := len(s.api.Ledger()); sent != 602 {
			t.Errorf("%d orders were shipped", sent)
		}
	})
}
