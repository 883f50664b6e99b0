package state

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

func insertKey(n int) Key {
	k := testKey(n)
	k.ID = order.InsertID("Amazon", testRef(n).SourceNumber)
	return k
}

// inserting is an intent to insert order n.
func inserting(n int) Intent {
	in := shipping(n)
	in.Key, in.Ref.ID = insertKey(n), insertKey(n).ID
	in.Action, in.Before, in.After, in.Content = order.Insert, order.Values{}, order.Values{Status: order.New}, "hmac"
	return in
}

func inserted(t *testing.T, x *Session, n int, closedAt time.Time) {
	t.Helper()
	in := inserting(n)
	must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done}))
	x.Observe(Observation{Key: in.Key, Ref: in.Ref, OrderID: testKey(n).ID, Observed: Observed{Values: in.After, At: closedAt}, Verified: true, Closed: &in.After})
}

// That an order was inserted is never forgotten, however much of the file of closed
// orders is.
func TestInsertedOrdersAreKeptForEver(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	inserted(t, x, 1, noon.Add(-900*24*time.Hour))
	closing(x, 2, noon.Add(-500*24*time.Hour))
	must(t, x.Commit())
	st, _, err := s.Read()
	must(t, err)
	c, ok := st.Closed(insertKey(1))
	if !ok || c.OrderID != testKey(1).ID {
		t.Errorf("the order that was inserted: %+v, %v", c, ok)
	}
	if _, ok := st.Closed(testKey(2)); ok {
		t.Error("an old closed order is kept")
	}
	before, _ := os.ReadFile(files(s).Closed)
	must(t, x.Commit())
	if after, _ := os.ReadFile(files(s).Closed); string(after) != string(before) || strings.Count(string(after), "\n") != 1 {
		t.Errorf("the file is written again:\n%s", after)
	}
}

// An order that was inserted is found by its number under the API's id alone, as any
// other one.
func TestInsertsHaveNoNumberInTheIndex(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	inserted(t, x, 1, noon)
	must(t, x.RecordOutcome(mustIntend(t, x, inserting(2)), Outcome{Result: order.Done}))
	applied(t, x, 2)
	closing(x, 1, noon)
	must(t, x.Commit())
	read, _, err := s.Read()
	must(t, err)
	for _, st := range []*State{x.State(), read} {
		if c, ok := st.ClosedBySourceNumber(testKey(1).Endpoint, "main", "Amazon", testRef(1).SourceNumber); !ok || c.ID != testKey(1).ID {
			t.Errorf("closed: %+v, %v", c, ok)
		}
		if id, ok := st.IDBySourceNumber(testKey(2).Endpoint, "main", "Amazon", testRef(2).SourceNumber); !ok || id != testKey(2).ID {
			t.Errorf("open: %q, %v", id, ok)
		}
	}
}

// Without a state, what was inserted long ago comes back from the audit log.
func TestInsertsAreRebuiltFromTheAuditLog(t *testing.T) {
	dir := t.TempDir()
	s := newTestStore(dir, disk.OS{})
	x := mustLock(t, s)
	in := inserting(1)
	must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done, At: noon.Add(-900 * 24 * time.Hour)}))
	must(t, x.Commit())
	must(t, x.Close())
	paths := files(s)
	must(t, os.Remove(paths.State))
	_ = os.Remove(paths.Backup())
	_ = os.Remove(paths.Closed)
	if _, _, err := newTestStore(dir, disk.OS{}).Read(); err == nil || !strings.Contains(err.Error(), "gdfctl state rebuild") {
		t.Errorf("an audit log with an insert and no state: %v", err)
	}
	_, _, err := newTestStore(dir, disk.OS{}).Rebuild(t.Context())
	must(t, err)
	st, _, err := newTestStore(dir, disk.OS{}).Read()
	must(t, err)
	if e := st.Remembered(in.Key); e == nil || e.Applied == nil || e.Applied.Action != order.Insert {
		t.Errorf("%+v", e)
	}
}
