package shared

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// commits makes a state of that many commits, each of which says its number in all
// parts.
func commits(t *testing.T, b *Backend, n int) {
	t.Helper()
	for i := range n {
		l, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: fmt.Sprint("run", i)}})
		fatal(t, err)
		r, err := l.Create(backend.Journal)
		fatal(t, err)
		_, err = fmt.Fprintf(r, "journal %d\n", i)
		fatal(t, errors.Join(err, r.Sync()))
		fatal(t, l.Together(func() error {
			w, err := l.Append(backend.Audit)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(w, "audit %d\n", i)
			return errors.Join(err, w.Sync(), w.Close(), l.Replace(backend.Snapshot, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "orders %d\n", i)
				return err
			}), l.Remove(backend.Journal))
		}))
		fatal(t, l.Release())
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, b *Backend, p backend.Part) string {
	t.Helper()
	data, _, err := disk.ReadAll(b.Open(p))
	fatal(t, err)
	return string(data)
}

// The orders of the newest snapshot are damaged: those of the one before serve, with
// the journal that led to the newest.
func TestAnOlderSnapshotServes(t *testing.T) {
	s := newShop(t)
	commits(t, s.machine(t, "a", newClocks()), 3)
	damaged := sharedlog.HashOf([]byte("orders 2\n"))
	fatal(t, s.Place("a").Sweep(t.Context(), func(hash string) bool { return hash != damaged }, time.Now().Add(time.Hour)))
	b := s.machine(t, "b", newClocks())
	if got := content(t, b, backend.Snapshot) + content(t, b, backend.Journal) + content(t, b, backend.Audit); got != "orders 1\njournal 2\naudit 0\naudit 1\naudit 2\n" {
		t.Errorf("a reader gets\n%s", got)
	}
}

// Readers at old positions get a whole state after what they read was trimmed.
func TestReadersAtTrimmedPositions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		a := s.machine(t, "a", newClocks())
		var readers []*Backend
		for range 8 {
			commits(t, a, 2)
			r := s.machine(t, "r", newClocks())
			fatal(t, r.Refresh(t.Context()))
			readers = append(readers, r)
			time.Sleep(5 * 24 * time.Hour)
			synctest.Wait()
		}
		if n := len(s.Records()); n > 40 {
			t.Errorf("nothing is trimmed: %d records", n)
		}
		for i, r := range readers {
			fatal(t, r.Refresh(t.Context()))
			if got := content(t, r, backend.Snapshot); got != "orders 1\n" {
				t.Errorf("reader %d gets %q", i, got)
			}
			if got := strings.Count(content(t, r, backend.Audit), "\n"); got != 16 {
				t.Errorf("reader %d gets %d lines of the audit log", i, got)
			}
		}
	})
}

// Commands that wait for nobody never add up to a lease: each counts for itself.
func TestOneShotCommandsTakeNothingOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		locked(t, s.machine(t, "a", newClocks()), backend.Request{}).abort() // killed: it says nothing any more
		dir := t.TempDir()
		for i := range 500 {
			b := New(s.Place("b"), Options{Dir: dir, Lineage: s.lineage})
			var locked *backend.LockedError
			if _, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "b"}}); !errors.As(err, &locked) {
				t.Fatalf("command %d: %v", i, err)
			}
			fatal(t, b.Close())
			time.Sleep(5 * time.Second)
		}
	})
}
