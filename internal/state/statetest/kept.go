package statetest

import (
	"errors"
	"io"
	"io/fs"
	"testing"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

func testAuditLog(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	results := []order.Result{order.Done, order.Refused, order.NotExecuted, order.NotSent, order.NoEffect, order.Released}
	want := 0
	for n, result := range results {
		must(t, x.RecordOutcome(intend(t, x, "run-1", shipping(n)), state.Outcome{Result: result}))
		if result.Audited() {
			want++
		}
	}
	must(t, x.Commit())
	must(t, x.Close())
	p.lock(t)
	entries := p.entries(t, audit.Filter{})
	if len(entries) != want {
		t.Fatalf("%d entries, want %d", len(entries), want)
	}
	for _, e := range entries {
		if n := int(e.Seq) - 1; e.Result != results[n] || e.Order.ID != key(n).ID {
			t.Errorf("entry %+v", e)
		}
	}
}

// closeOrder lets a read show that order n is as wanted for good.
func closeOrder(x *state.Session, n int) {
	wanted := shipped(n)
	x.Observe(state.Observation{
		Key: key(n), Ref: ref(n), Created: noon, Observed: state.Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
}

func testClosedOrders(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	ship(t, x, "run-1", 2)
	closeOrder(x, 1)
	must(t, x.Commit())
	s := p.read(t)
	if c, ok := s.Closed(key(1)); !ok || c.Wanted != shipped(1) {
		t.Errorf("order 1: %+v", c)
	}
	if c, ok := s.ClosedBySourceNumber(key(1).Endpoint, "main", "amazon", ref(1).SourceNumber); !ok || c.ID != key(1).ID {
		t.Errorf("by its number: %+v", c)
	}
	if _, ok := s.Closed(key(2)); ok || s.Len() != 1 {
		t.Errorf("%d orders are open", s.Len())
	}
	again := shipping(1)
	again.Action, again.After.Tracking = order.Correct, "1Z-new"
	must(t, x.RecordOutcome(intend(t, x, "run-1", again), state.Outcome{Result: order.Done}))
	must(t, x.Commit())
	e, open := p.read(t).Entry(key(1))
	if !open || e.Closed == nil || len(e.Sent()) != 2 {
		t.Errorf("taken up again: %+v", e)
	}
	must(t, x.Remove(key(2), "a mistake"))
	must(t, x.Commit())
	if p.read(t).Remembered(key(2)) != nil {
		t.Error("a removed order is remembered")
	}
}

// testInserts keeps an insert whose outcome is not known, and one that was found.
func testInserts(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	inserting := func(n int) state.Intent {
		in := shipping(n)
		in.ID = order.InsertID("Amazon", ref(n).SourceNumber)
		in.Ref.ID = in.ID
		in.Action, in.Before, in.After, in.Content = order.Insert, order.Values{}, order.Values{Status: order.New}, "hmac"
		return in
	}
	open, found := inserting(1), inserting(2)
	intend(t, x, "run-1", open)
	must(t, x.RecordOutcome(intend(t, x, "run-1", found), state.Outcome{Result: order.Done}))
	x.Observe(state.Observation{Key: found.Key, Ref: found.Ref, OrderID: key(2).ID, Observed: state.Observed{Values: found.After, At: noon}, Verified: true, Closed: &found.After})
	must(t, x.Commit())
	s := p.read(t)
	if e, ok := s.Entry(open.Key); !ok || len(e.Intents) != 1 || e.Intents[0].Content != "hmac" {
		t.Errorf("the open call: %+v", e)
	}
	if c, ok := s.Closed(found.Key); !ok || c.OrderID != key(2).ID {
		t.Errorf("the order that was found: %+v, %v", c, ok)
	}
	for _, e := range p.entries(t, audit.Filter{}) {
		if e.Content != "hmac" {
			t.Errorf("entry %+v", e)
		}
	}
}

func testRenames(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	ship(t, x, "run-1", 2)
	closeOrder(x, 2)
	must(t, x.Commit())
	s := p.read(t)
	s.Adopt([]state.Account{{Endpoint: key(1).Endpoint, Name: "shop", Formerly: "main"}})
	for n := range 2 {
		k := key(n + 1)
		k.Account = "shop"
		if e := s.Remembered(k); e == nil || len(e.Sent()) != 1 {
			t.Errorf("order %d under the new name: %+v", n+1, e)
		}
	}
}

// testOlderCopy puts an older snapshot back, as people do.
func testOlderCopy(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	must(t, x.Commit())
	older, _, err := disk.ReadAll(p.Open().Open(backend.Snapshot))
	must(t, err)
	ship(t, x, "run-1", 2)
	must(t, x.Commit())
	must(t, x.Close())
	lease, _, err := p.Open().Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "people"}})
	must(t, err)
	must(t, lease.Replace(backend.Snapshot, writing(older)))
	must(t, lease.Release())
	x = p.lock(t)
	if !applied(x.State(), 1) || !applied(x.State(), 2) {
		t.Error("a change that the audit log holds is forgotten")
	}
	if entries := p.entries(t, audit.Filter{}); len(entries) != 2 {
		t.Errorf("%d entries", len(entries))
	}
}

