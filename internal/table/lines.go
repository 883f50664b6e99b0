package table

import (
	"bytes"
	"errors"
	"io"
)

// lines cuts a source into physical lines. They end with LF or CR LF, in a file
// of an old Mac with CR.
type lines struct {
	src *source
	end byte // of a line: LF, or CR

	long   []byte // a line that stands in more than one buffer of the source
	number int    // of the latest line, from 1
	ended  bool   // the latest line had a line end

	keep bool       // every line with its end, until somebody takes it away
	kept []keptLine // those
}

// keptLine is a line as it stands in the file, with its end.
type keptLine struct {
	number int
	text   []byte
}

func (l *lines) keepLine(line []byte, ends ...byte) {
	if l.keep {
		l.kept = append(l.kept, keptLine{l.number, append(bytes.Clone(line), ends...)})
	}
}

func newLines(src *source) *lines {
	return &lines{src: src, end: lineEnd(src.sample())}
}

// lineEnd is what the first line of a text ends with.
func lineEnd(text []byte) byte {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 || text[i] == '\n' {
		return '\n'
	}
	for i < len(text) && text[i] == '\r' { // some exports write CR CR LF
		i++
	}
	if i == len(text) || text[i] == '\n' {
		return '\n'
	}
	return '\r'
}

// next is the next line without its end. It is valid until the call after it.
// Behind the last line the error is io.EOF; other errors are *Error.
func (l *lines) next() ([]byte, error) {
	l.long = l.long[:0]
	for {
		if i := bytes.IndexByte(l.src.ready, l.end); i >= 0 {
			line := l.src.ready[:i]
			l.src.ready = l.src.ready[i+1:]
			l.number++
			l.ended = true
			if len(l.long) > 0 {
				l.long = append(l.long, line...)
				line = l.long
			}
			l.keepLine(line, l.end)
			return withoutCR(line), nil
		}
		l.long = append(l.long, l.src.ready...)
		l.src.ready = nil
		if len(l.long) > MaxRecord {
			return nil, &Error{File: l.src.name, Line: l.number + 1, Err: errLongRecord}
		}
		if err := l.src.end; err != nil {
			if errors.Is(err, io.EOF) && len(l.long) > 0 {
				l.number++
				l.ended = l.long[len(l.long)-1] == '\r' // of CR LF
				l.keepLine(l.long)
				return withoutCR(l.long), nil
			}
			return nil, err
		}
		l.src.fill()
	}
}

func withoutCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
