package markdown

import (
	"io"
	"slices"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Feeds writes a report for summaries of CI jobs and comments on pull requests:
// what failed, warns, or is not known, and the accounts that could not be read;
// what passed is counted.
func Feeds(w io.Writer, r *report.FeedsCheck) error {
	list := r.Unread
	found := []*part{listing(heading("✗ Not read: %s", words.Count(len(list), "account", "accounts"))+paragraph("Nothing is known of their feeds.\n"),
		"Account", "Why", len(list), func(i int) (string, string) {
			return plain(list[i].Name, mostName), plain(list[i].Err.Error(), mostReason)
		})}
	things := len(list)
	for _, k := range []struct {
		title   string
		st      report.Standing
		toCheck bool
	}{{"✗ Failed", report.Failing, true}, {"! Warnings", report.Warning, true}, {"? Unknown", report.Unknown, false}} {
		found = append(found, feedResults(r, k.title, k.st))
		if k.toCheck {
			things += r.ByRule[k.st]
		}
	}
	intro := "\n" + paragraph("**Feeds: %s**", r.ByFeed.Words()) + "\n" + paragraph("Rules: %s.", r.ByRule.RuleWords("", "")) +
		"\n" + paragraph("Checked %s.", r.At.UTC().Format("Mon Jan 2 2006, 15:04 MST"))
	if r.At.IsZero() {
		intro = "\n" + paragraph("**Feeds: nothing was checked**")
	}
	parts := append([]*part{whole(marked(r.Mark) + title("Feed check", r.Workspace, things)), whole(intro)}, found...)
	slices.Reverse(found)
	return write(w, parts, slices.Concat(found, found)...)
}

// feedResults are the results of one standing.
func feedResults(r *report.FeedsCheck, title string, st report.Standing) *part {
	type result struct{ feed, rule string }
	var list []result
	for _, g := range r.Watches {
		for _, f := range g.Feeds {
			for _, res := range f.In(st) {
				rule := plain(report.RuleTitle(&res), mostName)
				if res.Value != "" {
					rule += ": " + plain(res.Value, mostValue)
				}
				list = append(list, result{plain(f.Name, mostName) + "<br>watch " + plain(res.Watch, mostName), rule + "<br>" + plain(res.Message, mostReason)})
			}
		}
	}
	return listing(heading("%s %s", title, words.Number(len(list))), "Feed", "Rule", len(list), func(i int) (string, string) { return list[i].feed, list[i].rule })
}
