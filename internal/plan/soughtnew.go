package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// An order that must exist has no ID to ask for: that it is not there is proved by a
// complete listing from a day before it was placed until now. How much of that is to be
// read is said here; what is decided on it is in insert.go.

// soughtNew is an order that must exist, with what the state knows of it.
type soughtNew struct {
	*spec.NewOrder
	entry *state.Entry // nil: gdfctl neither inserted it nor saw it
}

// newKeyOf is what the state keeps an order under that must exist.
func newKeyOf(n *spec.NewOrder) state.Key {
	a := n.Origin.Account
	return state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: n.ID()}
}

// settled reports whether a read showed the order, which is enough for ever.
func (s soughtNew) settled() bool {
	return s.entry != nil && s.entry.Closed != nil && s.entry.Applied == nil && len(s.entry.Intents) == 0
}

// mostEarly is how far an order may be dated ahead: clocks differ.
const mostEarly = 5 * time.Minute

// tooEarly reports whether an order is dated in the future: no listing until now can show
// that it is not there.
func tooEarly(n *spec.NewOrder, now time.Time) bool { return n.Created.Sub(now) > mostEarly }

// tooOld reports whether an order was placed before the account's lookback.
func tooOld(n *spec.NewOrder, now time.Time) bool {
	return n.Created.Before(now.Add(-n.Origin.Account.Lookback))
}

// slack is how far behind an order's own date a listing reaches that is to show it, also
// where that is just ahead of the clock here.
const slack = time.Minute

// lookNew says what has to be read of orders that must exist.
func (req ReadRequest) lookNew(out *outlook) {
	now := req.Now()
	for _, n := range req.Wishes.New {
		s := soughtNew{NewOrder: n}
		if n.Problem == nil && req.Select.wants(&n.Wish) {
			s.entry = req.State.Remembered(newKeyOf(n))
			if (req.All || !s.settled()) && !tooEarly(n, now) && !tooOld(n, now) {
				out.accounts[n.Origin.Account].addNew(n)
			}
		}
		out.created = append(out.created, s)
	}
	for account, want := range out.accounts {
		if want.fresh == nil {
			continue
		}
		tables := map[string]bool{}
		for _, n := range req.Wishes.New {
			if n.Origin.Account == account {
				tables[n.ID()] = true
			}
		}
		want.fresh.ours = func(id string) bool {
			return tables[id] || req.State.Remembered(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: id}) != nil
		}
	}
}

// wantedNew is what orders that must exist ask of a listing.
type wantedNew struct {
	since   time.Time            // the latest moment at which it may begin
	until   time.Time            // the earliest at which it may end
	sources map[string]bool      // by order.SourceKey: whether others insert orders there
	ours    func(id string) bool // whether gdfctl inserts an order, or its tables have it
}

func (out *wanted) addNew(n *spec.NewOrder) {
	if out.fresh == nil {
		out.fresh = &wantedNew{sources: map[string]bool{}}
	}
	out.finds.Add(n.Find)
	if from := n.Created.Add(-syncDelay); out.fresh.since.IsZero() || from.Before(out.fresh.since) {
		out.fresh.since = from
	}
	if to := n.Created.Add(slack); to.After(out.fresh.until) {
		out.fresh.until = to
	}
	out.fresh.sources[order.SourceKey(n.Find.Source)] = false
}

// see takes note of a live order of a marketplace in which orders are inserted.
func (w *wantedNew) see(live *order.Live) {
	key := order.SourceKey(live.Source)
	if others, asked := w.sources[key]; asked && !others && live.SourceNumber != "" {
		w.sources[key] = !w.ours(order.InsertID(live.Source, live.SourceNumber))
	}
}

// Unlisted are the orders that must exist and are to be looked for again, before they
// are inserted or because it is not known whether they were.
type Unlisted struct {
	Source, Number string
	Windows        []Window
}

// Window is some time whose orders are listed as a whole.
type Window struct{ From, To time.Time }

// WindowToInsert is what must not show an order that is to be inserted: all since a day
// before it was placed.
func WindowToInsert(created, now time.Time) []Window {
	w := Window{created.Add(-syncDelay), created.Add(slack)}
	if now.After(w.To) {
		w.To = now
	}
	return []Window{w}
}

// WindowsOfInsert are those in which an order would be shown that a call inserted: the
// day on which it was placed and the day of the call, whichever of the two dates the API
// lists by.
func WindowsOfInsert(created, sent, now time.Time) []Window {
	return []Window{{created.Add(-syncDelay), created.Add(syncDelay)}, {sent.Add(-syncDelay), now}}
}
