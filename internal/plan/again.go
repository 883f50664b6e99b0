package plan

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Known is an order that was read before.
type Known struct {
	ID      string
	Created time.Time    // zero if not known
	Status  order.Status // that it should have now
}

// Rereading is how the orders of one account are read again.
type Rereading struct {
	API     Reader
	Account *spec.Account
	Learned memory.LearnedAccount
	Now     func() time.Time
}

// Orders reads orders again that are known by id, in as few calls as
// possible: on the pages that should show them, or one by one. Orders that the API
// doesn't know any more are in the result's Missing.
func (a Rereading) Orders(ctx context.Context, orders []Known) (*AccountSnapshot, error) {
	want := &wanted{known: make(map[string]hint, len(orders))}
	for _, o := range orders {
		want.known[o.ID] = hint{created: o.Created, status: o.Status}
	}
	r := newReading(a.Account, a.API, want, a.Learned, a.Now)
	if err := r.readKnown(ctx, nil); err != nil {
		return nil, err
	}
	return r.out, nil
}
