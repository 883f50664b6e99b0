package reconcile

import (
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// release closes the open calls of orders that people handled: a release block
// says so, with the reason.
func (a *applying) release() {
	for in := range a.session.State().OpenIntents() {
		for _, r := range a.cfg.Released {
			if r.Account.Endpoint != in.Endpoint || !r.Covers(in.Account, in.Ref, in.After.OrderNumber) {
				continue
			}
			if err := a.session.RecordOutcome(in.Ident(), state.Outcome{Result: order.Released, Message: r.Reason}); err != nil {
				a.warnf("the release of %s could not be recorded: %s", in.Ref, err)
			}
		}
	}
}

// withoutReleased takes out of a saved plan what people handled since: a
// release block stands above a plan that was made before it.
func (a *applying) withoutReleased(pl *plan.Plan) {
	kept := pl.Changes[:0]
	for _, c := range pl.Changes {
		if reason, released := a.releasedSince(c); released {
			a.warnf("%s is skipped, because it was released after the plan was made: %s", c.Order, reason)
			continue
		}
		kept = append(kept, c)
	}
	pl.Changes = kept
}

func (a *applying) releasedSince(c plan.Change) (reason string, released bool) {
	for _, r := range a.cfg.Released {
		if r.Covers(c.Account, c.Order, c.Before.OrderNumber) {
			return r.Reason, true
		}
	}
	return "", false
}

// releaseOf is the release block about an order of the state, or nil.
func (w *workspace) releaseOf(key state.Key, ref order.Ref, number string) *spec.Release {
	for i := range w.cfg.Released {
		if r := &w.cfg.Released[i]; r.Account.Endpoint == key.Endpoint && r.Covers(key.Account, ref, number) {
			return r
		}
	}
	return nil
}
