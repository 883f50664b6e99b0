package feedfile

import "bytes"

// MaxCell is the most bytes that a cell may have. No marketplace takes more,
// and a quote that is never closed would make one cell of a file's rest.
const MaxCell = 1 << 20

// splitter cuts a text that comes in chunks into rows and cells. A cell is
// handed on as a slice of the chunk where it is whole in it, and copied only
// where it is quoted or goes on in the next chunk.
type splitter struct {
	delimiter byte
	stops     [256]byte // which bytes end a scan: inPlain, inQuoted
	table     *table

	state   state
	cr      bool // the byte before was a CR, which ended a line: an LF belongs to it
	line    int  // of the next byte
	rowLine int
	col     int
	part    []byte // what is there of the cell, if it is kept and not whole in this chunk
	size    int    // bytes of the cell in earlier chunks or quotes, kept or not
	quoted  bool   // the cell began with a quote
	damaged bool   // the row
	filled  bool   // something stands in the row
	skip    int    // lines before the header that are still to be passed

	inner innerLines // of a quoted cell that goes on over several lines
}

type state int

const (
	cellStart  state = iota
	plain            // in a cell without quotes, or behind its closing quote
	quoted           // between quotes
	quoteAgain       // behind a quote that closes the cell, unless another follows
)

const (
	inPlain = 1 << iota
	inQuoted
)

func newSplitter(delimiter byte, t *table) *splitter {
	s := &splitter{delimiter: delimiter, table: t, line: 1}
	s.stops[delimiter] = inPlain
	s.stops['\r'], s.stops['\n'] = inPlain|inQuoted, inPlain|inQuoted
	s.stops['"'] = inQuoted
	return s
}

// split reads the next chunk of the text.
func (s *splitter) split(b []byte) {
	for i := 0; i < len(b); {
		if s.cr {
			s.cr = false
			if b[i] == '\n' {
				if s.state == quoted {
					s.hold(b[i : i+1])
				}
				i++
				continue
			}
		}
		if s.skip > 0 {
			i = s.skipLine(b, i)
			continue
		}
		switch s.state {
		case cellStart:
			if s.col == 0 {
				s.rowLine = s.line
			}
			if s.state = plain; b[i] == '"' {
				s.state, s.quoted = quoted, true
				s.inner.open(s.line)
				i++
			}
		case plain:
			from := i
			i = s.scan(b, i, inPlain)
			if i == len(b) {
				s.hold(b[from:])
				return
			}
			s.endPlain(b[from:i], b[i])
			i++
		case quoted:
			from := i
			i = s.scan(b, i, inQuoted)
			s.inner.text(b[from:i], s.delimiter, s.table)
			if i == len(b) {
				s.hold(b[from:])
				return
			}
			s.stopQuoted(b[from:i+1], b[i])
			i++
		case quoteAgain:
			if s.state = plain; b[i] == '"' {
				s.state = quoted
				s.hold(b[i : i+1])
				i++
			}
		}
	}
}

// skipLine passes what there is of a line before the header.
func (s *splitter) skipLine(b []byte, i int) int {
	end := bytes.IndexAny(b[i:], "\r\n")
	if end < 0 {
		return len(b)
	}
	s.skip--
	s.line++
	s.cr = b[i+end] == '\r'
	return i + end + 1
}

// scan returns where the next byte stands that ends a scan in this state.
func (s *splitter) scan(b []byte, i int, in byte) int {
	for i < len(b) && s.stops[b[i]]&in == 0 {
		i++
	}
	return i
}

// endPlain ends a cell with the text before the delimiter or line end at.
func (s *splitter) endPlain(text []byte, at byte) {
	s.state = cellStart
	if at == s.delimiter {
		s.endCell(text)
		s.col++
		return
	}
	s.endRow(text)
	s.line++
	s.cr = at == '\r'
}

// stopQuoted goes on after text, whose last byte, at, is a quote or a line end.
func (s *splitter) stopQuoted(text []byte, at byte) {
	if at == '"' {
		s.hold(text[:len(text)-1])
		s.state = quoteAgain
		return
	}
	s.hold(text)
	s.line++
	s.cr = at == '\r'
	s.inner.endLine(s.col, s.table)
}

// hold keeps a part of a cell, if anybody looks at the cell. Of one that is too
// long no more is kept.
func (s *splitter) hold(text []byte) {
	s.filled = s.filled || !isBlank(text)
	s.size += len(text)
	if s.size <= MaxCell && s.table.keeps(s.col) {
		s.part = append(s.part, text...)
	}
}

func (s *splitter) endCell(text []byte) {
	if s.size > 0 {
		s.hold(text)
		text = s.part
	}
	if s.size > MaxCell {
		s.damaged, text = true, nil
	}
	if s.table.keeps(s.col) {
		s.table.cell(s.col, text)
	}
	s.filled = s.filled || !isBlank(text)
	s.inner.endCell(s.col)
	s.part, s.size, s.quoted = s.part[:0], 0, false
}

// endRow ends a row with its last cell. One with nothing in its cells is none, as
// spreadsheets leave them behind the last one.
func (s *splitter) endRow(text []byte) {
	blank := !s.filled && !s.damaged && isBlank(text) && s.size <= MaxCell
	if blank && s.col == 0 && s.table.width == 0 {
		s.part, s.size, s.quoted = s.part[:0], 0, false
		s.inner = innerLines{}
		return
	}
	s.endCell(text)
	if blank {
		s.table.drop()
	} else {
		s.inner.endRow(s.col, s.table)
		s.table.row(s.rowLine, s.col+1, s.damaged)
	}
	s.col, s.damaged, s.filled = 0, false, false
	s.inner = innerLines{}
}

// end ends the text, and its last row if no line end did.
func (s *splitter) end() {
	if s.state == quoted {
		s.damaged = true
	}
	if s.state != cellStart || s.col > 0 {
		s.endRow(nil)
	}
}

// lineAt is the line of the byte behind these, which begin the next chunk.
func (s *splitter) lineAt(b []byte) int {
	line, cr := s.line, s.cr
	for _, c := range b {
		if c == '\r' || c == '\n' && !cr {
			line++
		}
		cr = c == '\r'
	}
	return line
}

func isBlank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
