package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/csv"
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
	commandline.Variables
	commandline.Account
	commandline.Format
	filter string
}

func (o *feedsOptions) register(p *program, cmd *cobra.Command) {
	o.Variables.Register(cmd)
	o.Account.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	o.RegisterOutput(cmd, p.Warn)
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

func (o *feedsOptions) request(p *program) reconcile.FeedsRequest {
	return reconcile.FeedsRequest{Source: p.source(o.Variables), Account: o.Account.Name, Filter: o.filter}
}

func (p *program) runFeedsList(ctx context.Context, o feedsOptions) error {
	feeds, err := reconcile.ListFeeds(ctx, o.request(p), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	if len(feeds) == 0 && o.Talk() {
		fmt.Fprintln(p.Out, "No feeds match.")
		return nil
	}
	if err := screen.PrintList(&p.Screen, o.Chosen, report.Feeds(feeds), csv.Feeds, text.Feeds); err != nil {
		return err
	}
	if o.Talk() {
		fmt.Fprintf(p.Err, "%s.\n", words.Count(len(feeds), "feed", "feeds"))
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
	feed, err := reconcile.GetFeed(ctx, reconcile.FeedRequest{Source: p.source(o.Variables), Account: o.Account.Name, ID: id}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.PrintList(&p.Screen, o.Chosen, report.OneFeed(feed), csv.Feed, text.Feed)
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
	n, err := reconcile.CountFeeds(ctx, o.request(p), p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return p.Count(o.Chosen, n)
}

type downloadOptions struct {
	commandline.Variables
	commandline.Account
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
	o.Variables.Register(cmd)
	o.Account.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().StringVar(&o.out, "out", "", "write to this `file` instead of standard output")
	return cmd
}

func (p *program) runFeedsDownload(ctx context.Context, id string, o downloadOptions) error {
	if o.JSON() && o.out == "" {
		return commandline.Usagef("--json says which file was written, and needs --out")
	}
	req := reconcile.DownloadRequest{FeedRequest: reconcile.FeedRequest{Source: p.source(o.Variables), Account: o.Account.Name, ID: id}, Out: o.out, To: p.Out}
	if o.out == "" && p.StyleOut.Terminal {
		// On a terminal a file must not do more than be seen.
		escaped := text.Escaped(p.Out)
		req.To = escaped
		_, err := reconcile.DownloadFeed(ctx, req, p.deps(), p.Observe)
		return errors.Join(err, escaped.Close())
	}
	size, err := reconcile.DownloadFeed(ctx, req, p.deps(), p.Observe)
	switch {
	case err != nil || o.out == "":
		return err
	case o.JSON():
		return json.Object(p.Out, report.NewSaved(o.out, size))
	}
	return text.Written(p.Out, o.out, size, "byte", "bytes")
}

type feedsHistoryOptions struct {
	commandline.Variables
	commandline.Account
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
	o.Variables.Register(cmd)
	o.Account.RegisterFilter(cmd, "only feeds of this account, by `name` (default: all)")
	cmd.Flags().BoolVar(&o.full, "full", false, "show every observation, not only the latest")
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().BoolVar(&o.forget, "forget", false, "forget what is kept: the next check starts again for the feed")
	return cmd
}

func (p *program) runFeedsHistory(ctx context.Context, name string, o feedsHistoryOptions) error {
	found, err := reconcile.FeedHistory(ctx, reconcile.FeedHistoryRequest{Source: p.source(o.Variables), Account: o.Account.Name, Name: name, Forget: o.forget}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	if o.forget {
		if o.JSON() {
			return json.Object(p.Out, report.CountOf(len(found)))
		}
		_, err = fmt.Fprintf(p.Out, "Forgotten: %s.\n", words.Count(len(found), "feed", "feeds"))
		return err
	}
	feeds := make([]report.RememberedFeed, len(found))
	for i, f := range found {
		feeds[i] = report.RememberedFeed(f)
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewFeedHistory(feeds), func(w io.Writer, s text.Style, history *report.FeedHistory) error {
		return text.FeedHistory(w, s, history, o.full)
	})
}
