package state

import (
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// The methods of this file are all that changes a State. A session calls them
// as things happen, and folding a journal calls them again for the same lines:
// they must lead to the same state both times.

// reserve records a call about to be made. While there is another one for the
// order, it returns ErrIntentOpen: what must not be sent can't be begun.
func (s *State) reserve(in Intent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.findLocked(in.Key); ok && len(e.Intents) > 0 {
		return fmt.Errorf("%s: %w", e.Ref, ErrIntentOpen)
	}
	s.addIntentLocked(in)
	return nil
}

// foldIntent records a call that a journal tells of. In a journal, a call for an
// order can stand before the outcome of the one that it waited for.
func (s *State) foldIntent(in Intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addIntentLocked(in)
}

// addIntent keeps a call that is not known yet. One that is known can stand
// under another name of its account: the record and the journal say what the
// account was called when they were written.
func (s *State) addIntentLocked(in Intent) {
	e := s.copyOfLocked(in.Key)
	if _, open := s.open[in.Ident()]; open || e.has(in.Ident()) {
		return
	}
	e.Ref = in.Ref
	if !in.Created.IsZero() {
		e.Created = in.Created
	}
	e.Intents = append(e.Intents, in)
	s.putLocked(e)
}

// noteRecorded says of an open call that the audit log tells of it.
func (s *State) noteRecorded(in Intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.copyOfLocked(in.Key)
	for i := range e.Intents {
		if e.Intents[i].Ident() == in.Ident() {
			e.Intents[i].Recorded = true
		}
	}
	s.putLocked(e)
}

// dropIntent takes back a call that was not begun after all.
func (s *State) dropIntent(in Intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.copyOfLocked(in.Key)
	e.Intents = slices.DeleteFunc(e.Intents, func(other Intent) bool { return other.Ident() == in.Ident() })
	s.putLocked(e)
}

// recordOutcome records the outcome of a call, and returns the call. It returns false
// if there is no such open call: its outcome is in the state already.
func (s *State) recordOutcome(id IntentID, out Outcome) (Intent, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.open[id]
	if !ok {
		return Intent{}, false
	}
	e := s.copyOfLocked(k)
	i := slices.IndexFunc(e.Intents, func(in Intent) bool { return in.Ident() == id })
	in := e.Intents[i]
	if out.Result == order.Unknown {
		e.Intents[i].Recorded = true // that goes on record
		s.putLocked(e)
		return in, true
	}
	if e.Intents = slices.Delete(e.Intents, i, i+1); len(e.Intents) == 0 {
		e.Intents = nil // not an empty list that holds the room of the call
	}
	if out.Result == order.Done {
		s.changes++
		e.apply(Applied{
			Action: in.Action, Before: in.Before, Values: in.After, At: out.At, RunID: in.RunID, Seq: in.Seq, Attempt: in.Attempt,
			Number: s.changes, ErrorBefore: in.ErrorBefore,
		})
	}
	s.putLocked(e)
	return in, true
}

// apply makes a the last change of an entry that may be changed. A verified
// read has shown all changes before it: only those since then can be missing
// from a read that lags.
func (e *Entry) apply(a Applied) {
	e.Replaced = e.Sent()
	if a.ships() {
		again := func(number string) bool { return carrier.SameNumber(number, a.Values.Tracking) }
		e.Replaced = slices.DeleteFunc(slices.Clone(e.Replaced), again)
	}
	if e.Applied != nil && e.Verified.IsZero() {
		e.Earlier = append(slices.Clip(e.Earlier), *e.Applied)
	}
	e.Applied, e.Verified = &a, time.Time{}
}

// addEarlier remembers a change that came before all that are remembered.
func (s *State) addEarlier(k Key, a Applied) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.copyOfLocked(k)
	if e.Verified.IsZero() {
		n := 0
		for n < len(e.Earlier) && !e.Earlier[n].At.After(a.At) {
			n++
		}
		e.Earlier = slices.Insert(slices.Clone(e.Earlier), n, a)
	}
	if a.ships() && a.Values.Tracking != "" {
		same := func(number string) bool { return carrier.SameNumber(number, a.Values.Tracking) }
		if !slices.ContainsFunc(e.Sent(), same) {
			e.Replaced = append(slices.Clip(e.Replaced), a.Values.Tracking)
		}
	}
	s.putLocked(e)
}

// observe records what a read showed. With Closed, the order leaves the
// entries, unless a call for it is open.
func (s *State) observe(o Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.copyOfLocked(o.Key)
	e.saw(o)
	if o.Closed != nil && len(e.Intents) == 0 && e.Pull == nil {
		s.deleteLocked(o.Key)
		s.closed.add(ClosedEntry{Key: o.Key, Ref: e.Ref, Wanted: *o.Closed, Sent: e.Sent(), ClosedAt: o.Observed.At, OrderID: e.OrderID})
		return
	}
	s.putLocked(e)
}

