package apply_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// A store's latency costs nothing: the next window is written down while one is sent.
// And what comes after a window's append is no bunch that overflows the API's bucket.
// A small bucket shows it: no time that was lost is made up for by what leaked.
func TestWritingIntentsFarAwayCostsNoTime(t *testing.T) {
	for name, c := range map[string]struct {
		latency, pace time.Duration
		orders, burst int
	}{
		"500 ms":                  {500 * time.Millisecond, 0, manyOrders, 50},
		"an append in 10 seconds": {2 * time.Second, 10 * time.Second, manyOrders, 50},
		"10 seconds an append":    {10 * time.Second, 0, 1500, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				orders := c.orders
				w := limited(t, orders, 2)
				w.limit.Burst = c.burst
				w.wire = newLine(w.api.Transport(), 500*time.Millisecond)
				w.far(func(d *distant) { d.latency, d.pace = c.latency, c.pace })
				began := time.Now()
				r, err := w.apply(t.Context())
				took := time.Since(began)
				if c.burst < 50 {
					took -= c.latency // the first window is waited for
				}
				if err != nil || r.Counts[apply.Applied] != orders {
					t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
				}
				w.assertNothingTwice()
				calls, refused := w.calls()
				least := time.Duration(calls-c.burst) * time.Second / 2
				t.Logf("%d calls in %s, %.2f %% more than the limit takes; %d windows, %d reread, not sent %d",
					calls, took, 100*(took.Seconds()/least.Seconds()-1), len(w.distant.windows), r.Rereads, w.distant.outcomes[order.NotSent])
				if took > least*101/100 || refused > 0 || w.distant.outcomes[order.NotSent]*100 > orders || r.Rereads*50 > calls {
					t.Errorf("%s, want at most %s; %d calls refused; %d not sent; %d of %d calls reread",
						took, least*101/100, refused, w.distant.outcomes[order.NotSent], r.Rereads, calls)
				}
			})
		})
	}
}

// acknowledgeAndShip wants both of orders 0 to n-1.
func acknowledgeAndShip(w *world, n int) {
	var csv strings.Builder
	csv.WriteString("Order,Number,Tracking\n")
	for i := range n {
		fmt.Fprintf(&csv, "N-%d,SO-%d,1Z%016d\n", i, i, i)
	}
	w.write("orders.csv", csv.String())
}

const acknowledgedBatch = `
batch "b" {
  rows            = csv("orders.csv")
  find            = { source = "Amazon", source_order_number = row["Order"] }
  order_number    = row["Number"]
  status          = "shipped"
  tracking_number = row["Tracking"]
  carrier         = "UPS"
}
`

// A window has at most so many calls and so much time of them, and one for an
// order: what waits for another call of the order comes later.
func TestAWindowHasOneCallForAnOrder(t *testing.T) {
	for _, c := range []struct {
		perSecond    float64
		most, orders int
	}{{0.01, 1, 2}, {2, 60, 20}, {2, 60, 150}, {50, 64, 150}} {
		synctest.Test(t, func(t *testing.T) {
			perSecond, most, orders := c.perSecond, c.most, c.orders
			w := newWorld(t, orders, sandbox.Options{}, account(fmt.Sprintf("rate_limit {\n limit_per_second = %g\n}\n", perSecond))+acknowledgedBatch)
			acknowledgeAndShip(w, orders)
			w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: perSecond}
			w.far(nil)
			r, err := w.apply(t.Context())
			if err != nil || !r.Clean() || r.Counts[apply.Applied] != 2*orders {
				t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
			}
			for _, window := range w.distant.windows {
				seen := map[string]bool{}
				for _, in := range window {
					if seen[in.ID] || in.Seq == 0 {
						t.Errorf("order %s twice in a window", in.ID)
					}
					seen[in.ID] = true
				}
				if len(window) > most {
					t.Errorf("a window of %d calls at %g a second, want at most %d", len(window), perSecond, most)
				}
			}
			w.assertNothingTwice()
		})
	}
}

// The API asks for a long pause in the middle of a window, and the next ten orders are
// cancelled meanwhile. What was written down is not sent on what was read before,
// however long it may wait otherwise.
func TestALongPauseInAWindow(t *testing.T) {
	for _, patience := range []time.Duration{5 * time.Minute, time.Hour} {
		synctest.Test(t, func(t *testing.T) { pauseInAWindow(t, patience) })
	}
}

