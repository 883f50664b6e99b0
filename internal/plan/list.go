package plan

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
)

// IncompleteError says that a listing did not show all the orders that the API
// counted, twice running. Nothing is decided on such a listing.
type IncompleteError struct{ Counted, Seen int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the API counts %d orders but lists only %d of them, twice running: nothing is decided on an incomplete listing. "+
		"Try again in a minute; if it stays so, plan by order id, or with a smaller lookback", e.Counted, e.Seen)
}

// fewPages is the most pages that are read one after the other.
const fewPages = 4

// list reads the whole of a query that was counted. If the first time was
// incomplete, and something is wanted that can only be found so, it reads it
// once again; what is known by id can be read singly instead.
func (r *accountReading) list(ctx context.Context, q godatafeed.OrderQuery) error {
	l := &listing{accountReading: r, query: q}
	complete, err := l.first(ctx)
	if err != nil {
		return err
	}
	if !complete && r.want.listing() {
		if err := r.count(ctx, q); err != nil {
			return err
		}
		l = &listing{accountReading: r, query: q}
		if err := l.inTurn(ctx, 1); err != nil {
			return err
		}
		if complete = l.complete(); !complete {
			return &IncompleteError{Counted: r.out.How.Counted, Seen: len(l.ids)}
		}
	}
	r.out.Listed = complete
	sort.Strings(r.out.Sources)
	return nil
}

// listing goes through the pages of a query once.
type listing struct {
	*accountReading
	query   godatafeed.OrderQuery
	ids     map[string]struct{} // of all orders seen
	sources map[string]struct{} // likewise
	full    int                 // orders of a page that is not the last
	capped  bool                // the first page was shorter than asked for
}

// first is the first try: in turn, or side by side if there are many pages.
func (l *listing) first(ctx context.Context) (complete bool, err error) {
	if l.pages(l.out.How.Counted) <= fewPages {
		err = l.inTurn(ctx, 1)
		return err == nil && l.complete(), err
	}
	if _, err := l.page(ctx, 1); err != nil {
		return false, err
	}
	if l.full == 0 {
		return false, nil
	}
	err = l.rest(ctx)
	if errors.Is(err, errNothingNew) {
		return false, nil
	}
	if err != nil || !l.complete() || !l.want.listing() {
		return err == nil && l.complete(), err
	}
	// An order that turns up meanwhile can push another one from a page that is
	// still to be read to one that was read, and make up for it in the count.
	counted := l.out.How.Counted
	err = l.count(ctx, l.query)
	return err == nil && l.out.How.Counted == counted, err
}

// rest reads all pages but the first, side by side. Where all orders are to be
// found, it goes on until a page is short, as inTurn does: the count can be too
// low.
func (l *listing) rest(ctx context.Context) error {
	all := l.want.listing()
	last := (l.out.How.Counted-1)/l.full + 1
	if all {
		last = l.out.How.Counted/l.full + 1
	}
	shown := 0 // on the last page
	err := sideBySide(ctx, last-1, func(ctx context.Context, i int) error {
		before := l.seen()
		n, err := l.page(ctx, i+2)
		if i+2 == last {
			shown = n
		} else if err == nil && l.seen() == before {
			err = errNothingNew
		}
		return err
	})
	if err == nil && all && shown >= l.full {
		err = l.inTurn(ctx, last+1)
	}
	return err
}

// errNothingNew stops a listing whose pages repeat each other.
var errNothingNew = errors.New("a page shows nothing new")

// inTurn reads page after page, from that one on: new orders that turn up
// meanwhile then only push others to pages that are still to come. It goes on
// until a page is shorter than the others, since the count alone can be reached
// while orders are still missing.
func (l *listing) inTurn(ctx context.Context, from int) error {
	stuck := 0 // pages running that showed nothing new: the API repeats itself
	for page := from; stuck < 2 && page <= 2*l.out.How.Counted/max(l.full, 1)+10; page++ {
		before := len(l.ids)
		shown, err := l.page(ctx, page)
		if err != nil {
			return err
		}
		if stuck++; len(l.ids) > before {
			stuck = 0
		}
		if shown < l.full || shown == 0 || (l.complete() && (len(l.ids) == before || !l.want.listing())) {
			break
		}
	}
	return nil
}

// mostRoom is the most orders that room is made for on the word of a count.
const mostRoom = 1 << 20

// page reads one page and returns how many orders it showed.
func (l *listing) page(ctx context.Context, page int) (int, error) {
	orders, err := l.api.ListOrders(ctx, l.query, page, l.account.PageSize)
	l.called()
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ids == nil {
		l.ids, l.sources = make(map[string]struct{}, min(l.out.How.Counted, mostRoom)), map[string]struct{}{}
		for _, s := range l.out.Sources {
			l.sources[s] = struct{}{}
		}
	}
	for i := range orders {
		l.take(&orders[i])
	}
	switch {
	case page == 1:
		// A short first page with more counted: the server caps the page, if
		// there is a second one.
		l.full = l.account.PageSize
		if len(orders) < l.full && len(orders) < l.out.How.Counted {
			l.full, l.capped = len(orders), true
		}
	case page == 2 && l.capped && len(orders) > 0:
		l.out.PageCap = l.full
	}
	return len(orders), nil
}

func (l *listing) take(live *order.Live) {
	l.ids[live.ID] = struct{}{}
	if _, seen := l.sources[live.Source]; !seen && live.Source != "" {
		l.sources[live.Source] = struct{}{}
		l.out.Sources = append(l.out.Sources, live.Source)
	}
	switch {
	case l.want.has(live):
		l.out.add(*live)
	case Waits(live.Status, live.SourceStatus):
		l.out.others[live.ID] = OpenOrder{Ref: live.Ref, OrderNumber: live.OrderNumber, Created: live.Created()}
	default:
		delete(l.out.others, live.ID) // seen before, and changed meanwhile
	}
}

func (l *listing) seen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.ids)
}

func (l *listing) complete() bool { return len(l.ids) >= l.out.How.Counted }
