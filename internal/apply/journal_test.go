package apply_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state"
)

var errDisk = errors.New("no space left on device")

// watchedJournal looks on, and fails where it is told to.
type watchedJournal struct {
	apply.Journal
	intend func(state.Intent) error
	record func(state.IntentID, state.Outcome) error
}

func (j *watchedJournal) Intend(in state.Intent) (uint64, error) {
	if j.intend != nil {
		if err := j.intend(in); err != nil {
			return 0, err
		}
	}
	return j.Journal.Intend(in)
}

func (j *watchedJournal) RecordOutcome(id state.IntentID, out state.Outcome) error {
	if j.record != nil {
		if err := j.record(id, out); err != nil {
			return err
		}
	}
	return j.Journal.RecordOutcome(id, out)
}

// When an intent is written, its call has not been made; when it can't be
// written, no call is made at all.
func TestNothingIsSentThatIsNotInTheJournal(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 3, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
			shipAll(w, 0, 3)
			intents := 0
			w.tune = func(o *apply.Options) {
				o.Parallelism = 1
				o.Journal = &watchedJournal{Journal: o.Journal, intend: func(state.Intent) error {
					if sent := len(w.api.Ledger()); sent != intents {
						t.Errorf("%d calls took effect at intent %d", sent, intents+1)
					}
					if fails {
						return errDisk
					}
					intents++
					return nil
				}}
			}
			r, err := w.apply(t.Context())
			switch {
			case !fails && (err != nil || intents != 3 || !r.Clean()):
				t.Errorf("%v, %d intents, %+v", err, intents, r)
			case fails && (!errors.Is(err, errDisk) || r.Calls != 0 || r.Counts[apply.NotReached] != 3 || len(w.api.Ledger()) != 0):
				t.Errorf("%v, %d calls, %d took effect, %+v", err, r.Calls, len(w.api.Ledger()), r.Counts)
			}
		})
	}
}

// An answer that can't be written down ends the run, and is told; the next run
// finds out by itself.
func TestAnOutcomeThatCantBeRecordedStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 5)
		w.tune = func(o *apply.Options) {
			o.Parallelism = 1
			o.Journal = &watchedJournal{Journal: o.Journal, record: func(state.IntentID, state.Outcome) error { return errDisk }}
		}
		r, err := w.apply(t.Context())
		if !errors.Is(err, errDisk) || len(r.Unrecorded) != 1 || r.Counts[apply.Unknown] != 1 || len(w.api.Ledger()) != 1 {
			t.Errorf("%v, %d took effect, %+v", err, len(w.api.Ledger()), r)
		}
		w.tune = nil
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("the next run: %v, %+v", err, r)
		}
		w.assertShipped(0, 5)
		w.assertNothingTwice()
	})
}

// An answer that came when the lease was lost is not lost with it, and nobody is asked to
// write it down.
func TestAnOutcomeThatIsKeptIsNotToldAsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 5, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 5)
		w.tune = func(o *apply.Options) {
			o.Parallelism = 1
			o.Journal = &watchedJournal{Journal: o.Journal, record: func(state.IntentID, state.Outcome) error {
				return &state.KeptError{Err: errDisk}
			}}
		}
		r, err := w.apply(t.Context())
		if !errors.Is(err, errDisk) || len(r.Unrecorded) != 0 || r.Counts[apply.Unknown] != 1 || len(w.api.Ledger()) != 1 {
			t.Errorf("%v, %d took effect, %+v", err, len(w.api.Ledger()), r)
		}
		for _, item := range r.Items {
			if !strings.Contains(item.Message, "it is kept on this machine, and recorded late") {
				t.Errorf("%q", item.Message)
			}
		}
	})
}

// Calls that a run left without an outcome wait for the whole of their time in
// the next run, from its beginning on and all at once, whatever the clocks say:
// it is not known by how much they differ. Nothing is sent for the orders before.
func TestCallsOfAnEarlierRunWaitFirst(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"the clock is right": 0, "the clock was behind": -time.Hour, "the clock was a day ahead": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const orders, cut = 8, 6
				late := cut
				w := newWorld(t, orders, sandbox.Options{
					Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Times: cut}},
					ExecuteLate: func() time.Duration {
						if late--; late >= 0 {
							return 90 * time.Second
						}
						return 0
					},
				}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, orders)
				w.tune = func(o *apply.Options) { o.Now = func() time.Time { return time.Now().Add(ahead) } }
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				r, err := w.apply(ctx)
				if err != nil || !r.Interrupted || r.Counts[apply.Unknown] != cut {
					t.Fatalf("the first run: %v, %+v", err, r)
				}
				w.tune = nil
				start := time.Now()
				r, err = w.apply(t.Context())
				if err != nil || !r.Clean() || r.Calls != 0 {
					t.Errorf("the second run: %v, %d calls, %+v", err, r.Calls, r.Items)
				}
				if took := time.Since(start); took != 2*time.Minute {
					t.Errorf("reread after %s, want 2 minutes", took)
				}
				w.assertShipped(0, orders)
				w.assertNothingTwice()
			})
		})
	}
}

// A process that is stopped while a call is under way learns late that no answer
// came, and the call may have left just before: its waiting time begins then.
func TestACallWaitsFromWhenItsAnswerIsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 1)
		w.wire = &stoppedLine{api: w.api.Transport(), before: 4 * time.Minute, executes: time.Minute}
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		time.Sleep(time.Hour) // nothing is still to come
		w.assertShipped(0, 1)
		w.assertNothingTwice()
	})
}

// stoppedLine stops the first write's process before the bytes leave, and cuts
// the connection right after, while the server goes on with it for some time.
type stoppedLine struct {
	api              http.RoundTripper
	before, executes time.Duration
	once             sync.Once
}

func (l *stoppedLine) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	first := false
	if strings.HasSuffix(r.URL.Path, "/UpdateStatus") {
		l.once.Do(func() { first = true })
	}
	if !first {
		return l.api.RoundTrip(r)
	}
	time.Sleep(l.before)
	later := r.Clone(context.WithoutCancel(r.Context()))
	time.AfterFunc(l.executes, func() {
		if resp, err := l.api.RoundTrip(later); err == nil {
			_ = resp.Body.Close()
		}
	})
	return nil, io.EOF
}