func pauseInAWindow(t *testing.T, patience time.Duration) {
	const orders, first, cancelled = 60, 21, 10
	w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{
		{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "300", Nth: 21, Times: 1},
	}}, account("")+shipAll(nil, 0, 0))
	shipAll(w, 0, orders)
	w.tune = func(o *apply.Options) { o.Parallelism = 1 }
	w.far(func(d *distant) { d.terms.Patience = patience })
	time.AfterFunc(time.Minute, func() {
		status := sandbox.StatusCanceled
		for i := first; i < first+cancelled; i++ {
			if err := w.api.Drift(sandbox.Drift{Order: fmt.Sprintf("N-%d", i), Status: &status}); err != nil {
				t.Error(err)
			}
		}
	})
	r, err := w.apply(t.Context())
	if err != nil || r.Counts[apply.HeldBack] != cancelled || r.Counts[apply.Applied] != orders-cancelled || r.Throttled != 1 {
		t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
	}
	w.assertShipped(0, first)
	w.assertShipped(first+cancelled, orders)
	w.assertNothingTwice()
	if n := w.distant.outcomes[order.NotSent]; n < cancelled || w.distant.outcomes[order.Unknown] > 0 {
		t.Errorf("outcomes %v, want those that were not sent, and none that is unknown", w.distant.outcomes)
	}
	if w.distant.idle > 10*time.Minute {
		t.Errorf("the holder of the lease said nothing for %s", w.distant.idle)
	}
	assertNothingOpen(t, w)
}

// What was written down longer ago than is right is not sent, nor is the ship date
// that was chosen for it, although the reads that it rests on would still do.
func TestWhatWaitedTooLongIsWrittenDownAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders, patience = 60, time.Minute
		w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "100", Nth: 21, Times: 1},
		}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, orders)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		w.far(func(d *distant) { d.terms.Patience = patience })
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() || r.Counts[apply.Applied] != orders {
			t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
		if n := w.distant.outcomes[order.NotSent]; n < orders-21 {
			t.Errorf("%d were given up, want those that waited", n)
		}
		for _, write := range w.api.Ledger() {
			o, _ := w.api.Order(write.Order)
			if age := write.ReceivedAt.Sub(o.ShippedAt); age > patience+time.Second {
				t.Errorf("%s was sent with a ship date that had been chosen %s before", write.Order, age)
			}
		}
	})
}

// assertNothingOpen fails the test if calls are open in the state.
func assertNothingOpen(t *testing.T, w *world) {
	t.Helper()
	st, _, err := w.store().Read()
	if err != nil {
		t.Fatal(err)
	}
	for in := range st.OpenIntents() {
		t.Errorf("open: call %d for %s", in.Seq, in.Ref)
	}
}

// The first failure ends the run: of a window, one call is made, and the others are
// recorded as not sent.
func TestMaxFailuresInAWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 64
		w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{
			{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultSuccessFalse},
		}}, account("rate_limit {\n limit_per_second = 10\n}\n")+shipAll(nil, 0, 0))
		shipAll(w, 0, orders)
		w.tune = func(o *apply.Options) { o.Parallelism, o.MaxFailures = 1, 1 }
		w.far(nil)
		r, err := w.apply(t.Context())
		if err != nil || r.Calls != 1 || r.Counts[apply.Failed] != 1 || r.Counts[apply.NotReached] != orders-1 {
			t.Fatalf("%v, %d calls, %+v", err, r.Calls, r.Counts)
		}
		if got := w.distant.outcomes; got[order.NotSent] != orders-1 || got[order.Refused] != 1 {
			t.Errorf("outcomes %v, want one refused and 63 not sent", got)
		}
		assertNothingOpen(t, w)
	})
}

