package apply_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// lossyPlace answers so many takings, and is gone.
type lossyPlace struct {
	godatafeed.Place
	left atomic.Int64
}

func (p *lossyPlace) Take(ctx context.Context, a godatafeed.Ask) (int, godatafeed.Bucket, error) {
	if p.left.Add(-1) < 0 {
		return 0, godatafeed.Bucket{}, &godatafeed.PlaceError{Reason: "the server closed the connection"}
	}
	return p.Place.Take(ctx, a)
}

// A run that can't keep the call limit any more ends as one that lost the state: what was
// taken is sent, nothing is unknown because of it, and the next run goes on.
func TestTheCallLimitIsLost(t *testing.T) {
	for _, far := range []bool{false, true} {
		for _, answered := range []int64{6, 8, 10} {
			synctest.Test(t, func(t *testing.T) {
				const orders = 40
				w := newWorld(t, orders, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
				shipAll(w, 0, orders)
				place := &lossyPlace{Place: godatafeed.NewPlace(time.Now)}
				place.left.Store(answered)
				w.limit = godatafeed.LimiterOptions{Shared: place}
				if far {
					w.far(nil)
				}
				r, err := w.apply(t.Context())
				if unlimited, ok := errors.AsType[*godatafeed.UnlimitedError](err); !ok || unlimited.Reason != "the server closed the connection" {
					t.Errorf("error %v", err)
				}
				sent := len(w.api.Ledger())
				if sent == 0 || sent == orders || r.Counts[apply.Applied] != sent || r.Counts[apply.Unknown] > 0 || r.Counts[apply.Failed] > 0 {
					t.Errorf("%d sent, %+v, %+v", sent, r.Counts, r.Items)
				}
				if far && w.distant.outcomes[order.Unknown] > 0 {
					t.Errorf("outcomes %v", w.distant.outcomes)
				}
				assertNothingOpen(t, w)
				place.left.Store(1e6)
				if r, err = w.apply(t.Context()); err != nil || !r.Clean() || len(w.api.Ledger()) != orders {
					t.Errorf("the next run: %v, %+v, %d sent", err, r.Counts, len(w.api.Ledger()))
				}
				w.assertNothingTwice()
			})
		}
	}
}
