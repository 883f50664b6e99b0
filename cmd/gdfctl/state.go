package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newState(p *program) *cobra.Command {
	cmd := group("state", "Look at and mend what gdfctl remembers", newStateList(p), newStateShow(p), newStateRm(p), newStateUnlock(p), newStateRebuild(p))
	cmd.Long = `The state is what gdfctl did to which order, and what later reads showed. These
commands need no credentials and make no call: they never change an order.`
	cmd.Example = `  gdfctl state list
  gdfctl state show 112-1234567-1234567`
	return cmd
}

type stateOptions struct {
	variableFlags
	account string
	json    bool
}

func (o *stateOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	cmd.Flags().StringVar(&o.account, "account", "", "only orders of this account, by `name` (default: all)")
}

func newStateList(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the orders that are kept",
		Long: `list shows the orders that are not closed, with the last change to each and how
far it has come:

  unknown   what became of a call is not known; the next apply finds out
  pending   the API accepted the change, and reads don't show it yet
  applied   the API accepted the change; it was not read back for long enough
  verified  reads show the change for good
  open      nothing was changed yet`,
		Example: `  gdfctl state list
  gdfctl state list --json | jq '.orders[] | select(.status == "unknown")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateList(cmd.Context(), o) },
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runStateList(ctx context.Context, o stateOptions) error {
	req, err := p.stateRequest(o, "")
	if err != nil {
		return err
	}
	r, err := reconcile.ListState(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	list := report.NewState(r.Lineage, r.Serial, r.Entries, nil)
	if o.json {
		return json.Object(p.stdout, list)
	}
	if len(r.Entries) == 0 {
		fmt.Fprintln(p.stdout, "The state holds no open orders.")
		return nil
	}
	if err := text.StateList(p.stdout, p.styleOut, list); err != nil {
		return err
	}
	fmt.Fprintln(p.stderr, list.Counts())
	return nil
}

func (p *program) stateRequest(o stateOptions, name string) (reconcile.StateRequest, error) {
	source, err := p.source(o.variableFlags)
	return reconcile.StateRequest{Source: source, Account: o.account, Order: name}, err
}

func newStateShow(p *program) *cobra.Command {
	o := stateOptions{}
	cmd := &cobra.Command{
		Use:   "show ORDER",
		Short: "Show all that is kept of one order",
		Long: `show takes any name of an order: its id, the marketplace's number, with or
without the marketplace, your own number, a tracking number, or the address of
a plan. A closed order is found by its id, by the marketplace with its number,
or by any number that the audit record holds.`,
		Example: `  gdfctl state show 112-1234567-1234567
  gdfctl state show 'Amazon 112-1234567-1234567'
  gdfctl state show 'batch.shipments["Amazon/112-1234567-1234567"]' --json`,
		Args: oneArg("an order's id, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runStateShow(cmd.Context(), args[0], o) },
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runStateShow(ctx context.Context, name string, o stateOptions) error {
	req, err := p.stateRequest(o, name)
	if err != nil {
		return err
	}
	r, err := reconcile.ShowState(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	list := report.NewState(r.Lineage, r.Serial, r.Entries, r.Closed)
	if o.json {
		return json.Object(p.stdout, list)
	}
	return text.State(p.stdout, p.styleOut, list)
}

type stateRmOptions struct {
	stateOptions
	reason      string
	lockTimeout durationFlag
}

func newStateRm(p *program) *cobra.Command {
	o := stateRmOptions{}
	cmd := &cobra.Command{
		Use:   "rm ORDER",
		Short: "Forget an order, on record",
		Long: `rm takes an order out of the state. The live order stays as it is; if the
configuration still wants something of it, the next plan looks at it again, and
takes reads at their word: an order that was changed a moment ago, and that reads
still show as before, would be changed a second time. The removal and its reason
go into the audit record. An order with a call whose
outcome is not known can't be removed: only that entry keeps it from being sent
twice.`,
		Example: `  gdfctl state rm 112-1234567-1234567 --reason "merged into another order by hand"`,
		Args:    oneArg("an order's id, one of its numbers, or an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateRm(cmd.Context(), args[0], o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.reason, "reason", "", "`why`, for the audit record (required)")
	cmd.Flags().Var(&o.lockTimeout, "lock-timeout", "wait this `duration` for another run to end")
	return cmd
}

func (p *program) runStateRm(ctx context.Context, name string, o stateRmOptions) error {
	if strings.TrimSpace(o.reason) == "" {
		return usagef("state rm needs --reason: say why, for the audit record")
	}
	req, err := p.stateRequest(o.stateOptions, name)
	if err != nil {
		return err
	}
	r, err := reconcile.Remove(ctx, reconcile.RemoveRequest{StateRequest: req, Reason: o.reason, LockTimeout: time.Duration(o.lockTimeout)}, p.deps(), p.observe)
	if r == nil {
		return whatToDoIfLocked(err)
	}
	fmt.Fprintf(p.stdout, "Removed %s of account %s from the state. The live order is as it was.\nAudit: %s\n", r.Key.ID, r.Key.Account, r.AuditHead)
	if r.SignedHead != "" {
		fmt.Fprintf(p.stdout, "Signed: %s\n", safetext.Line(r.SignedHead))
	}
	return err
}

type stateUnlockOptions struct {
	variableFlags
	reason string
}

func newStateUnlock(p *program) *cobra.Command {
	o := stateUnlockOptions{}
	cmd := &cobra.Command{
		Use:   "unlock [LOCK_ID]",
		Short: "Take away the lock of a run that did not end, on record",
		Long: `unlock takes away what a run that did not end left of its lock. On one machine
the kernel frees the lock of a process that ends, and the next run goes on by
itself; a lock whose process is alive is refused. With LOCK_ID, no other lock
than that one is taken away.`,
		Example: `  gdfctl state unlock --reason "the CI job was killed"`,
		Args:    atMostOneArg("the lock's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateUnlock(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.reason, "reason", "", "`why`, for the audit record (required)")
	return cmd
}

func (p *program) runStateUnlock(ctx context.Context, id string, o stateUnlockOptions) error {
	if strings.TrimSpace(o.reason) == "" {
		return usagef("state unlock needs --reason: say why, for the audit record")
	}
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	was, locked, err := reconcile.Unlock(ctx, reconcile.UnlockRequest{Source: source, ID: id, Reason: o.reason}, p.deps(), p.observe)
	switch {
	case err != nil:
		return err
	case !locked:
		fmt.Fprintln(p.stdout, "The state is not locked: there was nothing to remove.")
	default:
		fmt.Fprintf(p.stdout, "Unlocked: the lock of %s is gone.\n", safetext.Line(was.String()))
	}
	return nil
}

func newStateRebuild(p *program) *cobra.Command {
	vars := variableFlags{}
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make a lost state again from the audit log",
		Long: `rebuild makes the state file again from the audit log, where the state file is
missing and no copy of it is left. It knows every change that was applied and
every tracking number that was sent, so that nothing is sent again. It does not
know calls whose outcome was unknown when the state was lost: look at the last
orders of the audit log before the next apply.

A state that is there is never replaced.`,
		Example: `  gdfctl audit verify
  gdfctl state rebuild`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateRebuild(cmd.Context(), vars) },
	}
	vars.register(cmd)
	return cmd
}

func (p *program) runStateRebuild(ctx context.Context, vars variableFlags) error {
	source, err := p.source(vars)
	if err != nil {
		return err
	}
	r, err := reconcile.Rebuild(ctx, source, p.deps(), p.observe)
	if err != nil {
		return whatToDoIfLocked(err)
	}
	fmt.Fprintf(p.stdout, "Made %s from the audit log: %s.\n", safetext.Line(r.File), words.Count(r.Orders, "order", "orders"))
	return nil
}
