package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// markdownRows is the most results of each kind that are listed: a comment on a
// pull request has a bound.
const markdownRows = 100

// Feeds writes a report for summaries of CI jobs and comments on pull
// requests: what failed, warns, or is not known, in tables, and the accounts
// that could not be read; what passed is counted.
func Feeds(w io.Writer, r *report.FeedsCheck) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "## Feeds\n\nFeeds: %s.\nRules: %s.\nChecked at %s.\n",
		r.ByFeed.Words(), r.ByRule.RuleWords("", ""), r.At.UTC().Format(time.RFC3339))
	for _, k := range []struct {
		title string
		st    report.Standing
	}{{"Failed", report.Failing}, {"Warnings", report.Warning}, {"Not known", report.Unknown}} {
		var rows []string
		for _, g := range r.Watches {
			for _, f := range g.Feeds {
				for _, res := range f.In(k.st) {
					rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
						code(res.Watch), code(f.Name), code(report.RuleTitle(&res)), code(res.Value), code(res.Message)))
				}
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n### %s\n\n| watch | feed | rule | measured | why |\n|---|---|---|---|---|\n", k.title)
		out.WriteString(strings.Join(rows[:min(len(rows), markdownRows)], ""))
		if more := len(rows) - markdownRows; more > 0 {
			fmt.Fprintf(out, "\n… and %s more.\n", words.Number(more))
		}
	}
	title := "\n### Not read\n\n| account | why |\n|---|---|\n"
	for _, a := range r.Unread {
		fmt.Fprintf(out, "%s| %s | %s |\n", title, code(a.Name), code(a.Err.Error()))
		title = ""
	}
	return out.Flush()
}
