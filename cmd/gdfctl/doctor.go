package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type doctorOptions struct {
	ci bool
	commandline.Variables
	commandline.Account
	commandline.Format
}

func newDoctor(p *program) *cobra.Command {
	o := doctorOptions{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check credentials, limits and clocks, and learn how the API behaves",
		Long: `doctor checks what a plan needs, for each account: endpoint, credentials,
permissions, call limit and clock, and that the state can be written: one that
machines share is proved with writes that are removed again. It finds
out what the API's documentation does not say: the largest page, the order of
listings, and the date that they are filtered by. This saves calls in later
plans.

Of the API it only reads, with at most 12 calls per account.

With --ci, in a job of GitHub Actions or GitLab CI, it also checks what reviews rely
on: the token, the history, the rules of the branch, and that the job of a pull
request can't write the state.`,
		Example: `  gdfctl doctor
  gdfctl doctor --account us --json
  gdfctl doctor --ci`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runDoctor(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Account.RegisterFilter(cmd, "only this account, by `name` (default: all)")
	cmd.Flags().BoolVar(&o.ci, "ci", false, "also check this CI job, and the rules of the repository")
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runDoctor(ctx context.Context, o doctorOptions) error {
	r, err := reconcile.Examine(ctx, reconcile.ExamineRequest{Source: p.source(o.Variables), Account: o.Account.Name, CI: o.ci}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	found := report.NewDoctor(r.Accounts, r.Directory, r.CI)
	if err := console.Shown(screen.Print(&p.Screen, o.Chosen, found, text.Doctor)); err != nil {
		return err
	}
	if found.Result == doctor.Problem {
		return &saidError{exitError}
	}
	return nil
}
