package safetext

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMessage is the most of an API's free text that is ever shown, in
// characters.
const MaxMessage = 200

var email = regexp.MustCompile(`[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+`)

// Line escapes everything in s that is not plain printable text, so that it
// stays on one line and means nothing to a terminal: control characters (C0,
// C1, DEL), bidirectional and other format controls, and broken UTF-8 appear
// as \n, \x1b or \u202e. Nor does it begin a command in the log of a CI system:
// "::" at its start and "##[" anywhere lose their meaning.
func Line(s string) string {
	if strings.HasPrefix(s, "::") {
		return `\x3a` + Line(s[1:])
	}
	if strings.Contains(s, "##") {
		s = strings.ReplaceAll(s, "##", `#\x23`)
	}
	if Printable(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80 && unicode.IsControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case !printable(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// Message prepares free text of the API: e-mail addresses are masked, the rest
// is escaped like Line and cut to MaxMessage characters.
func Message(s string) string {
	s = email.ReplaceAllString(strings.TrimSpace(s), "[e-mail]")
	runes := []rune(s)
	if len(runes) > MaxMessage {
		s = string(runes[:MaxMessage]) + "…"
	}
	return Line(s)
}

// Printable reports whether a text is valid UTF-8 and holds no control
// characters and no invisible ones.
func Printable(s string) bool {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 0x20 && s[i] < 0x7f
	}
	if plain {
		return true
	}
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !printable(r) {
			return false
		}
	}
	return true
}

// printable excludes the bidirectional controls and other invisible format
// characters (category Cf), line and paragraph separators, and private use.
func printable(r rune) bool {
	return r == ' ' || unicode.IsPrint(r)
}
