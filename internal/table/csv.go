package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
)

// MaxRecord is the most bytes that one record may have. It bounds the memory
// that a quote which is never closed can take.
const MaxRecord = 1 << 20

// CSVOptions say how a CSV file is written.
type CSVOptions struct {
	Delimiter rune // 0: comma, tab, semicolon or pipe, by looking at the header line
}

// CSV reads the CSV files that pattern names, in the order of their names, each
// with a header of its own. See Files for patterns. Blank lines, and lines of
// nothing but delimiters, as spreadsheets leave them at the end, are no rows.
//
// An error, always an *Error, ends the iteration; its Row holds nothing but the
// place. A row with another number of cells than the header has Row.Err.
func CSV(root *os.Root, pattern string, o CSVOptions) iter.Seq2[Row, error] {
	return eachFile(root, pattern, func(name string, src *source, yield func(Row, error) bool) bool {
		return readCSV(name, src, o, yield)
	})
}

// readCSV yields the rows of one file and reports whether to go on.
func readCSV(name string, src *source, o CSVOptions, yield func(Row, error) bool) bool {
	delimiter := o.Delimiter
	if delimiter == 0 {
		delimiter = sniffDelimiter(src.firstLine())
	}
	r := csv.NewReader(src)
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	r.ReuseRecord = true

	src.limit = true
	var header *Header
	last := 0 // the line on which the latest record starts
	for {
		src.recordStart = r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			e := csvError(name, err)
			if errors.Is(err, errLongRecord) {
				e.Line = last + 1
			}
			yield(Row{File: name, Line: e.Line}, e)
			return false
		}
		line, _ := r.FieldPos(0)
		last = line
		if allBlank(cells) {
			continue
		}
		if header == nil {
			if header, err = newHeader(cells); err != nil {
				yield(Row{File: name, Line: line}, &Error{File: name, Line: line, Err: err})
				return false
			}
			continue
		}
		row := Row{File: name, Line: line, Header: header, Cells: cells, fields: r}
		if len(cells) != len(header.Names) {
			row.Err = fmt.Errorf("the row has %s under %s", count(len(cells), "cell"), count(len(header.Names), "column"))
		}
		if !yield(row, nil) {
			return false
		}
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if c != "" && strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// sniffDelimiter picks the candidate that stands most often in the header line
// outside quotes. The comma wins a draw, and where there is none.
func sniffDelimiter(header []byte) rune {
	const candidates = ",\t;|"
	var seen [len(candidates)]int
	quoted := false
	for _, b := range header {
		if b == '"' {
			quoted = !quoted
		} else if i := strings.IndexByte(candidates, b); i >= 0 && !quoted {
			seen[i]++
		}
	}
	best := 0
	for i, n := range seen {
		if n > seen[best] {
			best = i
		}
	}
	return rune(candidates[best])
}

// csvError gives the reader's errors a place and a remedy.
func csvError(name string, err error) *Error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		switch {
		case errors.Is(err, csv.ErrQuote) && parse.StartLine == parse.Line:
			return &Error{File: name, Line: parse.Line, Err: errors.New("a quoted cell is not closed, or text follows its closing quote: write a quote inside a quoted cell twice")}
		case errors.Is(err, csv.ErrQuote):
			return &Error{File: name, Line: parse.StartLine, Err: fmt.Errorf("a quoted cell that starts here is not closed, or text follows its closing quote on line %d: write a quote inside a quoted cell twice", parse.Line)}
		case errors.Is(err, csv.ErrBareQuote):
			return &Error{File: name, Line: parse.Line, Err: errors.New("a quote stands inside a cell that does not begin with one: put the whole cell in quotes and write the inner one twice")}
		}
		return &Error{File: name, Line: parse.Line, Err: parse.Err}
	}
	return placed(name, err)
}
