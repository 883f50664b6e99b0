package safetext

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
)

// vocabularyText is every word of a foreign message that is ever shown.
//
//go:embed vocabulary.txt
var vocabularyText string

var vocabulary = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(vocabularyText) {
		words[word] = true
	}
	return words
}()

var tag = regexp.MustCompile(`<[^<>]*>`)

// shortNumber is how many digits a number may have to be shown: a status or a
// count, but no telephone number, postal code or number of an order.
const shortNumber = 3

// Foreign prepares a message that the API, or whatever answered in its place,
// put together itself. Such text can name a buyer, and no pattern knows a name
// or an address; so only words of a vocabulary that API errors are made of are
// shown, and an ellipsis stands for the others. Tags are taken out, and the
// result is escaped and cut like Message's.
func Foreign(s string) string {
	var out []string
	for word := range strings.FieldsSeq(tag.ReplaceAllString(s, " ")) {
		if !known(word) {
			word = "…"
		}
		if word != "…" || len(out) == 0 || out[len(out)-1] != "…" {
			out = append(out, word)
		}
	}
	return Message(strings.Join(out, " "))
}

// known reports whether every part of a word is in the vocabulary: of
// "(OrderStatus)", of "sync-status", of "HTTP/404:".
func known(word string) bool {
	if strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	parts := strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(parts) == 0 {
		return len(word) == 1
	}
	words := 0
	for i, part := range parts {
		switch {
		case vocabulary[strings.ToLower(part)]:
			words++
		case i > 0 && (part == "s" || part == "t" || part == "m"): // its, don't, can't
		case strings.Trim(part, "0123456789") != "" || len(part) > shortNumber:
			return false
		}
	}
	// a row of short numbers alone can be a telephone number
	return words > 0 || len(parts) == 1
}
