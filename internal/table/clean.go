package table

import (
	"strings"
	"unicode/utf8"
)

// Clean is a text without what nobody sees: outer white space of every kind,
// zero-width characters and direction marks. Copied from a browser or a
// spreadsheet, they make two numbers differ that look the same.
func Clean(s string) string {
	if mayHide(s) {
		s = strings.Map(func(r rune) rune {
			if hidden(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

// hidden are zero-width characters, direction marks and the byte order mark.
func hidden(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r == 0x2060 || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// mayHide reports whether a text holds the first byte of a hidden character.
func mayHide(s string) bool {
	return strings.IndexByte(s, 0xe2) >= 0 || strings.IndexByte(s, 0xef) >= 0
}

// isASCII reports whether a line holds ASCII alone: then nothing is hidden in it.
func isASCII(line []byte) bool {
	const high = 0x8080808080808080
	for ; len(line) >= 8; line = line[8:] {
		word := uint64(line[0]) | uint64(line[1])<<8 | uint64(line[2])<<16 | uint64(line[3])<<24 |
			uint64(line[4])<<32 | uint64(line[5])<<40 | uint64(line[6])<<48 | uint64(line[7])<<56
		if word&high != 0 {
			return false
		}
	}
	for _, b := range line {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cleanASCII is Clean for a text of ASCII alone.
func cleanASCII(s string) string {
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' {
		return s
	}
	return strings.TrimSpace(s)
}
