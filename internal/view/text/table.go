package text

import (
	"bufio"
	"io"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/gdfctl/gdfctl/internal/report"
)

// column is one column of a table.
type column struct {
	title string
	right bool // numbers line up at their last digit
}

// cells measures text without looking at the locale, so that a table is the
// same on every machine.
var cells = &runewidth.Condition{}

// gap stands between two columns.
const gap = "  "

// writeTable prints rows in columns that line up. Cells are foreign text until
// they are printed: they are escaped here, and here alone. Nothing is cut off,
// since people copy ids and numbers from tables.
func writeTable(w io.Writer, s Style, columns []column, rows [][]string) error {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = cells.StringWidth(c.title)
	}
	shown := make([][]string, len(rows))
	for i, row := range rows {
		shown[i] = make([]string, len(columns))
		for j := range columns {
			shown[i][j] = cell(row[j])
			widths[j] = max(widths[j], cells.StringWidth(shown[i][j]))
		}
	}
	out := bufio.NewWriter(w)
	line := func(texts func(int) string, paint func(string) string) {
		pending := "" // spaces are written before the next text, never at the end of a line
		for i, c := range columns {
			text := texts(i)
			space := strings.Repeat(" ", widths[i]-cells.StringWidth(text))
			if c.right {
				pending += space
				space = ""
			}
			out.WriteString(pending)
			out.WriteString(paint(text))
			pending = space + gap
		}
		out.WriteByte('\n')
	}
	line(func(i int) string { return columns[i].title }, s.bold)
	for _, row := range shown {
		line(func(i int) string { return row[i] }, func(text string) string { return text })
	}
	return out.Flush()
}

// cell makes foreign text fit for a table.
func cell(text string) string { return absent(text) }

// moment is a time as tables show it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// optionalMoment is a time that may be absent.
func optionalMoment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return moment(*t)
}

// writeFields prints a heading and, below it, one field a line.
func writeFields(w io.Writer, s Style, heading string, fields []report.Field) error {
	out := bufio.NewWriter(w)
	out.WriteString(s.bold(cell(heading)) + "\n")
	longest := 0
	for _, f := range fields {
		longest = max(longest, len(f.Name))
	}
	for _, f := range fields {
		out.WriteString("  " + s.faint(f.Name) + strings.Repeat(" ", longest-len(f.Name)) + gap + absent(f.Value) + "\n")
	}
	return out.Flush()
}
