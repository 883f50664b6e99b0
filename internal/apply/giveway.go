package apply

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/state"
)

// A state that several machines share is asked for by other runs. This one goes on
// until its window is sent, and leaves what is behind that to its next turn: changes,
// and calls whose outcome it could only wait for.

// giveWay reports whether nothing more is taken up, because another run waits.
func (r *run) giveWay() bool {
	if r.leaves() {
		return true
	}
	if !r.Journal.Wanted() {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.givesWay {
		r.givesWay = true
		time.AfterFunc(windows*r.Journal.Terms().Span, r.leave)
		r.sendLocked(Event{Type: Progress, Message: "another run waits for the state: it goes first"})
	}
	return true
}

// leaves reports whether giveWay was decided.
func (r *run) leaves() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.givesWay
}

// windows is how many windows a run that gives way may still send at most: one that is
// sent, and one that is written down. What waits for longer, as for a pause that the API
// asked for, is not sent.
const windows = 3

// over reports whether nothing is sent any more in this turn.
func (r *run) over() bool { return r.soft.Err() != nil || r.gone.Err() != nil }

// leavable is a context for reads that nobody needs once this turn is over.
func (r *run) leavable(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	stop := context.AfterFunc(r.gone, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

// hasWork reports whether another run would have to wait for this lane for more than
// what is under way.
func (l *lane) hasWork() bool {
	return l.terms.Window > 0 && l.undone > 0
}

// asks reports whether it is time to ask if another run waits: a lane that only waits
// itself writes no windows, before which that is asked.
func (l *lane) asks() bool {
	if !l.hasWork() || l.askPause() > 0 {
		return false
	}
	l.asked = l.run.Now()
	return true
}

// askPause is how long that is not asked again.
func (l *lane) askPause() time.Duration {
	return max(0, l.terms.Span/windowAsks-l.run.Now().Sub(l.asked))
}

// windowAsks is how often it is asked in the time of a window.
const windowAsks = 6

// keepFound notes for the next turn since when an open call of this one waits.
func (l *lane) keepFound(t *task) {
	if !t.inherited && !t.notBefore.IsZero() {
		l.run.foundAt(t.open.Ident(), t.notBefore.Add(-l.settle()))
	}
}

// settle is how long open calls of other processes wait, and of former turns.
func (l *lane) settle() time.Duration { return max(l.terms.Settle, l.account.Settle) }

// foundAt is when an open call was found first by this process, which held the lease:
// began, unless a turn before this one found it. Between its turns other runs have the
// lease, and would begin to wait again; the call's maker is gone all the same.
func (r *run) foundAt(id state.IntentID, began time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.Found[id]; ok {
		return at
	}
	if r.Found == nil {
		r.Found = map[state.IntentID]time.Time{}
	}
	r.Found[id] = began
	return began
}
