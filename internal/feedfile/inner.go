package feedfile

import "bytes"

// innerLines looks at the lines inside a quoted cell of one row: where a quote is
// not closed, the rows behind it are part of a cell, and would be missing without
// a trace.
type innerLines struct {
	opened     int // the line of the opening quote of the present cell, 0 outside
	lines      int // line ends inside that cell so far
	delimiters int // on the present line, inside that cell
	filled     bool
	lacks      bool // a column that is filled in every row is blank on the present line

	first      bool // the line of the opening quote is a row by itself, the quote aside
	whole      int  // lines inside that are rows by themselves
	began      int  // where the first cell with such lines begins
	closing    int  // delimiters before the closing quote, on its line …
	closingCol int  // … and the column of the cell that it closes; 0: none
}

func (n *innerLines) open(line int) {
	n.opened, n.lines, n.delimiters = line, 0, 0
}

// text takes in text between quotes, of one line.
func (n *innerLines) text(b []byte, delimiter byte, t *table) {
	if n.lines == 0 {
		n.delimiters += bytes.Count(b, []byte{delimiter})
		return
	}
	for {
		at := bytes.IndexByte(b, delimiter)
		if at < 0 {
			n.filled = n.filled || !isBlank(b)
			return
		}
		n.filled = n.filled || !isBlank(b[:at])
		n.endInnerCell(t)
		n.delimiters++
		b = b[at+1:]
	}
}

func (n *innerLines) endInnerCell(t *table) {
	n.lacks = n.lacks || !n.filled && t.isKey(n.delimiters)
	n.filled = false
}

// endLine ends a line inside the cell of a column.
func (n *innerLines) endLine(col int, t *table) {
	if n.lines == 0 {
		n.first = n.first || t.fits(col+n.delimiters+1)
	} else {
		n.endInnerCell(t)
		if !n.lacks && t.fits(n.delimiters+1) {
			n.note()
		}
	}
	n.lines++
	n.delimiters, n.filled, n.lacks = 0, false, false
}

func (n *innerLines) note() {
	if n.whole++; n.began == 0 {
		n.began = n.opened
	}
}

func (n *innerLines) endCell(col int) {
	if n.lines > 0 {
		n.closing, n.closingCol, n.lines = n.delimiters, col+1, 0
	}
}

// endRow tells the table what was found. The line of the closing quote is a row
// too if that of the opening one is: a text in the first column ends on a line that
// looks like one.
func (n *innerLines) endRow(last int, t *table) {
	if n.first && n.closingCol > 0 && t.fits(n.closing+last-(n.closingCol-1)+1) {
		n.note()
	}
	if n.whole > 0 {
		if t.facts.Swallowed == 0 {
			t.facts.FirstSwallowing = n.began
		}
		t.facts.Swallowed += n.whole
	}
}
