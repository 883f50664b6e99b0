package table

import (
	"bufio"
	"errors"
	"io"
	"os"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Copied counts the rows of a file whose columns were copied.
type Copied struct {
	Rows    int
	LeftOut int   // rows with another number of cells than the header: which cell is whose is not known
	Lines   []int // of the first of those
}

const mostLeftOut = 10

// CopyColumns writes some columns of a CSV file as another CSV file: with the same
// encoding, delimiter and line ends, and every cell byte for byte as it was, quotes
// included. Lines above the header and blank lines are not copied. columns says which
// are wanted, by their places in the header.
func CopyColumns(root *os.Root, name string, o CSVOptions, to io.Writer, columns func(*Header) ([]int, error)) (Copied, error) {
	if o.Warn == nil {
		o.Warn = func(*Error) {}
	}
	c := copier{wanted: columns}
	var failed error
	readFile(root, name, o.Encoding, func(name string, src *source, yield func(Row, error) bool) bool {
		encoded := transform.NewWriter(to, encoderOf(src.encoding))
		c.out = bufio.NewWriter(encoded)
		if src.marked {
			failed = errors.Join(failed, c.write([]byte(byteOrderMark)))
		}
		own := o
		c.file = csvFile{name: name, o: &own, onHeader: c.header}
		whole := c.file.read(src, yield)
		failed = errors.Join(failed, c.failed, c.out.Flush(), encoded.Close())
		return whole
	}, func(row Row, err error) bool {
		if err != nil {
			failed = errors.Join(failed, err)
			return false
		}
		c.row(row)
		return c.failed == nil
	})
	return c.done, failed
}

// byteOrderMark as it is before it is encoded.
const byteOrderMark = "\ufeff"

// encoderOf makes an encoding of UTF-8.
func encoderOf(e Encoding) transform.Transformer {
	switch e {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()
	case Windows1252:
		return charmap.Windows1252.NewEncoder()
	case ISO885915:
		return charmap.ISO8859_15.NewEncoder()
	}
	return transform.Nop
}

type copier struct {
	file   csvFile
	out    *bufio.Writer
	wanted func(*Header) ([]int, error)
	at     []int // the wanted columns
	done   Copied
	failed error
}

func (c *copier) write(b []byte) error {
	_, err := c.out.Write(b)
	return err
}

// header is called when the header was read.
func (c *copier) header(h *Header) error {
	var err error
	if c.at, err = c.wanted(h); err != nil {
		return err
	}
	if c.file.o.Columns != nil {
		return nil // it is in no line
	}
	return c.record()
}

func (c *copier) row(row Row) {
	if row.Err != nil {
		if c.done.LeftOut++; len(c.done.Lines) < mostLeftOut {
			c.done.Lines = append(c.done.Lines, row.Line)
		}
		c.file.records.lines.kept = nil
		return
	}
	c.done.Rows++
	c.failed = c.record()
}

// record writes the wanted cells of the record that was just read.
func (c *copier) record() error {
	r := c.file.records
	last := r.lines.number
	if len(r.queue) > 0 {
		last = r.queue[0].number - 1
	}
	for n, i := range c.at {
		if n > 0 {
			if err := c.write(r.d.delimiter); err != nil {
				return err
			}
		}
		if err := c.cell(r, i, int32(last)); err != nil {
			return err
		}
	}
	line := r.lines.keptLine(int32(last))
	ending := line[len(withoutEnd(line, r.lines.end)):]
	kept := r.lines.kept[:0]
	for _, k := range r.lines.kept {
		if k.number > last {
			kept = append(kept, k) // read ahead
		}
	}
	r.lines.kept = kept
	return c.write(ending)
}

// cell writes one cell of a record that ends on the line last. It begins where the
// reader found it, and ends before the next one.
func (c *copier) cell(r *records, i int, last int32) error {
	if i >= len(r.at) {
		return nil // a column without a name that the row leaves out
	}
	from, to := r.at[i], position{last, int32(len(withoutEnd(r.lines.keptLine(last), r.lines.end)) + 1)}
	if i+1 < len(r.at) {
		to = r.at[i+1]
		to.column -= int32(len(r.d.delimiter))
	}
	for n := from.line; n <= to.line; n++ {
		line := r.lines.keptLine(n)
		if n == to.line {
			line = line[:to.column-1]
		}
		if n == from.line {
			line = line[from.column-1:]
		}
		if err := c.write(line); err != nil {
			return err
		}
	}
	return nil
}

// keptLine is a line with its end.
func (l *lines) keptLine(number int32) []byte {
	for _, k := range l.kept {
		if k.number == int(number) {
			return k.text
		}
	}
	return nil
}

// withoutEnd is a line without what ends it.
func withoutEnd(line []byte, end byte) []byte {
	if n := len(line); n > 0 && line[n-1] == end {
		line = line[:n-1]
	}
	return withoutCR(line)
}
