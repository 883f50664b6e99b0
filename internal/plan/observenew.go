package plan

import (
	"cmp"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// observeNew is what reads say of an order that must exist.
func (b *builder) observeNew(s soughtNew) (Observation, bool) {
	account := s.Origin.Account.Name
	if unreached(s.entry, s.Origin.Account, b.in.Now) && s.Problem == nil {
		return lastSeen(s.entry), true
	}
	if s.Problem != nil || s.settled() || s.entry != nil && len(s.entry.Intents) > 0 || b.in.Snapshot.Unread[account] != nil {
		return Observation{}, false
	}
	return b.in.Snapshot.Accounts[account].observeNew(newKeyOf(s.NewOrder), s.Ref(), s.entry, s.Created, b.in.Now)
}

// observeNew is what a listing says of an order that must exist. Once it is shown, nothing is
// ever asked about it again; of one that gdfctl inserted, once it is shown a day later and
// without an error: until then a second one, or a refusal, can still come. That a listing does
// not show an order whose insert was accepted is a read too, which has no status. entry is nil
// if the state knows nothing of the order.
func (s *AccountSnapshot) observeNew(key state.Key, ref order.Ref, entry *state.Entry, created, now time.Time) (Observation, bool) {
	ids := s.inserted(ref.Source, ref.SourceNumber)
	applied := entry != nil && entry.Applied != nil
	if applied {
		created = cmp.Or(entry.Created, created) // its row may say something else now
	}
	switch {
	case len(ids) == 0:
		return Observation{Key: key, Live: order.Live{Ref: ref, CreatedInSource: created}, At: s.ReadAt}, applied && s.wouldShow(entry, created, now)
	case len(ids) > 1 && entry != nil: // people decide which of them is the one
		return Observation{Key: key, Live: order.Live{Ref: ref, CreatedInSource: created}, At: s.ReadAt, Twice: true}, applied
	}
	live := *s.order(ids[0])
	live.Ref = ref
	if live.Status != order.New { // it moved on: an error is about what was done since
		live.SyncError = ""
	}
	seen := Observation{Key: key, Live: live, OrderID: ids[0], At: s.ReadAt, Shown: applied, Verified: applied}
	if !applied || live.SyncError == "" && !s.ReadAt.Before(entry.Applied.At.Add(uptake.FinalAfter)) {
		seen.Closed = closedWith(live)
	}
	return seen, true
}

// unreached reports whether an inserted order was shown, without an error, and no listing
// reaches it any more, because it was placed before the account's lookback.
func unreached(e *state.Entry, a *spec.Account, now time.Time) bool {
	if e == nil || e.Applied == nil || len(e.Intents) > 0 || e.Observed == nil || e.Created.IsZero() {
		return false
	}
	o := e.Observed
	return !e.Applied.Shown.IsZero() && o.Values.Status != "" && o.Error == "" && !o.Twice && e.Created.Before(now.Add(-a.Lookback))
}

// lastSeen closes such an order as it was last seen.
func lastSeen(e *state.Entry) Observation {
	live := order.Live{Ref: e.Ref, Values: e.Observed.Values, SourceStatus: e.Observed.SourceStatus, CreatedInSource: e.Created}
	return Observation{Key: e.Key, Live: live, OrderID: e.OrderID, At: e.Observed.At, Shown: true, Verified: true, Closed: closedWith(live)}
}

// CloseUnreached closes an inserted order that was shown, and that no listing reaches any
// more.
func CloseUnreached(a *Accepted, now time.Time) (Observation, bool) {
	if !order.IsInsertID(a.Entry.ID) || !unreached(a.Entry, a.Account, now) {
		return Observation{}, false
	}
	return lastSeen(a.Entry), true
}

// wouldShow reports whether the listing reaches back to where the order of an accepted
// insert would be.
func (s *AccountSnapshot) wouldShow(entry *state.Entry, created, now time.Time) bool {
	if !s.Listed {
		return false
	}
	for _, w := range WindowsOfInsert(created, entry.Applied.At, now) {
		if w.From.Before(s.From) {
			return false
		}
	}
	return true
}

// SoughtInsert is what has to be listed to find the order of an accepted insert, or nothing
// where it was placed before the account's lookback.
func SoughtInsert(a *Accepted, now time.Time) (Unlisted, bool) {
	e := a.Entry
	if a.Unknown || !order.IsInsertID(e.ID) || e.Created.Before(now.Add(-a.Account.Lookback)) {
		return Unlisted{}, false
	}
	return Unlisted{Source: e.Ref.Source, Number: e.Ref.SourceNumber, Windows: WindowsOfInsert(e.Created, e.Applied.At, now)}, true
}

// Observe is what the listing says of the order of an accepted insert that it was made for.
func (r *Relisted) Observe(e *state.Entry, now time.Time) (Observation, bool) {
	return r.seen.observeNew(e.Key, e.Ref, e, e.Created, now)
}
