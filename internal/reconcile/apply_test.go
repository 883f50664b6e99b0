package reconcile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// A plan changes nothing, an apply makes its changes once, and then nothing is
// left to do.
func TestPlanThenApply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2"))
		s.processing("112-1", "112-2")
		made, err := s.plan(reconcile.PlanRequest{})
		if err != nil || len(made.Plan.Changes) != 2 || made.Hash == "" || len(s.api.Ledger()) != 0 {
			t.Fatalf("%v, %+v, %d writes", err, made, len(s.api.Ledger()))
		}
		if _, err := os.Stat(filepath.Join(s.dir, "gdfctl.state.json")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a plan wrote a state: %v", err)
		}
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err != nil || !done.Sent || !done.Complete() || done.Result.Counts[apply.Applied] != 2 || done.AuditHead.Lines != 2 {
			t.Fatalf("%v, %+v", err, done)
		}
		if diff := cmp.Diff([]string{"Planned", "Progressed", "Applied"}, s.events); diff != "" {
			t.Error(diff)
		}
		again, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err != nil || again.Sent || len(s.api.Ledger()) != 2 {
			t.Errorf("%v, %+v, %d writes", err, again, len(s.api.Ledger()))
		}
	})
}

// Nothing is sent before the plan is approved, nor if it is not.
func TestApproval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1"))
		s.processing("112-1")
		broken := errors.New("the line is cut")
		for _, c := range []struct {
			approved bool
			err      error
			want     error
		}{{false, nil, reconcile.ErrNotApproved}, {true, broken, broken}} {
			asked := 0
			_, err := s.apply(t.Context(), reconcile.ApplyRequest{Approve: func(_ context.Context, p *plan.Plan) (bool, error) {
				if asked++; len(p.Changes) != 1 || !slices.Equal(s.events, []string{"Planned"}) {
					t.Errorf("asked about %d changes after %q", len(p.Changes), s.events)
				}
				return c.approved, c.err
			}})
			if !errors.Is(err, c.want) || asked != 1 || len(s.api.Ledger()) != 0 {
				t.Errorf("%v, want %v; asked %d times; %d writes", err, c.want, asked, len(s.api.Ledger()))
			}
		}
	})
}

// A saved plan is not asked about, and is carried out once.
func TestSavedPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1"))
		s.processing("112-1")
		file := filepath.Join(s.dir, "release.plan")
		made, err := s.plan(reconcile.PlanRequest{Out: file})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		req := reconcile.ApplyRequest{File: file, Approve: func(context.Context, *plan.Plan) (bool, error) {
			t.Error("asked about a saved plan")
			return false, nil
		}}
		done, err := s.apply(t.Context(), req)
		if err != nil || !done.Sent || done.Hash != made.Hash {
			t.Fatalf("%v, %+v", err, done)
		}
		if diff := cmp.Diff([]string{"PlanOpened", "Progressed", "Applied"}, s.events); diff != "" {
			t.Error(diff)
		}
		first := done.RunID
		done, err = s.apply(t.Context(), req)
		if err != nil || done.Sent || done.DoneBefore != first || len(s.api.Ledger()) != 1 {
			t.Errorf("%v, %+v, %d writes", err, done, len(s.api.Ledger()))
		}
	})
}

// A plan beyond the policy's limits is reported, and neither saved nor sent.
func TestPolicyError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1", "112-2")+"policy {\n  max_changes = 1\n}\n")
		s.processing("112-1", "112-2")
		file := filepath.Join(s.dir, "release.plan")
		var beyond *reconcile.PolicyError
		made, err := s.plan(reconcile.PlanRequest{Out: file})
		if !errors.As(err, &beyond) || len(beyond.Violations) != 1 || made == nil {
			t.Errorf("%v, %+v", err, made)
		}
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the plan was saved: %v", err)
		}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); !errors.As(err, &beyond) || len(s.api.Ledger()) != 0 {
			t.Errorf("%v, %d writes", err, len(s.api.Ledger()))
		}
	})
}

// A call without an answer is looked up after the waiting time, and not sent
// again.
func TestACallWithoutAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1"))
		s.processing("112-1")
		if err := s.api.AddFault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Times: 1}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err != nil || !done.Complete() || len(s.api.Ledger()) != 1 || time.Since(began) < 2*time.Minute {
			t.Errorf("%v, %+v, %d writes after %s", err, done, len(s.api.Ledger()), time.Since(began))
		}
	})
}

// An interrupt ends the run, keeps what is open, and the next run finishes it.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1"))
		s.processing("112-1")
		if err := s.api.AddFault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultHang, Times: 1, Effect: true}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		done, err := s.apply(ctx, reconcile.ApplyRequest{})
		if err != nil || !done.Result.Interrupted || !slices.Contains(s.events, "Stopping") {
			t.Fatalf("%v, %+v, %q", err, done, s.events)
		}
		made, err := s.plan(reconcile.PlanRequest{})
		if err != nil || made.OpenCalls != 1 || made.Unclaimed != nil {
			t.Errorf("%v, %d open calls, %v", err, made.OpenCalls, made.Unclaimed)
		}
		if done, err = s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil || !done.Complete() || len(s.api.Ledger()) != 1 {
			t.Errorf("%v, %+v, %d writes", err, done, len(s.api.Ledger()))
		}
	})
}

// Messages are sent when everything is saved: the result was shown, and another
// run can hold the lock.
func TestMessagesComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1")+"notify \"ops\" {\n  webhook = env.HOOK\n}\n")
		s.processing("112-1")
		fault := sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 404}
		if err := s.api.AddFault(fault); err != nil {
			t.Fatal(err)
		}
		s.onPost = func() {
			if !slices.Contains(s.events, "Applied") {
				t.Errorf("a message was sent after %q", s.events)
			}
			req := reconcile.RemoveRequest{StateRequest: reconcile.StateRequest{Source: s.source(), Order: "none"}, Reason: "test"}
			_, err := reconcile.Remove(t.Context(), req, s.deps, nil)
			if locked := (*backend.LockedError)(nil); errors.As(err, &locked) || err == nil {
				t.Errorf("while a message is sent: %v", err)
			}
		}
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{})
		if err != nil || done.Complete() || len(s.posted) != 1 || !strings.Contains(s.posted[0], "112-1") {
			t.Errorf("%v, %+v, %q", err, done, s.posted)
		}
	})
}
