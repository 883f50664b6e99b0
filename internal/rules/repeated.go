package rules

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

// sharedByMost is how many orders can go in one parcel.
const sharedByMost = 20

// Sharing finds tracking numbers that several orders have. It keeps a word
// for each number: there can be a million.
type Sharing struct {
	seed maphash.Seed
	seen []sharing
}

type sharing struct {
	hash  uint64
	order int // as the caller counts
}

// NewSharing returns an empty Sharing with room for that many orders.
func NewSharing(orders int) *Sharing {
	return &Sharing{seed: maphash.MakeSeed(), seen: make([]sharing, 0, orders)}
}

// Add takes in the number of an order. Orders are what the caller counts them as.
func (s *Sharing) Add(index int, number string) {
	if number != "" {
		s.seen = append(s.seen, sharing{maphash.String(s.seed, carrier.NumberKey(number)), index})
	}
}

// Groups calls visit for the orders of each number that several have, in the
// order in which they were added. number is asked for the numbers of the few
// that could be equal.
func (s *Sharing) Groups(number func(order int) string, visit func(orders []int)) {
	slices.SortFunc(s.seen, func(a, b sharing) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.order, b.order)) })
	var groups [][]int
	for i := 0; i < len(s.seen); {
		j := i + 1
		for j < len(s.seen) && s.seen[j].hash == s.seen[i].hash {
			j++
		}
		if j-i > 1 {
			groups = append(groups, equal(s.seen[i:j], number)...)
		}
		i = j
	}
	slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	for _, g := range groups {
		visit(g)
	}
}

// equal divides numbers of one hash by what they are: nearly always one.
func equal(hashed []sharing, number func(order int) string) [][]int {
	byKey := map[string][]int{}
	var keys []string
	for _, h := range hashed {
		key := carrier.NumberKey(number(h.order))
		if byKey[key] == nil {
			keys = append(keys, key)
		}
		byKey[key] = append(byKey[key], h.order)
	}
	var groups [][]int
	for _, key := range keys {
		if len(byKey[key]) > 1 {
			groups = append(groups, byKey[key])
		}
	}
	return groups
}

// Shared is SHIP12 for an order whose number others have too: another one
// of them, by its name, and how many orders there are in all.
func Shared(also string, orders int) Finding {
	if orders > sharedByMost {
		return Finding{"SHIP12", Error, fmt.Sprintf("%d orders have this tracking number, also %s: a column may be filled with one value", orders, also)}
	}
	more := ""
	if orders > 2 {
		more = fmt.Sprintf(" and %d more", orders-2)
	}
	return Finding{"SHIP12", Warn, fmt.Sprintf("the tracking number is also on %s%s; right if both went in one parcel", also, more)}
}
