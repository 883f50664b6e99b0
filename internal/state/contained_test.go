package state

import (
	"os"
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
)

// A crash between saving the state and dropping the journal leaves a journal
// that the state contains: it changes nothing, not even an order that was
// closed after its lines.
func TestAJournalThatTheStateContainsChangesNothing(t *testing.T) {
	s := newTestStore(t.TempDir(), hastyOS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", Command: "apply"}))
	applied(t, x, 1)
	wanted := shippedValues(1)
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, SourceStatus: order.Shipped, At: noon},
		Verified: true, Closed: &wanted,
	})
	journal, err := os.ReadFile(files(s).Journal)
	must(t, err)
	must(t, x.Commit())
	must(t, x.Close())

	must(t, os.WriteFile(files(s).Journal, journal, 0o600))
	x = mustLock(t, s)
	if _, closed := x.State().Closed(testKey(1)); !closed || x.State().Len() != 0 {
		t.Errorf("the order is closed: %t; %d are open", closed, x.State().Len())
	}
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 1 {
		t.Errorf("audit: %v, %v", head, err)
	}
}

// A run goes on from an older copy, and is killed. Then a newer copy is put
// back, whose serial is higher and which knows nothing of that run.
func TestACopyOfAHigherSerialDoesNotHideTheJournal(t *testing.T) {
	s := newTestStore(t.TempDir(), hastyOS{})
	var copies [][]byte
	for n := range 4 {
		x := mustLock(t, s)
		applied(t, x, n)
		must(t, x.Commit())
		must(t, x.Close())
		saved, err := os.ReadFile(files(s).State)
		must(t, err)
		copies = append(copies, saved)
	}
	must(t, os.WriteFile(files(s).State, copies[0], 0o600))
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", Command: "apply"}))
	mustIntend(t, x, shipping(7))
	must(t, x.Close()) // killed
	must(t, os.WriteFile(files(s).State, copies[3], 0o600))
	x = mustLock(t, s)
	if e, ok := x.State().Entry(testKey(7)); !ok || len(e.Intents) != 1 {
		t.Errorf("the call that was under way is forgotten: %+v", e)
	}
	must(t, x.Close())
}

// Each version of the file has a number of its own, within a session and from
// one to the next.
func TestEveryVersionHasItsSerial(t *testing.T) {
	s := newTestStore(t.TempDir(), hastyOS{})
	serial := uint64(0)
	for session := range 2 {
		x := mustLock(t, s)
		for commit := range 2 {
			applied(t, x, 10*session+commit)
			must(t, x.Commit())
			serial++
			read, _, err := s.Read()
			must(t, err)
			if read.Serial() != serial || x.State().Serial() != serial {
				t.Errorf("the file has serial %d, and the session %d; want %d", read.Serial(), x.State().Serial(), serial)
			}
		}
		must(t, x.Close())
	}
}
