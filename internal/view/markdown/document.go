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

// section is a table below a heading.
type section struct {
	title   string
	columns []string
	rows    []string
}

func (s *section) add(cells ...string) {
	s.rows = append(s.rows, "| "+strings.Join(cells, " | ")+" |\n")
}

// marked is the line before everything else that says whose report it is. It is a
// comment of HTML, and ends before the heading.
func marked(mark string) string {
	if mark == "" {
		return ""
	}
	return mark + "\n"
}

// mostLeftOut is the room for the sentence that counts what is left out.
const mostLeftOut = 60

// write prints an introduction, which has no foreign text without a bound, and
// the sections that have rows. Where there is not room for all, whole rows are
// left out, of the last sections first, and counted.
func write(w io.Writer, intro string, sections ...*section) error {
	heads := make([]string, len(sections))
	room := limit - len(intro)
	for i, s := range sections {
		if len(s.rows) > 0 {
			heads[i] = fmt.Sprintf("\n### %s\n\n| %s |\n|%s\n", s.title, strings.Join(s.columns, " | "), strings.Repeat("---|", len(s.columns)))
			room -= len(heads[i]) + mostLeftOut
		}
	}
	var out strings.Builder
	out.WriteString(intro)
	for i, s := range sections {
		out.WriteString(heads[i])
		shown := 0
		for shown < len(s.rows) && len(s.rows[shown]) <= room {
			room -= len(s.rows[shown])
			out.WriteString(s.rows[shown])
			shown++
		}
		if left := len(s.rows) - shown; left > 0 {
			fmt.Fprintf(&out, "\n… and %s left out.\n", words.Count(left, "more row is", "more rows are"))
			room = 0 // what is less important does not get what this did not
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
