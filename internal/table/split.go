package table

import (
	"bytes"
)

// dialect is how the cells of a line are told apart.
type dialect struct {
	delimiter []byte
	literal   bool // a quote is an ordinary character
}

// blank reports whether a byte is a blank that may stand around quotes.
func (d dialect) blank(b byte) bool {
	return (b == ' ' || b == '\t') && b != d.delimiter[0]
}

func (d dialect) skipBlanks(text []byte, from int) int {
	for from < len(text) && d.blank(text[from]) {
		from++
	}
	return from
}

// closes reports whether a cell ends behind a quote at text[:at], and where the
// delimiter or the end of the line stands.
func (d dialect) closes(text []byte, at int) (end int, ok bool) {
	end = d.skipBlanks(text, at)
	return end, end == len(text) || bytes.HasPrefix(text[end:], d.delimiter)
}

// inside looks for the end of a quoted cell in text, which begins inside the
// quotes. A quote that no delimiter follows is part of the cell.
func (d dialect) inside(text []byte) (end int, ok bool) {
	for k := 0; ; {
		q := bytes.IndexByte(text[k:], '"')
		if q < 0 {
			return 0, false
		}
		k += q + 1
		if k < len(text) && text[k] == '"' {
			k++
			continue
		}
		if end, ok := d.closes(text, k); ok {
			return end, true
		}
	}
}

// cell is the end of the cell that begins at from, which is that of its
// delimiter or of the line. open reports that it is quoted and not closed.
func (d dialect) cell(line []byte, from int) (end int, open bool) {
	if !d.literal {
		if at := d.skipBlanks(line, from); at < len(line) && line[at] == '"' {
			end, ok := d.inside(line[at+1:])
			return at + 1 + end, !ok
		}
	}
	if i := bytes.Index(line[from:], d.delimiter); i >= 0 {
		return from + i, false
	}
	return len(line), false
}

// count is how many cells a line has by itself, up to one that is not closed.
func (d dialect) count(line []byte) (cells int, open bool) {
	for from := 0; ; {
		end, open := d.cell(line, from)
		cells++
		if open || end == len(line) {
			return cells, open
		}
		from = end + len(d.delimiter)
	}
}

// alone is how many cells a line has by itself; a quote that is not closed on it
// is an ordinary character.
func (d dialect) alone(line []byte) int {
	if cells, open := d.count(line); !open {
		return cells
	}
	return d.plain(line)
}

// plain is how many cells a line has if quotes are ordinary characters.
func (d dialect) plain(line []byte) int { return bytes.Count(line, d.delimiter) + 1 }

// text is the content of a cell as it stands in the file: without the quotes
// around it, and with one quote for two inside.
func (d dialect) text(raw []byte) []byte {
	at := d.skipBlanks(raw, 0)
	if d.literal || at == len(raw) || raw[at] != '"' {
		return raw
	}
	end := len(raw)
	for end > at+1 && raw[end-1] != '"' {
		end--
	}
	if end == at+1 { // the only quote: the cell is not closed
		return raw
	}
	return bytes.ReplaceAll(raw[at+1:end-1], []byte(`""`), []byte(`"`))
}
