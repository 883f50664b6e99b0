package plan

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// syncDelay is how much later than at its marketplace an order may come into
// being in GoDataFeed: which of the two dates a listing filters by is not
// documented, so a window covers both.
const syncDelay = 24 * time.Hour

// Known is an order that was read before.
type Known struct {
	ID      string
	Created time.Time
}

// ReadAgain reads orders that are known by id once more, at the fewest calls:
// by listing the window of their creation dates, or one by one. Orders that
// the API doesn't know any more are in the result's Missing.
func ReadAgain(ctx context.Context, api Reader, account *spec.Account, orders []Known, pageCap int, now func() time.Time) (*AccountSnapshot, error) {
	r := &accountReading{account: account, api: api, now: now, pageCap: pageCap, want: &wanted{ids: map[string]bool{}}}
	r.out = newAccountSnapshot(now())
	q := godatafeed.OrderQuery{To: r.out.ReadAt}
	for i, o := range orders {
		r.want.ids[o.ID] = true
		if i == 0 || o.Created.Before(q.From) {
			q.From = o.Created
		}
	}
	latest := time.Time{}
	for _, o := range orders {
		if o.Created.After(latest) {
			latest = o.Created
		}
	}
	if end := latest.Add(syncDelay); end.Before(q.To) {
		q.To = end
	}
	if !q.From.IsZero() {
		list, err := r.listingPays(ctx, q)
		if err != nil {
			return nil, err
		}
		if list {
			if err := r.list(ctx, q); err != nil {
				return nil, err
			}
		}
	}
	if err := r.single(ctx, r.gaps()); err != nil {
		return nil, err
	}
	return r.out, nil
}

// Order returns a live order of the snapshot.
func (s *AccountSnapshot) Order(id string) (order.Live, bool) {
	live, ok := s.Orders[id]
	return live, ok
}

// Means reports whether a find of the configuration means the order of that
// name, which has that number at the seller.
func Means(f spec.Find, ref order.Ref, orderNumber string) bool {
	switch {
	case f.ID != "":
		return f.ID == ref.ID
	case f.OrderNumber != "":
		return f.OrderNumber == orderNumber
	case f.Source != "":
		return order.SourceKey(f.Source) == order.SourceKey(ref.Source) && f.Number == ref.SourceNumber
	}
	return f.Number != "" && f.Number == ref.SourceNumber
}
