package state

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// journalOf is the journal of a run that applied order 1 and began order 2.
func journalOf(t testing.TB) (*Store, []byte) {
	t.Helper()
	s := newTestStore(t.TempDir(), hastyOS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
	applied(t, x, 1)
	mustIntend(t, x, shipping(2))
	must(t, x.Close())
	data, err := os.ReadFile(files(s).Journal)
	must(t, err)
	return s, data
}

// A journal that ends anywhere in its last line is read without that line.
func TestATornJournal(t *testing.T) {
	s, whole := journalOf(t)
	lines := bytes.SplitAfter(bytes.TrimSuffix(whole, []byte("\n")), []byte("\n"))
	if len(lines) != 4 {
		t.Fatalf("%d lines", len(lines))
	}
	ends := 0
	for n, line := range lines {
		for i := range line {
			cut := whole[:ends+i]
			f, err := decodeJournal(cut)
			switch {
			case err != nil:
				t.Fatalf("cut in line %d at %d: %v", n+1, i, err)
			case n == 0 && f != nil:
				t.Fatalf("cut in the first line at %d: %+v", i, f)
			case n > 0 && (len(f.lines) != n-1 || f.torn != (i > 0)):
				t.Fatalf("cut in line %d at %d: %d lines, torn %v", n+1, i, len(f.lines), f.torn)
			}
		}
		ends += len(line)
	}
	must(t, os.WriteFile(files(s).Journal, whole[:len(whole)-5], 0o600))
	x := mustLock(t, s)
	if !noticed(x.Notices(), "last line was not written to its end") {
		t.Errorf("notices: %v", x.Notices())
	}
	if e, ok := x.State().Entry(testKey(1)); !ok || e.Applied == nil {
		t.Errorf("order 1: %+v", e)
	}
}

// No flipped bit of a journal goes unseen: it stops, or, where it makes the end
// of the file unreadable, the line is dropped as torn.
func TestADamagedJournal(t *testing.T) {
	s, whole := journalOf(t)
	lastLine := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for i := range whole {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x04
		if f, err := decodeJournal(damaged); err == nil && (f == nil || !f.torn || i < lastLine) {
			t.Fatalf("byte %d (%q): %+v", i, whole[i], f)
		}
	}
	damaged := bytes.Replace(whole, []byte("order1"), []byte("order9"), 1)
	must(t, os.WriteFile(files(s).Journal, damaged, 0o600))
	var e *disk.DamagedError
	if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); !errors.As(err, &e) || e.Path != files(s).Journal || !strings.Contains(e.Reason, "line 2") {
		t.Errorf("Lock: %v", err)
	}
}

func TestJournalLinesAreInOrder(t *testing.T) {
	_, whole := journalOf(t)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, text := range map[string][]byte{
		"removed":   bytes.Join([][]byte{lines[0], lines[2], lines[3]}, nil),
		"repeated":  bytes.Join([][]byte{lines[0], lines[1], lines[1]}, nil),
		"reordered": bytes.Join([][]byte{lines[0], lines[2], lines[1]}, nil),
		"headless":  bytes.Join(lines[1:], nil),
		"blank":     append([]byte("\n"), whole...),
	} {
		if f, err := decodeJournal(text); err == nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestAJournalOfAnotherState(t *testing.T) {
	s, journal := journalOf(t)
	other := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, other)
	applied(t, x, 5)
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.WriteFile(files(other).Journal, journal, 0o600))
	var e *disk.DamagedError
	if _, _, err := other.Read(); !errors.As(err, &e) || !strings.Contains(e.Reason, "another state") {
		t.Errorf("%v (journal of %s)", err, files(s).State)
	}
}

func TestAJournalFromTheFuture(t *testing.T) {
	line, err := seal(journalLine{N: 1, Begin: &journalHead{Version: 2, ID: "j"}})
	must(t, err)
	s := newTestStore(t.TempDir(), disk.OS{})
	must(t, os.WriteFile(files(s).Lockfile, nil, 0o600))
	must(t, os.WriteFile(files(s).Journal, line, 0o600))
	var newer *NewerError
	if _, _, err := s.Read(); !errors.As(err, &newer) || newer.Path != files(s).Journal {
		t.Error(err)
	}
}

// slowDisk counts syncs, and lets each wait until all callers are there.
type slowDisk struct {
	hold  chan struct{}
	syncs int
	fail  error
}

func (d *slowDisk) Write(p []byte) (int, error) { return len(p), nil }
func (d *slowDisk) Close() error                { return nil }
func (d *slowDisk) Keep() error                 { return d.Sync() }
func (d *slowDisk) InPlace() bool               { return true }

func (d *slowDisk) Sync() error {
	<-d.hold
	d.syncs++
	return d.fail
}

func TestConcurrentLinesShareASync(t *testing.T) {
	const callers = 50
	disk := &slowDisk{hold: make(chan struct{})}
	j := newJournal(disk, journalHead{})
	done := make(chan error, callers)
	for range callers {
		go func() { done <- j.append(journalLine{Intent: &storedIntent{}}) }()
	}
	// One of them holds the disk; wait until the others wait for it.
	for waiting := false; !waiting; runtime.Gosched() {
		j.mu.Lock()
		waiting = j.lines == callers
		j.mu.Unlock()
	}
	close(disk.hold)
	for range callers {
		must(t, <-done)
	}
	if disk.syncs > 2 {
		t.Errorf("%d syncs for %d lines", disk.syncs, callers)
	}
	if mark := j.mark(); mark.Lines != callers {
		t.Errorf("mark %+v", mark)
	}
}

// After a sync that failed nothing of the journal can be trusted, even if the
// next sync succeeds.
func TestAFailedSyncIsFinal(t *testing.T) {
	disk := &slowDisk{hold: make(chan struct{}), fail: errInjected}
	close(disk.hold)
	j := newJournal(disk, journalHead{})
	if err := j.append(journalLine{}); !errors.Is(err, errInjected) {
		t.Error(err)
	}
	disk.fail = nil
	if err := j.append(journalLine{}); !errors.Is(err, errInjected) {
		t.Errorf("the next line: %v", err)
	}
	if mark := j.mark(); mark.Lines != 0 {
		t.Errorf("mark %+v", mark)
	}
}
