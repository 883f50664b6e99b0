package view

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// writeCSV prints rows as CSV that a spreadsheet opens without running
// anything that a row holds.
func writeCSV(w io.Writer, header []string, rows [][]string) error {
	out := newCSVRows(w)
	for _, row := range append([][]string{header}, rows...) {
		if err := out.write(row); err != nil {
			return err
		}
	}
	return out.flush()
}

// csvRows prints such rows one at a time, and keeps none of them.
type csvRows struct {
	out  *csv.Writer
	safe []string // the cells of a row, escaped
}

func newCSVRows(w io.Writer) *csvRows { return &csvRows{out: csv.NewWriter(w)} }

func (c *csvRows) write(row []string) error {
	c.safe = c.safe[:0]
	for _, text := range row {
		c.safe = append(c.safe, csvCell(text))
	}
	return c.out.Write(c.safe)
}

func (c *csvRows) flush() error {
	c.out.Flush()
	return c.out.Error()
}

// negative numbers begin like a formula and are none.
var negative = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// csvCell escapes control characters, since CSV is printed to terminals too,
// and puts an apostrophe before what a spreadsheet would take for a formula,
// which it also does behind spaces.
func csvCell(text string) string {
	text = safetext.Line(text)
	start := strings.TrimLeft(text, " ")
	if start != "" && strings.ContainsRune("=+-@", rune(start[0])) && !negative.MatchString(text) {
		return "'" + text
	}
	return text
}
