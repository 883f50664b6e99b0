package markdown

import (
	"fmt"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Feeds writes a report for summaries of CI jobs and comments on pull
// requests: what failed, warns, or is not known, in tables, and the accounts
// that could not be read; what passed is counted.
func Feeds(w io.Writer, r *report.FeedsCheck) error {
	intro := marked(r.Mark) + fmt.Sprintf("## Feeds\n\nFeeds: %s.\nRules: %s.\nChecked at %s.\n",
		r.ByFeed.Words(), r.ByRule.RuleWords("", ""), r.At.UTC().Format(time.RFC3339))
	unread := &section{title: "Not read", columns: []string{"account", "why"}}
	for _, a := range r.Unread {
		unread.add(code(a.Name), code(a.Err.Error()))
	}
	sections := []*section{unread}
	for _, k := range []struct {
		title string
		st    report.Standing
	}{{"Failed", report.Failing}, {"Warnings", report.Warning}, {"Unknown", report.Unknown}} {
		s := &section{title: k.title, columns: []string{"watch", "feed", "rule", "measured", "why"}}
		for _, g := range r.Watches {
			for _, f := range g.Feeds {
				for _, res := range f.In(k.st) {
					s.add(code(res.Watch), code(f.Name), code(report.RuleTitle(&res)), code(res.Value), code(res.Message))
				}
			}
		}
		sections = append(sections, s)
	}
	return write(w, intro, sections...)
}
