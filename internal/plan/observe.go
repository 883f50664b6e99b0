package plan

import (
	"iter"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Observation is what a read says about one wanted order, for the state.
type Observation struct {
	Key      state.Key
	Live     order.Live
	At       time.Time
	Verified bool          // an applied change shows, long enough after it
	Closed   *order.Values // set where the order needs no call any more
}

// Observe works out what the snapshot's reads mean for the state: one
// observation for each order, with all that is wanted of it. Orders that the
// configuration wants nothing of are not observed. The state may record each
// observation as it comes.
func Observe(in Input) iter.Seq[Observation] {
	return func(yield func(Observation) bool) {
		b := newBuilder(in)
		b.resolveAll()
		for i := range b.found {
			if !yield(b.observation(&b.found[i])) {
				return
			}
		}
	}
}

func (b *builder) observation(f *foundOrder) Observation {
	account := f.wishes[0].Origin.Account
	key := state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: f.live.ID}
	at := b.in.Snapshot.Accounts[account.Name].ReadAt
	if r, wanted := b.together(f); wanted && r.Problem == nil {
		return observe(b.in, r.Wish, key, *f.live, at)
	}
	return Observation{Key: key, Live: *f.live, At: at}
}

func observe(in Input, w *spec.Wish, key state.Key, live order.Live, at time.Time) Observation {
	o := Observation{Key: key, Live: live, At: at}
	entry, _ := in.State.Entry(key)
	d := decide(w, live, historyOf(w, in.State.Remembered(key), in.Policy, at))
	if d.held != "" || len(d.actions) > 0 || d.open || !taken(w.Want.Status, live) {
		return o
	}
	switch {
	case entry != nil && len(entry.Intents) > 0:
		return o
	case entry != nil && entry.Applied != nil:
		o.Verified = at.Sub(entry.Applied.At) >= w.Origin.Account.TakeTime
		if !o.Verified {
			return o
		}
	}
	if w.Attempt > 1 && w.Want.Status == order.Shipped {
		return o // a closed order does not remember which attempt was sent
	}
	values := live.Values
	if live.IsCancelled() {
		values.Status = order.Cancelled
	}
	o.Closed = &values
	return o
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
