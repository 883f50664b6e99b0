package shared

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// clocks are those of a machine in a bubble of testing/synctest.
type clocks struct {
	mu         sync.Mutex
	wall, boot time.Duration // ahead of the steady one
	began      time.Time
}

func newClocks() *clocks { return &clocks{began: time.Now()} }

// suspend suspends the machine: what its processes wait for stands still meanwhile.
func (c *clocks) suspend(d time.Duration) {
	c.set(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.boot += d
}

// set sets the wall clock forward, or back.
func (c *clocks) set(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall += by
}

func (c *clocks) clock() Clock {
	return Clock{
		Steady: time.Now,
		Wall: func() time.Time {
			c.mu.Lock()
			defer c.mu.Unlock()
			return time.Now().Round(0).Add(c.wall)
		},
		Boot: func() time.Duration {
			c.mu.Lock()
			defer c.mu.Unlock()
			return time.Since(c.began) + c.boot
		},
	}
}

// shop is a store in which a state was begun.
type shop struct {
	*memlog.Store
	lineage string
}

func newShop(t *testing.T) shop {
	t.Helper()
	store := memlog.New()
	lineage, _, err := Init(t.Context(), store.Place("init"), backend.Holder{ID: "init"}, newClocks().clock())
	fatal(t, err)
	return shop{store, lineage}
}

// machine is another machine with the state. Its places are closed with the bubble.
func (s shop) machine(t *testing.T, name string, c *clocks) *Backend {
	t.Helper()
	return s.at(t, s.Place(name), c)
}

func (s shop) at(t *testing.T, p sharedlog.Place, c *clocks) *Backend {
	t.Helper()
	b := New(p, Options{Dir: fastDir(t), Lineage: s.lineage, Clock: c.clock()})
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// locked is a lease that nobody else has.
func locked(t *testing.T, b *Backend, r backend.Request) *lease {
	t.Helper()
	if r.Holder.ID == "" {
		r.Holder.ID = "A"
	}
	l, _, err := b.Lock(t.Context(), r)
	fatal(t, err)
	held := l.(*lease)
	t.Cleanup(held.abort)
	return held
}

// kinds counts the records of a kind.
func (s shop) kinds(kind sharedlog.Kind) int {
	n := 0
	for _, r := range s.Records() {
		if r.Kind == string(kind) {
			n++
		}
	}
	return n
}

// append appends what some writer may append, behind all that is there.
func (s shop) append(t *testing.T, r *sharedlog.Record) {
	t.Helper()
	log := sharedlog.Open(s.Place("writer"), randomID)
	end := sharedlog.Before
	entries, timeline, err := log.From(t.Context(), 0)
	if !errors.Is(err, sharedlog.ErrNoLog) {
		fatal(t, err)
		end = entries[len(entries)-1].Position
	}
	r.Timeline = timeline
	_, err = log.Append(t.Context(), end, r)
	fatal(t, err)
}
