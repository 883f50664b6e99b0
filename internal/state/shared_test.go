package state

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// noon is when the clock of these tests starts.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// newTestStore is a store in dir whose clock advances a second at each look and
// whose ids count.
func newTestStore(dir string, files disk.FS) *Store {
	var ids, ticks atomic.Int64
	return NewStore(local.NewOn(files, filepath.Join(dir, "gdfctl.state.json")), Options{
		Now:        func() time.Time { return noon.Add(time.Duration(ticks.Add(1)) * time.Second) },
		RandomID:   func() string { return fmt.Sprintf("id-%s-%d", filepath.Base(dir), ids.Add(1)) },
		Provenance: provenance.Provenance{Who: "ann", Host: "build-7", Commit: "c0ffee"},
		Version:    "0.1.0",
	})
}

// files are the files of a store that newTestStore made.
func files(s *Store) local.Paths { return s.backend.(*local.Backend).Paths }

func testKey(n int) Key {
	return Key{"https://api.godatafeed.com", "main", fmt.Sprintf("order%d", n)}
}

func testRef(n int) order.Ref {
	return order.Ref{ID: testKey(n).ID, Source: "Amazon", SourceNumber: fmt.Sprintf("112-%07d-1234567", n)}
}

// shipping is an intent to ship order n.
func shipping(n int) Intent {
	return Intent{
		Key: testKey(n), Ref: testRef(n), Created: noon.Add(-time.Hour),
		Address: fmt.Sprintf(`batch.shipments["Amazon/%s"]`, testRef(n).SourceNumber), DefinedAt: "shipments/1.csv:2",
		Action: order.Ship,
		Before: order.Values{Status: order.Processing, OrderNumber: fmt.Sprintf("O%d", n)},
		After:  shippedValues(n),
	}
}

func shippedValues(n int) order.Values {
	return order.Values{
		Status: order.Shipped, OrderNumber: fmt.Sprintf("O%d", n), Tracking: fmt.Sprintf("1Z%d", n), Carrier: "UPS", ShippedAt: noon,
	}
}

func mustLock(t testing.TB, s *Store) *Session {
	t.Helper()
	x, err := s.Lock(t.Context(), LockRequest{Operation: "apply"})
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func mustIntend(t testing.TB, x *Session, in Intent) IntentID {
	t.Helper()
	seq, err := x.Intend(in)
	if err != nil {
		t.Fatalf("Intend: %v", err)
	}
	return IntentID{x.runID(), seq}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// applied runs a change to order n to its end.
func applied(t testing.TB, x *Session, n int) IntentID {
	t.Helper()
	id := mustIntend(t, x, shipping(n))
	must(t, x.RecordOutcome(id, Outcome{Result: order.Done, Status: 200}))
	return id
}

// leaseOn is a folder in memory that is locked for the test.
func leaseOn(t testing.TB, files disk.FS) (backend.Backend, backend.Lease) {
	t.Helper()
	b := local.NewOn(files, filepath.Join(t.TempDir(), "gdfctl.state.json"))
	lease, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "test"}})
	must(t, err)
	t.Cleanup(func() { _ = lease.Release() })
	return b, lease
}

// leaveHolder makes a lock that a run left behind, or took over.
func leaveHolder(t testing.TB, s *Store, h backend.Holder) {
	t.Helper()
	data, err := json.Marshal(h)
	must(t, err)
	must(t, os.WriteFile(files(s).Lockfile, data, 0o600))
}
