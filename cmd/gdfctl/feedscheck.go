package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
)

type feedsCheckOptions struct {
	variableFlags
	ciFlags
	reports feedsReports
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
	o.register(cmd)
	return cmd
}

func (o *feedsCheckOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	o.ciFlags.register(cmd)
	o.reports.register(cmd)
	cmd.Flags().BoolVar(&o.full, "full", false, "show every feed with everything that was measured")
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.JUnit)
}

func (p *program) runFeedsCheck(ctx context.Context, o feedsCheckOptions) error {
	source, err := p.source(o.variableFlags)
	if err == nil {
		err = p.beginCI(o.ciFlags)
	}
	if err != nil {
		return err
	}
	v := &feedsView{p: p, o: o, progress: text.NewFeedsProgress(p.stderr, p.styleErr)}
	report, err := reconcile.CheckFeeds(ctx, reconcile.CheckFeedsRequest{Source: source}, p.deps(), v.observe)
	if err != nil {
		return err
	}
	code := feedsCode(report)
	switch {
	case code == exitDone:
		return v.failed
	case v.failed != nil:
		p.tellError(v.failed)
	}
	return &saidError{code}
}

// feedsView shows a check of feeds from its events.
type feedsView struct {
	p        *program
	o        feedsCheckOptions
	progress *text.FeedsProgress
	failed   error // of showing
}

func (v *feedsView) observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Downloading:
		if v.p.styleErr.Terminal && !v.o.JSON() {
			v.progress.Reading(e.Feed, e.N, e.Of)
		}
	case reconcile.FeedsRead:
		v.progress.Done()
	case reconcile.FeedsChecked:
		v.failed = errors.Join(console.Shown(v.show(e.FeedsReport)), v.o.reports.write(e.Report, v.p.job().Mark(forge.Feeds)))
	default:
		v.p.observe(e)
	}
}

func (v *feedsView) show(r *reconcile.FeedsReport) error {
	problems := make([]report.FeedsProblem, len(r.Unread))
	for i, a := range r.Unread {
		problems[i] = report.FeedsProblem{Account: a.Name, Message: a.Err.Error()}
		v.p.tellError(a.Err)
	}
	found := report.NewFeedsCheck(r.Report, problems, feedsCode(r))
	found.Mark, found.Workspace = v.p.job().Mark(forge.Feeds).String(), v.p.job().Mark(forge.Feeds).Workspace
	v.p.annotations.Feeds(found)
	v.p.summarize(func(w io.Writer) error { return markdown.Feeds(w, found) })
	switch {
	case v.o.JSON():
		return json.Object(v.p.stdout, found)
	case v.o.Chosen == report.Markdown:
		return markdown.Feeds(v.p.stdout, found)
	case v.o.Chosen == report.JUnit:
		return junit.Feeds(v.p.stdout, found)
	case !r.Watched:
		_, err := fmt.Fprintln(v.p.stdout, "No feeds are watched: the configuration has no watch block. To watch all feeds, add:\n\n  watch \"all\" {\n    feeds = \"*\"\n  }")
		return err
	case len(r.Results) == 0 && len(problems) > 0:
		return nil // no account could be read: there are no counts, not even of zero
	}
	return text.FeedsCheck(v.p.stdout, v.p.styleOut, found, v.o.full)
}

// feedsReports are the files that a check of feeds is written to, for others
// than the person at the terminal.
type feedsReports struct{ junit, markdown, prometheus string }

func (f *feedsReports) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.junit, "junit", "", "also write the results to this `file`, as JUnit XML")
	flags.StringVar(&f.markdown, "markdown", "", "also write what fails or warns to this `file`, as Markdown")
	flags.StringVar(&f.prometheus, "prometheus", "", "also write the results to this `file`, for Prometheus' textfile collector")
}

// write writes all files that are asked for; one that can't be written is no
// reason to leave out the others.
func (f *feedsReports) write(r watch.Report, mark forge.Mark) error {
	var failed []error
	found := report.NewFeedsCheck(r, nil, 0)
	found.Mark, found.Workspace = mark.String(), mark.Workspace
	for _, file := range []struct {
		path string
		view func(io.Writer, *report.FeedsCheck) error
	}{{f.junit, junit.Feeds}, {f.markdown, markdown.Feeds}, {f.prometheus, prometheus.Feeds}} {
		failed = append(failed, writeReport(file.path, sharedMode, func(w io.Writer) error { return file.view(w, found) }))
	}
	return errors.Join(failed...)
}
