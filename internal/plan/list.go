package plan

import (
	"context"
	"fmt"
	"sort"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/uptake"
	"github.com/gdfctl/gdfctl/internal/words"
)

// IncompleteError says that a listing did not show all the orders that the API
// counted, on two attempts. Nothing is decided on such a listing.
type IncompleteError struct{ Counted, Seen int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the API counts %s but listed only %s, on two attempts: gdfctl does not plan from an incomplete listing. "+
		"Try again in a minute; if the problem remains, find orders by ID, or use a smaller lookback", words.Count(e.Counted, "order", "orders"), words.Number(e.Seen))
}

// list reads the whole of the lookback, which was counted. If that stays
// incomplete, and something is wanted that can only be found so, it is an error;
// what is known by id can be read singly instead.
func (r *accountReading) list(ctx context.Context, lookback godatafeed.OrderQuery, needed bool) error {
	complete, err := r.listAll(ctx, lookback, &r.out.How.Counted, needed)
	r.out.Listed = complete
	return err
}

// listForStanding reads the new orders of the lookback for standing orders. Where
// others are known by their ids, listing all of the lookback can be as good.
func (r *accountReading) listForStanding(ctx context.Context, lookback godatafeed.OrderQuery) error {
	query := lookback
	query.Status = order.New
	counted := -1
	if len(r.want.known) > fewKnown {
		if r.out.How.Counted < 0 {
			if err := r.count(ctx, lookback, &r.out.How.Counted); err != nil {
				return err
			}
		}
		if r.pages(r.out.How.Counted) <= fewKnown {
			return r.list(ctx, lookback, true)
		}
	}
	if err := r.count(ctx, query, &counted); err != nil {
		return err
	}
	if len(r.want.known) > fewKnown && r.pages(r.out.How.Counted) <= r.pages(counted)+fewKnown {
		return r.list(ctx, lookback, true)
	}
	if r.out.How.New = &counted; counted == 0 {
		return nil
	}
	_, err := r.listAll(ctx, query, &counted, true)
	return err
}

// listAll reads all orders of a query. needed: a listing that stays incomplete is an
// error.
func (r *accountReading) listAll(ctx context.Context, q godatafeed.OrderQuery, counted *int, needed bool) (complete bool, err error) {
	sources := map[string]struct{}{}
	for _, s := range r.out.Sources {
		sources[s] = struct{}{}
	}
	found, err := listing.Counted[order.Live]{
		Source: listing.Source[order.Live]{
			Page: func(ctx context.Context, page, size int) ([]order.Live, error) {
				orders, err := r.api.ListOrders(ctx, q, page, size)
				r.called()
				return orders, err
			},
			ID:   func(live *order.Live) string { return live.ID },
			Size: r.account.PageSize,
		},
		Count: func(ctx context.Context) (int, error) {
			err := r.count(ctx, q, counted)
			return *counted, err
		},
		Expect: r.pageSize(), AtOnce: readersAtOnce, All: needed,
		Visit: func(orders []order.Live) {
			r.mu.Lock()
			defer r.mu.Unlock()
			for i := range orders {
				r.take(&orders[i], sources)
			}
		},
	}.Read(ctx, *counted)
	switch {
	case err != nil:
		return false, err
	case !found.Complete && needed:
		return false, &IncompleteError{Counted: found.Counted, Seen: found.Seen}
	}
	if found.PageCap > 0 {
		r.out.PageCap = found.PageCap
	}
	sort.Strings(r.out.Sources)
	return found.Complete, nil
}

// take takes note of an order of the listing; sources are those that are known.
func (r *accountReading) take(live *order.Live, sources map[string]struct{}) {
	if _, seen := sources[live.Source]; !seen && live.Source != "" {
		sources[live.Source] = struct{}{}
		r.out.Sources = append(r.out.Sources, live.Source)
	}
	if r.want.fresh != nil {
		r.want.fresh.see(live)
	}
	if len(r.want.standing) > 0 && live.OrderNumber != "" {
		r.out.taken[live.OrderNumber] = live.ID
	}
	has := r.want.has(live)
	delete(r.out.errors, live.ID)
	if has || r.want.covered(live) {
		r.out.add(*live)
	} else if hash := uptake.ErrorHash(live.SyncError); hash != "" {
		r.out.errors[live.ID] = listedError{live.Source, hash}
	}
	switch {
	case has:
	case Waits(live.Status, live.SourceStatus):
		r.out.others[live.ID] = OpenOrder{Ref: live.Ref, OrderNumber: live.OrderNumber, Status: live.Status, Created: live.Created()}
	default:
		delete(r.out.others, live.ID) // seen before, and changed meanwhile
	}
}
