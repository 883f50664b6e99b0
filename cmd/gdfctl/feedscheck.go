package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

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
	reports feedsReports
	full    bool
	json    bool
}

func newFeedsCheck(p *program) *cobra.Command {
	o := feedsCheckOptions{}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold feeds against the configuration's watches",
		Long: `check reads the feeds that the watch blocks mean, at the fewest calls, and tells
which of their rules fail, which pass, and which are not known. It looks into
the file of a feed only where a watch has a content block, and only when the
feed was compiled since the last check. What it saw is remembered, for rules
that compare; no plan grows stale by that.

It exits 4 if a rule of severity error fails. Of many feeds that fail, each rule
is explained once; --full shows every feed with all that was measured.`,
		Example: `  gdfctl feeds check
  gdfctl feeds check --full
  gdfctl feeds check --junit feeds.xml --prometheus /var/lib/node_exporter/gdfctl.prom
  gdfctl feeds check --json | jq '.watches[] | select(.result == "fail")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsCheck(cmd.Context(), o) },
	}
	o.register(cmd)
	return cmd
}

func (o *feedsCheckOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	o.reports.register(cmd)
	cmd.Flags().BoolVar(&o.full, "full", false, "show every feed with all that was measured")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
}

func (p *program) runFeedsCheck(ctx context.Context, o feedsCheckOptions) error {
	source, err := p.source(o.variableFlags)
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
		if v.p.styleErr.Terminal && !v.o.json {
			v.progress.Reading(e.Feed, e.N, e.Of)
		}
	case reconcile.FeedsRead:
		v.progress.Done()
	case reconcile.FeedsChecked:
		v.failed = errors.Join(shown(v.show(e.FeedsReport)), v.o.reports.write(e.Report))
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
	switch {
	case v.o.json:
		return json.Object(v.p.stdout, found)
	case !r.Watched:
		_, err := fmt.Fprintln(v.p.stdout, "Nothing is watched: the configuration has no watch block. To watch all feeds, add:\n\n  watch \"all\" {\n    feeds = \"*\"\n  }")
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
	flags.StringVar(&f.junit, "junit", "", "write the results to this `file` too, as JUnit XML")
	flags.StringVar(&f.markdown, "markdown", "", "write what is not well to this `file` too, as Markdown")
	flags.StringVar(&f.prometheus, "prometheus", "", "write the results to this `file` too, for Prometheus' textfile collector")
}

// write writes all files that are asked for; one that can't be written is no
// reason to leave out the others.
func (f *feedsReports) write(r watch.Report) error {
	var failed []error
	found := report.NewFeedsCheck(r, nil, 0)
	for _, file := range []struct {
		path string
		view func(io.Writer, *report.FeedsCheck) error
	}{{f.junit, junit.Feeds}, {f.markdown, markdown.Feeds}, {f.prometheus, prometheus.Feeds}} {
		if file.path == "" {
			continue
		}
		failed = append(failed, reconcile.ReplaceFile(file.path, 0o644, func(f *os.File) error {
			if err := file.view(f, found); err != nil {
				return fmt.Errorf("%s can't be written: %w", file.path, bare(err))
			}
			return nil
		}))
	}
	return errors.Join(failed...)
}
