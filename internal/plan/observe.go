package plan

import (
	"iter"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// Observation is what a read says about one wanted order, for the state.
type Observation struct {
	Key      state.Key
	Live     order.Live
	OrderID  string // the API's, of an order that is kept under another name
	At       time.Time
	Twice    bool          // several orders have the number of one that was inserted
	Shown    bool          // the last applied change shows
	Verified bool          // likewise, long enough after it
	Closed   *order.Values // set where the order needs no call any more
	Silenced *string       // as the state is to keep it, of a release; nil: as it is
}

// State is the observation as the state keeps it: nothing of a buyer, and no text of
// a marketplace.
func (o *Observation) State() state.Observation {
	l := &o.Live
	return state.Observation{
		Key: o.Key, Ref: l.Ref, Created: l.Created(), OrderID: o.OrderID, Shown: o.Shown, Verified: o.Verified, Closed: o.Closed, Silenced: o.Silenced,
		Observed: state.Observed{Values: l.Values, SourceStatus: l.SourceStatus, At: o.At, Marketplace: state.Marketplace{
			Word: l.SourceWord, Error: uptake.ErrorHash(l.SyncError), SyncOff: l.SyncOff(), Twice: o.Twice,
		}},
	}
}

// Observe works out what the snapshot's reads mean for the state: one
// observation for each order, with all that is wanted of it, and for each order of
// which nothing is wanted any more and whose change is not closed. The state may record each
// observation as it comes.
func Observe(in Input) iter.Seq[Observation] {
	return func(yield func(Observation) bool) {
		b := newBuilder(in)
		for _, s := range in.Snapshot.created {
			if o, shown := b.observeNew(s); shown && !yield(o) {
				return
			}
		}
		b.resolveAll()
		for i := range b.found {
			if f := &b.found[i]; b.onlyStanding(f) {
				continue // what comes of it is recorded with the call
			}
			if !yield(b.observation(&b.found[i])) {
				return
			}
		}
		going := true
		b.followed(func(a *spec.Account, key state.Key, live *order.Live) {
			o := ObserveAccepted(in.State, a, key, *live, in.Snapshot.Accounts[a.Name].ReadAt, in.Learned)
			o.Silenced = b.silenced(a.Name, key, live)
			going = going && yield(o)
		})
	}
}

// onlyStanding reports whether nothing but standing orders want something of an
// order that the state does not have yet.
func (b *builder) onlyStanding(f *foundOrder) bool {
	if slices.ContainsFunc(f.wishes, func(w *spec.Wish) bool { return w.Origin.Kind != spec.KindStanding }) {
		return false
	}
	account := f.wishes[0].Origin.Account
	_, known := b.in.State.Entry(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: f.live.ID})
	return !known
}

func (b *builder) observation(f *foundOrder) Observation {
	account := f.wishes[0].Origin.Account
	key := state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: f.live.ID}
	at := b.in.Snapshot.Accounts[account.Name].ReadAt
	if r, wanted := b.together(f); wanted && r.Problem == nil {
		o := observe(b.in, r.Wish, key, *f.live, at)
		o.Silenced = b.silenced(account.Name, key, f.live)
		return o
	}
	return Observation{Key: key, Live: *f.live, At: at, Silenced: b.silenced(account.Name, key, f.live)}
}

// silenced is what the state is to keep of the release of an order.
func (b *builder) silenced(account string, key state.Key, live *order.Live) *string {
	entry, _ := b.in.State.Entry(key)
	return Silenced(b.releaseOf(account, live.Ref, live.OrderNumber), entry, live)
}

func observe(in Input, w *spec.Wish, key state.Key, live order.Live, at time.Time) Observation {
	account := w.Origin.Account
	o, final := observed(in.State, key, live, at, UptakeSettings(account, live.Source, in.Learned[account.Name]))
	d := decide(w, live, historyOf(w, in.State.Remembered(key), in.Policy, at))
	if !final || d.held != "" || len(d.actions) > 0 || d.open {
		return o
	}
	if entry, _ := in.State.Entry(key); (entry == nil || entry.Applied == nil) && !taken(w.Want.Status, live) {
		return o
	}
	if w.Attempt > 1 && w.Want.Status == order.Shipped {
		return o // a closed order does not remember which attempt was sent
	}
	o.Closed = closedWith(live)
	return o
}

// ObserveAccepted is what a read says about an order that gdfctl changed, whatever is
// wanted of it now. Where a raised attempt was sent, the order stays: a closed one does
// not remember which.
func ObserveAccepted(st *state.State, a *spec.Account, key state.Key, live order.Live, at time.Time, learned Learned) Observation {
	o, final := observed(st, key, live, at, UptakeSettings(a, live.Source, learned[a.Name]))
	if entry, ok := st.Entry(key); ok && final && attemptOf(entry) == 1 {
		o.Closed = closedWith(live)
	}
	return o
}

// observed is what a read says about the last change of an order, and whether no
// later one can say anything else.
func observed(st *state.State, key state.Key, live order.Live, at time.Time, with uptake.Settings) (o Observation, final bool) {
	o = Observation{Key: key, Live: live, At: at}
	entry, _ := st.Entry(key)
	if entry == nil {
		return o, true
	}
	v, changed := UptakeNow(entry, live, at, with)
	if changed {
		o.Shown = at.After(entry.Applied.At) && uptake.ShowsChange(entry.Applied.Action, entry.Applied.Before, entry.Applied.Values, live)
		o.Verified = v.Word == uptake.Verified || v.Word == uptake.Shown
	}
	return o, len(entry.Intents) == 0 && (!changed || v.Final)
}

// closedWith are the values with which an order is closed.
func closedWith(live order.Live) *order.Values {
	values := live.Values
	if live.IsCancelled() {
		values.Status = order.Cancelled
	}
	return &values
}

// taken reports whether the marketplace itself shows the wanted status, or, if
// it says nothing that can be read, GoDataFeed does; and that it reported no
// error.
func taken(want order.Status, live order.Live) bool {
	if live.SyncError != "" {
		return false
	}
	shown := live.Status
	if live.SourceStatus.Known() {
		shown = live.SourceStatus
	}
	switch want {
	case order.Acknowledged:
		return shown == order.Processing || shown == order.Shipped
	case order.Shipped:
		return shown == order.Shipped
	case order.Cancelled:
		return live.IsCancelled()
	}
	return false
}
