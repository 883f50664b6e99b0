package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newFeeds(p *program) *cobra.Command {
	cmd := group("feeds", "Look at product feeds", newFeedsList(p), newFeedsGet(p), newFeedsCount(p), newFeedsDownload(p),
		newFeedsCheck(p), newFeedsHistory(p))
	cmd.Example = `  gdfctl feeds list --filter Amazon`
	return cmd
}

type feedsOptions struct {
	variableFlags
	accountFlag
	outputFlag
	filter string
}

func (o *feedsOptions) register(cmd *cobra.Command) {
	o.variableFlags.register(cmd)
	o.accountFlag.register(cmd)
	o.outputFlag.register(cmd)
}

func (o *feedsOptions) registerFilter(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.filter, "filter", "", "only feeds whose name holds this `text`")
}

func newFeedsList(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List feeds with the result of their last compilation",
		Example: `  gdfctl feeds list
  gdfctl feeds list --filter Amazon --output csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsList(cmd.Context(), o) },
	}
	o.register(cmd)
	o.registerFilter(cmd)
	return cmd
}

func (p *program) runFeedsList(ctx context.Context, o feedsOptions) error {
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	found, err := listing[godatafeed.Feed]{
		id:   func(f *godatafeed.Feed) string { return f.ID },
		size: a.PageSize,
		get: func(page, size int) ([]godatafeed.Feed, error) {
			return client.ListFeeds(ctx, o.filter, page, size)
		},
	}.read()
	if err != nil {
		return apiError(ctx, a.Name, err)
	}
	if len(found.items) == 0 && o.talk() {
		fmt.Fprintln(p.stdout, "No feeds match.")
		return nil
	}
	if err := o.feeds(p, report.Feeds(found.items)); err != nil {
		return err
	}
	if o.talk() {
		fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(found.items), "feed", "feeds"))
	}
	return nil
}

func newFeedsGet(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "get ID",
		Short: "Show one feed in full",
		Example: `  gdfctl feeds get "$ID"
  gdfctl feeds get --output json "$ID" | jq .feed.errors`,
		Args: oneArg("the feed's id"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runFeedsGet(cmd.Context(), args[0], o) },
	}
	o.register(cmd)
	return cmd
}

func (p *program) runFeedsGet(ctx context.Context, id string, o feedsOptions) error {
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	feed, err := client.GetFeed(ctx, id)
	if err != nil {
		return p.feedError(ctx, a, id, err)
	}
	return o.feed(p, report.OneFeed(feed))
}

func (p *program) feedError(ctx context.Context, a *spec.Account, id string, err error) error {
	if godatafeed.IsNotFound(err) {
		return fmt.Errorf("account %s has no feed with the id %q\nIds are case-sensitive, and no names: `%s` shows them", a.Name, id, p.command("feeds", "list"))
	}
	return apiError(ctx, a.Name, err)
}

func newFeedsCount(p *program) *cobra.Command {
	o := feedsOptions{}
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count feeds",
		Example: `  gdfctl feeds count
  gdfctl feeds count --filter Walmart`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runFeedsCount(cmd.Context(), o) },
	}
	o.register(cmd)
	o.registerFilter(cmd)
	return cmd
}

func (p *program) runFeedsCount(ctx context.Context, o feedsOptions) error {
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	n, err := client.CountFeeds(ctx, o.filter)
	if err != nil {
		return apiError(ctx, a.Name, err)
	}
	return o.count(p, n)
}
