package state

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// promise is what a session told its caller, which no failure may undo.
type promise struct {
	key     Key
	id      IntentID
	settled bool         // Settle was called
	kept    bool         // and returned no error
	result  order.Result // with which
}

// story is a run in which everything happens that writes files. It stops
// sending at the first error, as apply does, and still tries to save.
type story struct {
	promises map[IntentID]*promise
	sent     int
	closed   bool // order 3 was reported closed by a Commit that succeeded
	removed  bool // order 4 likewise
}

func (st *story) change(x *Session, n int, result order.Result) error {
	seq, err := x.Intend(shipping(n))
	if err != nil {
		return err
	}
	st.sent++
	p := &promise{key: testKey(n), id: IntentID{"run-1", seq}, result: result}
	st.promises[p.id] = p
	if result == "" {
		return nil // the answer never comes
	}
	p.settled = true
	err = x.RecordOutcome(p.id, Outcome{Result: result, Message: "as it was said", Status: 200})
	p.kept = err == nil
	return err
}

func (st *story) tell(x *Session) error {
	steps := []func() error{
		func() error { return x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}) },
		func() error { return st.change(x, 1, order.Done) },
		func() error { return st.change(x, 2, order.Refused) },
		func() error { return st.change(x, 3, order.Done) },
		func() error { return st.change(x, 4, order.Done) },
		func() error { return st.change(x, 5, order.Unknown) },
		x.Commit,
		func() error { _, err := x.SignHead(); return err },
		func() error {
			wanted := shippedValues(3)
			x.Observe(Observation{
				Key: testKey(3), Ref: testRef(3), Created: noon, Observed: Observed{Values: wanted, SourceStatus: order.Shipped, At: noon},
				Verified: true, Closed: &wanted,
			})
			return x.Remove(testKey(4), "settled by phone")
		},
		func() error { return st.change(x, 6, "") },
		func() error { return st.change(x, 7, order.NoEffect) },
		func() error { return st.change(x, 7, order.Done) },
		func() error { return st.change(x, 8, order.NotExecuted) },
		func() error { x.FinishPlan("p1", "r1", PlanCounts{Ship: 1}); return nil },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// run plays the story on a file system and returns what was promised.
func (st *story) run(t *testing.T, dir string, files disk.FS) error {
	st.promises = map[IntentID]*promise{}
	signer, _ := storyKeys()
	s := newTestStore(dir, files).Signing(signer)
	x, err := s.Lock(t.Context(), LockRequest{Operation: "apply"})
	if err != nil {
		return err
	}
	told := st.tell(x)
	err = x.Commit()
	st.closed = told == nil && err == nil
	st.removed = st.closed
	if err == nil {
		_, err = x.SignHead()
	}
	return errors.Join(told, err, x.Close())
}

// storyKeys are the keys that stories sign with.
var storyKeys = sync.OnceValues(func() (*audit.Signer, *audit.Verifier) {
	private, public, _ := audit.NewKeys("story")
	signer, _ := audit.ParseSigner(private)
	verifier, _ := audit.ParseVerifier(public) // a key that can't be read fails every test that uses it
	return signer, verifier
})

// checkHead finds that a signed head is whole, and of the record beside it.
func checkHead(t *testing.T, s *Store, lineage string) {
	t.Helper()
	data, there, err := disk.ReadAll(s.backend.Open(backend.SignedHead))
	must(t, err)
	if !there {
		return
	}
	_, verifier := storyKeys()
	signed, err := audit.OpenSigned(data, verifier)
	if err != nil || signed.Lineage != lineage {
		t.Errorf("the signed head is of %q, and the state is %q: %v", signed.Lineage, lineage, err)
		return
	}
	if _, err := s.VerifyAudit(signed.Head.String()); err != nil {
		t.Errorf("the signed head: %v", err)
	}
}

