package plan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
)

// syncDelay is how much later than at its marketplace an order may come into
// being in GoDataFeed: which of the two dates a listing filters by is not
// documented, so a window covers both.
const syncDelay = 24 * time.Hour

// fewKnown is how many orders are always read one by one: a listing of them
// could save no call.
const fewKnown = 2

// readersAtOnce is how many calls of an account are made side by side. The
// call limit is what bounds the rate; this hides the latency.
const readersAtOnce = 8

// readKnown reads what is known by id and was not read yet. Orders that were
// last seen with one status and came into being about the same time are looked
// for on the pages that should show them. Whether the lookback is worth listing
// as a whole is asked after that, where one is given. What is left is read one
// by one.
func (r *accountReading) readKnown(ctx context.Context, lookback *godatafeed.OrderQuery) error {
	gaps := r.gaps()
	if n := len(gaps); n > fewKnown {
		worth := risk{orders: n, pages: n}
		if lookback != nil && !r.out.Listed {
			if r.out.How.Counted < 0 {
				if err := r.count(ctx, *lookback, &r.out.How.Counted); err != nil {
					return err
				}
			}
			worth.pages = r.pages(r.out.How.Counted)
		}
		if err := r.readWindows(ctx, gaps, &worth); err != nil {
			return err
		}
		if gaps = r.gaps(); worth.pages < len(gaps) {
			if err := r.list(ctx, *lookback, r.want.listing()); err != nil {
				return err
			}
			gaps = r.gaps()
		}
	}
	r.out.How.Singles = len(gaps)
	return r.single(ctx, gaps)
}

// risk is the account of calls that are made on hints, which may be wrong. Its
// bounds are those of accountReading.read, whatever the calls find.
type risk struct {
	orders int // that are looked for
	pages  int // that the whole lookback takes
	calls  int // made
	found  int // orders found by them
}

// allows reports whether so many calls more can be afforded though they find
// nothing at all. If they fail, the rest is read one by one: then no more than
// one call may be lost. Or all of the lookback is listed: three may go before.
func (r *risk) allows(calls int) bool {
	if calls += r.calls; r.orders <= r.pages+2 {
		return calls-r.found <= 1
	}
	return calls <= 3 || calls+r.orders-r.found <= r.pages+3
}

// readWindows looks for known orders where they are expected, unless listing
// all of the lookback is as good.
func (r *accountReading) readWindows(ctx context.Context, ids []string, worth *risk) error {
	windows := r.knownWindows(ids)
	expected := worth.orders
	for _, w := range windows {
		expected += r.pages(w.orders) - w.orders
	}
	if worth.pages <= expected && worth.pages < worth.orders {
		return nil
	}
	for _, w := range windows {
		if err := r.readWindow(ctx, w, worth); err != nil {
			return err
		}
	}
	return nil
}

// window is a part of a listing that should show orders which are known.
type window struct {
	query  godatafeed.OrderQuery
	orders int // known ones that are expected there
}

// knownWindows puts the orders that a listing could show into windows, those
// of the most orders first.
func (r *accountReading) knownWindows(ids []string) []window {
	byStatus := map[order.Status][]time.Time{}
	for _, id := range ids {
		if h := r.want.known[id]; !h.created.IsZero() {
			byStatus[h.status] = append(byStatus[h.status], h.created)
		}
	}
	delay := syncDelay
	if r.learned.DateField == memory.DateCreatedInSource {
		delay = time.Second // the API's dates have no smaller parts
	}
	var windows []window
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		created := byStatus[status]
		slices.SortFunc(created, time.Time.Compare)
		for len(created) > 0 {
			n := 1
			for n < len(created) && created[n].Sub(created[n-1]) <= syncDelay {
				n++
			}
			if n > fewKnown {
				q := godatafeed.OrderQuery{From: created[0], To: created[n-1].Add(delay), Status: status}
				if end := r.end(); q.To.After(end) {
					q.To = end
				}
				if q.From.Before(q.To) {
					windows = append(windows, window{q, n})
				}
			}
			created = created[n:]
		}
	}
	slices.SortStableFunc(windows, func(a, b window) int { return cmp.Compare(b.orders, a.orders) })
	return windows
}

// readWindow lists a window for as long as its pages show more known orders
// than single reads would.
func (r *accountReading) readWindow(ctx context.Context, w window, worth *risk) error {
	next, shown := 1, 0 // the page, and what the ones before it showed
	for ahead := 1; ahead > 0 && worth.allows(ahead); {
		page := windowPages{orders: make([]int, ahead)}
		err := listing.SideBySide(ctx, ahead, readersAtOnce, func(ctx context.Context, i int) error {
			return r.windowPage(ctx, w, next+i, i, &page)
		})
		if err != nil {
			return err
		}
		next += ahead
		shown += page.known
		worth.calls += ahead
		worth.found += page.known
		if slices.Min(page.orders) < r.pageSize() || page.known < 2*ahead {
			break
		}
		yield := page.known / ahead
		for ahead = min((w.orders-shown+yield-1)/yield, readersAtOnce); ahead > 1 && !worth.allows(ahead); {
			ahead--
		}
	}
	if shown > 0 {
		r.out.How.Listings++
		r.out.How.Found += shown
	}
	return nil
}

// windowPages is what some pages of a window showed.
type windowPages struct {
	orders []int // on each
	known  int   // that were not read before, on all
}

func (r *accountReading) windowPage(ctx context.Context, w window, page, i int, out *windowPages) error {
	orders, err := r.api.ListOrders(ctx, w.query, page, r.account.PageSize)
	r.called()
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out.orders[i] = len(orders)
	for _, live := range orders {
		if _, known := r.want.known[live.ID]; known {
			if _, read := r.out.Order(live.ID); !read {
				out.known++
			}
			r.out.add(live)
		}
	}
	return nil
}

// gaps lists the ids that are known and were not read, sorted.
func (r *accountReading) gaps() []string {
	var gaps []string
	for id := range r.want.known {
		if _, read := r.out.byID[id]; !read && !r.out.Missing[id] {
			gaps = append(gaps, id)
		}
	}
	slices.Sort(gaps)
	return gaps
}

// single reads orders one by one.
func (r *accountReading) single(ctx context.Context, ids []string) error {
	return listing.SideBySide(ctx, len(ids), readersAtOnce, func(ctx context.Context, i int) error { return r.get(ctx, ids[i]) })
}

func (r *accountReading) get(ctx context.Context, id string) error {
	live, err := r.api.GetOrder(ctx, id)
	r.called()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case godatafeed.IsNotFound(err):
		r.out.Missing[id] = true
	case err != nil:
		return fmt.Errorf("order %s: %w", id, err)
	case live.ID != id:
		return fmt.Errorf("order %s: the API answered with a different order", id)
	default:
		r.out.add(live)
	}
	return nil
}
