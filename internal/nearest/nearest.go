package nearest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// Distance is how many letters must change to make one name of the other. Case
// does not count.
func Distance(a, b string) int {
	return levenshtein.Distance(strings.ToLower(a), strings.ToLower(b), nil)
}

// Near reports whether word may be name with a typo. The longer the word, the
// more letters may be wrong, but never all of them.
func Near(word, name string) bool {
	n := utf8.RuneCountInString(word)
	return Distance(word, name) <= min(max(2, n/3), n-1)
}

// Sorted are the names, the nearest to word first. Of equally near ones, the
// first in the alphabet comes first.
func Sorted(word string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	candidates := make([]candidate, len(names))
	for i, name := range names {
		candidates[i] = candidate{name, Distance(word, name)}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	sorted := make([]string, len(names))
	for i, c := range candidates {
		sorted[i] = c.name
	}
	return sorted
}

// Name is the nearest of the names, or "" if word is not a typo of any.
func Name(word string, names []string) string {
	sorted := Sorted(word, names)
	if len(sorted) == 0 || !Near(word, sorted[0]) {
		return ""
	}
	return sorted[0]
}

// Question asks for the nearest of the names, with a space before it. It is empty if word
// is not a typo of any.
func Question(word string, names []string) string {
	if name := Name(word, names); name != "" {
		return fmt.Sprintf(" Did you mean %q?", name)
	}
	return ""
}
