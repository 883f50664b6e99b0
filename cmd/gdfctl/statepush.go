package main

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type statePushOptions struct {
	commandline.Variables
	commandline.Format
	commandline.ByHand
	autoApprove bool
}

func newStatePush(p *program) *cobra.Command {
	o := statePushOptions{}
	cmd := &cobra.Command{
		Use:   "push FILE",
		Short: "Replace the orders of the state with those of a pulled file",
		Long: `push makes the orders of the state what FILE says: a file that pull wrote and that
was then changed by hand. It shows which orders are added, removed and changed in
the state, and asks. No order is changed at the API.

The state must still be what it was when it was pulled. If anything was done since,
nothing is written: pull again. A call whose outcome is unknown can't be removed or
changed. Every order that is changed is added to the audit log, with the reason.`,
		Example: `  gdfctl state pull kept.json
  gdfctl state push kept.json --reason "the number of SO-1 was entered by hand"`,
		Args: commandline.OneArg("a file that `gdfctl state pull` wrote"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runStatePush(cmd.Context(), args[0], o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.ByHand.Register(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStatePush(ctx context.Context, file string, o statePushOptions) error {
	if err := p.CanAsk(o.Chosen, o.autoApprove); err != nil {
		return err
	}
	r, err := reconcile.Push(ctx, reconcile.PushRequest{
		Source: p.source(o.Variables), File: file, Reason: o.Reason, LockTimeout: time.Duration(o.LockTimeout),
		Approve: func(ctx context.Context, d *state.Difference) (bool, error) {
			show := func() error { return text.Push(p.Out, p.StyleOut, report.NewPushed(d, "", "")) }
			return p.Approve(ctx, o.Chosen, o.autoApprove, show, "Change the state?")
		},
	}, p.deps(), p.Observe)
	if r == nil {
		return whatToDoIfLocked(err)
	}
	head := ""
	if r.Difference.Len() > 0 {
		head = r.AuditHead.String()
	}
	return cmp.Or(err, screen.Print(&p.Screen, o.Chosen, report.NewPushed(&r.Difference, head, r.SignedHead), text.Pushed))
}
