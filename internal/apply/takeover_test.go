package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
)

// firstWrite is how long after began the sandbox executed something first.
func (w *world) firstWrite(began time.Time) time.Duration {
	first := time.Duration(-1)
	for _, write := range w.api.Ledger() {
		if after := write.ReceivedAt.Sub(began); after >= 0 && (first < 0 || after < first) {
			first = after
		}
	}
	return first
}

// After a take-over nothing is written until the quiet time has passed, also where no
// call is open: the record of one can be lost. It is counted from the acquire, and
// people know what is waited for, and until when.
func TestNothingIsWrittenRightAfterATakeover(t *testing.T) {
	for _, planning := range []time.Duration{0, time.Minute, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 3, sandbox.Options{}, account("timezone = \"America/New_York\"\n")+shipAll(nil, 0, 0))
			shipAll(w, 0, 3)
			w.far(func(d *distant) {
				d.takenOver()
				time.Sleep(planning)
			})
			began := time.Now()
			r, err := w.apply(t.Context())
			if err != nil || !r.Clean() || r.Counts[apply.Applied] != 3 {
				t.Fatalf("%v, %+v", err, r)
			}
			want := max(2*time.Minute, planning)
			if got := w.firstWrite(began); got < want || got > want+5*time.Second {
				t.Errorf("planned for %s: written after %s, want %s", planning, got, want)
			}
			said := 0
			for _, e := range w.events {
				until := began.Add(2 * time.Minute).In(time.FixedZone("EST", -5*3600)).Format("until 15:04")
				if e.Type == apply.Progress && strings.Contains(e.Message, "did not end properly") && strings.Contains(e.Message, until) {
					said++
				}
			}
			if wants := planning < want; (said == 1) != wants {
				t.Errorf("planned for %s: said %d times what is waited for", planning, said)
			}
		})
	}
}

// loseMachine ships n orders in a world whose machine is lost after some calls were
// accepted: all that it had written down stays open.
func loseMachine(t *testing.T, n int, hcl string, o sandbox.Options) *world {
	t.Helper()
	w := newWorld(t, n, o, hcl)
	shipAll(w, 0, n)
	w.limit.Burst, w.limit.PerSecond = 1, 2
	w.far(func(d *distant) { d.deaf = true })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := w.apply(ctx)
	if err != nil || len(w.api.Ledger()) == 0 || len(w.api.Ledger()) == n {
		t.Fatalf("%v, %+v, %d accepted", err, r, len(w.api.Ledger()))
	}
	w.tune = nil
	return w
}

// A machine is lost in a window: the API accepted calls whose answers nobody has, and
// reads show them late. Nothing is repeated before read_lag; then what was done is
// found, and the rest is sent, each order once.
func TestAMachineIsLostInAWindow(t *testing.T) {
	for _, lag := range []time.Duration{0, time.Minute, 10 * time.Minute, 20 * time.Minute, 24 * time.Minute} {
		t.Run(lag.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const orders = 100
				w := loseMachine(t, orders, account("read_lag = \"25m\"\n")+shipAll(nil, 0, 0), sandbox.Options{ReadLag: lag})
				accepted := len(w.api.Ledger())
				open := w.distant.written()
				w.far(func(d *distant) { d.takenOver() })
				// It is ended while it waits, with what it found so far.
				ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
				defer cancel()
				r, err := w.apply(ctx)
				if err != nil || !r.Interrupted || r.Counts[apply.Unknown] == 0 {
					t.Fatalf("%v, %+v", err, r.Counts)
				}
				for _, item := range r.Items {
					if item.Result == apply.Unknown && !strings.HasSuffix(item.Message, "after "+time.Now().Add(25*time.Minute).UTC().Format("15:04 MST")) {
						t.Errorf("%s: %q does not say when", item.Address, item.Message)
					}
				}
				if got := len(w.api.Ledger()); got != orders-open+accepted {
					t.Errorf("%d of %d were sent, want those that were not open", got-accepted, orders)
				}
				w.assertNothingTwice()

				began := time.Now()
				r, err = w.apply(t.Context())
				if err != nil || !r.Clean() {
					t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
				}
				w.assertShipped(0, orders)
				w.assertNothingTwice()
				if got := w.firstWrite(began); got < 25*time.Minute {
					t.Errorf("repeated after %s", got)
				}
				if w.distant.idle > 10*time.Minute {
					t.Errorf("the holder of the lease said nothing for %s", w.distant.idle)
				}
				assertNothingOpen(t, w)
			})
		})
	}
}

