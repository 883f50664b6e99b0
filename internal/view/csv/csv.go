package csv

import (
	stdcsv "encoding/csv"
	"io"
	"regexp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// write prints rows as CSV that a spreadsheet opens without running
// anything that a row holds.
func write(w io.Writer, header []string, lines [][]string) error {
	out := newRows(w)
	for _, row := range append([][]string{header}, lines...) {
		if err := out.write(row); err != nil {
			return err
		}
	}
	return out.flush()
}

// rows prints such rows one at a time, and keeps none of them.
type rows struct {
	out  *stdcsv.Writer
	safe []string // the cells of a row, escaped
}

func newRows(w io.Writer) *rows { return &rows{out: stdcsv.NewWriter(w)} }

func (c *rows) write(row []string) error {
	c.safe = c.safe[:0]
	for _, text := range row {
		c.safe = append(c.safe, cell(text))
	}
	return c.out.Write(c.safe)
}

func (c *rows) flush() error {
	c.out.Flush()
	return c.out.Error()
}

// negative numbers begin like a formula and are none.
var negative = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// cell escapes control characters, since CSV is printed to terminals too,
// and puts an apostrophe before what a spreadsheet would take for a formula,
// which it also does behind spaces.
func cell(text string) string {
	text = safetext.Line(text)
	start := strings.TrimLeft(text, " ")
	if start != "" && strings.ContainsRune("=+-@", rune(start[0])) && !negative.MatchString(text) {
		return "'" + text
	}
	return text
}