// An interrupted run sends nothing more, and leaves nothing open of what it had
// written down, in much less than the time that it is given.
func TestAnInterruptedWindow(t *testing.T) {
	for name, change := range map[string]func(*distant){
		"while it is sent": func(*distant) {}, "while it is written": func(d *distant) { d.latency = 4 * time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := limited(t, 200, 2)
				w.limit.Burst = 4
				w.far(change)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				began := time.Now()
				r, err := w.apply(ctx)
				if err != nil || !r.Interrupted || r.Counts[apply.Unknown] > 0 || r.Counts[apply.NotReached] == 0 {
					t.Fatalf("%v, %+v", err, r)
				}
				if took := time.Since(began); took > 13*time.Second {
					t.Errorf("it took %s to end", took-5*time.Second)
				}
				if w.distant.outcomes[order.NotSent] == 0 || w.distant.written() != w.distant.outcomes[order.NotSent]+w.distant.outcomes[order.Done] {
					t.Errorf("%d written down, outcomes %v", w.distant.written(), w.distant.outcomes)
				}
				assertNothingOpen(t, w)
			})
		})
	}
}

// A call that a former run has an outcome for by now is checked again before it is
// written down once more.
func TestWhatChangedWhileItWasWrittenIsCheckedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 3)
		first := true
		w.far(func(d *distant) {
			d.arrived = func(in state.Intent) bool {
				if !first || in.Ref.SourceNumber != "N-1" {
					return false
				}
				first = false
				w.cancelAll(2)
				return true
			}
		})
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.HeldBack] != 1 || r.Rereads == 0 {
			t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
		if n := w.executed()["N-1 ship shipped"]; n != 0 || first {
			t.Errorf("N-1 was sent on what was known before: %v", w.executed())
		}
		assertNothingOpen(t, w)
	})
}

// While it is not certain that the state is still this run's, nothing is sent; when
// it is so again, the run goes on. When it is lost, the run ends.
func TestNothingIsSentWithoutALease(t *testing.T) {
	for name, c := range map[string]struct {
		lost   error
		failed bool
	}{
		"uncertain for a minute": {&backend.UncertainError{Path: "s3", Reason: "no answer"}, false},
		"lost":                   {&backend.FencedError{Path: "s3", Reason: "taken over"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := limited(t, 60, 2)
				w.limit.Burst = 4
				w.far(nil)
				var at, sent atomic.Int64
				time.AfterFunc(10*time.Second, func() {
					w.distant.lose(c.lost)
					at.Store(int64(len(w.api.Ledger())))
				})
				time.AfterFunc(70*time.Second, func() {
					sent.Store(int64(len(w.api.Ledger())))
					w.distant.lose(nil)
				})
				r, err := w.apply(t.Context())
				time.Sleep(5 * time.Minute)
				if at.Load() == 0 || at.Load() != sent.Load() {
					t.Errorf("%d calls were sent before, %d at the end of it", at.Load(), sent.Load())
				}
				if (err != nil) != c.failed || !c.failed && r.Counts[apply.Applied] != 60 || c.failed && int64(r.Counts[apply.Applied]) != at.Load() {
					t.Errorf("%v, %+v", err, r.Counts)
				}
				w.assertNothingTwice()
				assertNothingOpen(t, w)
			})
		})
	}
}

// A run that another one waits for ends when its window is sent, with nothing open.
func TestARunGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 400
		w := limited(t, orders, 2)
		w.far(nil)
		time.AfterFunc(time.Minute, func() {
			w.distant.mu.Lock()
			defer w.distant.mu.Unlock()
			w.distant.wanted = true
		})
		began := time.Now()
		r, err := w.apply(t.Context())
		if err != nil || !r.GaveWay || r.Complete() || r.Interrupted || r.Counts[apply.Applied] == 0 || r.Counts[apply.Applied]+r.Counts[apply.NotReached] != orders {
			t.Fatalf("%v, %+v", err, r)
		}
		if took := time.Since(began); took > 2*time.Minute+10*time.Second || took < time.Minute {
			t.Errorf("it gave way after %s", took)
		}
		if w.distant.outcomes[order.NotSent] > 0 {
			t.Errorf("%d calls of its last window were not sent", w.distant.outcomes[order.NotSent])
		}
		assertNothingOpen(t, w)
		if r, err := w.apply(t.Context()); err != nil || !r.Complete() || r.GaveWay {
			t.Errorf("the next run: %v, %+v", err, r)
		}
		w.assertShipped(0, orders)
		w.assertNothingTwice()
	})
}
