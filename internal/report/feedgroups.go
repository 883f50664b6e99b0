package report

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Standing is how a feed, or a rule on one, is shown: the worst of its results.
type Standing int

const (
	Passing Standing = iota
	Unknown
	Warning
	Failing
)

// StandingOf is the standing of one result.
func StandingOf(r *watch.Result) Standing {
	switch {
	case r.Outcome == watch.Unknown:
		return Unknown
	case r.Fails():
		return Failing
	case r.Outcome == watch.Fail:
		return Warning
	}
	return Passing
}

// WatchedFeed is one feed's results under one watch.
type WatchedFeed struct {
	Results  []watch.Result
	Standing Standing
	Name     string // fit to be shown, with the id where others have that name too
}

// WatchGroup are the feeds of one watch.
type WatchGroup struct {
	Name  string
	Feeds []WatchedFeed
}

// WatchesOf groups results, which are in order, by watch and feed.
func WatchesOf(results []watch.Result) []WatchGroup {
	var groups []WatchGroup
	for i := range results {
		r := &results[i]
		if n := len(groups); n == 0 || groups[n-1].Name != r.Watch {
			groups = append(groups, WatchGroup{Name: r.Watch})
		}
		g := &groups[len(groups)-1]
		if n := len(g.Feeds); n == 0 || g.Feeds[n-1].Results[0].FeedID != r.FeedID {
			g.Feeds = append(g.Feeds, WatchedFeed{})
		}
		f := &g.Feeds[len(g.Feeds)-1]
		f.Results = append(f.Results, *r)
		f.Standing = max(f.Standing, StandingOf(r))
	}
	for _, g := range groups {
		g.nameFeeds()
	}
	return groups
}

func (g WatchGroup) nameFeeds() {
	type named struct{ account, name string }
	times := map[named]int{}
	for _, f := range g.Feeds {
		times[named{f.Results[0].Account, f.Results[0].FeedName}]++
	}
	for i := range g.Feeds {
		r := g.Feeds[i].Results[0]
		name := safetext.Line(r.FeedName)
		switch {
		case r.FeedID == "":
			name = "(no feed)"
		case name == "":
			name = safetext.Line(r.FeedID)
		case times[named{r.Account, r.FeedName}] > 1:
			name += " (" + safetext.Line(r.FeedID) + ")"
		}
		g.Feeds[i].Name = name
	}
}

// In are the feeds of some standings, in the order that these are named.
func (g WatchGroup) In(states ...Standing) []WatchedFeed {
	var found []WatchedFeed
	for _, st := range states {
		for _, f := range g.Feeds {
			if f.Standing == st {
				found = append(found, f)
			}
		}
	}
	return found
}

// In are the results of some standings, in the order that these are named.
func (f WatchedFeed) In(states ...Standing) []watch.Result {
	var found []watch.Result
	for _, st := range states {
		for i := range f.Results {
			if StandingOf(&f.Results[i]) == st {
				found = append(found, f.Results[i])
			}
		}
	}
	return found
}

// FeedsOf are the feeds of all watches by name, each once, with their accounts
// if there are several. What several watches say alike of a feed is said once.
func FeedsOf(results []watch.Result) WatchGroup {
	type id struct{ account, feed, watch string }
	var all WatchGroup
	at := map[id]int{}
	for i := range results {
		r := &results[i]
		of := id{r.Account, r.FeedID, ""}
		if r.FeedID == "" {
			of.watch = r.Watch // that no feed is meant is a failure of its own
		}
		n, known := at[of]
		if !known {
			n, at[of] = len(all.Feeds), len(all.Feeds)
			all.Feeds = append(all.Feeds, WatchedFeed{})
		}
		f := &all.Feeds[n]
		alike := func(other watch.Result) bool {
			return other.Rule == r.Rule && other.Value == r.Value && StandingOf(&other) == StandingOf(r)
		}
		if !slices.ContainsFunc(f.Results, alike) {
			f.Results = append(f.Results, *r)
		}
		f.Standing = max(f.Standing, StandingOf(r))
	}
	all.nameFeeds()
	other := func(r watch.Result) bool { return r.Account != results[0].Account }
	several := slices.ContainsFunc(results, other)
	for i := range all.Feeds {
		r := &all.Feeds[i].Results[0]
		switch {
		case r.FeedID == "":
			all.Feeds[i].Name = "watch " + safetext.Line(r.Watch)
		case several:
			all.Feeds[i].Name += ", account " + safetext.Line(r.Account)
		}
	}
	slices.SortStableFunc(all.Feeds, func(a, b WatchedFeed) int { return strings.Compare(a.Name, b.Name) })
	return all
}
