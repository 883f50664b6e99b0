package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type statePushOptions struct {
	variableFlags
	commandline.Format
	byHandFlags
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
	o.variableFlags.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.byHandFlags.register(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStatePush(ctx context.Context, file string, o statePushOptions) error {
	if !o.autoApprove && (!p.terminal || o.JSON()) {
		return errNobodyToAsk
	}
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	r, err := reconcile.Push(ctx, reconcile.PushRequest{
		Source: source, File: file, Reason: o.reason, LockTimeout: time.Duration(o.lockTimeout),
		Approve: func(ctx context.Context, d *state.Difference) (bool, error) {
			show := func() error { return text.Push(p.stdout, p.styleOut, report.NewPushed(d, "", "")) }
			return p.approveByHand(ctx, o.Format, o.autoApprove, show, "Change the state?")
		},
	}, p.deps(), p.observe)
	switch {
	case r == nil:
		return whatToDoIfLocked(err)
	case o.JSON() && r.Difference.Len() == 0:
		return json.Object(p.stdout, report.NewPushed(&r.Difference, "", ""))
	case o.JSON():
		return errors.Join(err, json.Object(p.stdout, report.NewPushed(&r.Difference, r.AuditHead.String(), r.SignedHead)))
	case r.Difference.Len() == 0:
		fmt.Fprintln(p.stdout, "The state says what the file says; nothing was changed.")
		return err
	}
	fmt.Fprintf(p.stdout, "The state was changed.\n")
	text.AuditHead(p.stdout, r.AuditHead.String(), r.SignedHead)
	return err
}
