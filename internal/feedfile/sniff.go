package feedfile

import "bytes"

// markup tells an HTML page and an XML document from a table: no column's name
// begins with a tag.
func markup(head []byte) (html, xml bool) {
	head = bytes.TrimSpace(head)
	if len(head) < 2 || head[0] != '<' {
		return false, false
	}
	c := head[1] | 0x20 // in lower case
	if (c < 'a' || c > 'z') && head[1] != '!' && head[1] != '?' {
		return false, false
	}
	start := bytes.ToLower(head[:min(len(head), 1024)])
	for _, tag := range []string{"<!doctype html", "<html"} { // behind comments, or in XHTML
		if bytes.Contains(start, []byte(tag)) {
			return true, false
		}
	}
	for _, tag := range []string{"<head", "<body", "<title", "<meta", "<script", "<div", "<p>", "<h1", "<center", "<pre"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true, false
		}
	}
	return false, true
}

const delimiters = ",\t;|"

// mostSampled is how many rows below the header a delimiter is tried on.
const mostSampled = 20

// sniffDelimiter picks the candidate that splits the header and the rows below it
// into as many cells most often. More cells go before fewer, and the tab before the
// comma, which stands where nothing else does.
func sniffDelimiter(head []byte, headerLine int) byte {
	for range headerLine - 1 {
		_, head = cutLine(head)
	}
	best, most, widest := byte(','), 0, 1
	for _, candidate := range []byte("\t,;|") {
		times, width := alikeRows(head, candidate)
		if width > 1 && (times > most || times == most && width > widest) {
			best, most, widest = candidate, times, width
		}
	}
	return best
}

// alikeRows is how many of the first rows have as many cells as the header.
func alikeRows(text []byte, delimiter byte) (times, width int) {
	for n := 0; n <= mostSampled && len(text) > 0; {
		line, behind := cutLine(text)
		if len(bytes.Trim(line, " "+delimiters)) == 0 {
			text = behind
			continue
		}
		cells, rest, closed := cutRow(text, delimiter)
		if !closed {
			cells, rest = bytes.Count(line, []byte{delimiter})+1, behind
		}
		if text = rest; n == 0 {
			width = cells
		}
		if n++; cells == width {
			times++
		}
	}
	return times, width
}

// cutLine is the first line of a text without its end, and what follows.
func cutLine(text []byte) (line, rest []byte) {
	end := bytes.IndexAny(text, "\r\n")
	if end < 0 {
		return text, nil
	}
	rest = text[end+1:]
	if text[end] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return text[:end], rest
}

// cutRow counts the cells of the first row of a text, line breaks in quotes
// included. closed reports whether each quote that was opened in it was closed too.
func cutRow(text []byte, delimiter byte) (cells int, rest []byte, closed bool) {
	cells = 1
	quoted, first := false, true // first byte of a cell
	for i, c := range text {
		switch {
		case c == '"' && (quoted || first):
			quoted = !quoted
			first = !quoted // so that a doubled quote opens again
			continue
		case quoted:
			continue
		case c == '\n' || c == '\r':
			_, rest = cutLine(text[i:])
			return cells, rest, true
		}
		if first = c == delimiter; first {
			cells++
		}
	}
	return cells, nil, !quoted
}
