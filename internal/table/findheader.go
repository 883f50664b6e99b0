package table

import (
	"bytes"
	"io"
)

// mostAbove is how many lines are looked at for the header of a known export.
const mostAbove = 50

// findHeader is the delimiter of a file. If the export is a known one, it also
// finds the line of its header: the names say more than how often a character
// occurs, and the lines above a header have other numbers of cells.
func (c *csvFile) findHeader(sample []byte, end byte) string {
	if c.o.HeaderLine == 0 && c.o.Columns == nil {
		for _, is := range c.o.Headers {
			if delimiter, line := c.recognize(is, sample, end); line > 0 {
				c.o.HeaderLine = line
				return delimiter
			}
		}
	}
	return findDelimiter(sample, end, c.o)
}

// recognize is the first line that is a header, and what its cells are divided
// by. The line is 0 if there is none.
func (c *csvFile) recognize(is func([]string) bool, sample []byte, end byte) (delimiter string, line int) {
	candidates := delimiters
	if c.o.Delimiter != 0 {
		candidates = []string{string(c.o.Delimiter)}
	}
	r := newRecords(&lines{src: &source{name: c.name, end: io.EOF}, end: end}, c.o, "")
	for n := 1; n <= mostAbove && len(sample) > 0; n++ {
		var text []byte
		text, sample, _ = bytes.Cut(sample, []byte{end})
		if text = withoutCR(text); len(text) > MaxRecord {
			return "", 0
		}
		if named, ok := delimiterLine(text); ok && c.o.Delimiter == 0 {
			candidates = []string{named}
			continue
		}
		for _, candidate := range candidates {
			r.quotes = c.o.quotes(candidate)
			r.d = dialect{[]byte(candidate), r.quotes == QuotesNone}
			if r.read(text, n) == nil && is(newHeader(r.cells).Names) {
				return candidate, n
			}
		}
	}
	return "", 0
}

// named is a header with the further names of its columns.
func (c *csvFile) named(cells []string) *Header {
	h := newHeader(cells)
	if c.o.Names != nil {
		h.rename(c.o.Names(h.Names))
	}
	return h
}

// describe notes in the header how its file is written.
func (c *csvFile) describe(src *source, delimiter string) {
	h := c.records.header
	h.Delimiter, h.Encoding = delimiter, src.encoding
	if h.Encoding == EncodingByMark {
		h.Encoding = UTF8
	}
	if c.o.Columns == nil && len(c.records.at) > 0 {
		h.Line = int(c.records.at[0].line)
	}
}