// saw takes up what a read showed, in an entry that may be changed.
func (e *Entry) saw(o Observation) {
	if o.Ref != (order.Ref{}) {
		e.Ref = o.Ref
	}
	if !o.Created.IsZero() {
		e.Created = o.Created
	}
	if o.OrderID != "" {
		e.OrderID = o.OrderID
	}
	seen := o.Observed // alone: the rest need not be kept
	seen.ErrorSince = e.ErrorSince(seen.Error, seen.At)
	e.Observed = &seen
	e.forgetError(seen)
	if o.Shown && e.Applied != nil && e.Applied.Shown.IsZero() {
		shown := *e.Applied
		shown.Shown = seen.At
		e.Applied = &shown
	}
	if o.Verified && e.Verified.IsZero() {
		if first := e.ErrorFirst(); e.Applied != nil && e.Applied.ErrorBefore != first { // what was old stays old
			applied := *e.Applied
			applied.ErrorBefore = first
			e.Applied = &applied
		}
		e.Verified, e.Earlier = o.Observed.At, nil
	}
	if o.Silenced != nil {
		e.Silenced = *o.Silenced
	}
	e.pullSeen(o.Observed)
}

// As is the entry as it is with an observation.
func (e *Entry) As(o Observation) *Entry {
	with := *e
	with.saw(o)
	return &with
}

// forgetError forgets the error before a change once a read shows none: if it comes
// again, it is about the change.
func (e *Entry) forgetError(seen Observed) {
	if e.Applied == nil || seen.Error != "" || !seen.At.After(e.Applied.At) {
		return
	}
	if e.Applied.ErrorBefore != "" {
		without := *e.Applied
		without.ErrorBefore = ""
		e.Applied = &without
	}
	if slices.ContainsFunc(e.Earlier, func(a Applied) bool { return a.ErrorBefore != "" }) {
		e.Earlier = slices.Clone(e.Earlier)
		for i := range e.Earlier {
			e.Earlier[i].ErrorBefore = ""
		}
	}
}

// ErrorSince is when an error was seen first that a read of that time shows, and that
// the entry need not hold yet. It is zero if the first read of the order showed it.
func (e *Entry) ErrorSince(hash string, at time.Time) time.Time {
	switch last := e.Observed; {
	case hash == "", last == nil && e.Applied == nil && e.Closed == nil: // it was there before gdfctl was
		return time.Time{}
	case last != nil && last.Error == hash:
		return last.ErrorSince
	}
	return at
}

// remove forgets an order, whether it is open or closed.
func (s *State) remove(k Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deleteLocked(k)
	s.closed.remove(k)
}

// finishPlan remembers a plan as carried out. Plans that are older than anything
// else here are forgotten.
func (s *State) finishPlan(hash, runID string, counts PlanCounts, at time.Time) {
	if _, done := s.PlanDone(hash); hash == "" || done {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = slices.DeleteFunc(slices.Clone(s.plans), func(p donePlan) bool { return at.Sub(p.At) > keepFor })
	s.plans = append(s.plans, donePlan{hash, at, runID, counts})
}

// applyCommit remembers from which commit reviewed plans were applied.
func (s *State) applyCommit(commit string, complete bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commits.Last = commit; complete {
		s.commits.Complete = commit
	}
}

// copyOfLocked returns a copy of an entry that may be changed and put, or a new one.
// A new one remembers what the order was closed with.
func (s *State) copyOfLocked(k Key) *Entry {
	s.moveLocked(s.elsewhereLocked(k), k)
	old, ok := s.entries[k]
	if !ok {
		if c, closed := s.findClosedLocked(k); closed {
			return takenUp(c)
		}
		return &Entry{Key: k, Ref: order.Ref{ID: k.ID}}
	}
	e := *old
	e.Intents = slices.Clone(old.Intents)
	return &e
}

// takenUp is the entry of a closed order of which something is wanted again.
func takenUp(c ClosedEntry) *Entry {
	return &Entry{Key: c.Key, Ref: c.Ref, OrderID: c.OrderID, Replaced: c.Sent, Closed: &c}
}

// putLocked keeps an entry instead of the one before it. One that says nothing is
// not kept: a refused call leaves no trace but in the audit log.
func (s *State) putLocked(e *Entry) {
	s.deleteLocked(e.Key)
	if e.Applied == nil && e.Observed == nil && e.Pull == nil && len(e.Intents) == 0 {
		return
	}
	s.entries[e.Key] = e
	if e.Applied != nil {
		s.changes = max(s.changes, e.Applied.Number)
	}
	s.addPlaceLocked(e.Key)
	for _, in := range e.Intents {
		s.open[in.Ident()] = e.Key
	}
	if s.numbers != nil {
		s.indexNumberLocked(e)
	}
}

func (s *State) deleteLocked(k Key) {
	e, ok := s.entries[k]
	if !ok {
		return
	}
	delete(s.entries, k)
	for _, in := range e.Intents {
		delete(s.open, in.Ident())
	}
	number := numberKeyOf(k.Endpoint, k.Account, e.Ref.Source, e.Ref.SourceNumber)
	switch id, indexed := s.numbers[number]; {
	case !indexed, order.IsInsertID(k.ID):
	case id == k.ID:
		delete(s.numbers, number)
	default:
		s.numbers = nil // it was one of several: count again when asked
	}
}

func (s *State) indexNumberLocked(e *Entry) {
	if e.Ref.SourceNumber == "" || order.IsInsertID(e.ID) {
		return
	}
	number := numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber)
	if _, several := s.numbers[number]; several {
		s.numbers[number] = ""
		return
	}
	s.numbers[number] = e.ID
}
