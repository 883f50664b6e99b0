package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/words"
)

type stateUnlockOptions struct {
	variableFlags
	commandline.Format
	reason string
}

func newStateUnlock(p *program) *cobra.Command {
	o := stateUnlockOptions{}
	cmd := &cobra.Command{
		Use:   "unlock [LOCK_ID]",
		Short: "Remove the lock of an interrupted run, with an entry in the audit log",
		Long: `unlock removes the lock left by an interrupted run. You rarely need it. On one
machine the operating system releases the lock of a process that ends, and the
lock of a running process is never removed. Where several machines share the
state, the next run takes over by itself when the holder has been silent for 3
minutes; unlock is for a holder that stays alive and does nothing. The next run
can then lock at once, but it sends nothing until the former holder certainly
does not. With LOCK_ID, only that lock is removed.`,
		Example: `  gdfctl state unlock --reason "the CI job was killed"`,
		Args:    commandline.AtMostOneArg("the ID of the lock"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStateUnlock(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	o.variableFlags.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.reason, "reason", "", "the `reason`, for the audit log (required)")
	return cmd
}

func (p *program) runStateUnlock(ctx context.Context, id string, o stateUnlockOptions) error {
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	r, err := reconcile.Unlock(ctx, reconcile.UnlockRequest{Source: source, ID: id, Reason: o.reason}, p.deps(), p.observe)
	locked := r != nil && r.Holder.ID != ""
	switch {
	case err != nil:
		return err
	case o.JSON() && !locked:
		return json.Object(p.stdout, report.NewUnlocked(nil, 0))
	case o.JSON():
		return json.Object(p.stdout, report.NewUnlocked(present.LockHolder(r.Holder), r.Quiet))
	case !locked:
		fmt.Fprintln(p.stdout, "The state is not locked; there was nothing to remove.")
	default:
		fmt.Fprintf(p.stdout, "Removed the lock of %s.\n", safetext.Line(r.Holder.String()))
		if r.Shared && r.Next.ID == "" {
			fmt.Fprintf(p.stdout, "The next run can lock at once. It sends nothing for the first %s, because the former run may not know yet that it\n"+
				"lost the lock. If that run is alive, it stops at the next record that it writes. Its calls are not lost.\n", words.Duration(r.Quiet))
		}
	}
	return nil
}
