package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// FeedsCheck is what a look at the feeds found: for programs as it is, and for
// people with its results grouped and counted.
type FeedsCheck struct {
	FormatVersion string         `json:"format_version"`
	At            time.Time      `json:"at"`
	Feeds         int            `json:"feeds"`
	Calls         int            `json:"calls"`
	Summary       FeedsSummary   `json:"summary"`
	Results       []watch.Result `json:"watches"`
	Problems      []FeedsProblem `json:"problems"`
	ExitCode      int            `json:"exit_code"`

	Mark      string              `json:"-"` // as of a plan
	Workspace string              `json:"-"`
	Watches   []WatchGroup        `json:"-"` // the results by watch and feed
	ByFeed    Tally               `json:"-"` // feeds, by the worst that any watch says of them
	ByRule    Tally               `json:"-"` // results
	Watched   []watch.Watched     `json:"-"`
	Accounts  []watch.AccountRead `json:"-"`
	Unread    []watch.AccountRead `json:"-"` // accounts that could not be read
}

// FeedsSummary counts results.
type FeedsSummary struct {
	Failed  int `json:"failed"`
	Warned  int `json:"warned"`
	Unknown int `json:"unknown"`
	Passed  int `json:"passed"`
}

// FeedsProblem is why the feeds of an account could not be read.
type FeedsProblem struct {
	Account string `json:"account"`
	Message string `json:"message"`
}

// NewFeedsCheck is the report of a look.
func NewFeedsCheck(r watch.Report, problems []FeedsProblem, exitCode int) *FeedsCheck {
	rules := CountRules(r.Results)
	return &FeedsCheck{
		FormatVersion: jsonformat.Version, At: r.At.UTC().Truncate(time.Second), Feeds: r.Feeds, Calls: r.Calls,
		Summary: FeedsSummary{rules[Failing], rules[Warning], rules[Unknown], rules[Passing]},
		Results: listed(r.Results), Problems: listed(problems), ExitCode: exitCode,
		Watches: WatchesOf(r.Results), ByFeed: CountFeeds(r.Results), ByRule: rules,
		Watched: r.Watched, Accounts: r.Accounts, Unread: r.Unread(),
	}
}

// RuleTitle is a rule with its identifier, if it has one.
func RuleTitle(r *watch.Result) string {
	if r.ID == "" {
		return r.Rule
	}
	return r.Rule + " (" + r.ID + ")"
}