// What a read shows as done is believed at once, and other orders are worked on, while
// the rest waits. The progress says until when.
func TestDoneIsBelievedBeforeReadLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 100
		w := loseMachine(t, orders, account("timezone = \"UTC\"\n")+shipAll(nil, 0, 0), sandbox.Options{})
		accepted, open := len(w.api.Ledger()), w.distant.written()
		w.far(func(d *distant) { d.takenOver() })
		began := time.Now()
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() {
			t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
		early, told := 0, 0
		for _, e := range w.events {
			switch {
			case e.At.Before(began):
			case e.Type == apply.ChangeDone && e.At.Before(began.Add(5*time.Minute)):
				early++
			case e.Type == apply.ChangeUnknown && strings.Contains(e.Message, "can be repeated after "+began.Add(15*time.Minute).UTC().Format("15:04 MST")):
				told++
			}
		}
		if early != accepted+orders-open || told != open-accepted {
			t.Errorf("%d done early, want %d; %d told to wait, want %d", early, accepted+orders-open, told, open-accepted)
		}
		w.assertShipped(0, orders)
		w.assertNothingTwice()
	})
}

// The larger settle counts, of this account and of the holders before.
func TestOpenCallsOfOthersWaitForTheLargerSettle(t *testing.T) {
	for own, want := range map[string]time.Duration{"30s": 2 * time.Minute, "6m": 6 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			w := loseMachine(t, 70, account(fmt.Sprintf("settle = %q\n", own))+shipAll(nil, 0, 0), sandbox.Options{})
			var mu sync.Mutex
			first := time.Duration(0)
			began := time.Now()
			w.tune = func(o *apply.Options) {
				o.Journal = &watchedJournal{Journal: o.Journal, record: func(_ state.IntentID, out state.Outcome) error {
					mu.Lock()
					defer mu.Unlock()
					if out.ReadBack && first == 0 {
						first = time.Since(began)
					}
					return nil
				}}
			}
			w.far(func(d *distant) { d.takenOver() })
			if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
				t.Fatalf("%v, %+v", err, r)
			}
			if first < want || first > want+time.Minute {
				t.Errorf("settle %s: the first was reread after %s, want %s", own, first, want)
			}
		})
	}
}

// A repeat has an intent of its own, and says what it repeats.
func TestARepeatIsWrittenDownBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := loseMachine(t, 70, account("")+shipAll(nil, 0, 0), sandbox.Options{})
		open := w.distant.written() - len(w.api.Ledger())
		w.far(func(d *distant) {
			d.takenOver()
			d.intend = func(window []state.Intent) error {
				for _, in := range window {
					if w.executed()[in.Ref.SourceNumber+" ship shipped"] > 0 {
						return errors.New("it was sent before")
					}
				}
				return nil
			}
		})
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		repeats := 0
		for _, window := range w.distant.windows {
			for _, in := range window {
				if in.Repeated && in.Sending == 2 && in.Action == order.Ship {
					repeats++
				}
			}
		}
		if repeats != open {
			t.Errorf("%d repeats are written down, want %d", repeats, open)
		}
	})
}

// The former run comes back, and records by itself what became of its calls, each just
// before the one that took over does. That is no reason to stop.
func TestTheFormerRunRecordsAnOutcomeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 40
		w := loseMachine(t, orders, account("")+shipAll(nil, 0, 0), sandbox.Options{})
		w.far(func(d *distant) {
			d.takenOver()
			d.formerFirst = true
		})
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() {
			t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
		w.assertShipped(0, orders)
		w.assertNothingTwice()
		assertNothingOpen(t, w)
	})
}

// The former run comes back and records at once what became of its calls, and no read
// shows that they had an effect. Its word is enough.
func TestTheFormerRunsWordIsEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 40
		w := loseMachine(t, orders, account("")+shipAll(nil, 0, 0), sandbox.Options{ReadLag: 10 * time.Hour})
		var accepted []string
		for _, write := range w.api.Ledger() {
			accepted = append(accepted, write.Order)
		}
		w.far(func(d *distant) {
			d.takenOver()
			time.AfterFunc(time.Minute, func() {
				st, _, err := w.store().Read()
				if err != nil {
					t.Error(err)
				}
				for in := range st.OpenIntents() {
					result := order.NotSent
					if slices.Contains(accepted, in.ID) {
						result = order.Done
					}
					if err := d.Journal.RecordOutcome(in.Ident(), state.Outcome{Result: result}); err != nil {
						t.Error(err)
					}
				}
			})
		})
		r, err := w.apply(t.Context())
		if err != nil || !r.Clean() {
			t.Fatalf("%v, %+v, %+v", err, r.Counts, r.Items)
		}
		w.assertShipped(0, orders)
		w.assertNothingTwice()
		assertNothingOpen(t, w)
	})
}
