package safetext

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON escapes in the text of JSON what encoding/json leaves as it is and
// something that reads along would act on: DEL, the C1 controls, bidirectional
// and other invisible characters, and the second # of every two, which begin a
// command in the log of Azure Pipelines. In JSON they can only be in
// strings, where the escaped form means the same. No string may be cut in two.
func JSON(text []byte) []byte {
	if bytes.IndexFunc(text, invisible) < 0 && !bytes.Contains(text, []byte("##")) {
		return text
	}
	var out bytes.Buffer
	hash := false
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		second := r == '#' && hash
		switch {
		case !invisible(r) && !second:
			out.Write(text[:n])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		hash = r == '#' && !second
		text = text[n:]
	}
	return out.Bytes()
}

func invisible(r rune) bool { return r != '\n' && r != ' ' && !unicode.IsPrint(r) }
