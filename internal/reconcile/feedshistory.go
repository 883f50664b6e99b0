package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// FeedHistoryRequest asks what earlier checks saw of feeds.
type FeedHistoryRequest struct {
	Source
	Account string // empty: all
	Name    string // a name, a pattern of names, or an id
	Forget  bool   // forget what was found
}

// RememberedFeed is a feed as earlier checks saw it.
type RememberedFeed struct {
	Account string
	ID      string
	Record  *memory.FeedRecord
}

// FeedHistory finds what earlier checks saw of feeds, and forgets it where the
// request says so. It makes no call. That there is no such feed is an error.
func FeedHistory(ctx context.Context, req FeedHistoryRequest, d Deps, o Observer) ([]RememberedFeed, error) {
	w, err := d.toLook(req.Source, o.inTurn())
	if err == nil && w.home.shared() {
		w, err = d.expected(w)
	}
	if err != nil {
		return nil, err
	}
	defer w.close()
	accounts, err := w.accounts(req.Account)
	if err != nil {
		return nil, err
	}
	if err := w.readNotes(ctx); err != nil {
		return nil, err
	}
	history, err := w.memory.FeedHistory()
	w.forgot(err)
	found := rememberedFeeds(history, accounts, req.Name)
	if len(found) == 0 {
		return nil, fmt.Errorf("no check has seen a feed %q yet\n%s", req.Name, w.knownFeeds(history, accounts))
	}
	if req.Forget {
		err = w.forgetFeeds(found)
	}
	return found, err
}

// rememberedFeeds are the feeds of a name, an id or a pattern, by name.
func rememberedFeeds(h *memory.FeedHistory, accounts []*spec.Account, name string) []RememberedFeed {
	glob := spec.Glob(name)
	var found []RememberedFeed
	for _, a := range accounts {
		for id, r := range h.Account(a.Endpoint, a.Name).Feeds {
			if id == name || r.Name == name || glob.MatchString(r.Name) {
				found = append(found, RememberedFeed{Account: a.Name, ID: id, Record: r})
			}
		}
	}
	slices.SortFunc(found, func(a, b RememberedFeed) int {
		return cmp.Or(strings.Compare(a.Record.Name, b.Record.Name), strings.Compare(a.ID, b.ID), strings.Compare(a.Account, b.Account))
	})
	return found
}

func (w *workspace) knownFeeds(h *memory.FeedHistory, accounts []*spec.Account) string {
	const most = 5
	all := rememberedFeeds(h, accounts, "*")
	if len(all) == 0 {
		return fmt.Sprintf("Nothing is kept yet: `%s` checks the feeds that watch blocks match", w.command("feeds", "check"))
	}
	names := make([]string, 0, most)
	for _, f := range all[:min(most, len(all))] {
		names = append(names, fmt.Sprintf("%q", f.Record.Name))
	}
	line := "It has seen " + strings.Join(names, ", ")
	if len(all) > most {
		line += fmt.Sprintf(" and %d more", len(all)-most)
	}
	return line
}

func (w *workspace) forgetFeeds(feeds []RememberedFeed) error {
	return w.memory.UpdateFeedHistory(func(h *memory.FeedHistory) {
		for _, f := range feeds {
			if a, ok := w.cfg.Account(f.Account); ok {
				delete(h.Account(a.Endpoint, a.Name).Feeds, f.ID)
			}
		}
	})
}
