package watch

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/listing"
	"github.com/gdfctl/gdfctl/internal/spec"
)

const (
	// mostGets is how many feeds are read one by one, where every watch names an
	// id or some are missing; more are found in a listing.
	mostGets = 3
	// wholeAgain is how long a page is taken for the whole listing because one
	// of the same size was: a server that cuts pages at just that size would
	// otherwise hide for ever what is added.
	wholeAgain = time.Hour
)

// list finds the feeds that the account's watches mean.
func (al *accountLook) list(ctx context.Context, api API) error {
	ids := map[string]bool{}
	globs := false
	for _, w := range al.watches {
		if w.FeedID != "" {
			ids[w.FeedID] = true
		} else {
			globs = true
		}
	}
	if !globs && len(ids) <= mostGets {
		return al.get(ctx, api, slices.Sorted(maps.Keys(ids)))
	}
	if len(ids) == 0 {
		al.filter = commonText(al.watches)
	}
	err := al.pages(ctx, api, func() bool { return !globs && len(al.feeds) == len(ids) })
	if err != nil {
		return err
	}
	return al.makeSure(ctx, api)
}

// makeSure asks for a feed itself before it is said to be gone that the last
// look still showed: a filter hides one that has another name now, and in a
// listing of several pages one that is deleted meanwhile makes another slip to
// a page that was read already. Where many are missing it's neither of these.
func (al *accountLook) makeSure(ctx context.Context, api API) error {
	missing := al.missing()
	if len(missing) > mostGets || (al.filter == "" && !al.inParts) {
		return nil
	}
	return al.get(ctx, api, missing)
}

func (al *accountLook) get(ctx context.Context, api API, ids []string) error {
	for _, id := range ids {
		f, err := api.GetFeed(ctx, id)
		if godatafeed.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		al.add(f)
	}
	return nil
}

// pages reads the listing until it ends, or everything is found. A short first
// page may be all that the server serves on one page: unless it is known to be
// the whole listing, the next page shows it. An empty listing, where there were
// feeds before, is read twice.
func (al *accountLook) pages(ctx context.Context, api API, found func() bool) error {
	source := listing.Source[godatafeed.Feed]{
		Page: func(ctx context.Context, page, size int) ([]godatafeed.Feed, error) {
			return api.ListFeeds(ctx, al.filter, page, size)
		},
		ID:   func(f *godatafeed.Feed) string { return f.ID },
		Size: al.account.PageSize,
	}
	visit := func(page listing.Page[godatafeed.Feed]) bool {
		for _, f := range page.New {
			al.add(*f)
		}
		switch {
		case found():
			return false
		case page.Number == 1:
			return page.Shown == source.Size || !al.isWhole(page.Shown) || len(al.missing()) > 0
		case len(page.New) > 0:
			al.inParts = true
		case page.Number == 2 && page.Full < source.Size:
			al.wholePage = page.Full
		}
		return true
	}
	pager, err := listing.InTurn(ctx, source, visit)
	if err == nil && pager.Seen() == 0 && len(al.missing()) > 0 {
		_, err = listing.InTurn(ctx, source, visit)
	}
	return err
}

// isWhole reports whether a first page of so many feeds, fewer than were asked
// for, is known to be all of the listing.
func (al *accountLook) isWhole(page int) bool {
	since := al.at.Sub(al.past.WholeAt)
	return page < al.past.WholePage || page == al.past.WholePage && since >= 0 && since < wholeAgain
}

// add takes note of a feed that was not listed before.
func (al *accountLook) add(f godatafeed.Feed) {
	if slices.ContainsFunc(al.watches, func(w *spec.Watch) bool { return w.Matches(f.ID, f.Name) }) {
		al.feeds[f.ID] = &seen{feed: f, past: al.past.Feeds[f.ID]}
		return
	}
	al.others[f.ID] = f.Name
}

// missing are the feeds that were there at the last look, and were not found
// yet under any name.
func (al *accountLook) missing() []string {
	var ids []string
	for id, r := range al.past.Feeds {
		if _, listed := al.others[id]; !listed && al.feeds[id] == nil && r.GoneAt.IsZero() && al.missed(id, r) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// commonText is the longest text that every name holds which one of the
// watches means; all of them are found by one listing that is filtered by it.
func commonText(watches []*spec.Watch) string {
	best := ""
	for _, literal := range watches[0].Literals() {
		runes := []rune(literal)
		for from := range runes {
			for to := len(runes); to > from; to-- {
				text := strings.TrimSpace(string(runes[from:to]))
				if len(text) > len(best) && inAll(watches[1:], text) {
					best = text
				}
			}
		}
	}
	return best
}

func inAll(watches []*spec.Watch, text string) bool {
	for _, w := range watches {
		if !slices.ContainsFunc(w.Literals(), func(literal string) bool { return strings.Contains(literal, text) }) {
			return false
		}
	}
	return true
}
