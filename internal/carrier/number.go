package carrier

import (
	"strings"
	"unicode"
)

// longest is more than any number of any carrier has.
const longest = 64

// spelling is a tracking number as patterns see it: its letters and digits
// alone, as values from 0 (the digit) to 35 (Z). It lives on the stack: tables
// have a million numbers.
type spelling struct {
	values [longest]byte
	n      int
}

// read takes the letters and digits out of a text. It reports false where
// there are too many, or where other letters than those of ASCII stand.
func (s *spelling) read(text string) bool {
	s.n = 0
	for i := 0; i < len(text); i++ {
		v := valueOf[text[i]]
		if v == noValue {
			if text[i] >= 0x80 {
				return false
			}
			continue
		}
		if s.n == longest {
			return false
		}
		s.values[s.n] = v
		s.n++
	}
	return true
}

// text is the spelling in upper case.
func (s *spelling) text() string {
	var b strings.Builder
	for _, v := range s.values[:s.n] {
		b.WriteByte(alphabet[v])
	}
	return b.String()
}

const (
	alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	noValue  = 0xff
)

// valueOf is the value of a letter or digit in either case.
var valueOf = func() (table [256]byte) {
	for i := range table {
		table[i] = noValue
	}
	for v, c := range []byte(alphabet) {
		table[c] = byte(v)
		if c >= 'A' {
			table[c+('a'-'A')] = byte(v)
		}
	}
	return table
}()

// Clean takes out of a tracking number what nobody sees and no carrier means:
// white space of every kind, zero-width characters and direction marks. All
// else stays.
func Clean(number string) string {
	for i := 0; i < len(number); i++ {
		if number[i] <= ' ' || number[i] >= 0x7f {
			return strings.Map(func(r rune) rune {
				if Invisible(r) {
					return -1
				}
				return r
			}, number)
		}
	}
	return number
}

// Invisible reports whether a character is white space, has no width, or only
// directs how text runs.
func Invisible(r rune) bool {
	switch {
	case unicode.IsSpace(r),
		r >= 0x200b && r <= 0x200f, // zero-width space, joiners, direction marks
		r >= 0x202a && r <= 0x202e, // embeddings and overrides
		r >= 0x2060 && r <= 0x2064, // word joiner and other invisible operators
		r >= 0x2066 && r <= 0x2069, // isolates
		r == 0xfeff, r == 0x00ad, r == 0x061c, r == 0x180e:
		return true
	}
	return false
}
