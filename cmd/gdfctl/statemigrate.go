package main

import (
	"context"
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
)

type stateMigrateOptions struct {
	variableFlags
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
	o.variableFlags.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "a `directory` whose configuration names the former place")
	flags.Var(&o.lockTimeout, "lock-timeout", "wait up to this `duration` for another run to end")
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask for approval")
	return cmd
}

func (p *program) runStateMigrate(ctx context.Context, o stateMigrateOptions) error {
	if !o.autoApprove && (!p.terminal || o.JSON()) {
		return errNobodyToAsk
	}
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	r, err := reconcile.Migrate(ctx, reconcile.MigrateRequest{
		Source: source, From: o.from, LockTimeout: time.Duration(o.lockTimeout),
		Approve: func(ctx context.Context, r *reconcile.MigrateReport) (bool, error) {
			if !o.JSON() {
				if err := text.Migrate(p.stdout, p.styleOut, present.Migrated(r, report.MigratePlanned)); err != nil {
					return false, err
				}
			}
			if o.autoApprove {
				return true, nil
			}
			return p.question(ctx, "Move the state?")
		},
	}, p.deps(), p.observe)
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
	if o.JSON() {
		return json.Object(p.stdout, present.Migrated(r, result))
	}
	to := safetext.Line(r.To)
	switch result {
	case report.MigrateAlready:
		fmt.Fprintf(p.stdout, "The state is kept at %s already; nothing was changed.\n", to)
	case report.MigrateContinued:
		fmt.Fprintf(p.stdout, "A move that was cut off came to its end: the state is kept at %s now.\n", to)
	default:
		fmt.Fprintf(p.stdout, "The state moved: it is kept at %s now.\n", to)
	}
	if r.Unnamed && r.State != "" {
		p.blockLine(r.State)
	}
	if r.AuditHead.Lines > 0 {
		text.AuditHead(p.stdout, r.AuditHead.String(), "")
	}
	return nil
}
