package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type statusOptions struct {
	commandline.Variables
	commandline.Account
	commandline.Format
	check, offline, pullList, older bool
	markdown                        string
	ci                              commandline.CI
}

func newStatus(p *program) *cobra.Command {
	o := statusOptions{}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what needs you, and what waits",
		Long: `status shows what a person has to look at, with the command that helps: changes
that the marketplace refused or never showed, calls whose outcome is unknown,
parcels to pull, orders that a marketplace waits to hear of, feeds that fail. Then
it shows what only waits, and how many open orders no table names.

It changes nothing, makes at most 10 calls, and none with --offline. An apply can
be under way. It exits 0 if it could be shown; with --check, 3 if a person is
needed, and 2 if something only waits.`,
		Example: `  gdfctl status
  gdfctl status --check --offline
  gdfctl status --pull-list > pull.csv
  gdfctl status --older
  gdfctl status --json | jq '.items[] | select(.group == "needs_you")'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStatus(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Account.RegisterFilter(cmd, "only this account, by `name` (default: all)")
	o.Format.Register(cmd, report.Text, report.JSON, report.Markdown, report.CSV)
	flags := cmd.Flags()
	flags.BoolVar(&o.check, "check", false, "exit 3 if a person is needed, 2 if something only waits")
	flags.BoolVar(&o.offline, "offline", false, "make no call: show what is in the state, the tables and the history of feeds")
	flags.BoolVar(&o.pullList, "pull-list", false, "print the parcels to pull as CSV, without a call")
	flags.BoolVar(&o.older, "older", false, "show what marketplaces reported of orders before, by marketplace and text")
	flags.StringVar(&o.markdown, "markdown", "", "also write the status to this `file`, as Markdown")
	o.ci.RegisterSummary(cmd, "status")
	return cmd
}

func (p *program) runStatus(ctx context.Context, o statusOptions) error {
	if err := cmp.Or(o.fits(), p.beginCI(o.ci)); err != nil {
		return err
	}
	req := reconcile.StatusRequest{Source: p.source(o.Variables), Account: o.Account.Name, Offline: o.offline}
	switch {
	case o.pullList:
		return p.pullList(ctx, req, o)
	case o.older:
		return p.olderErrors(ctx, req, o)
	}
	found, err := reconcile.Status(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	for _, a := range found.Unread {
		p.Warn(fmt.Sprintf("new orders are not known: %s", a.Err))
	}
	return p.showStatus(found, o)
}

// fits refuses flags that do not go together.
func (o *statusOptions) fits() error {
	other := o.check || o.ci.Summary || o.markdown != "" || o.Chosen == report.Markdown
	switch {
	case o.pullList && (other || o.older):
		return commandline.Usagef("--pull-list prints a list alone, as CSV or with --json: omit the other flags")
	case o.older && (other || o.offline || o.Chosen == report.CSV):
		return commandline.Usagef("--older shows errors alone, as the API has them now, as text or with --json: omit the other flags")
	case !o.pullList && o.Chosen == report.CSV:
		return commandline.Usagef("--format csv is for --pull-list; for programs, use --json")
	}
	return nil
}

func (p *program) pullList(ctx context.Context, req reconcile.StatusRequest, o statusOptions) error {
	entries, err := reconcile.PullList(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	asCSV := func(w io.Writer, _ text.Style, list *report.PullList) error { return csv.PullList(w, list) }
	return screen.Print(&p.Screen, o.Chosen, report.NewPullList(entries), asCSV)
}

func (p *program) olderErrors(ctx context.Context, req reconcile.StatusRequest, o statusOptions) error {
	found, err := reconcile.OlderErrors(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	doc := report.NewOlderErrors()
	for _, e := range found {
		doc.Add(e.Account, e.Source, e.Text, e.Oldest, e.Orders)
	}
	return screen.Print(&p.Screen, o.Chosen, doc, text.OlderErrors)
}

func (p *program) showStatus(found *reconcile.StatusReport, o statusOptions) error {
	doc := present.Status(found, p.Command)
	doc.Mark, doc.Workspace = p.Job().Mark(forge.Status).String(), p.Job().Mark(forge.Status).Workspace
	view := func(w io.Writer) error { return markdown.Status(w, doc) }
	asText := func(w io.Writer) error { return text.Status(w, p.StyleOut, doc) }
	if err := p.Report(o.Chosen, doc, o.markdown, asText, view); err != nil {
		return err
	}
	return statusCode(doc, o.check)
}
