package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// ending is a process that ends before its nth change of a file.
type ending struct {
	disk.OS
	left int
}

var errEnded = errors.New("the process is gone")

func (e *ending) goesOn() error {
	if e.left--; e.left < 0 {
		return errEnded
	}
	return nil
}

func (e *ending) Create(name string) (disk.Writer, error) {
	if err := e.goesOn(); err != nil {
		return nil, err
	}
	return e.OS.Create(name)
}

func (e *ending) Rename(from, to string) error {
	if err := e.goesOn(); err != nil {
		return err
	}
	return e.OS.Rename(from, to)
}

func (e *ending) Link(from, to string) error {
	if err := e.goesOn(); err != nil {
		return err
	}
	return e.OS.Link(from, to)
}

func (e *ending) Remove(name string) error {
	if e.left < 0 {
		return errEnded
	}
	return e.OS.Remove(name)
}

func (e *ending) SyncDir(dir string) error {
	if err := e.goesOn(); err != nil {
		return err
	}
	return e.OS.SyncDir(dir)
}

func aMove(id string) *backend.Move {
	return &backend.Move{ID: id, Origin: "l", From: backend.Where{Backend: "git", Place: "branch x", State: "5812eb29"}, To: backend.Where{Backend: "local", Place: "here"}}
}

func contents(all map[backend.Part]string) backend.Contents {
	return func(p backend.Part) (disk.Reader, int64, error) {
		text, ok := all[p]
		if !ok {
			return nil, 0, fs.ErrNotExist
		}
		return unclosed{bytes.NewReader([]byte(text))}, int64(len(text)), nil
	}
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }

func held() error { return nil }

var someParts = map[backend.Part]string{backend.Snapshot: "{the orders}\n", backend.Audit: "1\n2\n", backend.Closed: "c\n"}

// refused fails unless all is refused.
func refused(t *testing.T, path, says string) {
	t.Helper()
	b := New(path)
	_, _, opened := b.Open(backend.Audit)
	l, _, locked := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}})
	if locked == nil {
		must(t, l.Release())
	}
	for what, err := range map[string]error{"opening": opened, "locking": locked, "reading": b.Refresh(t.Context()), "checking": b.Check()} {
		if _, ok := errors.AsType[*backend.MovedError](err); !ok || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A move to files is cut off before any of their changes. Until all of it is there,
// nobody takes a part of it for the state; asked for again, it goes on.
func TestAMoveToFilesIsCutOff(t *testing.T) {
	move := func(files disk.FS, path string, held func() error) error {
		b := NewOn(files, path)
		defer b.Close()
		m := aMove("m1")
		if err := b.Receive(t.Context(), m, backend.Holder{ID: "M"}, contents(someParts), held); err != nil {
			return err
		}
		if r, _, err := b.Received(backend.Snapshot); err != nil {
			t.Error(err)
		} else {
			_ = r.Close()
		}
		return b.Activate(t.Context(), *m, backend.Holder{ID: "M"}, nil)
	}
	steps := 0
	for ; ; steps++ {
		path := filepath.Join(t.TempDir(), "gdfctl.state.json")
		err := move(&ending{left: steps}, path, held)
		if err != nil && !errors.Is(err, errEnded) {
			t.Fatal(err)
		}
		orders, readErr := os.ReadFile(path)
		is := readErr == nil && string(orders) == someParts[backend.Snapshot]
		if readErr == nil && !is {
			refused(t, path, "on its way from branch x")
		}
		if err == nil {
			break
		}
		if !is {
			if readErr != nil { // nothing came
				if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "gdfctl.[ac]*")); len(left) > 0 {
					t.Errorf("after %d steps there are %v", steps, left)
				}
			}
			must(t, move(disk.OS{}, path, held))
		}
		for p, want := range someParts {
			data, _, err := disk.ReadAll(New(path).Open(p))
			if string(data) != want || err != nil {
				t.Errorf("after %d steps: %s is %q, %v", steps, New(path).Name(p), data, err)
			}
		}
	}
	if steps < 8 {
		t.Errorf("only %d steps", steps)
	}
}

