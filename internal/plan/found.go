package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// foundOrder is a live order with all wishes that turned out to be about it.
type foundOrder struct {
	live     *order.Live
	wishes   []*spec.Wish // those of which nothing is wanted after all included
	excluded bool         // by the address of one of them
}

// resolveAll finds the live order of each wish that needs one, and then the
// wishes that are about the same orders without having asked for them: bad rows,
// closed orders, void rows, and what is not selected. That nothing is done about
// one of those now does not make it agree with the others.
func (b *builder) resolveAll() {
	for _, w := range b.in.Snapshot.wishes {
		if b.asks(w) {
			b.ask(w)
		}
	}
	if len(b.in.Wishes.Standing) > 0 {
		b.selectStanding()
	}
	for _, s := range b.in.Snapshot.wishes {
		w := s.Wish
		switch {
		case b.asks(s), b.join(w, s.find()), !b.in.Select.wants(w):
		case w.Problem != nil:
			b.plan.Orders++
			b.notes(w)
			b.holdProblem(w, order.Ref{ID: w.Find.ID, Source: w.Find.Source, SourceNumber: w.Find.Number})
		default:
			b.plan.Orders++
			b.plan.NoOp++
		}
	}
	for _, w := range b.in.Wishes.Dropped {
		b.join(w, w.Find)
	}
}

// asks reports whether the order of a wish has to be looked at.
func (b *builder) asks(w sought) bool {
	return w.Problem == nil && (b.in.All || !w.closed) && b.in.Select.wants(w.Wish)
}

// ask finds the live order of a wish, or holds the wish back.
func (b *builder) ask(s sought) {
	w, find := s.Wish, s.find()
	if name := w.Origin.Account.Name; s.other == "" && b.in.Snapshot.Unread[name] != nil {
		b.missing[name]++
		return
	}
	ref := order.Ref{ID: find.ID, Source: w.Find.Source, SourceNumber: w.Find.Number}
	snap := b.in.Snapshot.Accounts[w.Origin.Account.Name]
	ids := snap.match(find)
	switch {
	case s.other != "":
		ref.ID = ""
		b.hold(w, ref, AmbiguousMatch, fmt.Sprintf("the state has two orders with this number; find the right one by its ID: %s, %s", s.id, s.other), w.Place)
	case len(ids) > 1:
		b.hold(w, ref, AmbiguousMatch, fmt.Sprintf("%d live orders match; find the right one by its ID: %s", len(ids), few(ids)), w.Place)
	case len(ids) == 0 && find.ID != "":
		b.hold(w, ref, NotFound, "the API has no order with this ID", w.Place)
	case len(ids) == 0 && b.awaitedBy(w) != "":
		b.later(w, ref, "its order is not there: "+b.awaitedBy(w))
	case len(ids) == 0:
		b.hold(w, ref, NotFoundInLookback, fmt.Sprintf("no live order since %s matches; if it is older, raise the account's lookback or find it by its ID",
			snap.From.UTC().Format("2006-01-02")), w.Place)
	default:
		b.add(w, snap.order(ids[0]))
		return
	}
	b.plan.Orders++
	b.notes(w)
}

func (b *builder) add(w *spec.Wish, live *order.Live) {
	i, ok := b.taken[live]
	if !ok {
		i = len(b.found)
		b.taken[live] = i
		b.found = append(b.found, foundOrder{live: live})
	}
	f := &b.found[i]
	f.wishes = append(f.wishes, w)
	f.excluded = f.excluded || b.in.Select.excludes(w)
}

// join adds a wish to the orders that it is about and that another wish asked
// for, and reports whether there is one. A wish that matches several takes part
// in each: which is meant is not for gdfctl to say.
func (b *builder) join(w *spec.Wish, find spec.Find) bool {
	if find.Empty() || len(b.taken) == 0 {
		return false
	}
	snap := b.in.Snapshot.Accounts[w.Origin.Account.Name]
	joined := false
	for _, id := range snap.match(find) {
		live := snap.order(id)
		if _, ok := b.taken[live]; ok {
			b.add(w, live)
			joined = true
		}
	}
	return joined
}

// together is what all wishes about one live order come to, combined as if they
// had named it in the same way. The second result says whether anything is.
func (b *builder) together(f *foundOrder) (resolvedWish, bool) {
	if f.excluded {
		return resolvedWish{}, false
	}
	release := b.releaseOf(f.wishes[0].Origin.Account.Name, f.live.Ref, f.live.OrderNumber)
	w, wanted := f.wishes[0], true
	if len(f.wishes) > 1 || release != nil {
		w, wanted = spec.Together(f.wishes, release)
		if b.merged == nil {
			b.merged = map[*spec.Wish]bool{}
		}
		for _, part := range f.wishes {
			b.merged[part] = true
		}
		b.plan.Replaced = append(b.plan.Replaced, w.Replaced()...)
	}
	if w.Problem == nil {
		b.voidedLabel(w, f.live.Ref, f.live.Tracking)
	}
	if !wanted {
		return resolvedWish{}, false
	}
	b.plan.Orders++
	b.notes(w)
	return resolvedWish{Wish: w, live: f.live}, true
}

// releaseOf is the release of a live order, in whatever way it names it.
func (b *builder) releaseOf(account string, ref order.Ref, orderNumber string) *spec.Release {
	for i := range b.in.Wishes.Released {
		if r := &b.in.Wishes.Released[i]; r.Covers(account, ref, orderNumber) {
			return r
		}
	}
	return nil
}

// replaced lists what gave way: that of the merged wishes is known already.
func (b *builder) replaced() {
	if b.merged == nil {
		b.plan.Replaced = b.in.Wishes.Replaced
		return
	}
	for _, wishes := range [][]*spec.Wish{b.in.Wishes.Orders, b.in.Wishes.Dropped} {
		for _, w := range wishes {
			if !b.merged[w] {
				b.plan.Replaced = append(b.plan.Replaced, w.Replaced()...)
			}
		}
	}
	for _, r := range b.in.Wishes.Replaced {
		if r.New { // what a live order is like merges none of these
			b.plan.Replaced = append(b.plan.Replaced, r)
		}
	}
	slices.SortFunc(b.plan.Replaced, func(x, y spec.Replacement) int {
		return cmp.Or(cmp.Compare(x.Address, y.Address), cmp.Compare(x.Place.File, y.Place.File), cmp.Compare(x.Place.Line, y.Place.Line), cmp.Compare(x.By, y.By))
	})
}
