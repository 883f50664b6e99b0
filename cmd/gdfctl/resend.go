package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
)

type resendOptions struct {
	commandline.Variables
	commandline.ByHand
	commandline.Format
	refused     bool
	targets     []string
	evenIfShown bool
	autoApprove bool
	policies    []string
	policyRef   commandline.PolicyRef
}

func newResend(p *program) *cobra.Command {
	o := resendOptions{}
	cmd := &cobra.Command{
		Use:   "resend ADDRESS…",
		Short: "Send orders again, on purpose, with an entry in the audit log",
		Long: `resend sends again what gdfctl sent before: the marketplace refused it after the API
had accepted it, or never showed it. It reads each order now, shows what it would
send, and asks. It sends what the configuration wants now; if no block names the
order any more, it sends what was sent last.

An order is not sent again while the outcome of a call is unknown, if it is
canceled, or if it shows what is wanted, without an error. The policy's limits hold,
and each order counts as a correction.

An insert whose outcome stays unknown is sent once more if its row is named by its
address and a complete listing, after the waiting time, does not show the order. It
counts for max_inserts. The first call may still take effect: docs/safety.md, Inserts.`,
		Example: `  gdfctl resend 'batch.shipments["Amazon/112-1234567-1234567"]' --reason "Amazon lost the first one"
  gdfctl resend --refused --reason "the carrier's name is accepted now"
  gdfctl resend 112-1234567-1234567 --even-if-shown --reason "asked for by Amazon, case 8812"`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case o.refused && len(args) > 0:
				return commandline.Usagef("--refused finds the orders itself: name a block with --target to send only its orders again")
			case !o.refused && len(args) == 0:
				return commandline.Usagef("resend needs the addresses of the orders, or --refused")
			case !o.refused && len(o.targets) > 0:
				return commandline.Usagef("--target is for --refused: name the orders themselves")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.runResend(cmd.Context(), args, o) },
	}
	o.Variables.Register(cmd)
	o.ByHand.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	flags := cmd.Flags()
	flags.BoolVar(&o.refused, "refused", false, "all orders that the marketplace refused after the last change")
	flags.StringArrayVar(&o.targets, "target", nil, "with --refused: only orders of this `address`, a block like batch.shipments (repeatable)")
	flags.BoolVar(&o.evenIfShown, "even-if-shown", false, "also orders that show what is wanted, without an error, or still may")
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	flags.StringArrayVar(&o.policies, "policy-dir", nil, "a `directory` whose policy block applies too (repeatable)")
	o.policyRef.Register(cmd, reconcile.NoPolicyRef)
	return cmd
}

func (p *program) runResend(ctx context.Context, addresses []string, o resendOptions) error {
	if err := p.CanAsk(o.Chosen, o.autoApprove); err != nil {
		return err
	}
	again := append([]string{"resend"}, addresses...)
	if o.refused {
		again = append(again, "--refused")
	}
	for _, target := range o.targets {
		again = append(again, "--target", target)
	}
	v := &screen.Apply{Screen: &p.Screen, Format: o.Chosen, Auto: o.autoApprove, Resend: append(again, "--reason", o.Reason), ExitCode: applyCode}
	_, err := reconcile.Apply(ctx, reconcile.ApplyRequest{
		Scope:       reconcile.Scope{Source: p.source(o.Variables), Targets: o.targets, Policies: o.policies, PolicyRef: o.policyRef.Name, MadeWith: o.Named()},
		LockTimeout: time.Duration(o.LockTimeout), Asks: !o.autoApprove, Approve: v.Approve,
		Resend: &reconcile.ResendRequest{Addresses: addresses, Refused: o.refused, Reason: o.Reason, EvenIfShown: o.evenIfShown},
	}, p.deps(), v.Observe)
	return applied(v, err)
}
