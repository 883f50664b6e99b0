package plan

import (
	"context"
	"fmt"
	"sort"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// IncompleteError says that a listing did not show all the orders that the API
// counted, on two attempts. Nothing is decided on such a listing.
type IncompleteError struct{ Counted, Seen int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the API counts %s but listed only %s, on two attempts: gdfctl does not plan from an incomplete listing. "+
		"Try again in a minute; if the problem remains, find orders by ID, or use a smaller lookback", words.Count(e.Counted, "order", "orders"), words.Number(e.Seen))
}

// list reads the whole of a query that was counted. If that stays incomplete,
// and something is wanted that can only be found so, it is an error; what is
// known by id can be read singly instead.
func (r *accountReading) list(ctx context.Context, q godatafeed.OrderQuery) error {
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
			err := r.count(ctx, q)
			return r.out.How.Counted, err
		},
		Expect: r.pageSize(), AtOnce: readersAtOnce, All: r.want.listing(),
		Visit: func(orders []order.Live) {
			r.mu.Lock()
			defer r.mu.Unlock()
			for i := range orders {
				r.take(&orders[i], sources)
			}
		},
	}.Read(ctx, r.out.How.Counted)
	switch {
	case err != nil:
		return err
	case !found.Complete && r.want.listing():
		return &IncompleteError{Counted: found.Counted, Seen: found.Seen}
	}
	if found.PageCap > 0 {
		r.out.PageCap = found.PageCap
	}
	r.out.Listed = found.Complete
	sort.Strings(r.out.Sources)
	return nil
}

// take takes note of an order of the listing; sources are those that are known.
func (r *accountReading) take(live *order.Live, sources map[string]struct{}) {
	if _, seen := sources[live.Source]; !seen && live.Source != "" {
		sources[live.Source] = struct{}{}
		r.out.Sources = append(r.out.Sources, live.Source)
	}
	switch {
	case r.want.has(live):
		r.out.add(*live)
	case Waits(live.Status, live.SourceStatus):
		r.out.others[live.ID] = OpenOrder{Ref: live.Ref, OrderNumber: live.OrderNumber, Created: live.Created()}
	default:
		delete(r.out.others, live.ID) // seen before, and changed meanwhile
	}
}
