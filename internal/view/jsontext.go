package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONLine prints one object on a line of its own.
func JSONLine(w io.Writer, v any) error {
	e := json.NewEncoder(jsonText{w})
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// jsonText is a writer of JSON that escapes what encoding/json leaves as it is
// and a terminal would act on: DEL, the C1 controls, bidirectional and other
// invisible characters. In JSON they can only stand in strings, where the
// escaped form means the same.
type jsonText struct{ w io.Writer }

func (j jsonText) Write(p []byte) (int, error) {
	if _, err := j.w.Write(escapeInvisible(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func escapeInvisible(text []byte) []byte {
	if bytes.IndexFunc(text, invisible) < 0 {
		return text
	}
	var out bytes.Buffer
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case !invisible(r):
			out.Write(text[:n])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		text = text[n:]
	}
	return out.Bytes()
}

func invisible(r rune) bool { return r != '\n' && r != ' ' && !unicode.IsPrint(r) }
