package statetest

import (
	"sync/atomic"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// testReadersAreClosed counts what is open for reading: nobody closes a state
// that was read, so it must hold nothing.
func testReadersAreClosed(t *testing.T, p Place) {
	x := p.begin(t, "run-1")
	for n := range 3 {
		ship(t, x, "run-1", n)
	}
	closeOrder(x, 1)
	closeOrder(x, 2)
	must(t, x.Commit())
	must(t, x.Close())

	counted := &countedReaders{Backend: p.Open()}
	open := func(want int64, when string) {
		t.Helper()
		if n := counted.open.Load(); n != want {
			t.Errorf("%s, %d readers are open, want %d", when, n, want)
		}
	}
	s, _, err := storeOn(counted).Read()
	must(t, err)
	open(0, "after Read")
	look := func() {
		for n := range 3 {
			if _, ok := s.Closed(key(n)); ok != (n > 0) {
				t.Errorf("order %d: closed %v", n, ok)
			}
			if s.Remembered(key(n)) == nil {
				t.Errorf("order %d is forgotten", n)
			}
			s.ClosedBySourceNumber(key(n).Endpoint, "main", "amazon", ref(n).SourceNumber)
		}
	}
	look()
	open(0, "after look-ups")
	release := s.KeepOpen()
	again := s.KeepOpen()
	before := counted.opened.Load()
	look()
	if n := counted.opened.Load() - before; n > 1 && counted.open.Load() > 0 { // a system that keeps none opens it each time
		t.Errorf("among many look-ups, the closed orders are opened %d times", n)
	}
	again()
	look()
	release()
	open(0, "after many look-ups")

	x, err = storeOn(counted).Lock(t.Context(), state.LockRequest{Operation: "apply"})
	must(t, err)
	x.State().Closed(key(1))
	must(t, x.Close())
	open(0, "after a session")
	x.State().Closed(key(1))
	open(0, "after a look-up in what a session left")
}

type countedReaders struct {
	backend.Backend
	open, opened atomic.Int64
}

func (c *countedReaders) Open(p backend.Part) (disk.Reader, int64, error) {
	r, size, err := c.Backend.Open(p)
	if err != nil {
		return nil, 0, err
	}
	c.open.Add(1)
	c.opened.Add(1)
	return &countedReader{r, c}, size, nil
}

type countedReader struct {
	disk.Reader
	by *countedReaders
}

func (r *countedReader) Close() error {
	r.by.open.Add(-1)
	return r.Reader.Close()
}
