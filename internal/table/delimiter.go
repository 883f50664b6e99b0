package table

import (
	"bytes"
	"unicode/utf8"
)

// delimiters are those that are looked for, the likelier ones first.
var delimiters = []string{",", "\t", ";", "|"}

// mostSampled is how many records beside the header a delimiter is tried on.
const mostSampled = 20

// delimiterLine is the delimiter that a first line names, as Excel writes and
// reads it: sep=;
func delimiterLine(line []byte) (string, bool) {
	line = bytes.Trim(line, " \"\r\n")
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return "", false
	}
	r, size := utf8.DecodeRune(line[4:])
	if size != len(line)-4 || r == utf8.RuneError || r == '"' {
		return "", false
	}
	return string(r), true
}

// linesOfDelimiter is how many lines a file begins with of which the last one
// names the delimiter.
func linesOfDelimiter(sample []byte, end byte) int {
	for n := 1; len(sample) > 0; n++ {
		line, rest, _ := bytes.Cut(sample, []byte{end})
		if line = withoutCR(line); len(line) > 0 {
			if _, ok := delimiterLine(line); ok {
				return n
			}
			return 0
		}
		sample = rest
	}
	return 0
}

// findDelimiter tries each candidate on the beginning of a file and takes the
// one that splits the header and the records behind it into the same number of
// cells most often. More cells go before fewer; the comma stands where nothing
// else does.
func findDelimiter(sample []byte, end byte, o *CSVOptions) string {
	if o.Delimiter != 0 {
		return string(o.Delimiter)
	}
	if n := linesOfDelimiter(sample, end); n > 0 {
		line, _, _ := bytes.Cut(bytes.TrimLeft(sample, "\r\n"), []byte{end})
		d, _ := delimiterLine(line)
		return d
	}
	for range o.HeaderLine - 1 {
		_, sample, _ = bytes.Cut(sample, []byte{end})
	}
	best, most, widest := ",", 0, 0
	for _, candidate := range delimiters {
		quotes := o.quotes(candidate)
		times, width := alike(sample, end, dialect{[]byte(candidate), quotes == QuotesNone}, quotes, len(o.Columns))
		if width > 1 && (times > most || times == most && width > widest) {
			best, most, widest = candidate, times, width
		}
	}
	return best
}

// alike is how many of the first records have as many cells as the first one, or
// as is expected.
func alike(sample []byte, end byte, d dialect, quotes Quotes, expected int) (times, width int) {
	width = expected
	for n := 0; n <= mostSampled && len(sample) > 0; {
		line, rest, _ := bytes.Cut(sample, []byte{end})
		line = withoutCR(line)
		cells, open := d.count(line)
		if open && quotes == QuotesStandard {
			close, ok := insideLines(d, sample, end)
			if !ok {
				return times, width
			}
			cells, rest = close.cells, close.rest
		} else if open {
			cells = d.plain(line)
		}
		sample = rest
		if isBlank(line, d) {
			continue
		}
		if n++; width == 0 {
			width = cells
		}
		if cells == width {
			times++
		}
	}
	return times, width
}

// closed is a record of a sample that goes on over several lines.
type closed struct {
	cells int
	rest  []byte
}

// insideLines counts the cells of the record that a sample begins with, line
// breaks in quotes included.
func insideLines(d dialect, sample []byte, end byte) (closed, bool) {
	for size := 0; ; {
		i := bytes.IndexByte(sample[size:], end)
		if i < 0 {
			return closed{}, false
		}
		size += i + 1
		if cells, open := d.count(withoutCR(sample[:size-1])); !open {
			return closed{cells, sample[size:]}, true
		}
		if size > 1<<14 { // far more than a record has that tells anything
			return closed{}, false
		}
	}
}

// isBlank reports whether a line holds nothing but delimiters and space.
func isBlank(line []byte, d dialect) bool {
	rest := bytes.TrimSpace(bytes.ReplaceAll(line, d.delimiter, nil))
	return len(rest) == 0
}
