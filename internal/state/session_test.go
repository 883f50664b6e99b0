package state

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

func TestEmptyState(t *testing.T) {
	s, notices, err := newTestStore(t.TempDir(), disk.OS{}).Read()
	must(t, err)
	if s.Serial() != 0 || s.Lineage() != "" || s.Len() != 0 || len(notices) != 0 {
		t.Errorf("serial %d, lineage %q, %d entries, notices %v", s.Serial(), s.Lineage(), s.Len(), notices)
	}
}

func TestChangeIsAppliedAndKept(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
	id := applied(t, x, 1)
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1),
		Observed: Observed{Values: shippedValues(1), SourceStatus: order.Shipped, At: noon},
	})
	x.FinishPlan("p1", "r1", PlanCounts{Ship: 1})
	must(t, x.Commit())
	must(t, x.Close())

	got, notices, err := s.Read()
	must(t, err)
	if len(notices) > 0 {
		t.Errorf("notices: %v", notices)
	}
	want := &Entry{
		Key: testKey(1), Ref: testRef(1), Created: noon.Add(-time.Hour),
		Applied:  &Applied{Action: order.Ship, Before: shipping(1).Before, Values: shippedValues(1), At: got.entries[testKey(1)].Applied.At, RunID: "run-1", Seq: id.Seq, Attempt: 1, Number: 1},
		Observed: &Observed{Values: shippedValues(1), SourceStatus: order.Shipped, At: noon},
	}
	e, _ := got.Entry(testKey(1))
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
	run, done := got.PlanDone("p1")
	_, other := got.PlanDone("p2")
	if got.Serial() != 1 || got.Lineage() == "" || run != "r1" || !done || other {
		t.Errorf("serial %d, lineage %q, plan done %v by %q", got.Serial(), got.Lineage(), done, run)
	}
	if id, ok := got.IDBySourceNumber(testKey(1).Endpoint, "main", "AMAZON", testRef(1).SourceNumber); id != testKey(1).ID || !ok {
		t.Errorf("IDBySourceNumber: %q, %v", id, ok)
	}
}

func TestReadSeesTheRunUnderWay(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	open := mustIntend(t, x, shipping(2))
	got, _, err := s.Read()
	must(t, err)
	if e, ok := got.Entry(testKey(1)); !ok || e.Applied == nil {
		t.Errorf("the applied order: %+v", e)
	}
	if e, ok := got.Entry(testKey(2)); !ok || len(e.Intents) != 1 || e.Intents[0].Ident() != open {
		t.Errorf("the open order: %+v", e)
	}
}

func TestNothingElseIsSentWhileACallIsOpen(t *testing.T) {
	x := mustLock(t, newTestStore(t.TempDir(), disk.OS{}))
	id := mustIntend(t, x, shipping(1))
	if _, err := x.Intend(shipping(1)); !errors.Is(err, ErrIntentOpen) {
		t.Errorf("a second call: %v", err)
	}
	must(t, x.RecordOutcome(id, Outcome{Result: order.Unknown}))
	if _, err := x.Intend(shipping(1)); !errors.Is(err, ErrIntentOpen) {
		t.Errorf("after an unknown outcome: %v", err)
	}
	if err := x.Remove(testKey(1), "tidy"); !errors.Is(err, ErrIntentOpen) {
		t.Errorf("Remove: %v", err)
	}
	wanted := shippedValues(1)
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
	if _, closed := x.State().Closed(testKey(1)); closed {
		t.Error("an order with an open call was closed")
	}
	must(t, x.RecordOutcome(id, Outcome{Result: order.NoEffect, ReadBack: true}))
	if err := x.RecordOutcome(id, Outcome{Result: order.Done}); !errors.Is(err, ErrNoIntent) {
		t.Errorf("settling twice: %v", err)
	}
	again := shipping(1)
	again.Sending, again.Repeated = 2, true
	must(t, x.RecordOutcome(mustIntend(t, x, again), Outcome{Result: order.Done, ReadBack: true}))
}

func TestARefusedCallLeavesNoEntry(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.RecordOutcome(mustIntend(t, x, shipping(1)), Outcome{Result: order.Refused, Message: "no such carrier\x1b[2J, ask ann@example.com"}))
	must(t, x.Commit())
	if x.State().Len() != 0 {
		t.Errorf("%d entries", x.State().Len())
	}
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		if want := `no such carrier\x1b[2J, ask [e-mail]`; r.Message != want {
			t.Errorf("message %q, want %q", r.Message, want)
		}
	}
}

