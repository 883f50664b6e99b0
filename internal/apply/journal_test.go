package apply_test

import (
	"context"
	"errors"
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
	settle func(state.IntentID, state.Outcome) error
}

func (j *watchedJournal) Intend(in state.Intent) (uint64, error) {
	if j.intend != nil {
		if err := j.intend(in); err != nil {
			return 0, err
		}
	}
	return j.Journal.Intend(in)
}

func (j *watchedJournal) Settle(id state.IntentID, out state.Outcome) error {
	if j.settle != nil {
		if err := j.settle(id, out); err != nil {
			return err
		}
	}
	return j.Journal.Settle(id, out)
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
			case fails && (!errors.Is(err, errDisk) || r.Calls != 0 || r.Counts[apply.Left] != 3 || len(w.api.Ledger()) != 0):
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
			o.Journal = &watchedJournal{Journal: o.Journal, settle: func(state.IntentID, state.Outcome) error { return errDisk }}
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

// A run that is interrupted while a call waits to settle leaves the rest of the
// wait to the next one, which sends nothing for the order before.
func TestACallOfAnEarlierRunSettlesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		w := newWorld(t, 2, sandbox.Options{
			Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutAfter, Nth: 1}},
			ExecuteLate: func() time.Duration {
				if first {
					first = false
					return 90 * time.Second
				}
				return 0
			},
		}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 2)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r, err := w.apply(ctx)
		if err != nil || !r.Interrupted || r.Counts[apply.Unknown] != 1 {
			t.Fatalf("the first run: %v, %+v", err, r)
		}
		r, err = w.apply(t.Context())
		if err != nil || !r.Clean() || r.Calls != 0 {
			t.Errorf("the second run: %v, %d calls, %+v", err, r.Calls, r.Items)
		}
		if took := time.Since(start); took != 2*time.Minute {
			t.Errorf("read back %s after the call, want 2 minutes", took)
		}
		w.assertShipped(0, 2)
		w.assertNothingTwice()
	})
}
