package state

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

// corrected ships order 1, saves a copy of the state, and corrects it twice.
func corrected(t *testing.T) (s *Store, older []byte, want *Entry) {
	t.Helper()
	s = newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	must(t, x.Commit())
	must(t, x.Close())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	for i := range 2 {
		x = mustLock(t, s)
		numbers := []string{"1Z1", "1Z2", "1Z3"}
		accepted(t, x, correcting(numbers[i], numbers[i+1]))
		must(t, x.Commit())
		must(t, x.Close())
	}
	now, _, err := s.Read()
	must(t, err)
	want, _ = now.Entry(testKey(1))
	return s, older, want
}

// known compares what a state knows of order 1 with what it should know; the
// order's date of creation is not in the audit log, and changes from before
// all that are remembered get no number.
func known(t *testing.T, got *State, want *Entry) {
	t.Helper()
	e, _ := got.Entry(testKey(1))
	if e == nil {
		t.Fatal("the order is not known")
	}
	made := *e
	made.Created = want.Created
	if diff := cmp.Diff(want, &made, cmpopts.IgnoreFields(Applied{}, "Number")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A state that was restored from an older copy learns the rest from the audit
// record, and says so; the next session saves it.
func TestAnOlderStateIsCompletedFromTheAuditRecord(t *testing.T) {
	s, older, want := corrected(t)
	must(t, os.WriteFile(files(s).State, older, 0o600))
	read, notices, err := s.Read()
	must(t, err)
	if !noticed(notices, "did not know (2)") {
		t.Errorf("notices: %v", notices)
	}
	known(t, read, want)

	x := mustLock(t, s)
	if !noticed(x.Notices(), "did not know (2)") {
		t.Errorf("notices: %v", x.Notices())
	}
	known(t, x.State(), want)
	must(t, x.Close())
	read, notices, err = s.Read()
	must(t, err)
	known(t, read, want)
	if len(notices) > 0 {
		t.Errorf("the second time: %v", notices)
	}
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 3 {
		t.Errorf("the record: %+v, %v", head, err)
	}
}

// A journal that was deleted under a run is no loss of what the run recorded.
func TestALostJournalIsCompletedFromTheAuditRecord(t *testing.T) {
	s, _, want := corrected(t)
	x := mustLock(t, s)
	accepted(t, x, correcting("1Z3", "1Z4"))
	must(t, os.Remove(files(s).Journal))
	if _, err := x.Intend(shipping(2)); err == nil || !strings.Contains(err.Error(), "was removed, cut or replaced") {
		t.Errorf("a call was begun that nobody would find: %v", err)
	}
	must(t, x.Close()) // as if killed
	read, notices, err := s.Read()
	must(t, err)
	if !noticed(notices, "did not know (1)") {
		t.Errorf("notices: %v", notices)
	}
	if e, _ := read.Entry(testKey(1)); e.Applied.Values.Tracking != "1Z4" || len(e.Earlier) != len(want.Earlier)+1 {
		t.Errorf("known is %+v", e)
	}
}

func TestAJournalThatIsCutIsNotWrittenOn(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	must(t, os.Truncate(files(s).Journal, 10))
	if _, err := x.Intend(shipping(2)); err == nil {
		t.Error("a call was begun")
	}
	must(t, x.Close())
}

// A state that is gone while the audit log is there is no new state.
func TestAMissingStateWithAnAuditRecordIsRefused(t *testing.T) {
	s, _, want := corrected(t)
	must(t, os.Remove(files(s).State))
	must(t, os.Remove(files(s).Backup()))
	var damaged *disk.DamagedError
	if _, _, err := s.Read(); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "gdfctl state rebuild") {
		t.Fatalf("it was read: %v", err)
	}
	if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); !errors.As(err, &damaged) {
		t.Fatalf("it was locked: %v", err)
	}
	n, _, err := s.Rebuild(t.Context())
	if err != nil || n != 1 {
		t.Fatalf("rebuilt %d orders, %v", n, err)
	}
	read, _, err := s.Read()
	must(t, err)
	known(t, read, want)
	if _, _, err := s.Rebuild(t.Context()); err == nil {
		t.Error("a state that is there was replaced")
	}
}

// A state that an earlier version saved knows one change of an order only, and
// not where the audit log ended: the record tells the others.
func TestAnEarlierVersionsStateIsCompleted(t *testing.T) {
	s, _, want := corrected(t)
	x := mustLock(t, s)
	x.state.mu.Lock()
	e := *x.state.entries[testKey(1)]
	e.Earlier, e.Replaced = nil, nil
	x.state.entries[testKey(1)] = &e
	x.state.mu.Unlock()
	x.FinishPlan("p", "r", PlanCounts{}) // so that it is saved
	must(t, x.Commit())
	must(t, x.Close())
	// as that version wrote it
	x.state.recorded.Size = 0
	must(t, os.WriteFile(files(s).State, imageOf(t, x.state), 0o600))
	read, notices, err := s.Read()
	must(t, err)
	known(t, read, want)
	if len(notices) > 0 {
		t.Errorf("notices: %v", notices)
	}
}

