package rules

import (
	"strings"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// Placeholder reports whether a text stands where a tracking number is to come
// and is none: TBD, N/A, one character repeated, words without a digit.
func Placeholder(text string) bool {
	_, is := placeholder(text, carrier.Clean(text))
	return is
}

// placeholders are what people and programs write instead of nothing.
var placeholders = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("tbd tba pending n/a na #n/a #value! #ref! #div/0! null none nil undefined - . x xx xxx unknown test 0") {
		words[w] = true
	}
	return words
}()

// fewestLetters is how many letters a number without digits has at least, if
// there is such a thing.
const fewestLetters = 7

// placeholder reports whether a text, and the number that is left of it without
// white space, is a placeholder, and whether it may be shown: words can be
// anybody's name.
func placeholder(text, number string) (quotable, is bool) {
	if number == "" || len(number) > longestCell {
		return false, false
	}
	if len(number) <= len("undefined") && placeholders[strings.ToLower(number)] ||
		len(number) > 1 && strings.Trim(number, number[:1]) == "" {
		return true, true
	}
	letters := 0
	for _, r := range number {
		switch {
		case unicode.IsDigit(r):
			return false, false
		case unicode.IsLetter(r):
			letters++
		}
	}
	spaced := strings.ContainsFunc(strings.TrimFunc(text, carrier.Invisible), unicode.IsSpace)
	_, named := carrier.Find(number) // a column filled with carriers
	return false, spaced || letters < fewestLetters || named
}