// An open call of an earlier run is settled by a later one, and that survives a
// crash of the later one too.
func TestSettlingAnEarlierRunsCall(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1"}))
	id := mustIntend(t, x, shipping(1))
	must(t, x.Close())

	x = mustLock(t, s)
	if !noticed(x.Notices(), "run-1") {
		t.Errorf("notices: %v", x.Notices())
	}
	open := slices.Collect(x.State().OpenIntents())
	if len(open) != 1 || open[0].Ident() != id || open[0].After != shippedValues(1) {
		t.Fatalf("open: %+v", open)
	}
	must(t, x.Begin(Run{ID: "run-2"}))
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done, ReadBack: true}))
	must(t, x.Close()) // without Commit

	got, _, err := s.Read()
	must(t, err)
	e, ok := got.Entry(testKey(1))
	if !ok || e.Applied == nil || e.Applied.RunID != "run-1" || len(e.Intents) > 0 {
		t.Errorf("%+v", e)
	}
	must(t, mustLock(t, s).Close())
	for _, run := range []string{"run-1", "run-2"} {
		n := 0
		for r, err := range s.AuditList(audit.Filter{RunID: run}) {
			must(t, err)
			if r.Result == order.Unknown { // as the second session found it
				continue
			}
			if n++; r.RunID != "run-1" || r.SettledBy != "run-2" || !r.ReadBack {
				t.Errorf("%+v", r)
			}
		}
		if n != 1 {
			t.Errorf("%d records of %s", n, run)
		}
	}
}

// A journal that comes back from somewhere after its lines were folded in, and
// after later changes, must not bring the old values back.
func TestAJournalFromThePast(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	refused := mustIntend(t, x, shipping(2))
	old, err := os.ReadFile(files(s).Journal)
	must(t, err)
	must(t, x.RecordOutcome(refused, Outcome{Result: order.Refused}))
	must(t, x.Commit())
	corrected := shipping(1)
	corrected.Action, corrected.After.Tracking = order.Correct, "1Z-corrected"
	must(t, x.RecordOutcome(mustIntend(t, x, corrected), Outcome{Result: order.Done}))
	must(t, x.Commit())
	must(t, x.Close())

	must(t, os.WriteFile(files(s).Journal, old, 0o600))
	x = mustLock(t, s)
	if e, _ := x.State().Entry(testKey(1)); e.Applied.Values.Tracking != "1Z-corrected" {
		t.Errorf("applied: %+v", e.Applied)
	}
	for in := range x.State().OpenIntents() {
		t.Errorf("the call for %s is open again", in.Ref)
	}
	must(t, x.Commit())
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 3 {
		t.Errorf("audit: %v, %v", head, err)
	}
}

// A session whose audit log can't be written saves its state and keeps its
// journal. What it adds to that journal later is folded in, and no more.
func TestAJournalThatOutlivesACommit(t *testing.T) {
	dir := t.TempDir()
	s := newTestStore(dir, hastyOS{})
	must(t, os.Mkdir(files(s).Audit, 0o700)) // no file can be there
	if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); err == nil {
		t.Fatal("a folder in the place of the audit log was taken")
	}
	must(t, os.Remove(files(s).Audit))
	x := mustLock(t, s)
	must(t, os.Mkdir(files(s).Audit, 0o700))
	id := mustIntend(t, x, shipping(1))
	if err := x.RecordOutcome(id, Outcome{Result: order.Done}); err == nil {
		t.Error("Settle did not say that the record can't be written")
	}
	if err := x.Commit(); err == nil {
		t.Error("Commit did not say that the record can't be written")
	}
	second := mustIntend(t, x, shipping(2))
	must(t, x.Close())
	must(t, os.Remove(files(s).Audit))

	x = mustLock(t, s)
	if e, ok := x.State().Entry(testKey(1)); !ok || e.Applied == nil || len(e.Intents) > 0 {
		t.Errorf("the first order: %+v", e)
	}
	if _, open := x.State().open[second]; !open {
		t.Error("the second call is lost")
	}
	// that one is done, and that the outcome of the other is unknown
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 2 {
		t.Errorf("audit: %v, %v", head, err)
	}
}

