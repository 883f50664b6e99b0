package reconcile_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// applied ships an order, so that there is a state.
func (s *team) applied(number string) {
	s.Helper()
	s.write("main.hcl", s.head+shipments(number))
	if _, err := s.apply(s.Context(), reconcile.ApplyRequest{}); err != nil {
		s.Fatal(err)
	}
}

// While a person decides, nobody waits: another machine applies, and what it changed
// is then skipped, though reads may not show it yet. The rest is sent.
func TestOthersGoOnWhileAPersonDecides(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-0", "112-1", "112-2")
		s.applied("112-0")
		s.commit(s.head, shipments("112-1", "112-2"))
		other := s.other()
		other.write("main.hcl", s.head+shipments("112-1"))
		asked := 0
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{Asks: true, Approve: func(_ context.Context, p *plan.Plan) (bool, error) {
			if asked++; len(p.Changes) != 2 {
				t.Errorf("asked about %d changes", len(p.Changes))
			}
			if r, err := other.apply(t.Context(), reconcile.ApplyRequest{}); err != nil || !r.Sent {
				t.Errorf("the other machine: %v, %+v", err, r)
			}
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			return true, nil
		}})
		if err != nil || asked != 1 {
			t.Fatalf("%v, asked %d times", err, asked)
		}
		expect(t, "sent", []string{"Shipped 112-0", "Shipped 112-1", "Shipped 112-2"}, s.sent())
		if done.Complete() || done.Result.Counts[apply.Skipped] != 1 || done.Result.Counts[apply.Applied] != 1 {
			t.Errorf("%+v", done.Result)
		}
	})
}

// A saved plan is stale for an order that another run changed, and for that one alone.
func TestASavedPlanIsOvertaken(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-0", "112-1", "112-2")
		s.applied("112-0")
		s.commit(s.head, shipments("112-1", "112-2"))
		file := s.dir + "/release.plan"
		if _, err := s.plan(reconcile.PlanRequest{Out: file}); err != nil {
			t.Fatal(err)
		}
		other := s.other()
		other.write("main.hcl", s.head+shipments("112-1"))
		if _, err := other.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{File: file})
		if err != nil || done.Result.Counts[apply.Skipped] != 1 {
			t.Errorf("%v, %+v", err, done)
		}
		expect(t, "sent", []string{"Shipped 112-0", "Shipped 112-1", "Shipped 112-2"}, s.sent())
	})
}

// A plan that is made while another run is under way leaves out the orders of its
// calls.
func TestAPlanLeavesOutCallsUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-0", "112-1", "112-2")
		s.applied("112-0")
		s.commit(s.head, shipments("112-1", "112-2"))
		other := s.other()
		other.write("main.hcl", s.head+shipments("112-1"))
		var during *reconcile.PlanReport
		other.deps.Transport = onWrite{other.shop, sync.OnceFunc(func() {
			var err error
			if during, err = s.plan(reconcile.PlanRequest{}); err != nil {
				t.Error(err)
			}
		})}
		if _, err := other.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		if during == nil || len(during.Plan.Unsettled) != 1 || !during.Plan.Unsettled[0].InProgress || len(during.Plan.Changes) != 1 {
			t.Fatalf("%+v\n%+v", during.Plan.Unsettled, during.Plan.Changes)
		}
		after, err := s.plan(reconcile.PlanRequest{})
		if err != nil || len(after.Plan.Unsettled) != 0 || after.Plan.Position.N <= during.Plan.Position.N {
			t.Errorf("%v, %+v", err, after)
		}
	})
}

// A run that waits says for whom.
func TestWhoIsWaitedFor(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1")
		s.commit(s.head, shipments("112-1"))
		other := s.other()
		_, err := s.apply(t.Context(), reconcile.ApplyRequest{Approve: func(context.Context, *plan.Plan) (bool, error) {
			_, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Minute})
			if err == nil {
				t.Error("two runs hold the state")
			}
			if !slices.Contains(other.events, "WaitingForLease") {
				t.Errorf("%v", other.events)
			}
			short, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			if _, err := other.apply(short, reconcile.ApplyRequest{LockTimeout: time.Minute}); !errors.Is(err, reconcile.ErrInterrupted) {
				t.Errorf("interrupted while it waited: %v", err)
			}
			return true, nil
		}})
		if err != nil {
			t.Error(err)
		}
		expect(t, "sent", []string{"Shipped 112-1"}, s.sent())
	})
}

// onWrite is a shop where something else happens while a write is under way.
type onWrite struct {
	*shop
	during func()
}

func (o onWrite) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/UpdateStatus") {
		o.during()
	}
	return o.shop.RoundTrip(req)
}