func writing(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

func testParts(t *testing.T, p Place) {
	b := p.Open()
	for _, part := range parts {
		if _, _, err := b.Open(part); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a part that is not there: %v", b.Name(part), err)
		}
	}
	lease, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}})
	must(t, err)
	defer func() { must(t, lease.Release()) }()
	content := func(part backend.Part, want string) {
		t.Helper()
		if got, _, err := disk.ReadAll(p.Open().Open(part)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, want %q (%v)", b.Name(part), got, want, err)
		}
	}
	must(t, lease.Replace(backend.Snapshot, writing([]byte("one"))))
	refused := errors.New("refused")
	err = lease.Replace(backend.Snapshot, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half of it")
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("an error of write: %v", err)
	}
	content(backend.Snapshot, "one")
	for _, text := range []string{"a\n", "b\n"} {
		w, err := lease.Append(backend.Audit)
		must(t, err)
		_, err = io.WriteString(w, text)
		must(t, errors.Join(err, w.Sync(), w.Close()))
	}
	content(backend.Audit, "a\nb\n")
	must(t, lease.Truncate(backend.Audit, 2))
	content(backend.Audit, "a\n")
	records, err := lease.Create(backend.Journal)
	must(t, err)
	_, err = io.WriteString(records, "first\n")
	must(t, errors.Join(err, records.Sync()))
	if !records.InPlace() {
		t.Error("records that nobody touched are not in place")
	}
	content(backend.Journal, "first\n")
	must(t, records.Close())
	if _, err := lease.Create(backend.Journal); err == nil {
		t.Error("records that are there are begun again")
	}
	must(t, lease.Remove(backend.Journal))
	must(t, lease.Remove(backend.Journal))
	if _, _, err := p.Open().Open(backend.Journal); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("records that were removed: %v", err)
	}
}

var parts = []backend.Part{backend.Snapshot, backend.Journal, backend.Closed, backend.Audit, backend.SignedHead}

func testManyOrders(t *testing.T, p Place) {
	if testing.Short() {
		t.Skip("a hundred thousand orders take seconds")
	}
	const many = 100_000
	x := p.begin(t, "run-1")
	for n := range many {
		if n%2 == 0 {
			closeOrder(x, n)
			continue
		}
		x.Observe(state.Observation{Key: key(n), Ref: ref(n), Created: noon, Observed: state.Observed{Values: shipped(n), At: noon}})
	}
	must(t, x.Commit())
	s := p.read(t)
	if s.Len() != many/2 {
		t.Errorf("%d orders are open", s.Len())
	}
	for n := 0; n < many; n += 997 {
		e := s.Remembered(key(n))
		if _, closed := s.Closed(key(n)); e == nil || closed != (n%2 == 0) {
			t.Fatalf("order %d: %+v, closed %v", n, e, closed)
		}
	}
}
