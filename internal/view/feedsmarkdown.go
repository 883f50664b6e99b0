package view

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// markdownRows is the most results of each kind that are listed: a comment on a
// pull request has a bound.
const markdownRows = 100

// FeedsMarkdown writes a report for summaries of CI jobs and comments on pull
// requests: what failed, warns, or is not known, in tables, and the accounts
// that could not be read; what passed is counted.
func FeedsMarkdown(w io.Writer, r watch.Report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "## Feeds\n\nFeeds: %s.\nRules: %s.\nChecked at %s.\n",
		countFeeds(r.Results).words(), countRules(r.Results).ruleWords("", ""), r.At.UTC().Format(time.RFC3339))
	watches := watchesOf(r.Results)
	for _, k := range []struct {
		title string
		st    standing
	}{{"Failed", failing}, {"Warnings", warning}, {"Not known", notKnown}} {
		var rows []string
		for _, g := range watches {
			for _, f := range g.feeds {
				for _, res := range f.in(k.st) {
					rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
						markdown(res.Watch), markdown(f.name), markdown(ruleTitle(&res)), markdown(res.Value), markdown(res.Message)))
				}
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n### %s\n\n| watch | feed | rule | measured | why |\n|---|---|---|---|---|\n", k.title)
		out.WriteString(strings.Join(rows[:min(len(rows), markdownRows)], ""))
		if more := len(rows) - markdownRows; more > 0 {
			fmt.Fprintf(out, "\n… and %s more.\n", number(more))
		}
	}
	title := "\n### Not read\n\n| account | why |\n|---|---|\n"
	for _, a := range r.Unread() {
		fmt.Fprintf(out, "%s| %s | %s |\n", title, markdown(a.Name), markdown(a.Err.Error()))
		title = ""
	}
	return out.Flush()
}

// markdown makes foreign text a cell of a table that is shown as it is. What
// could be markup, HTML or a link becomes entities, which Markdown reads as
// text; and inside <code> nobody is mentioned, and no issue is referred to.
func markdown(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<code>")
	text := []rune(safetext.Line(s))
	for i, r := range text {
		beforeWord := i+1 < len(text) && !unicode.IsSpace(text[i+1]) && !unicode.IsDigit(text[i+1])
		switch {
		case r > unicode.MaxASCII, unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" ,-%()'\"?;/", r):
			b.WriteRune(r)
		case (r == '.' || r == ':') && !beforeWord: // of an address: www.example.com, https://…
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}
