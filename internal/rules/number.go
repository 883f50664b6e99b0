package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// Number is a tracking number that is to be sent, with what it is sent with.
type Number struct {
	Tracking string // cleaned
	Carrier  string // as it is sent; empty if none is
	Source   string // the marketplace; empty where it is not known
	Kept     bool   // the carrier is the one that the order has already
	InRow    bool   // it comes from a row of a table
}

// CheckNumber compares a tracking number with its carrier, and both with the
// marketplace: SHIP06, SHIP08, SHIP09 and SHIP10. What the table of carriers does
// not know is not found wrong.
func CheckNumber(n Number) []Finding {
	var found []Finding
	if f, ok := Characters(n); ok {
		found = append(found, f)
	}
	c, known := carrier.Find(n.Carrier)
	if !known {
		return found
	}
	if n.Tracking != "" {
		if f, ok := compared(n.Tracking, c); ok {
			found = append(found, f)
		}
	}
	if f, ok := carrierName(n, c); ok {
		found = append(found, f)
	}
	return found
}

// Characters is SHIP06: marketplaces take letters and digits alone.
func Characters(n Number) (Finding, bool) {
	if !strings.ContainsFunc(n.Tracking, notPlain) {
		return Finding{}, false
	}
	var odd []string
	askew := false // a letter of another script stands for one that is not known
	rest := strings.Map(func(r rune) rune {
		if plain(r) {
			return r
		}
		if q := fmt.Sprintf("%q", string(r)); !slices.Contains(odd, q) {
			odd = append(odd, q)
		}
		askew = askew || r >= 0x80
		return -1
	}, n.Tracking)
	const shown = 5
	if len(odd) > shown {
		odd = append(odd[:shown], "…")
	}
	who, severity := "marketplaces refuse", Warn
	if strict := strictName(n.Source); strict != "" {
		who, severity = strict+" refuses", Error
	}
	message := fmt.Sprintf("%s tracking numbers with %s", who, strings.Join(odd, " "))
	if rest != "" && !askew {
		message += "; without it: " + rest
	}
	return Finding{"SHIP06", severity, message}, true
}

// The marketplaces with rules of their own, as carrier.Marketplace calls them.
const (
	walmart = "walmart"
	ebay    = "ebay"
)

// strictName is the name of a marketplace that refuses other characters.
func strictName(source string) string {
	switch carrier.Marketplace(source) {
	case walmart:
		return "Walmart"
	case ebay:
		return "eBay"
	}
	return ""
}

// compared is SHIP08 or SHIP09.
func compared(number string, c *carrier.Carrier) (Finding, bool) {
	switch c.Fit(number) {
	case carrier.WrongDigit:
		return Finding{"SHIP08", Warn, fmt.Sprintf("check digit is wrong for %s: one digit may be mistyped", c.Name)}, true
	case carrier.NoFit:
		owners := carrier.Distinctive(number)
		if owners == 0 || c.HandsOver(owners) {
			return Finding{}, false
		}
		var names []string
		for owner := range owners.All() {
			names = append(names, owner.Name)
		}
		return Finding{"SHIP09", Warn, fmt.Sprintf("%s is a %s number; the carrier is %s", number, strings.Join(names, " or "), c.Name)}, true
	}
	return Finding{}, false
}

// WrongDigit reports whether a number fails SHIP08: a digit of it may be
// mistyped.
func WrongDigit(number, carrierName string) bool {
	c, known := carrier.Find(carrierName)
	return known && number != "" && c.Fit(number) == carrier.WrongDigit
}

// carrierName is SHIP10: each marketplace has a list of carriers.
func carrierName(n Number, c *carrier.Carrier) (Finding, bool) {
	takes := c.Takes(n.Source)
	if n.Kept || len(takes) == 0 || slices.ContainsFunc(takes, func(name string) bool {
		return name == n.Carrier || carrier.Marketplace(n.Source) != walmart && strings.EqualFold(name, n.Carrier)
	}) {
		return Finding{}, false
	}
	where, advice := "configuration", fmt.Sprintf("write carrier = %q", takes[0])
	if n.InRow {
		where = "table"
	}
	if n.InRow && slices.Contains(takes, c.Name) {
		advice = `write carrier(…) around its column`
	}
	return Finding{"SHIP10", Warn, fmt.Sprintf("%s takes %q; the %s says %q; %s", strings.TrimSpace(n.Source), takes[0], where, n.Carrier, advice)}, true
}

// UnknownFormat is the shape of a number that no form of its carrier has, in
// words, for SHIP19. Freight, local and new formats are often not known: that is
// counted, not reported one by one.
func UnknownFormat(number, carrierName string) (name, shape string, ok bool) {
	c, known := carrier.Find(carrierName)
	if !known || number == "" || c.Fit(number) != carrier.NoFit {
		return "", "", false
	}
	if owners := carrier.Distinctive(number); owners != 0 && !c.HandsOver(owners) {
		return "", "", false // SHIP09 says more
	}
	return c.Name, shapeOf(number), true
}

func shapeOf(number string) string {
	switch n := len([]rune(number)); {
	case leadingDigits(number) == len(number):
		return fmt.Sprintf("%d digits", n)
	case strings.ContainsFunc(number, notPlain):
		return fmt.Sprintf("%d characters", n)
	default:
		return fmt.Sprintf("%d letters and digits", n)
	}
}

// FormatsUnknown is SHIP19 for a count of numbers of one carrier and shape.
func FormatsUnknown(count int, name, shape, place string) Finding {
	what := "numbers named %s have a format"
	if count == 1 {
		what = "number named %s has a format"
	}
	return Finding{"SHIP19", Info, fmt.Sprintf("%d "+what+" that gdfctl does not know (%s), first at %s", count, name, shape, place)}
}
