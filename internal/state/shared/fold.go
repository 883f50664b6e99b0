package shared

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// fold is what the records of a log come to, beside the parts: who holds the
// lease, who wants it, and what the next holder must keep to. A snapshot holds it as
// it was before that.
type fold struct {
	Epoch    int64            `json:"epoch,omitempty"` // the number of the last acquire; 0: nobody ever held the lease
	Holder   sharedlog.Writer `json:"holder,omitzero"` // of that epoch
	LeaseMS  int64            `json:"lease_ms,omitempty"`
	SettleMS int64            `json:"settle_ms,omitempty"` // the largest that any holder named: its calls can still be open
	Timeline string           `json:"timeline,omitempty"`  // of the last acquire
	Ended    ending           `json:"ended,omitempty"`     // how that epoch ended
	LeftMS   int64            `json:"left_ms,omitempty"`   // of the last release, or of a recovery since: it is owed until another release says less
	Breaker  sharedlog.Writer `json:"breaker,omitzero"`    // of a break

	Wants     []want     `json:"wants,omitempty"`
	Snapshots []snapshot `json:"snapshots,omitempty"` // that were not trimmed, oldest first
	Begun     bool       `json:"begun,omitempty"`     // the orders were saved once
	Swept     time.Time  `json:"swept,omitzero"`

	Incoming *backend.Move `json:"incoming,omitempty"` // a state that is on its way here
	Received bool          `json:"received,omitempty"` // all of it is in the log
	Arrived  string        `json:"arrived,omitempty"`  // the ID of the move by which it came
	Former   []string      `json:"former,omitempty"`   // the places where it was before, the last one last
	Moved    *backend.Move `json:"moved,omitempty"`    // the state goes on elsewhere

	last sharedlog.Position // of the epoch: while others come, its holder lives
}

type ending string

const (
	released ending = "release"
	broken   ending = "break"
	carried  ending = "moved"
)

// want is somebody who waits for the lease.
type want struct {
	ID    string `json:"id"`
	Calls int    `json:"calls,omitempty"`
	Late  bool   `json:"late,omitempty"` // the lease was free once since
}

// snapshot is where a reader can begin.
type snapshot struct {
	N  int64     `json:"n"`
	At time.Time `json:"at"`
}

// held reports whether somebody holds the lease, as far as the log says.
func (f *fold) held() bool { return f.Epoch > 0 && f.Ended == "" }

// apply adds a record.
func (f *fold) apply(e sharedlog.Entry) error {
	if f.Moved != nil {
		return fmt.Errorf("it follows the one that says that the state moved to %s", safetext.Line(f.Moved.To.Place))
	}
	if f.Incoming != nil && e.Kind != sharedlog.Incoming && e.Kind != sharedlog.Active {
		return fmt.Errorf("it comes before the state arrived from %s", safetext.Line(f.Incoming.From.Place))
	}
	switch e.Kind {
	case sharedlog.Init, sharedlog.Incoming, sharedlog.Active:
		return f.moves(e)
	case sharedlog.Acquire:
		return f.acquire(e)
	case sharedlog.Renew, sharedlog.Lines, sharedlog.Parts, sharedlog.Snapshot, sharedlog.Release, sharedlog.Moved:
		if !f.held() || e.Epoch != f.Epoch {
			return fmt.Errorf("it is of epoch %d, which does not hold the lease", e.Epoch)
		}
		f.last = e.Position
		if e.Kind == sharedlog.Release {
			f.end(released, e)
		}
		if e.Kind == sharedlog.Snapshot {
			f.snapshot(snapshot{e.N, e.At})
		}
		if e.Kind == sharedlog.Moved {
			return f.leave(e)
		}
	case sharedlog.Break:
		if f.held() {
			f.end(broken, e)
		}
	case sharedlog.Want:
		if e.By != nil && !slices.ContainsFunc(f.Wants, func(w want) bool { return w.ID == e.By.ID }) {
			f.Wants = append(slices.Clip(f.Wants), want{ID: e.By.ID, Calls: e.Calls})
		}
	case sharedlog.Late:
		return changesOnly(e, lateName)
	case sharedlog.Note:
		return changesOnly(e, notesName)
	}
	return nil
}

