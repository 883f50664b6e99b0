package reconcile

import (
	"context"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// Parcels of canceled orders must not be handed over. A plan shows them as long as the
// configuration wants the order shipped; tomorrow's table may not name it any more. So an
// apply remembers them in the state, for `gdfctl status --pull-list`.

// rememberParcels remembers those of a plan that was made from reads of this run.
func (a *applying) rememberParcels(pl *plan.Plan) {
	for i := range pl.Held {
		if h := &pl.Held[i]; h.Pull != nil {
			a.pull(h.Account, h.Order, *h.Pull)
		}
	}
}

func (a *applying) pull(account string, ref order.Ref, parcel order.Parcel) {
	if at, ok := a.cfg.Account(account); ok && ref.ID != "" {
		fresh := a.session.Pull(state.Key{Endpoint: at.Endpoint, Account: at.Name, ID: ref.ID}, ref, parcel, a.Now())
		a.toPull = a.toPull || fresh
	}
}

// saveParcels saves those that were not remembered before, before anything is sent: a run
// that is killed would forget them, and tomorrow's table may not name them any more. The
// journal of a former run is not dropped for that, while it has calls to find out about.
func (a *applying) saveParcels() error {
	if !a.toPull || a.openCalls() {
		return nil
	}
	if err := a.commit(); err != nil {
		return fmt.Errorf("nothing was sent, because the parcels to pull could not be saved: %w", err)
	}
	a.toPull = false
	return nil
}

// mostConfirmed is how many orders of a saved plan are read for their parcels.
const mostConfirmed = 50

// confirmParcels remembers those of a plan that comes from a file. It proves nothing: the
// number is that of the wish, and that the order is canceled, a read says. One that can't
// be read now is noticed by the next plan.
func (a *applying) confirmParcels(ctx context.Context, pl *plan.Plan, wishes *spec.Wishes) {
	held := map[string]*plan.Held{} // by address
	for i := range pl.Held {
		if h := &pl.Held[i]; h.Pull != nil && h.Order.ID != "" && len(held) < mostConfirmed {
			held[h.Address] = h
		}
	}
	if len(held) == 0 {
		return
	}
	for _, w := range wishes.Orders {
		h := held[w.Address()]
		if h == nil || w.Want.Status != order.Shipped || w.Origin.Account.Name != h.Account {
			continue
		}
		client, err := a.client(w.Origin.Account)
		if err != nil {
			return
		}
		live, err := client.GetOrder(ctx, h.Order.ID)
		if err == nil && live.IsCancelled() && w.Find.Matches(live.Ref, live.OrderNumber) {
			a.pull(h.Account, live.Ref, w.Want.Parcel())
		}
	}
}
