package state

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

// A call that an older copy holds open is settled by what the record says.
func TestAnOpenCallOfAnOlderStateIsSettledFromTheRecord(t *testing.T) {
	for _, result := range []order.Result{order.Done, order.Refused, order.NoEffect, order.Released} {
		s := newTestStore(t.TempDir(), disk.OS{})
		x := mustLock(t, s)
		id := mustIntend(t, x, shipping(1))
		must(t, x.Commit())
		older, err := os.ReadFile(files(s).State)
		must(t, err)
		must(t, x.RecordOutcome(id, Outcome{Result: result}))
		must(t, x.Commit())
		must(t, x.Close())
		must(t, os.WriteFile(files(s).State, older, 0o600))
		read, _, err := s.Read()
		must(t, err)
		for in := range read.OpenIntents() {
			t.Errorf("%s: %s is still open", result, in.Ref)
		}
		if e, ok := read.Entry(testKey(1)); (result == order.Done) != (ok && e.Applied != nil && e.Applied.Action == order.Ship) {
			t.Errorf("%s: %+v", result, e)
		}
	}
}

// A call that an older copy holds open is settled once, though its account was
// renamed before the record said its outcome.
func TestAnOpenCallIsKnownUnderEveryNameOfItsAccount(t *testing.T) {
	renamed := []Account{{Endpoint: testKey(1).Endpoint, Name: "shop", Formerly: testKey(1).Account}}
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	id := mustIntend(t, x, shipping(1))
	must(t, x.Commit())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	x.State().Adopt(renamed)
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done}))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(s).State, older, 0o600))
	read, _, err := s.Read()
	must(t, err)
	read.Adopt(renamed)
	for in := range read.OpenIntents() {
		t.Errorf("%s is open, and the record has its outcome", in.Ref)
	}
	e, ok := read.Entry(Key{renamed[0].Endpoint, "shop", testKey(1).ID})
	if !ok || e.Applied == nil || e.Applied.Action != order.Ship {
		t.Errorf("the order is %+v", e)
	}
}

// An outcome that could not be written to the journal, and whose run is killed
// before the state holds it, is not on record: the next run finds out, and
// records it once.
func TestAnOutcomeThatIsNotOnDiskIsNotOnRecord(t *testing.T) {
	files := newCrashFS()
	s := newTestStore(t.TempDir(), files)
	x := mustLock(t, s)
	id := mustIntend(t, x, shipping(1))
	files.failAt = files.ops + 1
	if err := x.RecordOutcome(id, Outcome{Result: order.Done}); err == nil {
		t.Fatal("the outcome could be written")
	}
	must(t, x.Close()) // killed
	x = mustLock(t, s)
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done, ReadBack: true}))
	must(t, x.Commit())
	must(t, x.Close())
	n := 0
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		if r.Result == order.Done {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the call is on record as done %d times", n)
	}
}

// A call whose outcome stayed unknown when a state was saved is known from the
// audit log too: restoring an older copy does not forget it.
func TestAnOpenCallSurvivesAnOlderCopy(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	must(t, x.Commit())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	open := mustIntend(t, x, shipping(2))
	must(t, x.Close()) // killed
	for range 2 {      // it goes on record once
		x = mustLock(t, s)
		must(t, x.Commit())
		must(t, x.Close())
	}
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 2 {
		t.Errorf("the record: %+v, %v", head, err)
	}
	must(t, os.WriteFile(files(s).State, older, 0o600))
	x = mustLock(t, s)
	if _, err := x.Intend(shipping(2)); !errors.Is(err, ErrIntentOpen) {
		t.Errorf("another call was begun: %v", err)
	}
	must(t, x.RecordOutcome(open, Outcome{Result: order.Done, ReadBack: true}))
	must(t, x.Commit())
	must(t, x.Close())
	// and once it is settled, it is not opened again
	must(t, os.WriteFile(files(s).State, older, 0o600))
	noneOpen(t, s)
}

// An older copy holds a call open whose order was settled and closed since: the
// closed orders are not restored with it, and the call is not settled again.
func TestAnOpenCallOfAnOrderThatIsClosedIsSettledFromTheRecord(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	id := mustIntend(t, x, shipping(1))
	must(t, x.Commit())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done, ReadBack: true}))
	closing(x, 1, noon.Add(26*time.Hour))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(s).State, older, 0o600))
	noneOpen(t, s)
}

// noneOpen fails the test for each call whose outcome is not known.
func noneOpen(t *testing.T, s *Store) {
	t.Helper()
	read, _, err := s.Read()
	must(t, err)
	for in := range read.OpenIntents() {
		t.Errorf("the call for %s is open", in.Ref)
	}
}