// check holds what is found afterwards against what was promised.
func (st *story) check(t *testing.T, dir string, files disk.FS, before *State) {
	t.Helper()
	s := newTestStore(dir, files)
	read, _, err := s.Read()
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	x, err := s.Lock(t.Context(), LockRequest{Operation: "apply"})
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer x.Close()
	state := x.State()
	if state.Serial() < before.Serial() {
		t.Errorf("serial %d, was %d", state.Serial(), before.Serial())
	}
	if l := before.Lineage(); l != "" && l != state.Lineage() {
		t.Errorf("lineage %s, was %s", state.Lineage(), l)
	}
	if read.Len() != state.Len() {
		t.Errorf("Read shows %d entries, Lock %d", read.Len(), state.Len())
	}
	records := map[entryID]int{}
	done := map[IntentID]int{}
	for r, err := range s.AuditList(audit.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		records[entryID{r.RunID, r.Seq, r.SettledBy, r.Result}]++
		if r.Result == order.Done {
			done[IntentID{r.RunID, r.Seq}]++
		}
	}
	for id, n := range records {
		if n > 1 {
			t.Errorf("record %+v stands there %d times", id, n)
		}
	}
	for id, p := range st.promises {
		st.checkPromise(t, state, p)
		if recorded := records[entryID{id.RunID, id.Seq, "", p.result}] > 0; p.kept && p.result.Audited() && !recorded {
			t.Errorf("order %s: %s is not on record", p.key.ID, p.result)
		}
		if e, ok := state.Entry(p.key); ok && e.has(id) && done[id] == 0 {
			t.Errorf("order %s: applied by call %d, which is not on record", p.key.ID, id.Seq)
		}
	}
	if _, err := s.VerifyAudit(""); err != nil {
		t.Errorf("VerifyAudit: %v", err)
	}
	checkHead(t, s, state.Lineage())
	if _, ok := state.Closed(testKey(3)); st.closed && !ok {
		t.Error("a closed order was forgotten")
	}
	if _, ok := state.Entry(testKey(4)); st.removed && ok {
		t.Error("a removed order came back")
	}
	// The state is one that a run can go on with.
	if _, err := x.Intend(shipping(99)); err != nil {
		t.Errorf("Intend afterwards: %v", err)
	}
	st.checkRecordedOnce(t, s, x)
}

// checkRecordedOnce finds out what became of every open call, as apply does, and
// that no call is on record as done twice.
func (st *story) checkRecordedOnce(t *testing.T, s *Store, x *Session) {
	t.Helper()
	for in := range x.State().OpenIntents() {
		must(t, x.RecordOutcome(in.Ident(), Outcome{Result: order.Done, ReadBack: true}))
	}
	must(t, x.Commit())
	done := map[IntentID]int{}
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		if r.Result == order.Done {
			done[IntentID{r.RunID, r.Seq}]++
		}
	}
	for id, n := range done {
		if n > 1 {
			t.Errorf("call %d of %s is on record as done %d times", id.Seq, id.RunID, n)
		}
	}
}

func (st *story) checkPromise(t *testing.T, s *State, p *promise) {
	t.Helper()
	_, open := s.open[p.id]
	e, _ := s.Entry(p.key)
	done := e != nil && e.Applied != nil && e.Applied.RunID == p.id.RunID && e.Applied.Seq >= p.id.Seq
	if _, closed := s.Closed(p.key); closed {
		done = true
	}
	removed := p.key == testKey(4) && e == nil
	switch {
	case !p.settled || p.result == order.Unknown:
		if !open {
			t.Errorf("order %s: the intent is lost", p.key.ID)
		}
	case p.result == order.Done && p.kept && !done && !removed:
		t.Errorf("order %s: an observed success is lost (open: %v)", p.key.ID, open)
	case p.result == order.Done && !p.kept && !done && !open && !removed:
		t.Errorf("order %s: neither open nor applied", p.key.ID)
	case p.kept && open:
		t.Errorf("order %s: settled, and open again", p.key.ID)
	}
}

// prepare makes a state with an order that is applied, one whose outcome is
// unknown, and one that is closed. Its audit log has two files.
func prepare(t *testing.T, files *crashFS) *State {
	t.Helper()
	x := mustLock(t, newTestStore(t.TempDir(), files))
	must(t, x.Begin(Run{ID: "run-0", Command: "apply"}))
	applied(t, x, 20)
	mustIntend(t, x, shipping(21))
	wanted := shippedValues(22)
	x.Observe(Observation{
		Key: testKey(22), Ref: testRef(22), Created: noon, Observed: Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
	must(t, x.Commit())
	_, err := x.RotateAudit() // what follows is written behind a file that was left
	must(t, errors.Join(err, x.Close()))
	return x.State()
}

// clone copies a file system that is at rest into a folder of another name.
func (c *crashFS) clone(dir string) *crashFS {
	copied := newCrashFS()
	copies := map[*crashFile]*crashFile{}
	for _, pair := range []struct{ from, to map[string]*crashFile }{{c.names, copied.names}, {c.synced, copied.synced}} {
		for name, f := range pair.from {
			if copies[f] == nil {
				copies[f] = &crashFile{data: append([]byte(nil), f.data...), synced: append([]byte(nil), f.synced...)}
			}
			pair.to[filepath.Join(dir, filepath.Base(name))] = copies[f]
		}
	}
	return copied
}

// entryID tells entries of the audit log apart.
type entryID struct {
	run    string
	seq    uint64
	by     string
	result order.Result
}
