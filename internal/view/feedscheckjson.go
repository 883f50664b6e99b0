package view

import (
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/watch"
)

// feedsCheckDocument is a report as programs see it. docs/json.md describes
// every field.
type feedsCheckDocument struct {
	FormatVersion string            `json:"format_version"`
	At            time.Time         `json:"at"`
	Feeds         int               `json:"feeds"`
	Calls         int               `json:"calls"`
	Summary       feedsCheckSummary `json:"summary"`
	Watches       []watch.Result    `json:"watches"`
	Problems      []FeedsProblem    `json:"problems"`
	ExitCode      int               `json:"exit_code"`
}

type feedsCheckSummary struct {
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

// FeedsCheckJSON prints a report for programs.
func FeedsCheckJSON(w io.Writer, r watch.Report, problems []FeedsProblem, exitCode int) error {
	rules := countRules(r.Results)
	doc := feedsCheckDocument{
		FormatVersion: formatVersion, At: r.At.UTC().Truncate(time.Second), Feeds: r.Feeds, Calls: r.Calls,
		Summary: feedsCheckSummary{rules[failing], rules[warning], rules[notKnown], rules[passing]},
		Watches: orEmpty(r.Results), Problems: orEmpty(problems), ExitCode: exitCode,
	}
	return JSON(w, doc)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
