package reconcile

import (
	"context"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
)

// FeedsRequest asks for live feeds of an account.
type FeedsRequest struct {
	Source
	Account string // empty: the default one
	Filter  string // only feeds whose name holds this
}

// ListFeeds lists live feeds.
func ListFeeds(ctx context.Context, req FeedsRequest, d Deps, o Observer) ([]godatafeed.Feed, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return nil, err
	}
	defer l.close()
	found, err := listing.Find(ctx, listing.Source[godatafeed.Feed]{
		ID:   func(f *godatafeed.Feed) string { return f.ID },
		Size: l.account.PageSize,
		Page: func(ctx context.Context, page, size int) ([]godatafeed.Feed, error) {
			return l.client.ListFeeds(ctx, req.Filter, page, size)
		},
	}, listing.Selection[godatafeed.Feed]{})
	if err != nil {
		return nil, apiError(ctx, l.account.Name, err)
	}
	return found.Items, nil
}

// CountFeeds counts live feeds, in one call.
func CountFeeds(ctx context.Context, req FeedsRequest, d Deps, o Observer) (int, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return 0, err
	}
	defer l.close()
	n, err := l.client.CountFeeds(ctx, req.Filter)
	return n, apiError(ctx, l.account.Name, err)
}

// FeedRequest asks for one live feed.
type FeedRequest struct {
	Source
	Account string // empty: the default one
	ID      string
}

// GetFeed reads one live feed.
func GetFeed(ctx context.Context, req FeedRequest, d Deps, o Observer) (godatafeed.Feed, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return godatafeed.Feed{}, err
	}
	defer l.close()
	feed, err := l.client.GetFeed(ctx, req.ID)
	return feed, l.feedError(ctx, req.ID, err)
}

func (l *live) feedError(ctx context.Context, id string, err error) error {
	if godatafeed.IsNotFound(err) {
		return fmt.Errorf("account %s has no feed with the ID %q\nIDs are case-sensitive and differ from names: `%s` shows them", l.account.Name, id, l.command("feeds", "list"))
	}
	return apiError(ctx, l.account.Name, err)
}
