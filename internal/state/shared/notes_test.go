package shared

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// adds is a note of one more line.
func adds(line string) func([]byte) (backend.Note, error) {
	return func([]byte) (backend.Note, error) { return backend.Note{Text: []byte(line + "\n")}, nil }
}

func note(t *testing.T, b *Backend, line string) {
	t.Helper()
	fatal(t, b.Note(t.Context(), backend.Holder{ID: "check"}, adds(line)))
}

func noted(t *testing.T, b *Backend) string {
	t.Helper()
	fatal(t, b.Refresh(t.Context()))
	text, err := b.Noted(t.Context())
	fatal(t, err)
	return string(text)
}

// What machines note during an apply takes the lease from nobody, and nobody's notes are
// lost: not with the snapshots of the holder, nor where one is put instead of all.
func TestNotesDuringAnApply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		a, b, c := s.machine(t, "A", newClocks()), s.machine(t, "B", newClocks()), s.machine(t, "C", newClocks())
		note(t, b, "first")
		l := locked(t, a, backend.Request{})
		note(t, b, "by B")
		note(t, c, "by C")
		replaceState(t, l, "orders 1")
		fatal(t, b.Refresh(t.Context()))
		at := b.Position()
		note(t, b, "again by B")
		fatal(t, l.Held())
		if unchanged, err := c.Unchanged(t.Context(), at); err != nil || !unchanged {
			t.Errorf("a note changes what was planned: %v", err)
		}
		s.SetFaults(func(call memlog.Call) memlog.Fault {
			if call.Machine == "A" && call.Method == "Put" {
				return memlog.Fault{After: time.Second} // others note meanwhile
			}
			return memlog.Fault{}
		})
		whole := strings.Repeat("in the place of all\n", 10_000)
		time.AfterFunc(500*time.Millisecond, func() {
			err := b.Note(t.Context(), backend.Holder{}, func([]byte) (backend.Note, error) {
				return backend.Note{Text: []byte(whole), Whole: true}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		replaceState(t, l, "orders 2")
		note(t, c, "last")
		fatal(t, l.Release())
		for name, m := range map[string]*Backend{"A": a, "B": b, "a new machine": s.machine(t, "D", newClocks())} {
			if got := noted(t, m); got != whole+"last\n" {
				t.Errorf("%s reads %d bytes, want %d: %.60q", name, len(got), len(whole)+5, got)
			}
			if got := content(t, m, backend.Snapshot); got != "orders 2" {
				t.Errorf("%s reads %q", name, got)
			}
		}
		for _, r := range s.Records() { // what is in the place is not copied into the record
			if len(r.Data) > shortText {
				t.Errorf("the %s %d has %d bytes", r.Kind, r.N, len(r.Data))
			}
		}
	})
}

// replaceState saves orders, with a snapshot.
func replaceState(t *testing.T, l *lease, text string) {
	t.Helper()
	fatal(t, l.Together(func() error { return l.Replace(backend.Snapshot, writes(text)) }))
}

// Notes that nobody applies behind do not make a log that each reader reads from its
// beginning.
func TestNotesAreKeptShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		b := s.machine(t, "B", newClocks())
		const notes = 2*longRecords + 100
		for i := range notes {
			note(t, b, fmt.Sprint(i))
			time.Sleep(time.Hour)
		}
		if n := s.kinds(sharedlog.Snapshot); n != 2 {
			t.Errorf("%d snapshots", n)
		}
		if held := b.Holder(); held.ID != "" {
			t.Errorf("%v holds the lease", held)
		}
		if got := strings.Count(noted(t, s.machine(t, "C", newClocks())), "\n"); got != notes {
			t.Errorf("%d notes, want %d", got, notes)
		}
		l := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
		if l.Terms().Quiet != 0 {
			t.Errorf("a run must be quiet for %s", l.Terms().Quiet)
		}
	})
}

// A run that was cut off is the next run's to find, not that of a check of feeds.
func TestNotesLeaveARunThatWasCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		a := locked(t, s.machine(t, "A", newClocks()), backend.Request{})
		a.abort()
		b := s.machine(t, "B", newClocks())
		_, err := b.Break(t.Context(), backend.Holder{ID: "people"}, "", "in a hurry")
		fatal(t, err)
		for i := range longRecords + 50 {
			note(t, b, fmt.Sprint(i))
			time.Sleep(time.Hour)
		}
		if n := s.kinds(sharedlog.Acquire); n != 1 {
			t.Errorf("the lease was acquired %d times", n)
		}
	})
}

// Who holds no lease changes nothing that takes one.
func TestForgedNotes(t *testing.T) {
	for _, r := range []*sharedlog.Record{
		{Kind: sharedlog.Note, Changes: []sharedlog.Change{{Part: sharedlog.StatePart, Do: sharedlog.Replace, Text: "{}"}}},
		{Kind: sharedlog.Late, Epoch: 1, Changes: []sharedlog.Change{{Part: auditName, Do: sharedlog.Truncate}}},
	} {
		s := newShop(t)
		s.append(t, r)
		b := s.machine(t, "B", newClocks())
		damaged := (*sharedlog.DamagedError)(nil)
		if err := b.Refresh(t.Context()); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "which takes a lease") {
			t.Errorf("a %s that changes %s is believed: %v", r.Kind, r.Changes[0].Part, err)
		}
	}
}
