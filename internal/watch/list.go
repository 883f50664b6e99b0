package watch

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// mostGets is how many feeds are read one by one, where every watch names an
// id; more are found in a listing.
const mostGets = 3

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
	return al.pages(ctx, api, func() bool { return !globs && len(al.feeds) == len(ids) })
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

// pages reads the listing until a page is shorter than the first one, or
// everything is found. That the first one is shorter than asked for can mean
// that the server serves no larger pages: unless it is known to do so, and no
// feed is missing that was there before, the next page tells.
func (al *accountLook) pages(ctx context.Context, api API, found func() bool) error {
	full := al.account.PageSize
	for page := 1; ; page++ {
		feeds, err := api.ListFeeds(ctx, al.filter, page, al.account.PageSize)
		if err != nil {
			return err
		}
		fresh := false
		for _, f := range feeds {
			fresh = al.add(f) || fresh
		}
		if found() {
			return nil
		}
		switch {
		case page == 1:
			short := len(feeds) < full
			full = len(feeds)
			if full == 0 || (short && full <= al.past.WholePage && !al.anyMissing()) {
				return nil
			}
		case !fresh:
			if page == 2 && full < al.account.PageSize {
				al.wholePage = full
			}
			return nil
		case len(feeds) < full:
			return nil
		}
	}
}

// add reports whether the feed was not listed before.
func (al *accountLook) add(f godatafeed.Feed) bool {
	if _, listed := al.others[f.ID]; listed || al.feeds[f.ID] != nil {
		return false
	}
	for _, w := range al.watches {
		if w.Means(f.ID, f.Name) {
			al.feeds[f.ID] = &seen{feed: f, past: al.past.Feeds[f.ID]}
			return true
		}
	}
	al.others[f.ID] = f.Name
	return true
}

// anyMissing reports whether a feed that was there at the last look is not, or
// not under a name that is watched.
func (al *accountLook) anyMissing() bool {
	for id, r := range al.past.Feeds {
		if _, listed := al.others[id]; !listed && r.GoneAt.IsZero() && al.missed(id, r) {
			return true
		}
	}
	return false
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
