package apply_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
)

const sixMinutes = 6 * time.Minute

// cancelAll cancels the orders N-0 to N-(n-1), as their marketplace would.
func (w *world) cancelAll(n int) {
	cancelled := sandbox.StatusCanceled
	for i := range n {
		if err := w.api.Drift(sandbox.Drift{Order: orderName(i), Status: &cancelled}); err != nil {
			w.t.Error(err)
		}
	}
}

func orderName(i int) string { return "N-" + string(rune('0'+i)) }

// assertHeldBack fails the test unless nothing was written and each of the n
// orders is held back with the parcel that must be pulled.
func (w *world) assertHeldBack(r *apply.Result, err error, n int) {
	w.t.Helper()
	if err != nil || r.Counts[apply.HeldBack] != n {
		w.t.Fatalf("%v, %+v, stopped %q, want %d held back", err, r.Counts, r.Stopped, n)
	}
	for _, item := range r.Items {
		if !strings.Contains(item.Message, "PULL PARCEL "+item.Tracking) {
			w.t.Errorf("%s: %q", item.Order.SourceNumber, item.Message)
		}
	}
	if got := w.executed(); len(got) > 0 {
		w.t.Errorf("written on an old read: %v", got)
	}
}

// A call that waits for the limit waits for as long as the API says: all six
// are refused at first, and the first one of the second try makes the others
// wait once more. Orders that are cancelled meanwhile are not shipped.
func TestOrdersCancelledDuringLongPausesAreNotShipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 6
		w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "300", Times: orders + 1},
		}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, orders)
		time.AfterFunc(time.Second, func() { w.cancelAll(orders) })
		r, err := w.apply(t.Context())
		w.assertHeldBack(r, err, orders)
	})
}

// wallClock is a wall clock that goes its own way.
type wallClock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *wallClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *wallClock) shift(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += by
}

// However the time passes between a read and its call, on whichever clock, the
// call does not rest on the read when it has become old.
func TestNoCallRestsOnAReadFromBeforeAStop(t *testing.T) {
	stops := map[string]func(*wallClock){
		"the process was stopped":                              func(*wallClock) { time.Sleep(sixMinutes) },
		"the machine slept":                                    func(wall *wallClock) { wall.shift(sixMinutes) },
		"the process was stopped and the clock was set back":   func(wall *wallClock) { time.Sleep(sixMinutes); wall.shift(-time.Hour) },
		"four minutes as a process, two more on a machine off": func(wall *wallClock) { time.Sleep(4 * time.Minute); wall.shift(2 * time.Minute) },
	}
	for name, stop := range stops {
		t.Run(name+" while a call waited for the limit", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, 1)
				wall := new(wallClock)
				var stopped atomic.Bool
				intents := 0
				w.tune = func(o *apply.Options) {
					o.Wall = wall.now
					o.Journal = &watchedJournal{Journal: o.Journal, intend: func(state.Intent) error { intents++; return nil }}
					w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 1, Sleep: func(ctx context.Context, d time.Duration) error {
						time.Sleep(d)
						if stopped.CompareAndSwap(false, true) {
							stop(wall)
							w.cancelAll(1)
						}
						return ctx.Err()
					}}
					o.APIs["main"] = w.client()
				}
				r, err := w.apply(t.Context())
				w.assertHeldBack(r, err, 1)
				if intents > 0 {
					t.Error("an intent was written for a call that could not be made")
				}
			})
		})
		t.Run(name+" while the intent was written", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, 1)
				wall := new(wallClock)
				w.tune = func(o *apply.Options) {
					o.Wall = wall.now
					o.Journal = &watchedJournal{Journal: o.Journal, intend: func(state.Intent) error {
						stop(wall)
						w.cancelAll(1)
						return nil
					}}
				}
				r, err := w.apply(t.Context())
				w.assertHeldBack(r, err, 1)
				if r.Calls != 0 {
					t.Errorf("%d calls were counted", r.Calls)
				}
			})
		})
	}
}

// A deadline that passes while the process is stopped or the machine sleeps is
// past: the call that waited is not sent, whatever wakes up first.
func TestNoCallIsSentAfterTheDeadline(t *testing.T) {
	for name, stop := range map[string]func(*wallClock){
		"the process was stopped": func(*wallClock) { time.Sleep(4 * time.Minute) },
		"the machine slept":       func(wall *wallClock) { wall.shift(4 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, 3)
				wall := new(wallClock)
				w.tune = func(o *apply.Options) {
					o.Wall, o.Deadline, o.Parallelism = wall.now, 3*time.Minute, 1
					var stopped atomic.Bool
					w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 1, Sleep: func(ctx context.Context, d time.Duration) error {
						time.Sleep(d)
						if stopped.CompareAndSwap(false, true) {
							stop(wall)
						}
						return nil // the machine is faster than the timer of the deadline
					}}
					o.APIs["main"] = w.client()
				}
				r, err := w.apply(t.Context())
				if err != nil || len(w.executed()) > 0 || !strings.Contains(r.Stopped, "deadline") || r.Interrupted {
					t.Errorf("%v, executed %v, %+v, stopped %q", err, w.executed(), r.Counts, r.Stopped)
				}
			})
		})
	}
}

// A read that is old when its turn comes is made again, and the change goes out
// where nothing came of it.
func TestAStoppedRunSendsWhatIsStillRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 3)
		var stopped atomic.Bool
		w.tune = func(o *apply.Options) {
			o.Journal = &watchedJournal{Journal: o.Journal, intend: func(state.Intent) error {
				if stopped.CompareAndSwap(false, true) {
					time.Sleep(sixMinutes)
				}
				return nil
			}}
		}
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() || r.Counts[apply.Applied] != 3 || r.Rereads == 0 {
			t.Fatalf("%v, %+v, %d reread", err, r.Counts, r.Rereads)
		}
		w.assertShipped(0, 3)
		w.assertNothingTwice()
	})
}
