package reconcile

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// OrdersRequest asks for live orders of an account.
type OrdersRequest struct {
	Source
	Account     string // empty: the default one
	Created     Period // default: the account's lookback until now
	Status      order.Status
	Marketplace string // in any case; empty: all
	Limit       int    // at most so many; 0: all
	Unclaimed   bool   // only open orders that the configuration does not name
	Buyers      bool   // with the buyers' data
}

// LiveOrder is an order as the API has it now, with its buyer if that was asked
// for.
type LiveOrder struct {
	godatafeed.OrderDetails
	Buyer *godatafeed.Buyer
}

// OrdersReport is what was found.
type OrdersReport struct {
	Orders       []LiveOrder
	Since, Until time.Time // of the creation of the orders that were asked for
	Cut          bool      // there may be more: the limit was reached
}

// ListOrders lists live orders.
func ListOrders(ctx context.Context, req OrdersRequest, d Deps, o Observer) (*OrdersReport, error) {
	if req.Limit < 0 {
		return nil, requestf("limit", "must not be negative")
	}
	if req.Unclaimed && req.Status != "" && !req.Status.Open() {
		return nil, requestf("status", "must be new or processing: only open orders can be unclaimed")
	}
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return nil, err
	}
	defer l.close()
	query, err := l.query(req)
	if err != nil {
		return nil, err
	}
	found, err := l.listOrders(ctx, query, req)
	if err != nil {
		return nil, apiError(ctx, l.account.Name, err)
	}
	if req.Unclaimed {
		if found, err = l.notClaimed(ctx, found, req.Limit); err != nil {
			return nil, err
		}
	}
	return &OrdersReport{Orders: found.Items, Since: query.From, Until: query.To, Cut: found.Cut}, nil
}

// CountOrders counts live orders, in one call. The API can't count those of one
// marketplace: they are listed.
func CountOrders(ctx context.Context, req OrdersRequest, d Deps, o Observer) (int, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return 0, err
	}
	defer l.close()
	query, err := l.query(req)
	if err != nil {
		return 0, err
	}
	if req.Marketplace == "" {
		n, err := l.client.CountOrders(ctx, query)
		return n, apiError(ctx, l.account.Name, err)
	}
	found, err := l.listOrders(ctx, query, OrdersRequest{Marketplace: req.Marketplace})
	return len(found.Items), apiError(ctx, l.account.Name, err)
}

// OrderRequest asks for one live order.
type OrderRequest struct {
	Source
	Account string // empty: the default one
	ID      string
	Buyer   bool // with the buyer's data
}

// GetOrder reads one live order.
func GetOrder(ctx context.Context, req OrderRequest, d Deps, o Observer) (LiveOrder, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return LiveOrder{}, err
	}
	defer l.close()
	found, err := l.getOrder(ctx, req)
	if godatafeed.IsNotFound(err) {
		return found, fmt.Errorf("account %s has no order with the ID %q\nIDs are case-sensitive and differ from order numbers: `%s` shows them", l.account.Name, req.ID, l.command("orders", "list"))
	}
	return found, apiError(ctx, l.account.Name, err)
}

func (l *live) getOrder(ctx context.Context, req OrderRequest) (LiveOrder, error) {
	if req.Buyer {
		o, err := l.client.GetOrderWithBuyer(ctx, req.ID)
		return withBuyer(&o), err
	}
	o, err := l.client.GetOrderDetails(ctx, req.ID)
	return withoutBuyer(&o), err
}

// query is what the API is asked. Both ends are fixed before the first page is
// read, so that orders which arrive meanwhile move no page.
func (l *live) query(req OrdersRequest) (godatafeed.OrderQuery, error) {
	now := l.Now()
	since, until, err := req.Created.In(l.account.Timezone, now)
	if err != nil {
		return godatafeed.OrderQuery{}, err
	}
	if until.IsZero() {
		until = now
	}
	if since.IsZero() {
		since = until.Add(-l.account.Lookback)
	}
	if !since.Before(until) {
		return godatafeed.OrderQuery{}, requestf("since", "must be in the past")
	}
	return godatafeed.OrderQuery{Status: req.Status, From: since, To: until}, nil
}

// listOrders asks for buyers only where they are wanted, and keeps what the
// listing shows of the API.
func (l *live) listOrders(ctx context.Context, q godatafeed.OrderQuery, req OrdersRequest) (listing.Found[LiveOrder], error) {
	source := listing.Source[LiveOrder]{
		ID:   func(live *LiveOrder) string { return live.ID },
		Size: l.account.PageSize,
		Page: func(ctx context.Context, page, size int) ([]LiveOrder, error) {
			if req.Buyers {
				orders, err := l.client.ListOrdersWithBuyer(ctx, q, page, size)
				return liveOrders(orders, withBuyer), err
			}
			orders, err := l.client.ListOrderDetails(ctx, q, page, size)
			return liveOrders(orders, withoutBuyer), err
		},
	}
	want := listing.Selection[LiveOrder]{Limit: req.Limit}
	if req.Marketplace != "" {
		want.Keep = func(live *LiveOrder) bool { return order.SourceKey(live.Source) == order.SourceKey(req.Marketplace) }
	}
	if atMarketplace := want.Keep; req.Unclaimed {
		// Only a whole list shows which are unclaimed.
		want.Limit, want.Keep = 0, func(live *LiveOrder) bool {
			return plan.Waits(live.Status, live.SourceStatus) && (atMarketplace == nil || atMarketplace(live))
		}
	}
	found, err := listing.Find(ctx, source, want)
	if err == nil && found.PageCap > 0 {
		l.learn(map[string]int{l.account.Name: found.PageCap})
	}
	return found, err
}

// notClaimed leaves the orders that the configuration does not name, as plan
// counts them, and cuts them to a limit.
func (l *live) notClaimed(ctx context.Context, found listing.Found[LiveOrder], limit int) (listing.Found[LiveOrder], error) {
	wishes, err := l.wishes(ctx)
	if err != nil {
		return found, err
	}
	open := make([]plan.OpenOrder, len(found.Items))
	for i := range found.Items {
		live := &found.Items[i]
		open[i] = plan.OpenOrder{Ref: live.Ref, OrderNumber: live.OrderNumber, Status: live.Status, Created: live.Created()}
	}
	left := map[string]bool{}
	for _, o := range plan.NotClaimed(l.account, wishes, open) {
		left[o.ID] = true
	}
	kept := found.Items[:0]
	for _, live := range found.Items {
		if left[live.ID] {
			kept = append(kept, live)
		}
	}
	found.Items = kept
	if limit > 0 && len(kept) > limit {
		found.Items, found.Cut = kept[:limit], true
	}
	return found, nil
}

func liveOrders[T any](orders []T, convert func(*T) LiveOrder) []LiveOrder {
	out := make([]LiveOrder, len(orders))
	for i := range orders {
		out[i] = convert(&orders[i])
	}
	return out
}

func withBuyer(o *godatafeed.OrderWithBuyer) LiveOrder {
	return LiveOrder{OrderDetails: o.OrderDetails, Buyer: &o.Buyer}
}

func withoutBuyer(o *godatafeed.OrderDetails) LiveOrder { return LiveOrder{OrderDetails: *o} }
