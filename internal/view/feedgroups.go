package view

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// standing is how a feed, or a rule on one, is told: the worst of its results.
type standing int

const (
	passing standing = iota
	notKnown
	warning
	failing
)

func standingOf(r *watch.Result) standing {
	switch {
	case r.Verdict == watch.Unknown:
		return notKnown
	case r.Fails():
		return failing
	case r.Verdict == watch.Fail:
		return warning
	}
	return passing
}

// watchedFeed is one feed's results under one watch.
type watchedFeed struct {
	results []watch.Result
	state   standing
	name    string // fit to be shown, with the id where others have that name too
}

// watchGroup are the feeds of one watch.
type watchGroup struct {
	name  string
	feeds []watchedFeed
}

// watchesOf groups results, which are in order, by watch and feed.
func watchesOf(results []watch.Result) []watchGroup {
	var groups []watchGroup
	for i := range results {
		r := &results[i]
		if n := len(groups); n == 0 || groups[n-1].name != r.Watch {
			groups = append(groups, watchGroup{name: r.Watch})
		}
		g := &groups[len(groups)-1]
		if n := len(g.feeds); n == 0 || g.feeds[n-1].results[0].FeedID != r.FeedID {
			g.feeds = append(g.feeds, watchedFeed{})
		}
		f := &g.feeds[len(g.feeds)-1]
		f.results = append(f.results, *r)
		f.state = max(f.state, standingOf(r))
	}
	for _, g := range groups {
		g.nameFeeds()
	}
	return groups
}

func (g watchGroup) nameFeeds() {
	type named struct{ account, name string }
	times := map[named]int{}
	for _, f := range g.feeds {
		times[named{f.results[0].Account, f.results[0].FeedName}]++
	}
	for i := range g.feeds {
		r := g.feeds[i].results[0]
		name := safetext.Line(r.FeedName)
		switch {
		case r.FeedID == "":
			name = "(no feed)"
		case name == "":
			name = safetext.Line(r.FeedID)
		case times[named{r.Account, r.FeedName}] > 1:
			name += " (" + safetext.Line(r.FeedID) + ")"
		}
		g.feeds[i].name = name
	}
}

func (g watchGroup) in(states ...standing) []watchedFeed {
	var found []watchedFeed
	for _, st := range states {
		for _, f := range g.feeds {
			if f.state == st {
				found = append(found, f)
			}
		}
	}
	return found
}

// in are the results of some standings, in the order that these are named.
func (f watchedFeed) in(states ...standing) []watch.Result {
	var found []watch.Result
	for _, st := range states {
		for i := range f.results {
			if standingOf(&f.results[i]) == st {
				found = append(found, f.results[i])
			}
		}
	}
	return found
}

// feedsOf are the feeds of all watches by name, each once, with their accounts
// if there are several. What several watches say alike of a feed is said once.
func feedsOf(results []watch.Result) watchGroup {
	type id struct{ account, feed, watch string }
	var all watchGroup
	at := map[id]int{}
	for i := range results {
		r := &results[i]
		of := id{r.Account, r.FeedID, ""}
		if r.FeedID == "" {
			of.watch = r.Watch // that no feed is meant is a failure of its own
		}
		n, known := at[of]
		if !known {
			n, at[of] = len(all.feeds), len(all.feeds)
			all.feeds = append(all.feeds, watchedFeed{})
		}
		f := &all.feeds[n]
		alike := func(other watch.Result) bool {
			return other.Rule == r.Rule && other.Value == r.Value && standingOf(&other) == standingOf(r)
		}
		if !slices.ContainsFunc(f.results, alike) {
			f.results = append(f.results, *r)
		}
		f.state = max(f.state, standingOf(r))
	}
	all.nameFeeds()
	other := func(r watch.Result) bool { return r.Account != results[0].Account }
	several := slices.ContainsFunc(results, other)
	for i := range all.feeds {
		r := &all.feeds[i].results[0]
		switch {
		case r.FeedID == "":
			all.feeds[i].name = "watch " + safetext.Line(r.Watch)
		case several:
			all.feeds[i].name += ", account " + safetext.Line(r.Account)
		}
	}
	slices.SortStableFunc(all.feeds, func(a, b watchedFeed) int { return strings.Compare(a.name, b.name) })
	return all
}
