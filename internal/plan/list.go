package plan

import (
	"context"
	"fmt"
	"sort"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// IncompleteError says that a listing did not show all the orders that the API
// counted, twice running. Nothing is decided on such a listing.
type IncompleteError struct{ Counted, Seen int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the API counts %d orders but lists only %d of them, twice running: nothing is decided on an incomplete listing. "+
		"Try again in a minute; if it stays so, plan by order id, or with a smaller lookback", e.Counted, e.Seen)
}

// list reads the whole lookback, again once if the first time was incomplete.
// Wishes that are known by id may be missing in it: they are read singly.
func (r *accountReading) list(ctx context.Context, q godatafeed.OrderQuery) error {
	seen, err := r.listOnce(ctx, q)
	if err != nil {
		return err
	}
	if seen < r.out.Counted {
		if err := r.count(ctx, q); err != nil {
			return err
		}
		if seen, err = r.listOnce(ctx, q); err != nil {
			return err
		}
	}
	if seen < r.out.Counted && r.want.listing() {
		return &IncompleteError{Counted: r.out.Counted, Seen: seen}
	}
	r.out.Listed = seen >= r.out.Counted
	sort.Strings(r.out.Sources)
	return nil
}

// listOnce reads page after page, in order: new orders that arrive meanwhile
// then only push others to pages that are still to come. It goes on until a
// page is shorter than the others, since the count alone can be reached while
// orders are still missing. It returns the number of different orders seen.
func (r *accountReading) listOnce(ctx context.Context, q godatafeed.OrderQuery) (int, error) {
	ids := map[string]struct{}{}
	sources := map[string]bool{}
	for _, s := range r.out.Sources {
		sources[s] = true
	}
	full := r.account.PageSize
	capped := false
	stuck := 0 // pages running that showed nothing new: the API repeats itself
	for page := 1; stuck < 2 && page <= 2*r.out.Counted/max(full, 1)+10; page++ {
		orders, err := r.api.ListOrders(ctx, q, page, r.account.PageSize)
		r.called()
		if err != nil {
			return 0, err
		}
		before := len(ids)
		for _, live := range orders {
			ids[live.ID] = struct{}{}
			if live.Source != "" && !sources[live.Source] {
				sources[live.Source] = true
				r.out.Sources = append(r.out.Sources, live.Source)
			}
			if r.want.has(live) {
				r.out.add(live)
			}
		}
		switch {
		case page == 1 && len(orders) < full && len(orders) < r.out.Counted:
			// A short first page with more counted: the server caps the page, if
			// there is a second one.
			full, capped = len(orders), true
		case page == 2 && capped && len(orders) > 0:
			r.out.PageCap = full
		}
		if stuck++; len(ids) > before {
			stuck = 0
		}
		if len(orders) < full || len(orders) == 0 || (len(ids) == before && len(ids) >= r.out.Counted) {
			break
		}
	}
	return len(ids), nil
}