func TestSerialRisesOnlyWithAChange(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	must(t, x.Commit())
	must(t, x.Commit())
	must(t, x.Close())
	x = mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-2"}))
	must(t, x.Commit())
	if got := x.State().Serial(); got != 1 {
		t.Errorf("serial %d", got)
	}
	if _, err := os.Stat(files(s).Journal); !os.IsNotExist(err) {
		t.Errorf("the journal: %v", err)
	}
}

func TestRemove(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	wanted := shippedValues(2)
	x.Observe(Observation{
		Key: testKey(2), Ref: testRef(2), Created: noon, Observed: Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
	must(t, x.Commit())
	must(t, x.Remove(testKey(1), "sold elsewhere"))
	must(t, x.Remove(testKey(2), "sold elsewhere"))
	if err := x.Remove(testKey(3), "no such"); !errors.Is(err, ErrNoEntry) {
		t.Errorf("an order that is not there: %v", err)
	}
	must(t, x.Commit())
	must(t, x.Close())
	got, _, err := s.Read()
	must(t, err)
	if _, ok := got.Closed(testKey(2)); ok || got.Len() != 0 {
		t.Errorf("%d entries, closed: %v", got.Len(), ok)
	}
	n := 0
	for r, err := range s.AuditList(audit.Filter{Action: audit.StateRm}) {
		must(t, err)
		if n++; r.Reason != "sold elsewhere" || r.Order == nil {
			t.Errorf("%+v", r)
		}
	}
	if n != 2 {
		t.Errorf("%d removals on record", n)
	}
}

func TestConcurrentCalls(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1"}))
	const callers, each = 8, 6
	var work sync.WaitGroup
	for c := range callers {
		work.Go(func() {
			for i := range each {
				n := c*each + i
				seq, err := x.Intend(shipping(n))
				if err == nil {
					_, _ = x.State().Entry(testKey(n))
					err = x.RecordOutcome(IntentID{"run-1", seq}, Outcome{Result: order.Done})
				}
				if err != nil {
					t.Errorf("order %d: %v", n, err)
				}
			}
		})
	}
	work.Go(func() {
		for range 5 {
			if err := x.Commit(); err != nil {
				t.Errorf("Commit: %v", err)
			}
			for range x.State().Entries() {
				_ = x.AuditHead()
			}
		}
	})
	work.Wait()
	must(t, x.Close()) // without a last Commit
	x = mustLock(t, s)
	if got := x.State().Len(); got != callers*each {
		t.Errorf("%d entries", got)
	}
	done := 0
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		if r.Result == order.Done {
			done++
		}
	}
	if _, err := s.VerifyAudit(""); err != nil || done != callers*each {
		t.Errorf("audit: %d done, %v", done, err)
	}
}

// An entry that was handed out is a snapshot.
func TestEntriesDoNotChangeInTheHand(t *testing.T) {
	x := mustLock(t, newTestStore(t.TempDir(), disk.OS{}))
	id := mustIntend(t, x, shipping(1))
	e, _ := x.State().Entry(testKey(1))
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done}))
	if len(e.Intents) != 1 || e.Applied != nil {
		t.Errorf("%+v", e)
	}
}

func TestSeveralEntriesOfOneNumber(t *testing.T) {
	x := mustLock(t, newTestStore(t.TempDir(), disk.OS{}))
	see := func(id string) {
		x.Observe(Observation{
			Key: Key{"e", "a", id}, Ref: order.Ref{ID: id, Source: "eBay", SourceNumber: "7"}, Created: noon,
			Observed: Observed{At: noon},
		})
	}
	look := func(want string) {
		t.Helper()
		if id, ok := x.State().IDBySourceNumber("e", "a", "ebay", "7"); id != want || ok != (want != "") {
			t.Errorf("got %q, want %q", id, want)
		}
	}
	look("")
	see("one")
	look("one")
	see("one")
	look("one")
	see("two")
	look("")
	must(t, x.Remove(Key{"e", "a", "one"}, "a copy"))
	look("two")
}

func TestClosedSessionWritesNothing(t *testing.T) {
	x := mustLock(t, newTestStore(t.TempDir(), disk.OS{}))
	must(t, x.Close())
	must(t, x.Close())
	if _, err := x.Intend(shipping(1)); err == nil {
		t.Error("Intend after Close")
	}
	if err := x.Commit(); err == nil {
		t.Error("Commit after Close")
	}
}

func noticed(notices []Notice, text string) bool {
	return strings.Contains(fmt.Sprint(notices), text)
}
