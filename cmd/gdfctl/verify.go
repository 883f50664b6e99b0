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

type verifyOptions struct {
	commandline.Variables
	commandline.Account
	commandline.Format
	wait, lockTimeout commandline.Duration
	show              bool
	ci                commandline.CI
	reports           commandline.Reports
}

func newVerify(p *program) *cobra.Command {
	o := verifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read back what the API accepted: verified, pending, or refused later",
		Long: `verify reads the orders whose changes the API accepted and that are not closed, and
records what it sees. A marketplace can refuse a change an hour after the API
accepted it: verify shows that first, with the marketplace's words.

It sends nothing. It exits 0 if nothing is open, 2 if changes are only pending, and
3 if a person is needed: something was refused later, never shown, changed by
somebody else, or the outcome of a call is unknown. With --wait it reads again at
the moments when a read can decide something.`,
		Example: `  gdfctl verify
  gdfctl verify --wait 75m
  gdfctl verify --show
  gdfctl verify --html verify.html
  gdfctl verify --json | jq '.orders[] | select(.result == "refused_later")'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runVerify(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Account.RegisterFilter(cmd, "only this account, by `name` (default: all)")
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown)
	flags := cmd.Flags()
	flags.Var(&o.wait, "wait", "how long to wait for what is pending, like 75m")
	flags.Var(&o.lockTimeout, "lock-timeout", "how long to wait for another run to end")
	flags.BoolVar(&o.show, "show", false, "show every order, also what is pending or verified")
	o.reports.Register(cmd)
	o.ci.RegisterSummary(cmd, "result")
	return cmd
}

func (p *program) runVerify(ctx context.Context, o verifyOptions) error {
	if err := p.beginCI(o.ci); err != nil {
		return err
	}
	if err := o.reports.Check(); err != nil {
		return err
	}
	found, err := reconcile.VerifyChanges(ctx, reconcile.VerifyChangesRequest{
		Source: p.source(o.Variables), Account: o.Account.Name, Wait: time.Duration(o.wait), LockTimeout: time.Duration(o.lockTimeout),
	}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	result, err := p.Verified(found, o.Chosen, screen.Files(o.reports), o.show, p.deps().Version)
	if err != nil {
		return err
	}
	return resultCode(result)
}
