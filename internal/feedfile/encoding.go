package feedfile

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decode takes the byte order mark away and returns what follows it as UTF-8,
// or what was meant to be. marked reports a mark of another encoding than told.
func decode(in *bufio.Reader, told string) (text *bufio.Reader, encoding string, marked bool, err error) {
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", false, err
	}
	encoding, mark := cmp.Or(told, UTF8), 0
	for _, m := range []struct{ bytes, encoding string }{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16LE}, {"\xfe\xff", UTF16BE}} {
		if !bytes.HasPrefix(head, []byte(m.bytes)) {
			continue
		}
		marked = told != "" && told != m.encoding
		encoding, mark = m.encoding, len(m.bytes)
	}
	if _, err := in.Discard(mark); err != nil {
		return nil, "", false, err
	}
	if marked {
		encoding = told // what it is measured against; it is read as its mark says
	}
	var r io.Reader
	switch {
	case mark == 2 && head[0] == 0xff, mark == 0 && encoding == UTF16LE:
		r = &utf16Reader{in: in, order: binary.LittleEndian}
	case mark == 2, mark == 0 && encoding == UTF16BE:
		r = &utf16Reader{in: in, order: binary.BigEndian}
	case mark == 0 && encoding == Windows1252:
		r = &singleByteReader{in: in, letters: charmap.Windows1252}
	case mark == 0 && encoding == ISO885915:
		r = &singleByteReader{in: in, letters: charmap.ISO8859_15}
	default:
		return in, encoding, marked, nil
	}
	return bufio.NewReaderSize(r, bufferSize), encoding, marked, nil
}

// singleByteReader makes UTF-8 of an encoding with one byte a character. What no
// character is, or a control character of the second kind, which no text holds,
// becomes the byte 0xff.
type singleByteReader struct {
	in      *bufio.Reader
	letters *charmap.Charmap
}

func (s *singleByteReader) Read(p []byte) (int, error) {
	if _, err := s.in.Peek(1); err != nil {
		return 0, err
	}
	b, _ := s.in.Peek(s.in.Buffered()) // all of it is there
	out, i := p[:0], 0
	for ; i < len(b) && len(out)+utf8.UTFMax <= len(p); i++ {
		switch r := s.letters.DecodeByte(b[i]); {
		case b[i] < utf8.RuneSelf:
			out = append(out, b[i])
		case r == utf8.RuneError, r >= 0x80 && r < 0xa0:
			out = append(out, 0xff)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	_, _ = s.in.Discard(i)
	return len(out), nil
}

// utf16Reader makes UTF-8 of UTF-16. What is no UTF-16, half a pair or half a
// unit, becomes the byte 0xff, which is no UTF-8 either: the check behind finds
// it, and knows its line. (The decoder of x/text would make a character of it.)
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	if u.err == nil {
		_, u.err = u.in.Peek(4)
	}
	last := u.err != nil
	b, _ := u.in.Peek(u.in.Buffered()) // all of it is there
	out, i := p[:0], 0
	for len(out)+utf8.UTFMax <= len(p) && (i+4 <= len(b) || last && i < len(b)) {
		if i+2 > len(b) {
			out, i = append(out, 0xff), i+1
			continue
		}
		r := rune(u.order.Uint16(b[i:]))
		i += 2
		if !utf16.IsSurrogate(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		pair := utf8.RuneError
		if i+2 <= len(b) {
			pair = utf16.DecodeRune(r, rune(u.order.Uint16(b[i:])))
		}
		if pair == utf8.RuneError {
			out = append(out, 0xff)
			continue
		}
		out, i = utf8.AppendRune(out, pair), i+2
	}
	_, _ = u.in.Discard(i)
	if len(out) == 0 && last {
		return 0, u.err
	}
	return len(out), nil
}

// textCheck looks for bytes that are no UTF-8, or NUL, in a text that comes in
// chunks.
type textCheck struct {
	tail []byte // the beginning of a character whose end is in the next chunk
}

// firstBad is where in the chunk the first such byte stands, or -1. One that
// the chunk before ended with counts as the first of this one.
func (c *textCheck) firstBad(chunk []byte) int {
	skip := 0
	if len(c.tail) > 0 {
		both := append(c.tail, chunk[:min(len(chunk), utf8.UTFMax-len(c.tail))]...)
		if !utf8.FullRune(both) {
			c.tail = both
			return -1
		}
		r, size := utf8.DecodeRune(both)
		if r == utf8.RuneError && size == 1 {
			return 0
		}
		skip, c.tail = size-len(c.tail), c.tail[:0]
	}
	text := chunk[skip:]
	whole := len(text) - unfinished(text)
	c.tail = append(c.tail, text[whole:]...)
	text = text[:whole]
	at := bytes.IndexByte(text, 0)
	if at >= 0 {
		text = text[:at]
	}
	if !utf8.Valid(text) {
		at = firstInvalid(text)
	}
	if at < 0 {
		return -1
	}
	return skip + at
}

// cutOff reports whether the text ends within a character.
func (c *textCheck) cutOff() bool { return len(c.tail) > 0 }

// unfinished is how many bytes at the end of text begin a character without
// ending it.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if end := text[len(text)-n:]; utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
