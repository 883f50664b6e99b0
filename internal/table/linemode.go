package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// mostAhead is how many lines a quoted cell may have where quotes are read line
// by line.
const mostAhead = 1000

// pending is a line that was read ahead, with what it means inside a quoted cell.
type pending struct {
	text   []byte
	number int
	ended  bool

	whole  bool // by itself, it has as many cells as the header
	closes bool // a cell that was opened before ends on it …
	more   int  // … and so many others follow
	open   bool // of which the last one is not closed
}

// byLines reads a record that begins with a line, where a quote may be an
// ordinary character or may open a cell: which of both it is, the lines by
// themselves tell.
func (r *records) byLines(line []byte, number int) error {
	cells, open := r.d.count(line)
	if !open {
		r.assemble(line, number)
		return nil
	}
	if r.header == nil {
		r.split(line, number)
		return nil
	}
	line = slices.Clone(line) // reading ahead uses its memory again
	literal := r.header.fits(r.d.plain(line))
	last, err := r.closing(cells, len(line))
	if err != nil {
		return err
	}
	if literal && last >= 0 {
		whole := 0
		for _, p := range r.queue[:last+1] {
			if p.whole {
				whole++
			}
		}
		switch whole {
		case last + 1:
			last = -1
		case 0:
			literal = false
		default:
			return r.fault(number, fmt.Errorf("it is unclear whether the quote that opens a cell here is closed on line %d: some of the lines between look like rows, and some don't. Write quotes = \"none\" or quotes = \"standard\" in csv()", r.queue[last].number))
		}
	}
	switch {
	case literal:
		r.split(line, number)
	case last >= 0:
		for _, p := range r.queue[:last+1] {
			line = append(append(line, '\n'), p.text...)
		}
		r.ended = r.queue[last].ended
		r.queue = r.queue[last+1:]
		r.assemble(line, number)
	default:
		return r.fault(number, errors.New("a quote that opens a cell here is not closed, and without it the line does not have as many cells as the header. Close it, or write quotes = \"none\" in csv() if a quote is an ordinary character in this file"))
	}
	return nil
}

// closing is which line of the queue ends a record that begins with so many
// cells, the last of them open, and -1 if none does that gives it as many cells as
// the header has.
func (r *records) closing(cells, size int) (int, error) {
	for at := range mostAhead {
		if at == len(r.queue) {
			if more, err := r.ahead(); !more {
				return -1, err
			}
		}
		p := &r.queue[at]
		if size += len(p.text) + 1; size > MaxRecord {
			return -1, nil
		}
		if !p.closes {
			continue
		}
		if cells += p.more; !p.open {
			if r.header.fits(cells) {
				return at, nil
			}
			return -1, nil
		}
	}
	return -1, nil
}

// ahead reads one more line into the queue, and reports whether there was one.
func (r *records) ahead() (bool, error) {
	text, err := r.lines.next()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p := pending{text: bytes.Clone(text), number: r.lines.number, ended: r.lines.ended}
	p.whole = r.header.fits(r.d.alone(text))
	if end, ok := r.d.inside(text); ok {
		p.closes = true
		if end < len(text) {
			p.more, p.open = r.d.count(text[end+len(r.d.delimiter):])
		}
	}
	r.queue = append(r.queue, p)
	return true, nil
}

// assemble takes a text apart whose quoted cells are closed in it.
func (r *records) assemble(text []byte, number int) {
	r.begin()
	column := 1 // of from, on its line
	for from := 0; ; {
		r.at = append(r.at, position{int32(number), int32(column)})
		end, _ := r.d.cell(text, from)
		r.text = append(r.text, r.d.text(text[from:end])...)
		r.endCell()
		if end == len(text) {
			at := r.d.skipBlanks(text, from)
			r.closed = at < len(text) && text[at] == '"'
			r.finish()
			return
		}
		next := end + len(r.d.delimiter)
		passed := text[from:next]
		if breaks := bytes.Count(passed, []byte{'\n'}); breaks > 0 {
			number += breaks
			column = len(passed) - bytes.LastIndexByte(passed, '\n')
		} else {
			column += len(passed)
		}
		from = next
	}
}
