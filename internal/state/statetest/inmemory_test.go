package statetest

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// TestInMemory lets a backend join that knows no file: neither the
// suite nor the state needs one.
func TestInMemory(t *testing.T) {
	Run(t, func(*testing.T) Place {
		m := &inMemory{parts: map[backend.Part][]byte{}}
		return Place{
			Open:     func() backend.Backend { return m },
			TakeAway: func(*testing.T) { m.locked(func() { m.holder = backend.Holder{} }) },
			Leave:    func(_ *testing.T, h backend.Holder) { m.locked(func() { m.left = h }) },
		}
	})
}

// inMemory keeps a state for as long as its test runs.
type inMemory struct {
	mu     sync.Mutex // guards what follows
	parts  map[backend.Part][]byte
	begun  bool
	holder backend.Holder // of the lease; zero: nobody
	left   backend.Holder // ended without releasing it
	moved  *backend.Move  // to where
}

func (m *inMemory) locked(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

func (*inMemory) Name(p backend.Part) string {
	return [...]string{"snapshot", "journal", "closed orders", "audit log", "signed head", "late outcomes"}[p]
}

func (*inMemory) Files() []string                 { return nil }
func (m *inMemory) Refresh(context.Context) error { return m.stands() }

func (m *inMemory) stands() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.moved != nil {
		return &backend.MovedError{Place: "memory", Move: *m.moved}
	}
	return nil
}

func (*inMemory) Check() error { return nil }

func (m *inMemory) Begun() (begun bool) {
	m.locked(func() { begun = m.begun })
	return begun
}

func (m *inMemory) Holder() (h backend.Holder) {
	m.locked(func() {
		if h = m.holder; h.ID == "" {
			h = m.left
		}
	})
	return h
}

func (m *inMemory) Damaged(p backend.Part, reason string) *disk.DamagedError {
	return &disk.DamagedError{Path: m.Name(p), Reason: reason}
}

func (m *inMemory) Open(p backend.Part) (disk.Reader, int64, error) {
	if err := m.stands(); err != nil {
		return nil, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.parts[p]
	if !ok {
		return nil, 0, &fs.PathError{Op: "open", Path: m.Name(p), Err: fs.ErrNotExist}
	}
	return unclosed{bytes.NewReader(data)}, int64(len(data)), nil
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }

func (*inMemory) Position() backend.Position { return backend.Position{} }
func (*inMemory) Close() error               { return nil }

func (*inMemory) Break(context.Context, backend.Holder, string, string) (backend.Holder, error) {
	return backend.Holder{}, nil
}

func (*inMemory) Unchanged(context.Context, backend.Position) (bool, error) { return false, nil }

func (m *inMemory) Lock(_ context.Context, req backend.Request) (backend.Lease, backend.Holder, error) {
	h := req.Holder
	if err := m.stands(); err != nil {
		return nil, backend.Holder{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder.ID != "" {
		return nil, backend.Holder{}, &backend.LockedError{Path: "memory", Holder: m.holder}
	}
	previous := m.left
	m.holder, m.left = h, backend.Holder{}
	return &memoryLease{m, h}, previous, nil
}

type memoryLease struct {
	*inMemory
	own backend.Holder
}

func (l *memoryLease) Held() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder != l.own {
		return &backend.FencedError{Path: "memory", Holder: l.holder}
	}
	return nil
}

func (*memoryLease) Busy(time.Duration)      {}
func (*memoryLease) Wanted() bool            { return false }
func (*memoryLease) Arrived() []byte         { return nil }
func (*memoryLease) EndWithin(time.Duration) {}
func (*memoryLease) DropLate(int64) error    { return nil }
func (*memoryLease) RotateAudit(time.Time, int) (string, error) {
	return "", backend.ErrNoFiles
}
func (*memoryLease) Together(write func() error) error { return write() }

func (*memoryLease) Terms() backend.Terms { return backend.Terms{} }

func (*memoryLease) Owes(*backend.Move) {}

func (l *memoryLease) Leave(to backend.Move) error {
	if err := l.Held(); err != nil {
		return err
	}
	l.locked(func() { l.moved = &to })
	return nil
}

func (l *memoryLease) Release() error {
	l.locked(func() {
		if l.holder == l.own {
			l.holder = backend.Holder{}
		}
	})
	return nil
}

func (l *memoryLease) Create(p backend.Part) (backend.Records, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.parts[p]; ok {
		return nil, &fs.PathError{Op: "create", Path: l.Name(p), Err: fs.ErrExist}
	}
	l.parts[p] = []byte{}
	return &memoryWriter{l.inMemory, p}, nil
}

func (l *memoryLease) Append(p backend.Part) (disk.Writer, error) {
	l.locked(func() {
		if l.parts[p] == nil {
			l.parts[p] = []byte{}
		}
	})
	return &memoryWriter{l.inMemory, p}, nil
}

func (l *memoryLease) Truncate(p backend.Part, size int64) error {
	l.locked(func() { l.parts[p] = slices.Clone(l.parts[p][:size]) })
	return nil
}

func (l *memoryLease) Replace(p backend.Part, write func(io.Writer) error) error {
	var whole bytes.Buffer
	if err := write(&whole); err != nil {
		return err
	}
	l.locked(func() { l.parts[p], l.begun = whole.Bytes(), l.begun || p == backend.Snapshot })
	return nil
}

func (l *memoryLease) Remove(p backend.Part) error {
	l.locked(func() { delete(l.parts, p) })
	return nil
}

type memoryWriter struct {
	m *inMemory
	p backend.Part
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	w.m.locked(func() { w.m.parts[w.p] = append(slices.Clip(w.m.parts[w.p]), p...) })
	return len(p), nil
}

func (*memoryWriter) Sync() error   { return nil }
func (*memoryWriter) Close() error  { return nil }
func (w *memoryWriter) Keep() error { return w.Sync() }
func (*memoryWriter) InPlace() bool { return true }
