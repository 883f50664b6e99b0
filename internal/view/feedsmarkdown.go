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
// requests: what failed, warns, or is not known, in tables; what passed is
// counted.
func FeedsMarkdown(w io.Writer, r watch.Report) error {
	out := bufio.NewWriter(w)
	kinds := []struct {
		title   string
		results []*watch.Result
	}{{title: "Failed"}, {title: "Warnings"}, {title: "Not known"}}
	passed := 0
	for i := range r.Results {
		res := &r.Results[i]
		switch {
		case res.Verdict == watch.Unknown:
			kinds[2].results = append(kinds[2].results, res)
		case res.Verdict != watch.Fail:
			passed++
		case res.Severity == watch.Error:
			kinds[0].results = append(kinds[0].results, res)
		default:
			kinds[1].results = append(kinds[1].results, res)
		}
	}
	fmt.Fprintf(out, "## Feeds\n\n%s watched at %s: %s failed, %s, %s not known, %s passed.\n",
		plural(r.Feeds, "feed", "feeds"), r.At.UTC().Format(time.RFC3339),
		number(len(kinds[0].results)), plural(len(kinds[1].results), "warning", "warnings"), number(len(kinds[2].results)), number(passed))
	for _, k := range kinds {
		if len(k.results) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n### %s\n\n| watch | feed | rule | measured | |\n|---|---|---|---|---|\n", k.title)
		for _, res := range k.results[:min(len(k.results), markdownRows)] {
			fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n",
				markdown(res.Watch), markdown(feedTitle(res)), markdown(ruleTitle(res)), markdown(res.Value), markdown(res.Message))
		}
		if more := len(k.results) - markdownRows; more > 0 {
			fmt.Fprintf(out, "\n… and %s more.\n", number(more))
		}
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
