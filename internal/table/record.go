package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// records cuts the lines of one file into records and cells. What it holds of a
// record is used again for the next one.
type records struct {
	lines  *lines
	o      *CSVOptions
	d      dialect
	quotes Quotes
	header *Header // nil until it was read

	cells  []string
	at     []position // of cells, in the file
	ended  bool       // the record's last line had a line end
	closed bool       // the record's last cell is between quotes

	text []byte // of the cells, one behind the other
	ends []int  // of each cell in text

	queue []pending // lines that were read ahead
}

// position is a place in a file, both from 1.
type position struct{ line, column int32 }

func newRecords(l *lines, o *CSVOptions, delimiter string) *records {
	quotes := o.quotes(delimiter)
	return &records{lines: l, o: o, quotes: quotes, d: dialect{[]byte(delimiter), quotes == QuotesNone}}
}

// next reads a record into cells, and returns the line that it begins on.
func (r *records) next() (line int, err error) {
	if len(r.queue) > 0 {
		p := r.queue[0]
		r.queue = r.queue[1:]
		r.ended = p.ended
		return p.number, r.read(p.text, p.number)
	}
	text, err := r.lines.next()
	if err != nil {
		return 0, err
	}
	number := r.lines.number
	r.ended = r.lines.ended
	return number, r.read(text, number)
}

func (r *records) read(line []byte, number int) error {
	switch {
	case r.quotes == QuotesNone, bytes.IndexByte(line, '"') < 0:
		r.split(line, number)
		return nil
	case r.quotes == QuotesLine:
		return r.byLines(line, number)
	}
	return r.standard(line, number)
}

// split takes a line apart in which a quote, if there is one, means nothing.
func (r *records) split(line []byte, number int) {
	r.cells, r.at, r.closed = r.cells[:0], r.at[:0], false
	text, delimiter := string(line), string(r.d.delimiter)
	clean := Clean
	if isASCII(line) {
		clean = cleanASCII
	}
	for from := 0; ; {
		r.at = append(r.at, position{int32(number), int32(from + 1)})
		var i int
		if len(delimiter) == 1 {
			i = strings.IndexByte(text[from:], delimiter[0])
		} else {
			i = strings.Index(text[from:], delimiter)
		}
		if i < 0 {
			r.cells = append(r.cells, clean(text[from:]))
			return
		}
		r.cells = append(r.cells, clean(text[from:from+i]))
		from += i + len(delimiter)
	}
}

// begin starts a record that is put together cell by cell.
func (r *records) begin() {
	r.text, r.ends, r.at = r.text[:0], r.ends[:0], r.at[:0]
}

func (r *records) endCell() { r.ends = append(r.ends, len(r.text)) }

// finish makes the cells of what was put together.
func (r *records) finish() {
	r.cells = r.cells[:0]
	text, from := string(r.text), 0
	for _, end := range r.ends {
		r.cells = append(r.cells, Clean(text[from:end]))
		from = end
	}
}

// standard reads a record whose quoted cells may go on over several lines.
func (r *records) standard(line []byte, number int) error {
	r.begin()
	first, from := number, 0
	for {
		r.at = append(r.at, position{int32(number), int32(from + 1)})
		at := r.d.skipBlanks(line, from)
		var end int
		if r.closed = at < len(line) && line[at] == '"'; r.closed {
			var err error
			if line, end, err = r.quoted(line, at+1, first, &number); err != nil {
				return err
			}
		} else {
			end, _ = dialect{r.d.delimiter, true}.cell(line, from)
			r.text = append(r.text, line[from:end]...)
		}
		r.endCell()
		if end == len(line) {
			r.finish()
			return nil
		}
		from = end + len(r.d.delimiter)
	}
}

// quoted reads a cell behind its opening quote. It returns the line on which the
// cell ends, and where on it.
func (r *records) quoted(line []byte, from, first int, number *int) ([]byte, int, error) {
	opened := *number
	var s swallowed
	for {
		q := bytes.IndexByte(line[from:], '"')
		if q < 0 {
			r.text = append(append(r.text, line[from:]...), '\n')
			if s.opening(r, line, opened); len(r.text) > MaxRecord {
				return nil, 0, r.fault(first, errLongRecord)
			}
			next, err := r.lines.next()
			switch {
			case errors.Is(err, io.EOF):
				return nil, 0, r.fault(opened, errors.New("a quoted cell that begins here is not closed: close it, or write quotes = \"none\" in csv() if a quote is an ordinary character in this file"))
			case err != nil:
				return nil, 0, err
			}
			*number, r.ended = r.lines.number, r.lines.ended
			line, from = next, 0
			s.inner(r, line, *number)
			continue
		}
		r.text = append(r.text, line[from:from+q]...)
		from += q + 1
		if from < len(line) && line[from] == '"' {
			r.text = append(r.text, '"')
			from++
			continue
		}
		end, ok := r.d.closes(line, from)
		if !ok {
			return nil, 0, r.fault(*number, r.textBehind(opened, *number))
		}
		return line, end, s.report(r, *number)
	}
}

func (r *records) textBehind(opened, number int) error {
	where := ""
	if opened != number {
		where = fmt.Sprintf(" of the cell that begins on line %d", opened)
	}
	return fmt.Errorf("text follows the closing quote%s: write a quote inside a quoted cell as two quotes", where)
}

func (r *records) fault(line int, err error) *Error {
	return &Error{File: r.lines.src.name, Line: line, Err: err}
}
