package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type stateUnlockOptions struct {
	commandline.Variables
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
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.reason, "reason", "", "the `reason`, for the audit log (required)")
	return cmd
}

func (p *program) runStateUnlock(ctx context.Context, id string, o stateUnlockOptions) error {
	r, err := reconcile.Unlock(ctx, reconcile.UnlockRequest{Source: p.source(o.Variables), ID: id, Reason: o.reason}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	var holder *report.LockHolder
	named := ""
	if r.Holder.ID != "" {
		holder, named = present.LockHolder(r.Holder), r.Holder.String()
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewUnlocked(holder, r.Quiet), func(w io.Writer, _ text.Style, _ *report.Unlocked) error {
		return text.Unlocked(w, named, r.Shared && r.Next.ID == "", r.Quiet)
	})
}
