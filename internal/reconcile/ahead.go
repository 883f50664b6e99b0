package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
)

// moment is what a plan that is made without a lease was made from.
type moment struct {
	backend.Position
	held bool // somebody holds the lease
}

// moment is that of the state that was read last, nil where no other machine could
// change it.
func (w *workspace) moment() *moment {
	if !w.home.shared() {
		return nil
	}
	_, held := w.store.Holder()
	return &moment{w.store.Position(), held}
}

// ahead makes a plan, shows it and asks, all without the lease: others go on while
// a person decides. What is approved is then taken like a saved plan: what the
// state or the live orders say otherwise by then is skipped.
func (a *applying) ahead(ctx context.Context) error {
	st, err := a.readState(ctx)
	if err != nil {
		return err
	}
	a.adopt(st)
	if err := a.unclaimed(st); err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	defer st.KeepOpen()()
	if a.req.Resend != nil {
		return a.resendAhead(ctx, st)
	}
	made, in, err := a.makePlan(ctx, a.req.Scope, a.policies, st, a.moment())
	if err != nil {
		return err
	}
	if err := a.planned(made, st); err != nil {
		return err
	}
	if err := a.approve(ctx); err != nil {
		return err
	}
	saved := &savedPlan{file: "the plan that was shown", plan: made.Plan, hash: made.Hash, shown: true, clock: a.Now, wishes: in.Wishes}
	for seen := range plan.Observe(in) {
		saved.seen = append(saved.seen, seenAhead{seen, st.Remembered(seen.Key).LastChange()})
	}
	a.saved = saved
	return nil
}

// seenAhead is what a read showed before there was a lease.
type seenAhead struct {
	plan.Observation
	lastChange string // of the order, as the state knew it then
}

// rememberShown records what the reads of the plan showed that was made before there
// was a lease, of the orders that nobody changed since.
func (a *applying) rememberShown() {
	for _, seen := range a.saved.seen {
		if a.session.State().Remembered(seen.Key).LastChange() == seen.lastChange {
			a.remember(seen.Observation)
		}
	}
}

// passOvertaken takes those changes out of a plan whose orders were changed since by
// another run, or have a call now whose outcome is not known, other than the known ones.
func (a *applying) passOvertaken(pl *plan.Plan, known func(state.IntentID) bool) {
	overtaken := map[*plan.Change]bool{}
	for _, c := range plan.Overtaken(pl, a.keyOf, a.session.State(), known) {
		overtaken[c] = true
	}
	kept := make([]plan.Change, 0, len(pl.Changes))
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if !overtaken[c] {
			kept = append(kept, *c)
			continue
		}
		a.passed = append(a.passed, apply.Passed{Change: c, Result: apply.Skipped, Message: "another run changed the order since the plan was made: plan again"})
	}
	pl.Changes = kept
}

// keyOf is what the state keeps the order of a change under.
func (a *applying) keyOf(c *plan.Change) state.Key {
	account, _ := a.cfg.Account(c.Account)
	if account == nil { // the plan is refused for that
		return state.Key{}
	}
	return state.Key{Endpoint: account.Endpoint, Account: account.Name, ID: c.Order.ID}
}

// about is how many calls this run will make, as far as it is known before it has the
// lease: who has few goes first.
func (a *applying) about() int {
	if a.saved == nil {
		return a.req.Calls
	}
	return a.saved.plan.Calls().Write
}

// callTime is how long one call can take. The lease of a state rests on it.
var callTime = shared.Hasten(godatafeed.DefaultTimeout)

// lock takes the lease of the state, and tells who has it while it waits.
func (w *workspace) lock(ctx context.Context, operation string, wait time.Duration, calls int) (*state.Session, error) {
	return w.lockFor(ctx, state.LockRequest{Operation: operation, Wait: wait, Calls: calls})
}

// leaseFor completes what a lease is asked for with.
func (w *workspace) leaseFor(req state.LockRequest) state.LockRequest {
	req.Call, req.Waiting = callTime, func(at backend.Waiting) { w.observe(WaitingForLease{at}) }
	req.Warn = func(text string) { w.warnf("%s", text) }
	for _, account := range w.cfg.Accounts {
		req.Settle = max(req.Settle, account.Settle)
		req.Lag = max(req.Lag, account.ReadLag)
	}
	return req
}

func (w *workspace) lockFor(ctx context.Context, req state.LockRequest) (*state.Session, error) {
	req = w.leaseFor(req)
	tell, waited := req.Waiting, false
	req.Waiting = func(at backend.Waiting) {
		waited = true
		tell(at)
	}
	session, err := w.store.Lock(ctx, req)
	if err != nil && ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	if err != nil {
		return nil, err
	}
	if waited {
		w.observe(WaitedForLease{})
	}
	if err := w.meter.its(ctx, w, session); err != nil {
		return nil, errors.Join(err, session.Close())
	}
	if err := w.mark(); err != nil {
		return nil, fmt.Errorf("nothing was sent: %w", errors.Join(err, session.Close()))
	}
	return session, nil
}
