package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// ResendRequest asks for orders to be sent again, on purpose: a part of an
// ApplyRequest. Its Targets narrow the refused orders down.
type ResendRequest struct {
	Addresses   []string // of orders or blocks, or numbers of orders
	Refused     bool     // instead: the orders that the marketplace refused
	Reason      string   // for the audit log
	EvenIfShown bool     // also what the order shows as wanted, without an error
}

// usable refuses a request that says too little.
func (r *ResendRequest) usable() error {
	if r == nil {
		return nil
	}
	return reasonGiven(r.Reason)
}

// operation is the command, as locks and journals name it.
func (a *applying) operation() string {
	if a.req.Resend != nil {
		return "resend"
	}
	return "apply"
}

// resendAhead makes the plan of a resend, shows it and asks, all without the lease.
func (a *applying) resendAhead(ctx context.Context, st *state.State) error {
	defer st.KeepOpen()()
	made, err := a.resendPlan(ctx, st, a.moment())
	if err != nil {
		return err
	}
	if err := a.plannedResend(made, st); err != nil {
		return err
	}
	if err := a.approve(ctx); err != nil {
		return err
	}
	a.shown = made.Plan
	return nil
}

// makeResend reads each order under the lock and plans what is sent again. Of what
// was approved before there was a lease, only what is the same now is sent.
func (a *applying) makeResend(ctx context.Context) error {
	st := a.session.State()
	made, err := a.resendPlan(ctx, st, nil)
	if err != nil {
		return err
	}
	if a.shown == nil {
		return a.plannedResend(made, st)
	}
	kept, rest := plan.Reviewed(made.Plan, []plan.ReviewedPlan{{Plan: a.shown}})
	for _, n := range rest {
		a.passed = append(a.passed, apply.Passed{Change: n.Change, Result: apply.Skipped, Message: "the order, or what is wanted of it, changed while the plan was shown"})
	}
	a.report.Plan = kept
	return withinPolicy(checkPolicies(kept, a.policies))
}

// plannedResend shows a plan. It is an error if none of its orders can be sent.
func (a *applying) plannedResend(made *PlanReport, st *state.State) error {
	if err := a.planned(made, st); err != nil {
		return err
	}
	if len(made.Plan.Changes) == 0 && len(made.Plan.Held) > 0 {
		return errors.New("nothing was sent: none of these orders can be sent again")
	}
	return nil
}

// resendPlan reads the orders that are to be sent again, and decides about them.
func (a *applying) resendPlan(ctx context.Context, st *state.State, asOf *moment) (*PlanReport, error) {
	wishes, err := a.wishes(ctx)
	if err != nil {
		return nil, err
	}
	choice := plan.NewResendChoice(st, wishes)
	if a.req.Resend.Refused {
		if unmatched := (plan.Selection{Targets: a.req.Targets}).Unmatched(wishes); len(unmatched) > 0 {
			return nil, errors.New(strings.Join(unmatched, "\n"))
		}
		open := plan.Uptake(st, a.cfg.Accounts, a.known(), a.Now())
		choice.AddAccepted(slices.DeleteFunc(open, func(o plan.Accepted) bool {
			return a.releaseOf(o.Entry.Key, o.Entry.Ref, sellersNumber(o.Entry)) != nil
		}), a.req.Targets)
	}
	for _, address := range a.req.Resend.Addresses {
		if err := a.chooseByName(choice, st, address); err != nil {
			return nil, err
		}
	}
	scope := a.req.Scope
	scope.Targets = nil
	in, err := a.planInput(ctx, scope, a.policies, st, choice.Wishes(), &plan.Resending{
		Reason: a.req.Resend.Reason, EvenIfShown: a.req.Resend.EvenIfShown, Refused: a.req.Resend.Refused,
	})
	if err != nil {
		return nil, err
	}
	return a.build(in, scope, a.policies, asOf)
}

// chooseByName chooses the orders that an address names: those of wishes or, where no
// wish names the order any more, of the state.
func (a *applying) chooseByName(choice *plan.ResendChoice, st *state.State, address string) error {
	if choice.AddNew(address) {
		return nil
	}
	before := choice.Len()
	matched, left := choice.AddWishes(address)
	switch {
	case matched == 0:
		return a.chooseKept(choice, st, address)
	case len(left) == 1 && matched == 1: // one order, which the state may know by another of its names
		found, err := a.findKept(st, address, left[0].Origin.Account.Name)
		if err != nil || len(found.keys()) != 1 {
			return fmt.Errorf("nothing was sent: gdfctl has not changed %s yet, so there is nothing to send again. `%s` makes what is wanted",
				safetext.Line(address), a.command("apply", "--target", address))
		}
		choice.AddFor(found.keys()[0], left[0])
	case choice.Len() == before && len(left) == matched:
		return fmt.Errorf("nothing was sent: gdfctl has not changed any order of %s yet, so there is nothing to send again", safetext.Line(address))
	}
	return nil
}

// chooseKept chooses an order that no wish names by what the state knows of it.
func (a *applying) chooseKept(choice *plan.ResendChoice, st *state.State, name string) error {
	found, err := a.findKept(st, name, "")
	if err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	key, err := single(found, name)
	if err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	account, ok := a.cfg.Account(key.Account)
	if !ok || account.Endpoint != key.Endpoint {
		return fmt.Errorf("nothing was sent: %s is an order of account %q, which the configuration does not have any more", safetext.Line(name), key.Account)
	}
	if order.IsInsertID(key.ID) {
		return fmt.Errorf("nothing was sent: %s is an order that must exist. Name it by the address of its row, as gdfctl plan shows it, like new_orders.phone[\"Phone/P-1\"]: "+
			"what is inserted again is what its row says", safetext.Line(name))
	}
	var r *spec.Release
	for _, e := range found.entries {
		r = a.releaseOf(e.Key, e.Ref, sellersNumber(e))
	}
	for _, c := range found.closed {
		r = a.releaseOf(c.Key, c.Ref, c.Wanted.OrderNumber)
	}
	if r != nil {
		return fmt.Errorf("nothing was sent: %s was released (%s): remove the release block to send it again", safetext.Line(name), safetext.Line(r.Reason))
	}
	choice.Add(key, account)
	return nil
}

// sellersNumber is the seller's number of an order, as it was left by the last change.
func sellersNumber(e *state.Entry) string {
	if e.Applied == nil {
		return ""
	}
	return e.Applied.Values.OrderNumber
}
