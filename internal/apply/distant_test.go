package apply_test

import (
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// distant is a session of a state far away: writing intents down takes time, and so
// may be lost the right to it.
type distant struct {
	apply.Journal
	// formerFirst has the run that made a call record its outcome late, just before
	// this one does that found it out.
	formerFirst bool
	terms       backend.Terms
	latency     time.Duration // of each append
	pace        time.Duration // between two appends

	writing sync.Mutex // one append at a time
	next    time.Time  // when the place takes the next one

	mu       sync.Mutex // guards what follows
	lost     error      // what Held answers
	wanted   bool
	deaf     bool // outcomes are lost with the machine
	windows  [][]state.Intent
	outcomes map[order.Result]int
	busy     time.Time     // until when the holder is known to do something
	idle     time.Duration // the longest time that it was not
	intend   func([]state.Intent) error
	arrived  func(state.Intent) bool // a former run recorded an outcome for that order
}

const lease = 3 * time.Minute

// newDistant is behind a release, as it is without a crash.
func newDistant(j apply.Journal) *distant {
	now := time.Now()
	return &distant{
		Journal: j, latency: 500 * time.Millisecond, outcomes: map[order.Result]int{}, busy: now,
		terms: backend.Terms{Window: 64, Span: 30 * time.Second, Patience: 5 * time.Minute, Acquired: now, Settle: 2 * time.Minute, Lossy: true},
	}
}

// takenOver is behind a holder that is gone.
func (d *distant) takenOver() *distant {
	d.terms.Quiet = d.terms.Settle
	return d
}

// far lets the world's runs keep their state far away.
func (w *world) far(change func(*distant)) {
	tune := w.tune
	w.tune = func(o *apply.Options) {
		if tune != nil {
			tune(o)
		}
		d := newDistant(o.Journal)
		o.Journal, w.distant = d, d
		if change != nil {
			change(d)
		}
	}
}

func (d *distant) Terms() backend.Terms { return d.terms }

func (d *distant) IntendWindow(window []state.Intent) ([]state.Intent, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	pass(time.Until(d.next))
	d.next = time.Now().Add(d.pace)
	pass(d.latency)
	if d.intend != nil {
		if err := d.intend(window); err != nil {
			return nil, err
		}
	}
	made, err := d.Journal.IntendWindow(window)
	if err != nil {
		return nil, err
	}
	for i := range made {
		if made[i].Seq > 0 && d.arrived != nil && d.arrived(made[i]) {
			if err := d.Journal.RecordOutcome(made[i].Ident(), state.Outcome{Result: order.NotExecuted}); err != nil {
				return nil, err
			}
			made[i].Seq = 0
		}
	}
	d.mu.Lock()
	d.windows = append(d.windows, made)
	d.mu.Unlock()
	return made, nil
}

func (d *distant) RecordOutcome(id state.IntentID, out state.Outcome) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outcomes[out.Result]++
	if d.deaf {
		return nil
	}
	if out.ReadBack && d.formerFirst {
		was := state.Outcome{Result: order.NotSent}
		if out.Result == order.Done {
			was.Result = order.Done
		}
		if err := d.Journal.RecordOutcome(id, was); err != nil {
			return err
		}
	}
	return d.Journal.RecordOutcome(id, out)
}

func (d *distant) Held() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost
}

func (d *distant) lose(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost = err
}

func (d *distant) Wanted() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wanted
}

func (d *distant) Busy(wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	d.idle = max(d.idle, now.Sub(d.busy))
	if until := now.Add(wait); until.After(d.busy) {
		d.busy = until
	}
}

// written is how many intents were written down.
func (d *distant) written() (n int) {
	for _, w := range d.windows {
		n += len(w)
	}
	return n
}
