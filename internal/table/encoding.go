package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const bufferSize = 64 << 10

// marks are the byte order marks, and what they say.
var marks = []struct {
	bytes    string
	encoding Encoding
}{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16LE}, {"\xfe\xff", UTF16BE}}

// newSource looks at the first bytes of a file: a byte order mark decides how it
// is decoded if there is no encoding option. What is not text at all is refused,
// with a remedy.
func newSource(name string, f io.Reader, told Encoding) (*source, error) {
	in := bufio.NewReaderSize(f, bufferSize)
	head, err := in.Peek(512)
	if err != nil && err != io.EOF {
		return nil, &Error{File: name, Err: pathless(err)}
	}
	if kind := foreignKind(head); kind != "" {
		return nil, &Error{File: name, Err: errors.New(kind)}
	}
	s := &source{name: name, r: in, buf: make([]byte, bufferSize), encoding: told}
	for _, mark := range marks {
		if !bytes.HasPrefix(head, []byte(mark.bytes)) {
			continue
		}
		if s.encoding == EncodingByMark {
			s.encoding = mark.encoding
		}
		if s.encoding != mark.encoding {
			return nil, &Error{File: name, Line: 1, Err: fmt.Errorf("the file begins with the byte order mark of %s, and encoding is %q: remove encoding from csv()", mark.encoding, told)}
		}
		s.marked = true
		if _, err := in.Discard(len(mark.bytes)); err != nil {
			return nil, &Error{File: name, Err: pathless(err)}
		}
	}
	if decoder := decoderOf(s.encoding); decoder != nil {
		s.r, s.recoded = transform.NewReader(in, decoder), true
		s.single = s.encoding == Windows1252 || s.encoding == ISO885915
	}
	return s, nil
}

// decoderOf makes UTF-8 of an encoding; nil for what is UTF-8 already.
func decoderOf(e Encoding) transform.Transformer {
	switch e {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	case Windows1252:
		return charmap.Windows1252.NewDecoder()
	case ISO885915:
		return charmap.ISO8859_15.NewDecoder()
	}
	return nil
}

// foreignKind says what a file is that is certainly no table, and what to do.
func foreignKind(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return "this is an Excel workbook: export it as CSV (UTF-8)"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "this is a gzip archive: unpack it first"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "this is a PDF document: export the table as CSV"
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch {
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return "this is an HTML page, perhaps a login page instead of the download: export the table as CSV"
	case bytes.HasPrefix(start, []byte("<?xml")):
		return "this is an XML document: export the table as CSV"
	}
	return ""
}
