package rules

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// unwrap finds what people and programs put around a number: a formula, an
// apostrophe, an address, a carrier's name. inner is the number within, or empty
// where it is not clear which part that is.
func unwrap(cell string) (inner string, wrapped bool) {
	cell = strings.TrimFunc(cell, carrier.Invisible)
	if address(cell) {
		return onlyCandidate(cell), true
	}
	if number := strings.Trim(cell, `='"`); number != cell && strings.ContainsRune(`='"`, rune(cell[0])) {
		if nested, again := unwrap(number); again && number != "" {
			return nested, true
		}
		return carrier.Clean(number), true
	}
	if n := leadingDigits(cell); n > 0 && n <= exact && strings.HasPrefix(cell[n:], ".") && len(cell) > n+1 && strings.Trim(cell[n+1:], "0") == "" {
		return cell[:n], true
	}
	return named(cell)
}

// offered reports whether what was wrapped can be named as the number that is
// meant. A formula or a sentence can't: it may be anybody's address.
func offered(inner string) bool {
	return inner != "" && !strings.ContainsFunc(inner, func(r rune) bool { return !plain(r) && r != '-' }) &&
		(numberLike(inner) || leadingDigits(inner) == len(inner))
}

func address(cell string) bool {
	const www = "www."
	return strings.Contains(cell, "://") || len(cell) > len(www) && strings.EqualFold(cell[:len(www)], www)
}

// onlyCandidate is the one part of an address that can be a number.
func onlyCandidate(text string) string {
	found := ""
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return !plain(r) }) {
		if !numberLike(part) || part == found {
			continue
		}
		if found != "" {
			return ""
		}
		found = part
	}
	return found
}

func plain(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// numberLike reports whether a text can be a number: 8 letters and digits, 6 of
// them digits.
func numberLike(text string) bool {
	all, digits := 0, 0
	for _, r := range text {
		if plain(r) {
			all++
		}
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return all >= 8 && digits >= 6
}

// longestNamed is more than a number takes with a carrier's name. What is longer
// is not looked through: the time for that grows with the square.
const longestNamed = 120

// named finds a carrier's name before or after a number. What fits any carrier's
// numbers as a whole has no name in it: many of these begin with letters.
func named(cell string) (inner string, wrapped bool) {
	if len(cell) > longestNamed || !strings.ContainsFunc(cell, func(r rune) bool { return r >= 'A' }) || carrier.Detect(cell) != 0 {
		return "", false
	}
	for cut := len(cell) - 1; cut > 0; cut-- { // the longest name
		if plain(rune(cell[cut])) {
			continue
		}
		if before, after := outer(cell[:cut]), outer(cell[cut:]); numberLike(after) && isName(before) {
			return carrier.Clean(after), true
		}
	}
	for cut := range cell {
		if plain(rune(cell[cut])) {
			continue
		}
		if before, after := outer(cell[:cut]), outer(cell[cut:]); numberLike(before) && isName(after) {
			return carrier.Clean(before), true
		}
	}
	head := len(cell) - len(strings.TrimLeftFunc(cell, letter))
	if c, ok := carrier.Find(cell[:head]); ok && head >= 3 && c.Fit(cell[head:]) == carrier.Fits {
		return carrier.Clean(cell[head:]), true
	}
	for n := 3; n < len(cell) && letter(rune(cell[len(cell)-n])); n++ {
		cut := len(cell) - n
		if c, ok := carrier.Find(cell[cut:]); ok && c.Fit(cell[:cut]) == carrier.Fits {
			return carrier.Clean(cell[:cut]), true
		}
	}
	return "", false
}

func notPlain(r rune) bool { return !plain(r) }

func letter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

// outer drops what is no letter or digit at both ends.
func outer(text string) string { return strings.TrimFunc(text, notPlain) }

// labels are words that stand beside a carrier's name and a number. Where no
// carrier is named, one of those that are true must be there.
var labels = map[string]bool{"tracking": true, "track": true, "trk": true, "number": false, "no": false, "nr": false, "id": false, "via": false, "by": false}

// isName reports whether a text is a carrier's name, or says in other words that
// a tracking number follows.
func isName(text string) bool {
	var words []string
	says := false
	for _, word := range strings.FieldsFunc(text, notPlain) {
		tracking, label := labels[strings.ToLower(word)]
		if says = says || tracking; !label {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return says
	}
	_, known := carrier.Find(strings.Join(words, " "))
	return known
}
