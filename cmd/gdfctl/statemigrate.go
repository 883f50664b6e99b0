package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type stateMigrateOptions struct {
	commandline.Variables
	commandline.Format
	from        string
	lockTimeout commandline.Duration
	autoApprove bool
}

func newStateMigrate(p *program) *cobra.Command {
	o := stateMigrateOptions{lockTimeout: commandline.Duration(5 * time.Minute)}
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move the state to the place that the backend block names now",
		Long: `migrate moves the state after you changed the backend block: between files, a git
branch, S3 and PostgreSQL, or to another name in the same place. Where the state was,
this directory remembers. It shows both places, and asks.

Everything that the state holds is copied and compared; calls whose outcome is not
known go along. Then the former place says that the state moved, and takes nothing
more. At no time can both be used. If migrate is cut off, run it again: it goes on.
Commands with the former backend block then stop, and say where the state is.

On a machine that never used the state, name a directory whose configuration has the
former backend block with --from, such as a worktree of the commit before.`,
		Example: `  gdfctl state migrate
  gdfctl state migrate --from ../before --auto-approve`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateMigrate(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "a `directory` whose configuration names the former place")
	o.lockTimeout.RegisterLockTimeout(cmd)
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStateMigrate(ctx context.Context, o stateMigrateOptions) error {
	if err := p.CanAsk(o.Chosen, o.autoApprove); err != nil {
		return err
	}
	r, err := reconcile.Migrate(ctx, reconcile.MigrateRequest{
		Source: p.source(o.Variables), From: o.from, LockTimeout: time.Duration(o.lockTimeout),
		Approve: func(ctx context.Context, r *reconcile.MigrateReport) (bool, error) {
			show := func() error { return text.Migrate(p.Out, p.StyleOut, present.Migrated(r, report.MigratePlanned)) }
			return p.Approve(ctx, o.Chosen, o.autoApprove, show, "Move the state?")
		},
	}, p.deps(), p.Observe)
	if err != nil {
		return whatToDoIfLocked(err)
	}
	result := report.MigrateMoved
	switch {
	case r.Already:
		result = report.MigrateAlready
	case r.Continued:
		result = report.MigrateContinued
	}
	moved := present.Migrated(r, result)
	if o.JSON() {
		return json.Object(p.Out, moved)
	}
	if err := text.Migrated(p.Out, moved); err != nil {
		return err
	}
	if r.Unnamed && r.State != "" {
		_ = text.BlockLine(p.Out, r.State)
	}
	if r.AuditHead.Lines > 0 {
		text.AuditHead(p.Out, r.AuditHead.String(), "")
	}
	return nil
}
