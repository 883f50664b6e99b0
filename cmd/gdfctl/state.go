package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

func newState(p *program) *cobra.Command {
	cmd := commandline.Group("state", "Begin, show, move and repair the state", newStateInit(p), newStateList(p), newStateShow(p), newStateRm(p), newStatePull(p), newStatePush(p), newStateUnlock(p), newStateMigrate(p), newStateRecover(p), newStateRebuild(p))
	cmd.Long = `The state holds what gdfctl did to each order, and what later reads showed. These
commands need no credentials and make no calls: they never change an order.`
	cmd.Example = `  gdfctl state list
  gdfctl state show 112-1234567-1234567`
	return cmd
}

type stateOptions struct {
	commandline.Variables
	commandline.Account
	commandline.Format
}

func (o *stateOptions) register(cmd *cobra.Command) {
	o.Variables.Register(cmd)
	o.Account.RegisterFilter(cmd, "only orders of this account, by `name` (default: all)")
}

func newStateList(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the orders in the state",
		Long: `list shows the orders that are not closed, with the last change to each and its
progress:

  unknown   the outcome of a call is unknown; the next apply finds out
  pending   the API accepted the change; reads do not show it yet
  applied   the API accepted the change; reads have not shown it for long enough
  verified  reads have shown the change for long enough
  open      nothing was changed yet`,
		Example: `  gdfctl state list
  gdfctl state list --json | jq '.orders[] | select(.status == "unknown")'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateList(cmd.Context(), o) },
	}
	o.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runStateList(ctx context.Context, o stateOptions) error {
	r, err := reconcile.ListState(ctx, p.stateRequest(o, ""), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	list := report.NewState(r.Lineage, r.Serial, r.Entries, nil)
	if err := screen.Print(&p.Screen, o.Chosen, list, text.StateList); err != nil || o.JSON() || len(r.Entries) == 0 {
		return err
	}
	fmt.Fprintln(p.Err, list.Counts())
	return nil
}

func (p *program) stateRequest(o stateOptions, name string) reconcile.StateRequest {
	return reconcile.StateRequest{Source: p.source(o.Variables), Account: o.Account.Name, Order: name}
}

func newStateShow(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "show ORDER",
		Short: "Show everything that the state holds for one order",
		Long: `show finds an order by its ID, by the marketplace's number, with or without the
marketplace, by your own number, by a tracking number, or by its address in a
plan. A closed order is found by its ID, by the marketplace and its number, or by
any number in the audit log.`,
		Example: `  gdfctl state show 112-1234567-1234567
  gdfctl state show 'Amazon 112-1234567-1234567'
  gdfctl state show 'batch.shipments["Amazon/112-1234567-1234567"]' --json`,
		Args: commandline.OneArg("an order's ID, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runStateShow(cmd.Context(), args[0], o) },
	}
	o.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runStateShow(ctx context.Context, name string, o stateOptions) error {
	r, err := reconcile.ShowState(ctx, p.stateRequest(o, name), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewState(r.Lineage, r.Serial, r.Entries, r.Closed), text.State)
}

type stateRmOptions struct {
	stateOptions
	commandline.ByHand
}

func newStateRm(p *program) *cobra.Command {
	o := stateRmOptions{}
	cmd := &cobra.Command{
		Use:   "rm ORDER",
		Short: "Remove an order from the state, with an entry in the audit log",
		Long: `rm removes an order from the state. The live order does not change. If the
configuration still names it, the next plan relies on reads alone: an order that
was changed a moment ago, and that reads still show as before, would be changed
again. The removal and its reason are added to the audit log.

An order with a call whose outcome is unknown can't be removed: only the state
keeps that call from being sent twice.`,
		Example: `  gdfctl state rm 112-1234567-1234567 --reason "merged into another order by hand"`,
		Args:    commandline.OneArg("an order's ID, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateRm(cmd.Context(), args[0], o)
		},
	}
	o.stateOptions.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.ByHand.Register(cmd)
	return cmd
}

func (p *program) runStateRm(ctx context.Context, name string, o stateRmOptions) error {
	req := p.stateRequest(o.stateOptions, name)
	r, err := reconcile.Remove(ctx, reconcile.RemoveRequest{StateRequest: req, Reason: o.Reason, LockTimeout: time.Duration(o.LockTimeout)}, p.deps(), p.Observe)
	if r == nil {
		return whatToDoIfLocked(err)
	}
	removed := report.NewRemovedOrder(r.Key.Account, r.Key.ID, r.AuditHead.String(), r.SignedHead)
	return cmp.Or(err, screen.Print(&p.Screen, o.Chosen, removed, text.Removed))
}

func newStateRebuild(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Rebuild a lost state from the audit log",
		Long: `rebuild creates the state file from the audit log, if the state file is missing
and there is no copy of it. The audit log has every change that was applied and
every tracking number that was sent, so nothing is sent again. Calls whose outcome
was unknown at the end of a run are in it too, and the next apply looks them up.
Only the last calls of a run that was killed can be missing, if its journal is
lost: check the orders of that run before the next apply.

An existing state is never replaced.`,
		Example: `  gdfctl audit verify
  gdfctl state rebuild`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateRebuild(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runStateRebuild(ctx context.Context, o stateOptions) error {
	r, err := reconcile.Rebuild(ctx, p.source(o.Variables), p.deps(), p.Observe)
	if err != nil {
		return whatToDoIfLocked(err)
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewRebuilt(r.File, r.Orders), text.Rebuilt)
}
