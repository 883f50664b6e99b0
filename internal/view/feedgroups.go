package view

import (
	"fmt"

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
	case r.Verdict != watch.Fail:
		return passing
	case r.Severity == watch.Error:
		return failing
	}
	return warning
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
	times := map[string]int{}
	for _, f := range g.feeds {
		times[f.results[0].FeedName]++
	}
	for i := range g.feeds {
		r := g.feeds[i].results[0]
		name := safetext.Line(r.FeedName)
		switch {
		case r.FeedID == "":
			name = "(no feed)"
		case name == "":
			name = safetext.Line(r.FeedID)
		case times[r.FeedName] > 1:
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

// in are the results of one standing.
func (f watchedFeed) in(st standing) []watch.Result {
	var found []watch.Result
	for i := range f.results {
		if standingOf(&f.results[i]) == st {
			found = append(found, f.results[i])
		}
	}
	return found
}

// tally counts by standing.
type tally [failing + 1]int

func (t tally) words() string {
	return fmt.Sprintf("%s fail, %s warn, %s not fully known, %s pass", number(t[failing]), number(t[warning]), number(t[notKnown]), number(t[passing]))
}

// countFeeds counts feeds by the worst that any watch says of them.
func countFeeds(results []watch.Result) tally {
	type id struct{ account, feed, watch string }
	worst := map[id]standing{}
	for i := range results {
		r := &results[i]
		of := id{r.Account, r.FeedID, ""}
		if r.FeedID == "" {
			of.watch = r.Watch // that no feed is meant is a failure of its own
		}
		worst[of] = max(worst[of], standingOf(r))
	}
	var feeds tally
	for _, st := range worst {
		feeds[st]++
	}
	return feeds
}
