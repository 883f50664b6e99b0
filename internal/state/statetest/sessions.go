package statetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

func testSessionsExclude(t *testing.T, p Place) {
	first := p.lock(t)
	var locked *backend.LockedError
	if _, err := p.store().Lock(t.Context(), state.LockRequest{Operation: "apply"}); !errors.As(err, &locked) || locked.Holder.Who != "ann" || locked.Holder.Operation != "apply" {
		t.Fatalf("a second session: %v", err)
	}
	if !p.Breaks {
		if _, _, err := p.store().ForceUnlock(t.Context(), state.LockRequest{Reason: "in a hurry"}, ""); !errors.As(err, &locked) {
			t.Errorf("the lock of a live run is removed: %v", err)
		}
	}
	if h, ok := p.store().Holder(); !ok || h != locked.Holder {
		t.Errorf("holder %+v", h)
	}
	must(t, first.Close())
	if h, ok := p.store().Holder(); ok {
		t.Errorf("a lease that was released has a holder: %+v", h)
	}
	if x := p.lock(t); len(x.Notices()) > 0 {
		t.Errorf("notices: %v", x.Notices())
	}
}

func testLostLease(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	id := intend(t, x, "run-1", shipping(1))
	p.TakeAway(t)
	var fenced *backend.FencedError
	if _, err := x.Intend(shipping(2)); !errors.As(err, &fenced) {
		t.Errorf("another call is begun: %v", err)
	}
	if err := x.RecordOutcome(id, state.Outcome{Result: order.Done}); !errors.As(err, &fenced) {
		t.Errorf("Settle: %v", err)
	}
	if err := x.Commit(); !errors.As(err, &fenced) {
		t.Errorf("Commit: %v", err)
	}
	if !applied(x.State(), 1) {
		t.Error("the session forgot what it learned")
	}
	_ = x.Close()
	if next := p.lock(t).State(); !applied(next, 1) {
		t.Error("the outcome of a former holder is lost")
	}
}

func testReading(t *testing.T, p Place) {
	if s := p.read(t); s.Len() != 0 || s.Serial() != 0 {
		t.Errorf("a place where nothing was kept holds %d orders, serial %d", s.Len(), s.Serial())
	}
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	if !p.shows(t, func(s *state.State) bool { return applied(s, 1) && s.Serial() == 0 }) {
		t.Error("a reader does not see what the run under way did")
	}
	must(t, x.Commit())
	if s := p.read(t); !applied(s, 1) || s.Serial() != 1 {
		t.Error("a reader does not see what was committed")
	}
	must(t, x.Commit())
	if s := p.read(t); s.Serial() != 1 {
		t.Errorf("a commit without a change makes serial %d", s.Serial())
	}
}

func testIntents(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	id := intend(t, x, "run-1", shipping(1))
	open := slices.Collect(p.read(t).OpenIntents())
	if len(open) != 1 || open[0].Ident() != id || open[0].After != shipped(1) {
		t.Fatalf("another process sees the open calls %+v", open)
	}
	if _, err := x.Intend(shipping(1)); !errors.Is(err, state.ErrIntentOpen) {
		t.Errorf("a second call for the order is begun: %v", err)
	}
	must(t, x.RecordOutcome(id, state.Outcome{Result: order.Refused, Status: 422}))
	if !p.shows(t, func(s *state.State) bool { return len(slices.Collect(s.OpenIntents())) == 0 }) {
		t.Error("a reader does not see the outcome of a call")
	}
	if err := x.RecordOutcome(id, state.Outcome{Result: order.Done}); !errors.Is(err, state.ErrNoIntent) {
		t.Errorf("a call is closed twice: %v", err)
	}
}

func testFormerRun(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	id := intend(t, x, "run-1", shipping(1))
	must(t, x.Close()) // without Commit, as a process that is killed
	for range 2 {      // the second time, the state remembers it
		x = p.lock(t)
		if open := slices.Collect(x.State().OpenIntents()); len(open) != 1 || open[0].Ident() != id {
			t.Fatalf("open calls %+v", open)
		}
		must(t, x.Commit())
		must(t, x.Close())
	}
	x = p.begin(t, "run-2")
	must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done, ReadBack: true}))
	must(t, x.Commit())
	if s := p.read(t); !applied(s, 1) {
		t.Error("the outcome is lost")
	}
	entries := p.entries(t, audit.Filter{})
	last := entries[len(entries)-1]
	if last.RunID != "run-1" || last.SettledBy != "run-2" || !last.ReadBack || last.Result != order.Done {
		t.Errorf("the audit log says %+v", last)
	}
}

func testUnlock(t *testing.T, p Place) {
	left := backend.Holder{ID: "gone", Who: "bob", Host: "laptop", PID: 1, Operation: "apply", Since: noon}
	p.Leave(t, left)
	cleared, _, err := p.store().ForceUnlock(t.Context(), state.LockRequest{Reason: "bob is gone"}, "")
	must(t, err)
	if cleared.Holder != left {
		t.Errorf("cleared %+v", cleared)
	}
	if entries := p.entries(t, audit.Filter{Action: audit.Unlock}); len(entries) != 1 || entries[0].Reason != "bob is gone" {
		t.Errorf("the audit log says %+v", entries)
	}
	if _, ok := p.store().Holder(); ok {
		t.Error("the lease still has a holder")
	}
}

// entries are the chosen entries of the audit log, which must be whole.
func (p Place) entries(t *testing.T, filter audit.Filter) []audit.Entry {
	t.Helper()
	s := p.store()
	if _, err := s.VerifyAudit(""); err != nil {
		t.Fatalf("the audit log: %v", err)
	}
	var entries []audit.Entry
	for e, err := range s.AuditList(filter) {
		must(t, err)
		entries = append(entries, e)
	}
	return entries
}
