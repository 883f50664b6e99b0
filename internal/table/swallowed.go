package table

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// swallowed looks for rows inside a quoted cell that goes on over several lines:
// where a quote is not closed, the rows behind it would be missing without a
// trace.
type swallowed struct {
	began  int  // the line of the opening quote, 0 while the cell is on one line
	first  bool // that line looks like a row by itself
	lines  []int
	beyond int // lines beyond mostTold
}

// mostTold is how many lines a message names.
const mostTold = 5

// opening notes the line that a cell begins on, if it goes on.
func (s *swallowed) opening(r *records, line []byte, number int) {
	if s.began == 0 {
		s.began, s.first = number, r.header != nil && r.header.fits(r.d.plain(line))
	}
}

// inner notes a further line of the cell.
func (s *swallowed) inner(r *records, line []byte, number int) {
	if r.header == nil || !r.looksWhole(line) {
		return
	}
	if len(s.lines) == mostTold {
		s.beyond++
		return
	}
	s.lines = append(s.lines, number)
}

// report says what was found once the cell ends on a line. That line is a part of
// a cell for sure if the first one is no row without its quote: behind a text in
// the first column, the other cells alone look like a row.
func (s *swallowed) report(r *records, end int) error {
	if n := len(s.lines); n > 0 && s.beyond == 0 && s.lines[n-1] == end && !s.first {
		s.lines = s.lines[:n-1]
	}
	if len(s.lines) == 0 {
		return nil
	}
	total := len(s.lines) + s.beyond
	what := fmt.Sprintf("the quoted cell that begins here contains what looks like %s (%s)", words.Count(total, "whole row", "whole rows"), s.places())
	if r.o.Quotes == QuotesStandard {
		r.o.warn(r.fault(s.began, fmt.Errorf("%s. It is read as text, because csv() has quotes = \"standard\"", what)))
		return nil
	}
	return r.fault(s.began, fmt.Errorf("%s: a quote is not closed. If it is really text, write quotes = \"standard\" in csv(); if a quote is an ordinary character in this file, quotes = \"none\"", what))
}

func (s *swallowed) places() string {
	var numbers []string
	for _, n := range s.lines {
		numbers = append(numbers, strconv.Itoa(n))
	}
	text := "lines " + strings.Join(numbers, ", ")
	if len(numbers) == 1 {
		text = "line " + numbers[0]
	}
	if s.beyond > 0 {
		text += fmt.Sprintf(" and %d more", s.beyond)
	}
	return text
}

// looksWhole reports whether a line by itself has as many cells as the header,
// and something in each of the columns that are filled in every row.
func (r *records) looksWhole(line []byte) bool {
	if !r.header.fits(r.d.alone(line)) {
		return false
	}
	if len(r.o.Keys) == 0 {
		return len(r.header.Names) > 1
	}
	d := r.d
	_, open := d.count(line)
	d.literal = d.literal || open
	cell := 0
	filled := map[int]bool{}
	for from := 0; ; cell++ {
		end, _ := d.cell(line, from)
		filled[cell] = Clean(string(d.text(line[from:end]))) != ""
		if end == len(line) {
			break
		}
		from = end + len(d.delimiter)
	}
	for _, key := range r.o.Keys {
		if at, ok := r.header.Index(key); ok && !filled[at] {
			return false
		}
	}
	return true
}
