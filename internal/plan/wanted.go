package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// wanted is what one account's wishes ask to be read.
type wanted struct {
	known   map[string]hint     // orders whose id is known
	numbers map[number]struct{} // marketplaces' numbers, to be found by listing
	sellers map[string]struct{} // seller's numbers, to be found by listing
	cancels int                 // the cancels wished, for the policy's ratio
}

// hint is what is known of an order that is to be read: where a listing shows
// it. It need not be true any more; then the order is read singly.
type hint struct {
	created time.Time    // zero if not known
	status  order.Status // empty if not known
}

func (w *wanted) empty() bool   { return len(w.known)+len(w.numbers)+len(w.sellers) == 0 }
func (w *wanted) listing() bool { return len(w.numbers)+len(w.sellers) > 0 }

func (w *wanted) has(live *order.Live) bool {
	if _, ok := w.known[live.ID]; ok {
		return true
	}
	if len(w.numbers) > 0 {
		n := numberOf(live.Source, live.SourceNumber)
		if _, ok := w.numbers[n]; ok {
			return true
		}
		n.source = ""
		if _, ok := w.numbers[n]; ok {
			return true
		}
	}
	_, ok := w.sellers[live.OrderNumber]
	return ok && live.OrderNumber != ""
}

func wantedOf(req ReadRequest, account *spec.Account) *wanted {
	out := &wanted{known: map[string]hint{}, numbers: map[number]struct{}{}, sellers: map[string]struct{}{}}
	for i := range req.Wishes.Orders {
		w := req.Wishes.Orders[i]
		if w.Origin.Account != account || w.Problem != nil || !req.Select.wants(w) {
			continue
		}
		if !req.All && isClosed(req.State, w) {
			continue
		}
		if w.Want.Status == order.Cancelled {
			out.cancels++
		}
		switch id := knownID(req.State, w); {
		case id != "":
			out.known[id] = hintOf(req.State, state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: id})
		case w.Find.Number != "":
			out.numbers[numberOf(w.Find.Source, w.Find.Number)] = struct{}{}
		default:
			out.sellers[w.Find.OrderNumber] = struct{}{}
		}
	}
	return out
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

// knownID is the id of the order that a wish is about, as far as the
// configuration or the state know it.
func knownID(s *state.State, w *spec.Wish) string {
	if w.Find.ID != "" {
		return w.Find.ID
	}
	if w.Find.Number == "" || w.Find.Source == "" {
		return ""
	}
	a := w.Origin.Account
	if id, ok := s.IDBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number); ok {
		return id
	}
	entry, _ := s.ClosedBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number)
	return entry.ID
}

// knownFind is how to find the order of a wish among those that were read: by
// its id, where that is known.
func knownFind(s *state.State, w *spec.Wish) spec.Find {
	if id := knownID(s, w); id != "" {
		return spec.Find{ID: id}
	}
	return w.Find
}

// isClosed reports whether the wish was verified earlier and is wanted as
// before: then it costs no call.
func isClosed(s *state.State, w *spec.Wish) bool {
	a := w.Origin.Account
	var entry state.ClosedEntry
	var ok bool
	switch {
	case w.Find.ID != "":
		entry, ok = s.Closed(state.Key{Endpoint: a.Endpoint, Account: a.Name, ID: w.Find.ID})
	case w.Find.Number != "" && w.Find.Source != "":
		entry, ok = s.ClosedBySourceNumber(a.Endpoint, a.Name, order.SourceKey(w.Find.Source), w.Find.Number)
	}
	if !ok {
		return false
	}
	d := decide(w, order.Live{Ref: entry.Ref, Values: entry.Wanted})
	return d.held == "" && len(d.actions) == 0
}
