package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// source hands on a file's text as valid UTF-8, whatever encoding it has, and
// stops at the first byte that is none.
type source struct {
	name string
	r    io.Reader // decoded, not yet checked

	buf   []byte
	ready []byte // checked, not yet handed on: a part of buf
	tail  []byte // the beginning of a character, behind ready
	end   error  // why nothing comes after ready

	lines     int  // line feeds checked so far
	recoded   bool // decoded from UTF-16, where damage shows as U+FFFD
	delivered int64

	// recordStart is the offset of the record that is being read. With limit
	// set, delivering more than MaxRecord beyond it is an error.
	recordStart int64
	limit       bool
}

var errLongRecord = fmt.Errorf("the record has more than %d bytes: a quote may have been opened and never closed", MaxRecord)

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.end != nil {
			return 0, s.end
		}
		s.fill()
	}
	if s.limit && s.delivered-s.recordStart > MaxRecord {
		return 0, errLongRecord
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	s.delivered += int64(n)
	return n, nil
}

// firstLine is the first line that is not blank, or as much of it as one buffer
// holds, without reading it away. Line breaks in quotes don't end it.
func (s *source) firstLine() []byte {
	for len(s.ready) == 0 && s.end == nil {
		s.fill()
	}
	text := bytes.TrimLeft(s.ready, "\r\n")
	quoted := false
	for i, b := range text {
		if b == '"' {
			quoted = !quoted
		} else if b == '\n' && !quoted {
			return text[:i]
		}
	}
	return text
}

// fill reads on. It may only be called when ready is used up: the buffer is used
// again.
func (s *source) fill() {
	rest := copy(s.buf, s.tail)
	n, err := s.r.Read(s.buf[rest:])
	data := s.buf[:rest+n]
	good, problem := s.check(data, err != nil)
	s.ready, s.tail = data[:good], data[good:]
	s.lines += bytes.Count(s.ready, []byte{'\n'})
	switch {
	case problem != nil:
		s.end = &Error{File: s.name, Line: s.lines + 1, Err: problem}
	case err == io.EOF:
		s.end = io.EOF
	case err != nil:
		s.end = &Error{File: s.name, Err: fmt.Errorf("can't be read: %w", pathless(err))}
	}
}

// check is how much of data is good text, and what is wrong with what follows.
// An unfinished character at the end is no fault unless it is the last.
func (s *source) check(data []byte, last bool) (int, error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		good, problem := s.check(data[:i], true)
		if problem == nil {
			problem = errors.New("a NUL byte: the file is binary, or UTF-16 without a byte order mark; save it as UTF-8")
		}
		return good, problem
	}
	if s.recoded {
		if i := bytes.Index(data, []byte(string(utf8.RuneError))); i >= 0 {
			return i, errors.New("a character that is broken UTF-16: the file is damaged; save it again, as UTF-8")
		}
	}
	if utf8.Valid(data) {
		return len(data), nil
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			if !last && !utf8.FullRune(data[i:]) {
				return i, nil
			}
			return i, errors.New("a character that is not UTF-8: save the file as UTF-8, or convert it (iconv -f WINDOWS-1252 -t UTF-8)")
		}
		i += n
	}
	return len(data), nil
}
