package console

import (
	"strings"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// CommandLine is a command as it is to be typed into a POSIX shell: one line,
// whatever the words contain.
func CommandLine(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quote(word)
	}
	return strings.Join(quoted, " ")
}

func quote(word string) string {
	switch {
	case safetext.Line(word) != word:
		// As bash and zsh read it: the line stays one, and means the same.
		return "$'" + safetext.Line(strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(word)) + "'"
	case word == "" || strings.ContainsFunc(word, needsQuotes):
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}

// needsQuotes reports whether a character could mean something to a shell.
func needsQuotes(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./:@%+=,", r)
}
