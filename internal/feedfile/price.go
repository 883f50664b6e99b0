package feedfile

import (
	"slices"
	"strings"
	"unicode"
)

// isBadPrice reports whether a cell is no amount above zero. An amount may be
// grouped and have a currency before it, behind it or none: "19.99",
// "19,99 EUR", "US$ 1,299.00", "1.299,00 €", "CHF 1'299.00". A range, a word,
// a sign and an exponent are no amount.
func isBadPrice(cell []byte) bool {
	text := string(cell)
	first, last := strings.IndexAny(text, "0123456789"), strings.LastIndexAny(text, "0123456789")
	if first < 0 {
		return true
	}
	before, amount, after := text[:first], text[first:last+1], text[last+1:]
	if !isCurrency(before) {
		// Perhaps the point of an amount without whole units: ".99".
		if point := len(before) - 1; (before[point] == '.' || before[point] == ',') && isCurrency(before[:point]) {
			before, amount = before[:point], "0"+text[point:last+1]
		}
	}
	return !isCurrency(before) || !isCurrency(after) || !isAmount(amount) || strings.Trim(amount, "0., '’\u00a0\u2009\u202f") == ""
}

// isCurrency takes three letters, a sign with letters (US$, R$) and a few
// abbreviations, with space around it; nothing at all too.
func isCurrency(s string) bool {
	s = strings.TrimSpace(s)
	switch s {
	case "", "kr", "kr.", "Kr", "Kr.", "zł", "Kč", "Ft", "lei", "Rs", "Rs.", "Fr", "Fr.", "SFr.", "лв", "лв.", "руб", "руб.", "円", "元":
		return true
	}
	letters, signs := 0, 0
	for _, r := range s {
		switch {
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			letters++
		case unicode.Is(unicode.Sc, r):
			signs++
		default:
			return false
		}
	}
	return letters == 3 && signs == 0 || letters <= 3 && signs == 1
}

// isAmount reports whether digits and the separators between them make a
// number: groups of three (of two before the last, as in India), and then
// perhaps a decimal point or comma.
func isAmount(s string) bool {
	var room [8]group // so that none of millions of prices costs an allocation
	groups := append(room[:0], group{})
	for _, r := range s {
		last := &groups[len(groups)-1]
		switch {
		case r >= '0' && r <= '9':
			last.digits++
		case last.digits > 0 && strings.ContainsRune(".,'’ \u00a0\u2009\u202f", r) && len(groups) < cap(groups):
			groups = append(groups, group{separator: r})
		default:
			return false
		}
	}
	if n := len(groups) - 1; n > 0 {
		point := groups[n].separator
		before := slices.ContainsFunc(groups[:n], func(g group) bool { return g.separator == point })
		if (point == '.' || point == ',') && !before {
			groups = groups[:n]
		}
	}
	return isGrouped(groups)
}

// group is digits of an amount, with what stands before them.
type group struct {
	separator rune
	digits    int
}

func isGrouped(groups []group) bool {
	last := len(groups) - 1
	for i, g := range groups {
		switch {
		case last == 0:
			return true
		case i == 0 && g.digits > 3, i == last && g.digits != 3, i > 0 && i < last && g.digits != 2 && g.digits != 3:
			return false
		case i > 1 && g.separator != groups[1].separator:
			return false
		}
	}
	return true
}
