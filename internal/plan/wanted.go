package plan

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// wanted is what one account's wishes ask to be read.
type wanted struct {
	known    map[string]hint // orders whose id is known
	finds    *spec.FindSet   // the others, to be found by listing; nil: none
	cancels  int             // the cancels wished, for the policy's ratio
	standing []*spec.Standing

	fresh   *wantedNew // what orders that must exist ask; nil: there are none
	passing *wanted    // orders that are kept if a listing shows them, and asked for by nothing
}

// hint is what is known of an order that is to be read: where a listing shows
// it. It need not be true any more; then the order is read singly.
type hint struct {
	created time.Time    // zero if not known
	status  order.Status // empty if not known
}

func (w *wanted) empty() bool   { return len(w.known)+len(w.standing) == 0 && w.finds.Empty() }
func (w *wanted) listing() bool { return !w.finds.Empty() }

func (w *wanted) has(live *order.Live) bool {
	if _, ok := w.known[live.ID]; ok || w.finds.Has(live.Ref, live.OrderNumber) {
		return true
	}
	return w.passing != nil && w.passing.has(live)
}

// covered reports whether a standing order is about orders like this one.
func (w *wanted) covered(live *order.Live) bool {
	return slices.ContainsFunc(w.standing, func(s *spec.Standing) bool { return s.Covers(live.Ref, live.OrderNumber, live.Status) })
}

// outlook is what the wishes mean before anything is read.
type outlook struct {
	wishes   []sought
	created  []soughtNew
	followed []state.Key // orders that no wish names, and whose changes are not closed
	accounts map[*spec.Account]*wanted
}

// sought is a wish with what the state knows of the order that it is about.
// That is looked up once a wish: a year of closed orders is a million look-ups.
type sought struct {
	*spec.Wish
	id     string // as far as the configuration or the state know it
	other  string // another order that the state knows by the wish's number
	closed bool   // verified earlier and wanted as before: then it costs no call
}

// find is how to find the order of a wish among those that were read: by its
// id, where that is known.
func (s sought) find() spec.Find {
	if s.id != "" {
		return spec.Find{ID: s.id}
	}
	return s.Find
}

func (req ReadRequest) look() *outlook {
	out := &outlook{wishes: make([]sought, 0, len(req.Wishes.Orders)), accounts: map[*spec.Account]*wanted{}}
	for _, a := range req.Accounts {
		out.accounts[a] = newWanted()
	}
	for _, w := range req.Wishes.Orders {
		s := sought{Wish: w}
		if w.Problem == nil && req.Select.wants(w) {
			s = soughtOf(req.State, w)
			if s.other == "" && (req.All || !s.closed) {
				out.accounts[w.Origin.Account].add(s, req.State)
			}
		}
		out.wishes = append(out.wishes, s)
	}
	for _, s := range req.Wishes.Standing {
		if account := out.accounts[s.Origin.Account]; s.Problem == nil && req.Select.touches(s.Origin.String()) {
			account.standing = append(account.standing, s)
		}
	}
	req.lookNew(out)
	for _, w := range req.Wishes.Dropped {
		if account := out.accounts[w.Origin.Account]; !w.Find.Empty() {
			if account.passing == nil {
				account.passing = newWanted()
			}
			account.passing.add(sought{Wish: w, id: w.Find.ID}, req.State)
		}
	}
	out.follow(&req)
	return out
}

func newWanted() *wanted {
	return &wanted{known: map[string]hint{}, finds: spec.NewFindSet()}
}

func (out *wanted) add(w sought, st *state.State) {
	if w.Want.Status == order.Cancelled {
		out.cancels++
	}
	switch {
	case w.id != "":
		out.known[w.id] = hintOf(st, state.Key{Endpoint: w.Origin.Account.Endpoint, Account: w.Origin.Account.Name, ID: w.id})
	default:
		out.finds.Add(w.Find)
	}
}

// hintOf is what the state last heard of an order: what was applied to it, or
// what it showed.
func hintOf(s *state.State, key state.Key) hint {
	entry, ok := s.Entry(key)
	if !ok {
		return hint{}
	}
	h := hint{created: entry.Created}
	switch {
	case entry.Applied != nil:
		h.status = entry.Applied.Values.Status
	case entry.Observed != nil:
		h.status = entry.Observed.Values.Status
	}
	if !h.status.Known() {
		h.status = ""
	}
	return h
}

// Closed reports whether the order of a wish is closed and wanted as before, so
// that a plan asks nothing about it.
func Closed(st *state.State, w *spec.Wish) bool { return soughtOf(st, w).closed }

func soughtOf(st *state.State, w *spec.Wish) sought {
	a := w.Origin.Account
	s := sought{Wish: w, id: w.Find.ID}
	var closed state.ClosedEntry
	var ok bool
	switch {
	case w.Find.ID != "":
		closed, ok = st.Closed(state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: w.Find.ID})
	case w.Find.Number != "" && w.Find.Source != "":
		source := order.SourceKey(w.Find.Source)
		s.id, _ = st.IDBySourceNumber(a.Endpoint, a.Name, source, w.Find.Number)
		closed, ok = st.ClosedBySourceNumber(a.Endpoint, a.Name, source, w.Find.Number)
	}
	if !ok {
		return s
	}
	// That a closed order is as wanted stands, though another one has its number.
	d := decide(w, order.Live{Ref: closed.Ref, Values: closed.Wanted}, historyOfClosed(w, closed))
	asWanted := d.held == "" && len(d.actions) == 0
	if w.Attempt > 1 && differsBesideNumber(w, order.Live{Values: closed.Wanted}) {
		asWanted = false
	}
	if !asWanted && s.id != "" && s.id != closed.ID {
		return sought{Wish: w, id: s.id, other: closed.ID}
	}
	return sought{Wish: w, id: closed.ID, closed: asWanted}
}
