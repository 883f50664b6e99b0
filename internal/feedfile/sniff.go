package feedfile

import (
	"bytes"
	"strings"
)

// isMarkup tells an HTML or XML page from a table: no column's name begins with
// a tag.
func isMarkup(head []byte) bool {
	head = bytes.TrimSpace(head)
	if len(head) < 2 || head[0] != '<' {
		return false
	}
	c := head[1] | 0x20 // in lower case
	return c >= 'a' && c <= 'z' || head[1] == '!' || head[1] == '?'
}

const delimiters = ",\t;|"

// sniffDelimiter picks the candidate that stands most often in the header line
// outside of quotes. The comma wins where there is none; the tab wins a draw,
// and after it the comma.
func sniffDelimiter(head []byte) byte {
	head = bytes.TrimLeft(head, " \r\n")
	seen, closed := countDelimiters(head, true)
	if !closed {
		seen, _ = countDelimiters(head, false)
	}
	best := byte(',')
	if seen['\t'] >= seen[','] && seen['\t'] > 0 {
		best = '\t'
	}
	for _, c := range []byte(";|") {
		if seen[c] > seen[best] {
			best = c
		}
	}
	return best
}

// countDelimiters counts the candidates of the first line. closed reports
// whether each quote that was opened in it was closed too.
func countDelimiters(head []byte, quotes bool) (seen map[byte]int, closed bool) {
	seen = map[byte]int{}
	quoted, first := false, true // first byte of a cell
	for _, c := range head {
		switch {
		case c == '"' && quotes && (quoted || first):
			quoted = !quoted
			first = !quoted // so that a doubled quote opens again
			continue
		case quoted:
			continue
		case c == '\n' || c == '\r':
			return seen, true
		}
		first = strings.IndexByte(delimiters, c) >= 0
		if first {
			seen[c]++
		}
	}
	return seen, !quoted
}
