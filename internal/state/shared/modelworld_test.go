package shared

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

const (
	modelCall   = time.Minute
	modelSettle = 2 * time.Minute
)

// world is two runs, a log and an API.
type world struct {
	t *testing.T
	scenario
	dir     string
	lineage string
	store   *memlog.Store
	runs    []*run
	third   *run
	calls   []*sent
	left    map[fault]bool // faults that can still happen
	parked  bool           // a record had no answer, and is not appended yet
	trace   []string

	mu    sync.Mutex // guards what follows, which calls of the place ask, and the clocks and gates of the runs
	next  memlog.Fault
	armed string // whose next append that is for
}

// sent is a call. The API executes it until its end and settle are over, or never: which
// of that is so is decided when somebody reads the order, or has the answer.
type sent struct {
	by     *run
	at     time.Time
	effect effect
}

type effect int

const (
	undecided effect = iota
	executed
	never
)

// late reports whether the call is not executed any more if it was not until now.
func (s *sent) late() bool { return time.Since(s.at) >= modelCall+s.by.w.scenario.settle }

// shipped is what a read of the order shows, if that is decided.
func (w *world) shipped() bool {
	return slices.ContainsFunc(w.calls, func(s *sent) bool { return s.effect == executed })
}

// twice reports whether two calls can have been executed, or still can be.
func (w *world) twice() bool {
	n := 0
	for _, s := range w.calls {
		if s.effect != never {
			n++
		}
	}
	return n > 1
}

// event is one thing that can happen.
type event struct {
	name string
	do   func()
}

var open = func() chan struct{} { c := make(chan struct{}); close(c); return c }

func newWorld(t *testing.T, dir string, s scenario) *world {
	w := &world{t: t, scenario: s, dir: filepath.Join(dir, strings.ReplaceAll(s.name, " ", "-")), left: map[fault]bool{}}
	for _, f := range s.faults {
		w.left[f] = true
	}
	begun := newShop(t)
	w.store, w.lineage = begun.Store, begun.lineage
	for _, name := range []string{"A", "B"} {
		w.runs = append(w.runs, w.newRun(name))
	}
	w.store.SetFaults(w.fault)
	return w
}

// suspend stops the process and its steady clock.
func (w *world) suspend(r *run) {
	w.mu.Lock()
	r.slept = time.Now()
	w.mu.Unlock()
	w.stop(r)
}

// fault is asked for each call of a place. A process that is stopped makes none.
func (w *world) fault(c memlog.Call) memlog.Fault {
	for _, r := range append(slices.Clone(w.runs), w.third) {
		if r == nil || r.name != c.Machine {
			continue
		}
		w.mu.Lock()
		gate := r.gate
		w.mu.Unlock()
		<-gate
		w.mu.Lock()
		dead := r.dead
		w.mu.Unlock()
		if dead {
			return memlog.Fault{Err: errors.New("the process is gone")}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var f memlog.Fault
	if c.Method == "Append" && w.armed == c.Machine {
		w.armed, f = "", w.next
	}
	f.Before = latency[c.Machine]
	return f
}

// latency keeps two calls from being made at one moment: which comes first is an event,
// and no accident.
var latency = map[string]time.Duration{"A": 7 * time.Millisecond, "B": 11 * time.Millisecond, "C": 13 * time.Millisecond}

// arm makes the next append of a run go wrong.
func (w *world) arm(r *run, f memlog.Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next, w.armed = f, r.name
}

func (w *world) end() {
	for _, r := range append(slices.Clone(w.runs), w.third) {
		if r != nil {
			w.wake(r)
			r.kill()
		}
	}
	for _, p := range w.store.Parked() {
		_ = p.Execute()
	}
	time.Sleep(eventTime)
	synctest.Wait()
	for _, r := range append(slices.Clone(w.runs), w.third) {
		if r != nil {
			select {
			case got := <-r.locking: // it was acquired in the last moment
				if l, ok := got.lease.(*lease); ok {
					l.abort()
				}
			default:
			}
			_ = r.backend.Close()
		}
	}
	_ = os.RemoveAll(w.dir)
}

// settle waits until nothing happens any more by itself, and takes up leases that
// were acquired.
func (w *world) settle() {
	time.Sleep(eventTime)
	synctest.Wait()
	for _, r := range append(slices.Clone(w.runs), w.third) {
		if r == nil || r.pc != waiting {
			continue
		}
		select {
		case got := <-r.locking:
			r.locked(got)
			time.Sleep(eventTime)
			synctest.Wait()
		default:
		}
	}
}

func (w *world) wake(r *run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-r.gate:
	default:
		close(r.gate)
	}
	r.asleep, r.slept = r.standsStillLocked(), time.Time{}
}

func (w *world) stop(r *run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.gate = make(chan struct{})
}

// fingerprint is what the rest of a history depends on.
func (w *world) fingerprint() string {
	var b strings.Builder
	for _, raw := range w.store.Records() {
		switch kind := sharedlog.Kind(raw.Kind); kind {
		case sharedlog.Acquire, sharedlog.Release, sharedlog.Break:
			fmt.Fprintf(&b, "%s ", kind)
		case sharedlog.Lines, sharedlog.Late:
			fmt.Fprintf(&b, "%s%d%d ", kind, strings.Count(string(raw.Data), "intent"), strings.Count(string(raw.Data), "done"))
		}
	}
	for _, r := range append(slices.Clone(w.runs), w.third) {
		if r == nil {
			continue
		}
		fmt.Fprintf(&b, "| %s %d %v %v %v %v %s %s ", r.name, r.pc, r.stopped(), r.foreign, r.known, r.released, ticks(r.setBy()), ticks(r.standsStill()))
		if l := r.lease; l != nil && r.pc != ended {
			l.mu.Lock()
			began, lost := l.began, l.lost != nil
			l.mu.Unlock()
			steady := l.b.clock.Steady().Sub(l.terms.Acquired)
			fmt.Fprintf(&b, "%d %v %v %s %s %s", l.epoch, lost, l.b.log.Unclear(), ticks(min(l.b.clock.most(began), l.certain)),
				ticks(min(steady, l.terms.Quiet)), ticks(min(steady, l.terms.Settle)))
		}
		if r.pc == waiting {
			r.waiter.mu.Lock()
			fmt.Fprintf(&b, "waits %s", ticks(min(r.waiter.clock.least(r.waiter.since), r.waiter.lease)))
			r.waiter.mu.Unlock()
		}
	}
	for _, s := range w.calls {
		fmt.Fprintf(&b, "| %s %v %s ", s.by.name, s.effect, ticks(min(time.Since(s.at), modelCall+w.scenario.settle)))
	}
	fmt.Fprint(&b, "| ", w.parked, w.left, w.armed)
	return b.String()
}
