package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newFeeds(p *program) *cobra.Command {
	cmd := commandline.Group("feeds", "Look at product feeds", newFeedsList(p), newFeedsGet(p), newFeedsCount(p), newFeedsDownload(p),
		newFeedsCheck(p), newFeedsHistory(p))
	cmd.Example = `  gdfctl feeds list --filter Amazon`
	return cmd
}

type feedsOptions struct {
	variableFlags
	accountFlag
	commandline.Format
	filter string
}

func (o *feedsOptions) register(p *program, cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	o.accountFlag.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	o.RegisterOutput(cmd, p.warn)
}

func (o *feedsOptions) registerFilter(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.filter, "filter", "", "only feeds whose name contains this `text`")
}

func newFeedsList(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List feeds with the result of their last compilation",
		Example: `  gdfctl feeds list
  gdfctl feeds list --filter Amazon --format csv`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsList(cmd.Context(), o) },
	}
	o.register(p, cmd)
	o.registerFilter(cmd)
	return cmd
}

func (o *feedsOptions) request(p *program) (reconcile.FeedsRequest, error) {
	source, err := p.source(o.variableFlags)
	return reconcile.FeedsRequest{Source: source, Account: o.account, Filter: o.filter}, err
}

func (p *program) runFeedsList(ctx context.Context, o feedsOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	feeds, err := reconcile.ListFeeds(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	if len(feeds) == 0 && o.Talk() {
		fmt.Fprintln(p.stdout, "No feeds match.")
		return nil
	}
	if err := p.printFeeds(&o.Format, report.Feeds(feeds)); err != nil {
		return err
	}
	if o.Talk() {
		fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(feeds), "feed", "feeds"))
	}
	return nil
}

func newFeedsGet(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Show one feed in full",
		Example: `  gdfctl feeds get "$ID"
  gdfctl feeds get --format json "$ID" | jq .feed.errors`,
		Args: commandline.OneArg("the feed's ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runFeedsGet(cmd.Context(), args[0], o) },
	}
	o.register(p, cmd)
	return cmd
}

func (p *program) runFeedsGet(ctx context.Context, id string, o feedsOptions) error {
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	feed, err := reconcile.GetFeed(ctx, reconcile.FeedRequest{Source: source, Account: o.account, ID: id}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	return p.printFeed(&o.Format, report.OneFeed(feed))
}

func newFeedsCount(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count feeds",
		Example: `  gdfctl feeds count
  gdfctl feeds count --filter Walmart`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsCount(cmd.Context(), o) },
	}
	o.register(p, cmd)
	o.registerFilter(cmd)
	return cmd
}

func (p *program) runFeedsCount(ctx context.Context, o feedsOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	n, err := reconcile.CountFeeds(ctx, req, p.deps(), p.observe)
	if err != nil {
		return err
	}
	return p.printCount(&o.Format, n)
}

type downloadOptions struct {
	variableFlags
	accountFlag
	commandline.Format
	out string
}

func newFeedsDownload(p *program) *cobra.Command {
	o := downloadOptions{}
	cmd := &cobra.Command{
		Use:   "download ID",
		Short: "Download a feed's file",
		Long: `download writes the compiled file of a feed, CSV or tab-delimited text, to
standard output, or to the file of --out. That file is replaced only when the
download is complete. A download that is cut off starts again, at most three
times.`,
		Example: `  gdfctl feeds download --out feed.csv "$ID"
  gdfctl feeds download "$ID" | head`,
		Args: commandline.OneArg("the feed's ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runFeedsDownload(cmd.Context(), args[0], o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.out, "out", "", "write to this `file` instead of standard output")
	return cmd
}

func (p *program) runFeedsDownload(ctx context.Context, id string, o downloadOptions) error {
	if o.JSON() && o.out == "" {
		return commandline.Usagef("--json says which file was written, and needs --out")
	}
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	req := reconcile.DownloadRequest{FeedRequest: reconcile.FeedRequest{Source: source, Account: o.account, ID: id}, Out: o.out, To: p.stdout}
	if o.out == "" && p.styleOut.Terminal {
		// On a terminal a file must not do more than be seen.
		escaped := text.Escaped(p.stdout)
		req.To = escaped
		_, err := reconcile.DownloadFeed(ctx, req, p.deps(), p.observe)
		return errors.Join(err, escaped.Close())
	}
	size, err := reconcile.DownloadFeed(ctx, req, p.deps(), p.observe)
	switch {
	case err != nil || o.out == "":
		return err
	case o.JSON():
		return json.Object(p.stdout, report.NewSaved(o.out, size))
	}
	_, err = fmt.Fprintf(p.stdout, "Wrote %s: %s.\n", safetext.Line(o.out), words.Count(size, "byte", "bytes"))
	return err
}

type feedsHistoryOptions struct {
	variableFlags
	accountFlag
	commandline.Format
	full   bool
	forget bool
}

func newFeedsHistory(p *program) *cobra.Command {
	o := feedsHistoryOptions{}
	cmd := &cobra.Command{
		Use:   "history NAME",
		Short: "Show what earlier checks found for a feed",
		Long: `history shows what ` + "`feeds check`" + ` keeps for a feed: its items, warnings,
errors and score in the last 30 observations, as bar charts. Checks that see the
same values are one observation. NAME is the feed's name, its ID, or a pattern of
names like 'Amazon US - *'. It makes no calls.`,
		Example: `  gdfctl feeds history "Google Shopping US"
  gdfctl feeds history --full 'Amazon US - *'
  gdfctl feeds history --forget "$ID"         a feed that no longer exists`,
		Args: commandline.OneArg("a feed's name, a pattern of names, or an ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runFeedsHistory(cmd.Context(), args[0], o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.registerFilter(cmd, "only feeds of this account, by `name` (default: all)")
	cmd.Flags().BoolVar(&o.full, "full", false, "show every observation, not only the latest")
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().BoolVar(&o.forget, "forget", false, "forget what is kept: the next check starts again for the feed")
	return cmd
}

func (p *program) runFeedsHistory(ctx context.Context, name string, o feedsHistoryOptions) error {
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	found, err := reconcile.FeedHistory(ctx, reconcile.FeedHistoryRequest{Source: source, Account: o.account, Name: name, Forget: o.forget}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	if o.forget {
		if o.JSON() {
			return json.Object(p.stdout, report.CountOf(len(found)))
		}
		_, err = fmt.Fprintf(p.stdout, "Forgotten: %s.\n", words.Count(len(found), "feed", "feeds"))
		return err
	}
	feeds := make([]report.RememberedFeed, len(found))
	for i, f := range found {
		feeds[i] = report.RememberedFeed(f)
	}
	if o.JSON() {
		return json.Object(p.stdout, report.NewFeedHistory(feeds))
	}
	return text.FeedHistory(p.stdout, p.styleOut, report.NewFeedHistory(feeds), o.full)
}