// What was closed, or taken out, since a line was written stays so.
func TestTheAuditRecordBringsNothingBack(t *testing.T) {
	s, _, _ := corrected(t)
	x := mustLock(t, s)
	wanted := shippedValues(1)
	wanted.Tracking = "1Z3"
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, At: noon.Add(time.Hour)},
		Verified: true, Closed: &wanted,
	})
	accepted(t, x, shipping(2))
	must(t, x.Remove(testKey(2), "merged by hand"))
	must(t, x.Commit())
	must(t, x.Close())
	check := func(when string) {
		t.Helper()
		read, _, err := s.Read()
		must(t, err)
		if c, ok := read.Closed(testKey(1)); !ok || len(c.Sent) != 3 {
			t.Errorf("%s: closed: %t, %+v", when, ok, c)
		}
		if e, ok := read.Entry(testKey(2)); ok {
			t.Errorf("%s: %+v is back", when, e)
		}
	}
	check("as it was saved")
	must(t, os.Remove(files(s).State))
	must(t, os.Remove(files(s).Backup()))
	_, _, err := s.Rebuild(t.Context())
	must(t, err)
	check("rebuilt")
}

// The head of a record that somebody cut meanwhile is not told as its own.
func TestARecordThatIsCutUnderARunIsNoticed(t *testing.T) {
	s, _, _ := corrected(t)
	for name, harm := range map[string]func(){
		"cut":      func() { must(t, os.Truncate(files(s).Audit, 100)) },
		"replaced": func() { must(t, os.WriteFile(files(s).Audit, []byte("{}\n"), 0o600)) },
		"removed":  func() { must(t, os.Remove(files(s).Audit)) },
	} {
		whole, err := os.ReadFile(files(s).Audit)
		must(t, err)
		x := mustLock(t, s)
		accepted(t, x, shipping(7))
		harm()
		if err := x.Commit(); err == nil {
			t.Errorf("%s: nothing was noticed", name)
		}
		_ = x.Close()
		must(t, os.WriteFile(files(s).Audit, whole, 0o600))
	}
}

// What came after an order was closed is known by its line, not by the clock:
// that can have been a day ahead when the order was closed.
func TestAChangeAfterClosingIsNewWhateverTheClocksSaid(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	closing(x, 1, noon.Add(26*time.Hour))
	accepted(t, x, shipping(2))
	must(t, x.Commit())
	must(t, x.Close())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	x = mustLock(t, s)
	accepted(t, x, correcting("1Z1", "1Z2"))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(s).State, older, 0o600))
	read, _, err := s.Read()
	must(t, err)
	if e, ok := read.Entry(testKey(1)); !ok || e.Applied.Values.Tracking != "1Z2" {
		t.Errorf("the order is known as %+v", e)
	}
}

// An audit log that lost its lines can be followed by a state from before
// that: what was written since is newer than what the state holds, although no
// line of the record tells of that.
func TestAStateFromBeforeLinesWereLostIsCompleted(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	accepted(t, x, shipping(2))
	must(t, x.Commit())
	must(t, x.Close())
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	must(t, os.Remove(files(s).Audit))
	x = mustLock(t, s)
	accepted(t, x, correcting("1Z1", "1Z2"))
	mustIntend(t, x, shipping(3))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(s).State, older, 0o600))
	read, _, err := s.Read()
	must(t, err)
	if e, ok := read.Entry(testKey(1)); !ok || e.Applied.Values.Tracking != "1Z2" {
		t.Errorf("the order is known as %+v", e)
	}
	if e, ok := read.Entry(testKey(3)); !ok || len(e.Intents) != 1 {
		t.Errorf("the open call is forgotten: %+v", e)
	}
}

// The lines of a record that was begun anew count from 1 again: that an order
// was closed at a later line of the one before says nothing.
func TestAChangeAfterClosingIsNewInARecordThatWasBegunAnew(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	for n := range 9 {
		accepted(t, x, shipping(n+1))
	}
	closing(x, 1, noon.Add(30*time.Second))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.Remove(files(s).Audit))
	must(t, mustLock(t, s).Close()) // it notices that
	older, err := os.ReadFile(files(s).State)
	must(t, err)
	x = mustLock(t, s)
	in := correcting("1Z1", "1Z2")
	must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done, At: noon.Add(time.Hour)}))
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(s).State, older, 0o600))
	read, _, err := s.Read()
	must(t, err)
	if e, ok := read.Entry(testKey(1)); !ok || e.Applied.Values.Tracking != "1Z2" {
		t.Errorf("the order is known as %+v", e)
	}
}
