package feedfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decode takes the byte order mark away and returns what follows it as UTF-8,
// or what was meant to be.
func decode(in *bufio.Reader) (text *bufio.Reader, encoding string, err error) {
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	encoding, mark := UTF8, 0
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		mark = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		encoding, mark, order = UTF16LE, 2, binary.LittleEndian
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		encoding, mark, order = UTF16BE, 2, binary.BigEndian
	}
	if _, err := in.Discard(mark); err != nil {
		return nil, "", err
	}
	if order != nil {
		in = bufio.NewReaderSize(&utf16Reader{in: in, order: order}, bufferSize)
	}
	return in, encoding, nil
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
