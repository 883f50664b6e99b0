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
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = csvCell(text)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
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
