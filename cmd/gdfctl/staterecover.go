package main

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type stateRecoverOptions struct {
	commandline.Variables
	commandline.Format
	commandline.ByHand
	autoApprove bool
}

func newStateRecover(p *program) *cobra.Command {
	o := stateRecoverOptions{ByHand: commandline.ByHand{LockTimeout: commandline.Duration(5 * time.Minute)}}
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Go on after a shared state was rolled back or restored",
		Long: `recover is for a state that several machines share, after every command stopped
because the place of the state lost records or has other ones than before: a
branch that was reset, or a backup that was restored. It shows what this machine
read before and what is there now, and asks. Then it accepts the end that is there,
and adds that to the audit log, with the reason. Outcomes of calls that this machine
kept are recorded too.

What was sent after the records that are left, the state does not know any more.
The next apply finds it by reading the live orders, and sends nothing until they
certainly show it: for 3 minutes and the longest settle or read_lag of an account.
Stop all runs before you recover. If nothing is wrong, nothing is changed.`,
		Example: `  gdfctl state recover --reason "the branch was reset by mistake"`,
		Args:    commandline.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runStateRecover(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.ByHand.Register(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStateRecover(ctx context.Context, o stateRecoverOptions) error {
	r, err := reconcile.Recover(ctx, reconcile.RecoverRequest{
		Source: p.source(o.Variables), Reason: o.Reason, LockTimeout: time.Duration(o.LockTimeout),
		Approve: func(ctx context.Context, r *reconcile.RecoverReport) (bool, error) {
			show := func() error { return text.Recover(p.Out, p.StyleOut, present.Recovered(r)) }
			return p.Approve(ctx, o.Chosen, o.autoApprove, show, "Accept the end that was found?")
		},
	}, p.deps(), p.Observe)
	if r == nil {
		return whatToDoIfLocked(err)
	}
	return cmp.Or(err, screen.Print(&p.Screen, o.Chosen, present.Recovered(r), text.Recovered))
}