// changesOnly is an error if a record that needs no lease changes more than what nobody
// needs one for.
func changesOnly(e sharedlog.Entry, part string) error {
	for i := range e.Changes {
		if e.Changes[i].Part != part {
			return fmt.Errorf("it changes the part %q, which takes a lease", e.Changes[i].Part)
		}
	}
	return nil
}

// snapshot adds a snapshot. Of those before the last two, one an hour is enough to
// know what is old.
func (f *fold) snapshot(s snapshot) {
	all := append(slices.Clip(f.Snapshots), s)
	if n := len(all); n > 3 && all[n-3].At.Sub(all[n-4].At) < time.Hour {
		all = slices.Delete(all, n-3, n-2)
	}
	f.Snapshots = all
}

func (f *fold) acquire(e sharedlog.Entry) error {
	if e.By == nil || e.Terms == nil {
		return fmt.Errorf("it does not say who acquires the lease")
	}
	f.Epoch, f.Holder, f.Timeline, f.last = e.N, *e.By, e.Timeline, e.Position
	f.LeaseMS, f.SettleMS = e.Terms.LeaseMS, max(f.SettleMS, e.Terms.SettleMS)
	f.Ended, f.LeftMS, f.Breaker = "", max(f.LeftMS, e.LeftMS), sharedlog.Writer{}
	// Who waited when the lease was free had their turn: one that still waits says
	// so again.
	f.Wants = slices.DeleteFunc(slices.Clone(f.Wants), func(w want) bool { return w.Late || w.ID == e.By.ID })
	return nil
}

func (f *fold) end(how ending, e sharedlog.Entry) {
	f.Ended = how
	if how == released {
		f.LeftMS = e.LeftMS
	}
	if e.By != nil {
		f.Breaker = *e.By
	}
	f.Wants = slices.Clone(f.Wants)
	for i := range f.Wants {
		f.Wants[i].Late = true
	}
}

// wanted reports whether somebody else waits.
func (f *fold) wanted(id string) bool {
	return slices.ContainsFunc(f.Wants, func(w want) bool { return w.ID != id })
}

// before reports whether somebody waits who goes first when the lease is free:
// who asked earlier, but a run of few calls before one of many.
func (f *fold) before(id string, calls int) bool {
	for _, w := range f.Wants {
		if w.ID == id {
			return false
		}
		if fewCalls(w.Calls) || !fewCalls(calls) {
			return true
		}
	}
	return false
}

// fewCalls reports whether a run is short enough to go first.
func fewCalls(calls int) bool { return calls > 0 && calls <= backend.FewCalls }

func (f *fold) lease() time.Duration { return milliseconds(f.LeaseMS) }

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// quiet is how long nothing may be sent after an acquire that follows: what a
// holder before can have sent still takes effect, and its intent can be lost. The
// lease and the settle of the new holder count where they are larger.
func (f *fold) quiet(timeline string, lease, settle time.Duration) time.Duration {
	lease, settle, left := max(lease, f.lease()), max(settle, milliseconds(f.SettleMS)), milliseconds(f.LeftMS)
	switch {
	case timeline != f.Timeline: // the last acquires and releases can be lost
		return max(left, lease+settle)
	case f.Epoch == 0: // the state came from another place, where something is owed, or was begun here
		return left
	case f.Ended == released: // the former holder was quiet itself
		return left
	case f.Ended == broken: // it can be alive, and knows nothing of that yet
		return max(left, lease+settle)
	}
	return max(left, settle)
}

// recovered is how long nothing may be sent after a log lost its end: a holder that is
// lost with it can send until its lease is over, and what it sent, reads show only so
// much later.
func (f *fold) recovered(lease, lag time.Duration) time.Duration {
	return max(lease, f.lease()) + max(lag, milliseconds(f.SettleMS))
}

func (f *fold) encode() (json.RawMessage, error) { return json.Marshal(f) }

func decodeFold(text json.RawMessage) (fold, error) {
	var f fold
	if err := json.Unmarshal(text, &f); err != nil {
		return f, err
	}
	reason := cmp.Or(sharedlog.Beyond("lease_ms", f.LeaseMS, sharedlog.MostLease),
		sharedlog.Beyond("settle_ms", f.SettleMS, sharedlog.MostSettle), sharedlog.Beyond("left_ms", f.LeftMS, sharedlog.MostLeft))
	if reason != "" {
		return f, errors.New(reason)
	}
	return f, nil
}
