package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Tally counts by standing.
type Tally [Failing + 1]int

// Words are the counts of feeds in words.
func (t Tally) Words() string {
	return fmt.Sprintf("%s fail, %s, %s partly unknown, %s pass", words.Number(t[Failing]), words.Count(t[Warning], "warning", "warnings"), words.Number(t[Unknown]), words.Number(t[Passing]))
}

// CountFeeds counts feeds by the worst that any watch says of them.
func CountFeeds(results []watch.Result) Tally {
	return FeedsOf(results).Tally()
}

// Tally counts the feeds of a group.
func (g WatchGroup) Tally() Tally {
	var feeds Tally
	for _, f := range g.Feeds {
		feeds[f.Standing]++
	}
	return feeds
}

// FailWords says how many of the feeds fail: "1 of 75 fails".
func (g WatchGroup) FailWords() string {
	n := g.Tally()[Failing]
	fail := " fail"
	if n == 1 {
		fail = " fails"
	}
	return words.Number(n) + " of " + words.Number(len(g.Feeds)) + fail
}

// Counts are the feeds of a watch in words, without those that are none.
func (g WatchGroup) Counts() string {
	if len(g.Feeds) == 1 && g.Feeds[0].Results[0].FeedID == "" {
		return "no feed"
	}
	feeds := g.Tally()
	var parts []string
	for _, part := range []struct {
		st        Standing
		one, many string
	}{{Failing, "fail", "fail"}, {Warning, "warning", "warnings"}, {Unknown, "partly unknown", "partly unknown"}, {Passing, "pass", "pass"}} {
		if n := feeds[part.st]; n > 0 {
			parts = append(parts, words.Count(n, part.one, part.many))
		}
	}
	return words.Count(len(g.Feeds), "feed", "feeds") + " (" + strings.Join(parts, ", ") + ")"
}

// CountRules counts results.
func CountRules(results []watch.Result) Tally {
	var rules Tally
	for i := range results {
		rules[StandingOf(&results[i])]++
	}
	return rules
}

// RuleWords are the counts of results in words; failed and warned stand behind
// theirs.
func (t Tally) RuleWords(failed, warned string) string {
	return fmt.Sprintf("%s failed%s, %s%s, %s unknown, %s passed",
		words.Number(t[Failing]), failed, words.Count(t[Warning], "warning", "warnings"), warned, words.Number(t[Unknown]), words.Number(t[Passing]))
}

// mostRules are how many rules the counts name.
const mostRules = 5

// Most are the rules that most results of a Standing are of: " (max_age 60,
// empty 12, others 3)", or nothing.
func Most(results []watch.Result, st Standing) string {
	type count struct {
		rule string
		n    int
	}
	var counts []count
	for i := range results {
		if StandingOf(&results[i]) != st {
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
			parts = append(parts, safetext.Line(c.rule)+" "+words.Number(c.n))
		} else {
			others += c.n
		}
	}
	if others > 0 {
		parts = append(parts, "others "+words.Number(others))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
