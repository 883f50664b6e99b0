package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
)

type feedsCheckOptions struct {
	commandline.Variables
	commandline.CI
	reports screen.FeedsFiles
	full    bool
	commandline.Format
}

func newFeedsCheck(p *program) *cobra.Command {
	o := feedsCheckOptions{}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check feeds against the watches in the configuration",
		Long: `check reads the feeds that the watch blocks match, in as few calls as possible,
and reports which of their rules fail, pass, or are unknown. It downloads the
file of a feed only if a watch has a content block, and only if the feed was
compiled since the last check. It keeps what it found, for rules that compare;
saved plans stay valid.

It exits 4 if a rule of severity error fails. If many feeds fail, each rule is
explained once; --full shows every feed with everything that was measured.`,
		Example: `  gdfctl feeds check
  gdfctl feeds check --full
  gdfctl feeds check --junit feeds.xml --prometheus /var/lib/node_exporter/gdfctl.prom
  gdfctl feeds check --json | jq '.watches[] | select(.result == "fail")'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsCheck(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.CI.Register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.reports.JUnit, "junit", "", "also write the results to this `file`, as JUnit XML")
	flags.StringVar(&o.reports.Markdown, "markdown", "", "also write what fails or warns to this `file`, as Markdown")
	flags.StringVar(&o.reports.Prometheus, "prometheus", "", "also write the results to this `file`, for Prometheus' textfile collector")
	flags.BoolVar(&o.full, "full", false, "show every feed with everything that was measured")
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.JUnit)
	return cmd
}

func (p *program) runFeedsCheck(ctx context.Context, o feedsCheckOptions) error {
	if err := p.beginCI(o.CI); err != nil {
		return err
	}
	v := &screen.FeedsCheck{Screen: &p.Screen, Format: o.Chosen, Full: o.full, Files: o.reports, ExitCode: feedsCode}
	found, err := reconcile.CheckFeeds(ctx, reconcile.CheckFeedsRequest{Source: p.source(o.Variables)}, p.deps(), v.Observe)
	if err != nil {
		return err
	}
	code, failed := feedsCode(found), v.Ended()
	switch {
	case code == exitDone:
		return failed
	case failed != nil:
		p.Error(failed)
	}
	return &saidError{code}
}
