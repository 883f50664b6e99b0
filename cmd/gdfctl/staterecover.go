package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

type stateRecoverOptions struct {
	variableFlags
	commandline.Format
	byHandFlags
	autoApprove bool
}

func newStateRecover(p *program) *cobra.Command {
	o := stateRecoverOptions{byHandFlags: byHandFlags{lockTimeout: commandline.Duration(5 * time.Minute)}}
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
	o.variableFlags.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.byHandFlags.register(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStateRecover(ctx context.Context, o stateRecoverOptions) error {
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	r, err := reconcile.Recover(ctx, reconcile.RecoverRequest{
		Source: source, Reason: o.reason, LockTimeout: time.Duration(o.lockTimeout),
		Approve: func(ctx context.Context, r *reconcile.RecoverReport) (bool, error) {
			show := func() error { return text.Recover(p.stdout, p.styleOut, present.Recovered(r)) }
			return p.approveByHand(ctx, o.Format, o.autoApprove, show, "Accept the end that was found?")
		},
	}, p.deps(), p.observe)
	switch {
	case r == nil:
		return whatToDoIfLocked(err)
	case o.JSON():
		return errors.Join(err, json.Object(p.stdout, present.Recovered(r)))
	case r.Rollback == nil:
		fmt.Fprintf(p.stdout, "%s is what this machine read before; there is nothing to recover, and nothing was changed.\n", safetext.Line(r.Place))
		return err
	}
	fmt.Fprintf(p.stdout, "Accepted. Whoever locks next sends nothing for the first %s.\n"+
		"Other machines that read the lost records stop as this one did: recover on each of them.\n", words.Duration(r.Quiet))
	text.AuditHead(p.stdout, r.AuditHead.String(), r.SignedHead)
	return err
}