// Files that are a state, or were one, are not replaced.
func TestAMoveToFilesReplacesNothing(t *testing.T) {
	for name, there := range map[string]func(b *Backend) error{
		"a state":      func(b *Backend) error { return os.WriteFile(b.State, []byte("{}"), 0o600) },
		"a backup":     func(b *Backend) error { return os.WriteFile(b.Backup(), []byte("{}"), 0o600) },
		"a journal":    func(b *Backend) error { return os.WriteFile(b.Journal, []byte("{}"), 0o600) },
		"an audit log": func(b *Backend) error { return os.WriteFile(b.Audit, []byte("{}"), 0o600) },
		"another move": func(b *Backend) error {
			m := aMove("m0")
			m.Origin = "another"
			return b.put(b.State, (&notice{Incoming: m}).writeTo)
		},
		"one that moved": func(b *Backend) error { return b.put(b.State, (&notice{Moved: aMove("m0")}).writeTo) },
	} {
		t.Run(name, func(t *testing.T) {
			b := New(filepath.Join(t.TempDir(), "gdfctl.state.json"))
			defer b.Close()
			must(t, there(b))
			_, ready := b.Ready(t.Context(), aMove("m1"))
			for _, err := range []error{ready, b.Receive(t.Context(), aMove("m1"), backend.Holder{}, contents(someParts), held), b.Activate(t.Context(), *aMove("m1"), backend.Holder{}, nil)} {
				if _, ok := errors.AsType[*backend.OccupiedError](err); !ok {
					t.Errorf("error %v", err)
				}
			}
		})
	}
}

// Whoever lost the lease of the former place changes nothing, and the try that the
// former place names is the one that counts.
func TestAMoveToFilesOfALostLease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.state.json")
	first, second := New(path), New(path)
	must(t, first.Receive(t.Context(), aMove("m1"), backend.Holder{ID: "M"}, contents(someParts), held))
	if locked := (*backend.LockedError)(nil); !errors.As(second.Receive(t.Context(), aMove("m2"), backend.Holder{ID: "N"}, contents(nil), held), &locked) {
		t.Error("both bring it at once")
	}
	must(t, first.Close())
	lost := errors.New("lost")
	if err := second.Receive(t.Context(), aMove("m2"), backend.Holder{ID: "N"}, contents(nil), func() error { return lost }); !errors.Is(err, lost) {
		t.Error(err)
	}
	if _, ok := errors.AsType[*backend.OccupiedError](second.Activate(t.Context(), *aMove("m2"), backend.Holder{ID: "N"}, nil)); !ok {
		t.Error("the one that lost became active")
	}
	must(t, second.Activate(t.Context(), *aMove("m1"), backend.Holder{ID: "N"}, nil))
	must(t, second.Close())
}

// A state that left is refused, also by programs that know nothing of moves: to them,
// a newer one wrote it.
func TestFilesThatMoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.state.json")
	must(t, os.WriteFile(path, []byte("{the orders}\n"), 0o600))
	b := New(path)
	l, _, err := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "x"}})
	must(t, err)
	// Another run waits for the lock meanwhile.
	waiting := make(chan error)
	go func() {
		_, _, err := New(path).Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "y"}, Wait: 1 << 40})
		waiting <- err
	}()
	must(t, l.Leave(*aMove("m1")))
	must(t, l.Release())
	if _, ok := errors.AsType[*backend.MovedError](<-waiting); !ok {
		t.Error("a run that waited goes on with it")
	}
	refused(t, path, "moved from "+path+" to here")
	if backup, err := os.ReadFile(b.Backup()); string(backup) != "{the orders}\n" || err != nil {
		t.Errorf("its last version is %q, %v", backup, err)
	}
	text, err := os.ReadFile(path)
	must(t, err)
	first := json.NewDecoder(bytes.NewReader(text))
	for _, want := range []json.Token{json.Delim('{'), "version"} {
		if got, err := first.Token(); got != want || err != nil {
			t.Errorf("it begins with %v", got)
		}
	}
	var version int
	if err := first.Decode(&version); err != nil || version < 100 {
		t.Errorf("version %d", version)
	}
	if to := MovedTo(path); to == nil || to.Place != "here" {
		t.Errorf("moved to %+v", to)
	}
}

// No order was ever saved: none is there afterward, and what is there is no notice.
func TestAMoveOfAnEmptyState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gdfctl.state.json")
	b := New(path)
	m := aMove("m1")
	must(t, b.Receive(t.Context(), m, backend.Holder{}, contents(nil), held))
	if b.ComesFrom() == nil {
		t.Error("it does not say where it comes from")
	}
	called := false
	must(t, b.Activate(t.Context(), *m, backend.Holder{}, func() error {
		called = b.ComesFrom() != nil
		return nil
	}))
	must(t, b.Close())
	if !called {
		t.Error("what was remembered is not forgotten before it is the state")
	}
	if _, _, err := New(path).Open(backend.Snapshot); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
