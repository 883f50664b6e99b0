package shared

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// run is one run on a machine of its own.
type run struct {
	w       *world
	name    string
	ctx     context.Context // of waiting for the lease
	cancel  context.CancelFunc
	backend *Backend
	waiter  *waiter
	locking chan lockResult
	lease   *lease
	records backend.Records
	pc      int
	foreign bool // a call of another run has no outcome
	known   bool // a former run recorded that the order is done

	gate     chan struct{} // closed: the process runs
	dead     bool
	released bool
	forward  time.Duration // of the wall clock
	asleep   time.Duration // of the steady clock, that it stood still
	slept    time.Time     // since when it stands still
}

// What a run is at.
const (
	idle = iota
	waiting
	holding  // the lease
	intended // its intent is recorded
	called   // its call was sent
	learned  // its answer came
	ended
)

type lockResult struct {
	lease backend.Lease
	err   error
}

func (w *world) newRun(name string) *run {
	r := &run{w: w, name: name, gate: open()}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.backend = New(w.store.Place(name), Options{Dir: filepath.Join(w.dir, name), Lineage: w.lineage, Clock: Clock{
		Steady: func() time.Time { return time.Now().Round(0).Add(-r.standsStill()) },
		Wall:   func() time.Time { return time.Now().Round(0).Add(r.setBy()) },
		Boot:   func() time.Duration { return time.Since(time.Time{}.AddDate(1999, 0, 0)) },
	}})
	return r
}

// standsStill is for how long the steady clock stood still.
func (r *run) standsStill() time.Duration {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	return r.standsStillLocked()
}

func (r *run) standsStillLocked() time.Duration {
	if r.slept.IsZero() {
		return r.asleep
	}
	return r.asleep + time.Since(r.slept)
}

// setBy is by how much the wall clock was set.
func (r *run) setBy() time.Duration {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	return r.forward
}

// set sets the wall clock.
func (r *run) set(by time.Duration) {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	r.forward = by
}

func (r *run) stopped() bool {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	select {
	case <-r.gate:
		return false
	default:
		return true
	}
}

// kill ends the process, and its machine: nothing that it kept is found.
func (r *run) kill() {
	r.w.mu.Lock()
	r.dead = true
	r.w.mu.Unlock()
	r.pc = ended
	r.cancel()
	if r.lease != nil {
		r.lease.abort()
	}
}

// lock begins to wait for the lease.
func (r *run) lock() {
	r.pc, r.locking = waiting, make(chan lockResult, 1)
	r.waiter = r.backend.waiter(backend.Request{
		Holder: backend.Holder{ID: r.name, Who: r.name}, Wait: time.Hour, Call: modelCall, Settle: r.w.scenario.settle,
	})
	r.waiter.poll = 10 * time.Second // it changes little, and saves much
	go func() {
		l, _, err := r.waiter.wait(r.ctx)
		r.locking <- lockResult{l, err}
	}()
}

// locked looks at what a former run left, and takes it over.
func (r *run) locked(got lockResult) {
	if got.err != nil {
		r.pc = ended
		return
	}
	if b := r.w.runs[1]; b.pc == idle && !r.w.left[inBetween] && !r.w.later {
		b.lock() // the earlier it waits, the earlier it takes over
	}
	r.lease, r.pc = got.lease.(*lease), holding
	text := r.read(backend.Journal) + r.read(backend.Snapshot)
	r.known = strings.Contains(text, "done\n")
	r.foreign = strings.Count(text, "intent\n") > strings.Count(text, "outcome\n")
	err := r.lease.Together(func() error {
		return errors.Join(r.lease.Replace(backend.Snapshot, writes(text)), r.lease.Remove(backend.Journal))
	})
	if err == nil {
		r.records, err = r.lease.Create(backend.Journal)
	}
	if err != nil {
		r.finish()
	}
}

func (r *run) read(p backend.Part) string {
	f, size, err := r.backend.Open(p)
	if err != nil {
		return ""
	}
	defer f.Close()
	text := make([]byte, size)
	_, _ = f.ReadAt(text, 0)
	return string(text)
}

// write writes lines and makes them durable.
func (r *run) write(text string) bool {
	_, err := r.records.Write([]byte(text))
	if err = errors.Join(err, r.records.Sync()); err != nil {
		r.finish()
	}
	return err == nil
}

// finish ends the run, and gives the lease back if it has it.
func (r *run) finish() {
	r.pc = ended
	if r.lease != nil && !r.released {
		r.released = true
		go r.lease.Release()
	}
}
