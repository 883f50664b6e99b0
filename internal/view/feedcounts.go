package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// tally counts by standing.
type tally [failing + 1]int

func (t tally) words() string {
	return fmt.Sprintf("%s fail, %s warn, %s not fully known, %s pass", number(t[failing]), number(t[warning]), number(t[notKnown]), number(t[passing]))
}

// countFeeds counts feeds by the worst that any watch says of them.
func countFeeds(results []watch.Result) tally {
	return feedsOf(results).tally()
}

func (g watchGroup) tally() tally {
	var feeds tally
	for _, f := range g.feeds {
		feeds[f.state]++
	}
	return feeds
}

// counts are the feeds of a watch in words, without those that are none.
func (g watchGroup) counts() string {
	if len(g.feeds) == 1 && g.feeds[0].results[0].FeedID == "" {
		return "no feed"
	}
	feeds := g.tally()
	var parts []string
	for _, part := range []struct {
		st   standing
		word string
	}{{failing, "fail"}, {warning, "warn"}, {notKnown, "not fully known"}, {passing, "pass"}} {
		if n := feeds[part.st]; n > 0 {
			parts = append(parts, number(n)+" "+part.word)
		}
	}
	return plural(len(g.feeds), "feed", "feeds") + " (" + strings.Join(parts, ", ") + ")"
}

// countRules counts results.
func countRules(results []watch.Result) tally {
	var rules tally
	for i := range results {
		rules[standingOf(&results[i])]++
	}
	return rules
}

// ruleWords are the counts of results in words; failed and warned stand behind
// theirs.
func (t tally) ruleWords(failed, warned string) string {
	return fmt.Sprintf("%s failed%s, %s%s, %s not known, %s passed",
		number(t[failing]), failed, plural(t[warning], "warning", "warnings"), warned, number(t[notKnown]), number(t[passing]))
}

// most are the rules that most results of a standing are of: " (max_age 60,
// empty 12, others 3)", or nothing.
func most(results []watch.Result, st standing) string {
	type count struct {
		rule string
		n    int
	}
	var counts []count
	for i := range results {
		if standingOf(&results[i]) != st {
			continue
		}
		at := slices.IndexFunc(counts, func(c count) bool { return c.rule == results[i].Rule })
		if at < 0 {
			at, counts = len(counts), append(counts, count{rule: results[i].Rule})
		}
		counts[at].n++
	}
	slices.SortStableFunc(counts, func(a, b count) int { return cmp.Compare(b.n, a.n) })
	var parts []string
	others := 0
	for i, c := range counts {
		if i < mostRules {
			parts = append(parts, safetext.Line(c.rule)+" "+number(c.n))
		} else {
			others += c.n
		}
	}
	if others > 0 {
		parts = append(parts, "others "+number(others))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
