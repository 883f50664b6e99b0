package table

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Row is one record of a table.
//
// The slice Cells is used again for the next record: it is valid only until the
// iteration goes on. Its strings may be kept.
type Row struct {
	File string // slash-separated, relative to the configuration's directory
	Line int    // 1-based: where the record starts

	Header *Header // CSV: the same pointer for all rows of a file; nil for JSONL
	// Cells are cleaned, one for each name of Header: what a row lacks is empty,
	// and what it has beyond that follows.
	Cells []string

	Object cty.Value // JSONL: the decoded object; cty.NilVal for CSV and for bad rows

	// Count is how many rows it was made of, if somebody put rows together; 0 is one.
	Count int

	// Err says why this one row can't be used: a wrong number of cells, or a
	// line that is not a JSON object. The reader goes on with the next row.
	Err error

	at  []position // where the cells are in the file
	cut int        // which of them may be cut off, from 1; 0: none
}

// Cut is the column whose cell may be shorter than it was: the file ends in the middle of
// its last line, and only the program that wrote it knows if that is so on purpose.
// A cell is whole that is quoted, repeats the one above, or is at least as long as all others of its column.
func (r Row) Cut() (column string, may bool) {
	if r.cut == 0 {
		return "", false
	}
	return r.Header.Names[r.cut-1], true
}

// CutIn reports whether Cut is the column that is called name, or has name as a further one.
func (r Row) CutIn(name string) bool {
	if r.cut == 0 {
		return false
	}
	i, ok := r.Header.Index(name)
	return ok && i == r.cut-1
}

// Keep is the row with memory of its own for its cells.
func (r Row) Keep() Row {
	r.Cells, r.at = slices.Clone(r.Cells), slices.Clone(r.at)
	return r
}

// Cell is the text under the column called name. It reports false where the
// file has no such column or the row no such cell.
func (r Row) Cell(name string) (string, bool) {
	if r.Header == nil {
		return "", false
	}
	i, ok := r.Header.Index(name)
	if !ok || i >= len(r.Cells) {
		return "", false
	}
	return r.Cells[i], true
}

// Column is the place of a cell, for diagnostics of the form file:row:column:
// its 1-based line, which differs from Row.Line after a cell with line breaks,
// and its 1-based column in bytes. Where there is no such cell, and in JSONL, it
// is the start of the record. Like Cells it is valid only until the next row.
func (r Row) Column(name string) (line, column int) {
	if r.Header == nil {
		return r.Line, 1
	}
	i, ok := r.Header.Index(name)
	if !ok || i >= len(r.at) {
		return r.Line, 1
	}
	return int(r.at[i].line), int(r.at[i].column)
}
