package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
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

	lines    int      // line feeds checked so far
	recoded  bool     // decoded from another encoding, where damage shows as U+FFFD
	single   bool     // decoded from one byte a character, where damage shows as a control character too
	encoding Encoding // as it was told
	marked   bool     // began with a byte order mark
	hint     string   // what else can be done about characters that are none
}

// ErrNotUTF8 is why a file can't be read that has another encoding and does not say so.
var ErrNotUTF8 = errors.New("the file has a character that is not UTF-8")

var errLongRecord = fmt.Errorf("the record has more than %d bytes: a quote may not be closed", MaxRecord)

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.end != nil {
			return 0, s.end
		}
		s.fill()
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// sample is the text that comes next, without reading it away: as much as one
// buffer holds.
func (s *source) sample() []byte {
	for len(s.ready) == 0 && s.end == nil {
		s.fill()
	}
	return s.ready
}

// fill reads on. It may only be called when ready is used up: the buffer is used
// again.
func (s *source) fill() {
	rest := copy(s.buf, s.tail)
	n, err := io.ReadFull(s.r, s.buf[rest:])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
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
			hint := strings.Replace(s.hint, string(Windows1252), string(UTF16LE), 1) // the example that fits
			problem = fmt.Errorf("the file has a NUL byte: it is binary, or UTF-16 without a byte order mark; save it as UTF-8%s", hint)
		}
		return good, problem
	}
	if s.recoded {
		if i := s.damage(data); i >= 0 {
			return i, fmt.Errorf("the file has a character that is not %s: save the file as UTF-8%s", s.encoding, s.hint)
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
			return i, fmt.Errorf("%w: save the file as UTF-8%s", ErrNotUTF8, s.hint)
		}
		i += n
	}
	return len(data), nil
}

// damage is where a decoder could make nothing of its bytes, or -1. In encodings
// of one byte a character those are control characters that no text holds.
func (s *source) damage(data []byte) int {
	at := bytes.Index(data, []byte(string(utf8.RuneError)))
	if !s.single {
		return at
	}
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0xc2 && data[i+1] < 0xa0 { // U+0080 to U+009F
			if at < 0 || i < at {
				at = i
			}
			break
		}
	}
	return at
}
