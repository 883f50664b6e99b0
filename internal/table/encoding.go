package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const bufferSize = 64 << 10

// newSource looks at the first bytes of a file: a byte order mark decides how
// it is decoded, and what is no text at all is refused with a remedy.
func newSource(name string, f io.Reader) (*source, error) {
	in := bufio.NewReaderSize(f, bufferSize)
	head, err := in.Peek(512)
	if err != nil && err != io.EOF {
		return nil, &Error{File: name, Err: pathless(err)}
	}
	if kind := foreignKind(head); kind != "" {
		return nil, &Error{File: name, Err: errors.New(kind)}
	}
	s := &source{name: name, r: in, buf: make([]byte, bufferSize)}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err = in.Discard(3)
		if err != nil {
			return nil, &Error{File: name, Err: pathless(err)}
		}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		// ExpectBOM takes the byte order from the mark and drops the mark.
		s.r = transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
		s.recoded = true
	}
	return s, nil
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
		return "this is an HTML page, perhaps a login page in place of a download: export the table as CSV"
	case bytes.HasPrefix(start, []byte("<?xml")):
		return "this is an XML document: export the table as CSV"
	}
	return ""
}
