package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// limit is how many bytes a report has at most: a comment on GitHub has room for
// 65,536 characters, and whoever posts it may add some.
const limit = 60_000

// most is how many of a kind are shown where all may be too many.
const most = 25

// part is a part of a report, in versions: each takes less room than the one before
// it, and says what it leaves out.
type part struct{ versions []string }

func whole(text string) *part { return &part{[]string{text}} }

// write prints the parts, whose texts end with a line. Where there is not room for
// all, those to give up take their next version, one after the other: one that
// stands there twice can do so twice.
func write(w io.Writer, parts []*part, giveUp ...*part) error {
	size := 0
	for _, p := range parts {
		size += len(p.versions[0])
	}
	for _, p := range giveUp {
		if size <= limit {
			break
		}
		if len(p.versions) > 1 {
			size -= len(p.versions[0]) - len(p.versions[1])
			p.versions = p.versions[1:]
		}
	}
	var out strings.Builder
	for _, p := range parts {
		out.WriteString(p.versions[0])
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// marked is the line before everything else that says whose report it is. It is a
// comment of HTML, and ends before the heading.
func marked(mark string) string {
	if mark == "" {
		return ""
	}
	return mark + "\n"
}

// title is the first heading, with the number of things that want a look.
func title(what, workspace string, things int) string {
	text := "### " + what
	if workspace != "" {
		text += " for " + plain(workspace, mostName)
	}
	if things > 0 {
		text += ": " + words.Count(things, "thing", "things") + " to check"
	}
	return text + "\n"
}

func heading(format string, args ...any) string {
	return "\n#### " + fmt.Sprintf(format, args...) + "\n\n"
}

func paragraph(format string, args ...any) string { return fmt.Sprintf(format, args...) + "\n" }

// tableHead begins a table of two columns: a phone shows no more.
func tableHead(first, second string) string {
	return "| " + first + " | " + second + " |\n|---|---|\n"
}

func row(first, second string) string { return "| " + first + " | " + second + " |\n" }

// table shows rows of two columns, and counts those beyond a number. It asks for no
// row that it doesn't show.
func table(first, second string, n, atMost int, cells func(i int) (string, string)) string {
	var b strings.Builder
	b.WriteString(tableHead(first, second))
	for i := range min(n, atMost) {
		b.WriteString(row(cells(i)))
	}
	if n > atMost {
		b.WriteString("\n" + more(n-atMost))
	}
	return b.String()
}

func more(n int) string {
	return "… and " + words.Number(n) + " more, left out here.\n"
}

// listing is a part about things of a kind: all of them if they fit, or the first
// of them, or their number, which the head says.
func listing(head, first, second string, n int, cells func(i int) (string, string)) *part {
	if n == 0 {
		return whole("")
	}
	var versions []string
	if text, fits := allRows(first, second, n, cells); fits {
		versions = append(versions, head+text)
	}
	if n > most {
		versions = append(versions, head+table(first, second, n, most, cells))
	}
	return &part{append(versions, head+"The list of "+words.Number(n)+" is left out: it does not fit here.\n")}
}

// allRows stops where there are more than fit.
func allRows(first, second string, n int, cells func(i int) (string, string)) (text string, fits bool) {
	var b strings.Builder
	b.WriteString(tableHead(first, second))
	for i := range n {
		b.WriteString(row(cells(i)))
		if b.Len() > limit {
			return "", false
		}
	}
	return b.String(), true
}
