package table

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/gdfctl/gdfctl/internal/words"
)

// CSV reads the CSV files that pattern names, in the order of their names, each
// with a header of its own. See files for patterns. Blank lines, and lines of
// nothing but delimiters, as spreadsheets leave them at the end, are skipped, and so
// is a header that the file repeats.
//
// An error, always an *Error, ends the iteration; its Row holds nothing but the
// place. A row with another number of cells than the header has Row.Err.
func CSV(root *os.Root, pattern string, o CSVOptions) iter.Seq2[Row, error] {
	return eachFile(root, pattern, o.Encoding, o.Warn, func(name string, src *source, yield func(Row, error) bool) bool {
		own := o
		c := csvFile{name: name, o: &own}
		return c.read(src, yield)
	})
}

// csvFile is one file while it is read.
type csvFile struct {
	name    string
	o       *CSVOptions
	records *records

	repeated bool // its header was found in it again
	tail     tail

	onHeader func(*Header) error // called once, and then lines are kept; nil: nothing
}

// read yields the rows of the file and reports whether to go on.
func (c *csvFile) read(src *source, yield func(Row, error) bool) bool {
	src.hint = `, or write its encoding in csv(), for example encoding = "windows-1252"`
	l := newLines(src)
	l.keep = c.onHeader != nil
	delimiter := c.findHeader(src.sample(), l.end)
	c.records = newRecords(l, c.o, delimiter)
	fail := func(err error) bool {
		e := placed(c.name, err)
		yield(Row{File: c.name, Line: e.Line}, e)
		return false
	}
	if err := c.header(src); err != nil {
		return errors.Is(err, io.EOF) || fail(err)
	}
	c.describe(src, delimiter)
	if c.onHeader != nil {
		if err := c.onHeader(c.records.header); err != nil {
			return fail(err)
		}
	}
	empty := true
	for first := true; ; first = false {
		line, err := c.records.next()
		if errors.Is(err, io.EOF) {
			if empty {
				c.checkOnlyHeader()
			}
			return true
		}
		if err != nil {
			return fail(err)
		}
		if allBlank(c.records.cells) || first && c.isHeader(line) || c.repeatsHeader(line) {
			continue
		}
		empty = false
		if c.anotherHeader() {
			return fail(&Error{File: c.name, Line: line, Err: errors.New("the line is a header whose columns are in another order: files that differ were joined. Read each of them as a file of its own")})
		}
		if !yield(c.row(line), nil) {
			return false
		}
	}
}

// header reads what comes before the rows. Its error is io.EOF if nothing does.
func (c *csvFile) header(src *source) error {
	r := c.records
	before := c.o.HeaderLine - 1
	if c.o.HeaderLine == 0 {
		before = linesOfDelimiter(src.sample(), r.lines.end)
	}
	for r.lines.number < before {
		if _, err := r.lines.next(); errors.Is(err, io.EOF) {
			return c.noHeader(r.lines.number)
		} else if err != nil {
			return err
		}
	}
	if c.o.Columns != nil {
		r.header = c.named(c.o.Columns)
		return nil
	}
	for {
		line, err := r.next()
		if errors.Is(err, io.EOF) && c.o.HeaderLine > 0 {
			return c.noHeader(r.lines.number)
		}
		if err != nil {
			return err
		}
		if !allBlank(r.cells) {
			r.header = c.named(r.cells)
			return nil
		}
		if c.o.HeaderLine > 0 {
			return &Error{File: c.name, Line: line, Err: errors.New("header_line is a blank line: use the number of the line with the column names")}
		}
	}
}

// isHeader reports, with a warning, whether the first row holds just the names
// that the options give: then it is the header that should not be there.
func (c *csvFile) isHeader(line int) bool {
	if c.o.Columns == nil || !slices.Equal(c.records.cells, c.records.header.Names) {
		return false
	}
	c.o.warn(&Error{File: c.name, Line: line, Err: errors.New("the first row has the column names, so it was read as the header: remove columns from csv()")})
	return true
}

// repeatsHeader reports, with a warning for the first one, whether the record is the
// header once more, as files that were joined and reports in pages have it. It is not
// a row: each of its cells would be taken for what its column is called.
func (c *csvFile) repeatsHeader(line int) bool {
	h := c.records.header
	if c.o.Columns != nil || h.named < 2 || !slices.Equal(c.records.cells, h.Names) {
		return false
	}
	if c.o.Reads != nil && !c.o.Reads(h) {
		return false // two equal rows of a file without a header
	}
	if !c.repeated {
		c.o.warn(&Error{File: c.name, Line: line, Err: errors.New("the line repeats the header, and is not read as a row: if files were joined, look whether they hold the same orders")})
	}
	c.repeated = true
	return true
}

// anotherHeader reports whether the record is the header of another file that was joined
// to this one: below it, cells would be taken for what other columns are called.
func (c *csvFile) anotherHeader() bool {
	h, cells := c.records.header, c.records.cells
	if c.o.Columns != nil || c.o.Reads == nil || len(cells) != len(h.Names) {
		return false
	}
	named := func(cell string) bool { _, ok := h.index[cell]; return ok }
	if !named(cells[0]) && !named(cells[len(cells)-1]) { // as nearly all rows
		return false
	}
	names := 0
	for _, cell := range cells {
		if named(cell) {
			names++
		}
	}
	return names >= max(2, h.named/2) && c.o.Reads(h) && c.o.Reads(c.named(cells))
}

// checkOnlyHeader warns of a file whose only line is not the header that is
// expected: it can be a row of a file without a header, which nothing would show.
func (c *csvFile) checkOnlyHeader() {
	if c.o.Reads != nil && c.o.Columns == nil && !c.o.Reads(c.records.header) {
		c.o.warn(&Error{File: c.name, Err: errors.New("the file has only one line, and it does not have the columns that the batch reads: " + noHeaderHint)})
	}
}

const noHeaderHint = "if it is a row, name the columns in csv(), for example columns = [\"Order Number\", \"Tracking Number\"]"

func (c *csvFile) noHeader(have int) error {
	return &Error{File: c.name, Err: fmt.Errorf("the file has only %s, and header_line is %d", words.Count(have, "line", "lines"), c.o.HeaderLine)}
}

// row is the record that was just read.
func (c *csvFile) row(line int) Row {
	r := c.records
	h := r.header
	row := Row{File: c.name, Line: line, Header: h, at: r.at}
	n := len(r.cells)
	for n > len(h.Names) && r.cells[n-1] == "" {
		n--
	}
	if !h.fits(n) {
		row.Err = fmt.Errorf("the row has %s for %s", words.Count(n, "cell", "cells"), words.Count(h.named, "column", "columns"))
		if n < h.named && !r.ended {
			row.Err = fmt.Errorf("%w, and it is the end of the file, which may be cut off", row.Err)
			c.o.warn(&Error{File: c.name, Line: line, Err: errors.New("the last line does not end with a line break and has too few cells: the file may be cut off")})
		}
	}
	if row.cut = c.tail.cut(r); row.cut > len(h.Names) {
		row.cut = 0 // empty, behind all that have a name
	}
	for len(r.cells) < len(h.Names) {
		r.cells = append(r.cells, "")
	}
	row.Cells = r.cells[:max(n, len(h.Names))]
	return row
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}
