package carrier

import (
	"unicode"
	"unicode/utf8"
)

// Find is the carrier of a name, however it is written: "UPS® Ground", "Federal
// Express" and "usps priority mail" are found. Services that have numbers and
// names of their own are carriers of their own: SurePost is not UPS.
func Find(name string) (*Carrier, bool) {
	var k nameKey
	if !k.read(name) {
		return nil, false
	}
	if c, ok := named[string(k.text[:k.n])]; ok {
		return c, true
	}
	// The longest name that the text begins with, if services follow.
	for i := k.words - 1; i > 0; i-- {
		c, ok := named[string(k.text[:k.ends[i-1]])]
		if !ok {
			continue
		}
		for j := i; j < k.words; j++ {
			if !services[string(k.text[k.ends[j-1]:k.ends[j]])] {
				return nil, false
			}
		}
		return c, true
	}
	return nil, false
}

// Same reports whether two names mean one carrier. Names that the table does
// not know are compared by their letters and digits.
func Same(a, b string) bool {
	if a == b {
		return true
	}
	x, knownX := Find(a)
	y, knownY := Find(b)
	if knownX || knownY {
		return x == y
	}
	var k, l nameKey
	return k.read(a) && l.read(b) && string(k.text[:k.n]) == string(l.text[:l.n])
}

// nameKey is a name in the form in which names are compared: letters and digits
// in lower case, and where its words end.
type nameKey struct {
	text  [96]byte
	n     int
	ends  [16]int
	words int
}

// read reports false for names that are longer than any in the table.
func (k *nameKey) read(name string) bool {
	within := false
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			// A sign such as ® ends no word that a letter does not follow.
			within = within && r == '\''
			continue
		}
		if !within {
			if k.words == len(k.ends) {
				return false
			}
			k.words++
			within = true
		}
		if k.n+utf8.UTFMax > len(k.text) {
			return false
		}
		k.n += utf8.EncodeRune(k.text[k.n:], unicode.ToLower(r))
		k.ends[k.words-1] = k.n
	}
	return true
}

// services are words of services behind a carrier's name that do not make it
// another carrier.
var services = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range []string{
		"2day", "2nd", "2", "3", "3day", "3rd", "one", "two", "three", "1", "1st", "48", "24",
		"advantage", "air", "am", "a", "m", "balance", "business", "bound", "by", "class", "commercial", "connect", "day", "days", "delivery", "domestic",
		"economy", "envelope", "evening", "expedited", "express", "first", "flat", "from", "ground", "home", "international", "library", "mail", "main", "media",
		"morning", "next", "of", "overnight", "pak", "parcel", "package", "parcels", "plus", "pm", "priority", "rate", "regular", "residential",
		"retail", "s", "saturday", "saver", "second", "select", "shipstation", "service", "services", "signature", "standard", "the", "third", "tracked", "us", "usa", "worldwide", "intl", "box",
	} {
		words[w] = true
	}
	return words
}()

// carriers is the table, in one order of all its parts.
var carriers = func() []*Carrier {
	all := allCarriers()
	for i, c := range all {
		c.index = i
	}
	for _, c := range all {
		c.accepted = 1 << c.index
		for _, name := range c.handsOverTo {
			for _, other := range all {
				if other.Name == name {
					c.accepted |= 1 << other.index
				}
			}
		}
	}
	return all
}()

// named finds carriers by the key of each of their names.
var named = func() map[string]*Carrier {
	index := map[string]*Carrier{}
	add := func(c *Carrier, name string) {
		var k nameKey
		k.read(name)
		index[string(k.text[:k.n])] = c
	}
	for _, c := range carriers {
		add(c, c.Name)
		for _, alias := range c.aliases {
			add(c, alias)
		}
		for _, names := range c.takes {
			for _, name := range names {
				add(c, name)
			}
		}
	}
	return index
}()
