package reconcile

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// OlderError is what a marketplace reported of orders, not about what gdfctl changed
// last. The text is as safe to show as any message of the API.
type OlderError struct {
	Account, Source, Text string
	Orders                []order.Ref // the oldest first
	Oldest                time.Time   // when the first of them was placed
}

// OlderErrors lists the orders of the lookback, and sorts what their marketplaces
// reported by marketplace and text, the most frequent first. Only live orders have the
// texts: nothing that is kept holds them.
func OlderErrors(ctx context.Context, req StatusRequest, d Deps, o Observer) ([]*OlderError, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	k, err := d.openKept(ctx, req, o)
	if err != nil {
		return nil, err
	}
	defer k.close()
	var all []*OlderError
	for _, account := range k.accounts {
		found, err := k.olderErrors(ctx, account, k.state)
		if err != nil {
			return nil, apiError(ctx, account.Name, err)
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b *OlderError) int { return cmp.Compare(len(b.Orders), len(a.Orders)) })
	return all, nil
}

func (w *workspace) olderErrors(ctx context.Context, account *spec.Account, st *state.State) ([]*OlderError, error) {
	client, err := w.client(account)
	if err != nil {
		return nil, noClientError{err}
	}
	now := w.Now()
	q := godatafeed.OrderQuery{From: now.Add(-account.Lookback), To: now}
	found, err := listing.Find(ctx, listing.Source[order.Live]{
		ID: func(live *order.Live) string { return live.ID }, Size: account.PageSize,
		Page: func(ctx context.Context, page, size int) ([]order.Live, error) {
			return client.ListOrders(ctx, q, page, size)
		},
	}, listing.Selection[order.Live]{Keep: func(live *order.Live) bool { return live.SyncError != "" }})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found.Items, func(a, b order.Live) int { return a.Created().Compare(b.Created()) })
	learned := w.knownOf(account)
	var all []*OlderError
	groups := map[[2]string]*OlderError{}
	for _, live := range found.Items {
		entry := st.Remembered(state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: live.ID})
		hash, older := plan.OlderError(entry, live, now, plan.UptakeSettings(account, live.Source, learned))
		if !older {
			continue
		}
		key := [2]string{order.SourceKey(live.Source), hash}
		g := groups[key]
		if g == nil {
			g = &OlderError{Account: account.Name, Source: live.Source, Text: safetext.Foreign(live.SyncError), Oldest: live.Created()}
			groups[key] = g
			all = append(all, g)
		}
		g.Orders = append(g.Orders, live.Ref)
	}
	return all, nil
}
