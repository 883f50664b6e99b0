package carrier

import (
	"iter"
	"math/bits"
	"net/url"
	"strings"
)

// Carrier is one line of the table: a carrier, or a service of one that has
// numbers and a name of its own at marketplaces.
type Carrier struct {
	Name string // that marketplaces take, as carrier() gives it

	aliases []string // other names; compared by their letters and digits alone
	forms   []form   // of its own numbers
	postal  bool     // also issues the numbers of the Universal Postal Union (S10)

	// handsOverTo names who brings its parcels to the door, or whose labels it
	// prints: numbers of these are as good as its own.
	handsOverTo []string

	// takes has the names that a marketplace takes, by Marketplace, the
	// preferred one first.
	takes map[string][]string
	url   string // where a parcel can be followed, with one %s

	index    int // in carriers
	accepted Set // itself and who it hands over to
}

// A Set is a set of carriers.
type Set uint64

// Has reports whether c is in the set.
func (s Set) Has(c *Carrier) bool { return s&(1<<c.index) != 0 }

// All lists the carriers of the set in the order of the table.
func (s Set) All() iter.Seq[*Carrier] {
	return func(yield func(*Carrier) bool) {
		for rest := s; rest != 0; rest &= rest - 1 {
			if !yield(carriers[bits.TrailingZeros64(uint64(rest))]) {
				return
			}
		}
	}
}

// All lists all carriers of the table.
func All() iter.Seq[*Carrier] { return Set(1<<len(carriers) - 1).All() }

// Name is the name of a carrier that a marketplace takes, or, without a
// marketplace, the one that most take. A carrier that the table does not know
// keeps its name, without outer space.
func Name(carrier, marketplace string) string {
	c, ok := Find(carrier)
	if !ok {
		return strings.TrimSpace(carrier)
	}
	if takes := c.Takes(marketplace); len(takes) > 0 {
		return takes[0]
	}
	return c.Name
}

// Takes lists the names of the carrier that a marketplace takes, the preferred
// one first. It is empty where the table does not know.
func (c *Carrier) Takes(marketplace string) []string {
	return c.takes[Marketplace(marketplace)]
}

// TrackingURL is where a parcel can be followed. It is empty for a carrier
// that the table has no address of.
func TrackingURL(carrier, number string) string {
	c, ok := Find(carrier)
	var spelled spelling
	if !ok || c.url == "" || !spelled.read(number) || spelled.n == 0 {
		return ""
	}
	return strings.Replace(c.url, "%s", url.QueryEscape(spelled.text()), 1)
}

// Marketplace is the form in which the table names marketplaces. A seller's
// account can be called by its address: Walmart.com is Walmart.
func Marketplace(name string) string {
	key := strings.ToLower(strings.TrimSpace(name))
	return strings.TrimSuffix(key, ".com")
}
