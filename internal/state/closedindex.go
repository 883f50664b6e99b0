package state

import (
	"cmp"
	"slices"
)

// closedIndex finds lines of the file of closed orders by the hash of a name. A
// year of orders is a million lines, and every command opens it: what
// is sorted takes 16 bytes a name, a quarter of what a map does.
type closedIndex struct {
	places []closedPlace          // sorted by hash, each of them once
	later  map[uint64]closedPlace // of lines that were added since
	live   int                    // names that lead to a line
}

// closedPlace is where the latest line about a name begins.
type closedPlace struct {
	hash uint64
	at   int64 // ^at if the line takes the name back
}

func placeAt(hash uint64, offset int64, gone bool) closedPlace {
	if gone {
		return closedPlace{hash, ^offset}
	}
	return closedPlace{hash, offset}
}

func (p closedPlace) gone() bool { return p.at < 0 }

func (p closedPlace) offset() int64 {
	if p.gone() {
		return ^p.at
	}
	return p.at
}

// newClosedIndex takes over places in the order of their lines.
func newClosedIndex(places []closedPlace) closedIndex {
	slices.SortFunc(places, func(a, b closedPlace) int {
		if a.hash != b.hash {
			return cmp.Compare(a.hash, b.hash)
		}
		return cmp.Compare(b.offset(), a.offset()) // the latest line first
	})
	places = slices.CompactFunc(places, func(a, b closedPlace) bool { return a.hash == b.hash })
	places = slices.DeleteFunc(places, closedPlace.gone)
	return closedIndex{places: places, later: map[uint64]closedPlace{}, live: len(places)}
}

func (x *closedIndex) find(hash uint64) (offset int64, ok bool) {
	if p, ok := x.later[hash]; ok {
		return p.offset(), !p.gone()
	}
	i, ok := slices.BinarySearchFunc(x.places, hash, func(p closedPlace, hash uint64) int { return cmp.Compare(p.hash, hash) })
	if !ok {
		return 0, false
	}
	return x.places[i].offset(), true
}

func (x *closedIndex) add(p closedPlace) {
	if _, there := x.find(p.hash); there {
		x.live--
	}
	if !p.gone() {
		x.live++
	}
	x.later[p.hash] = p
}
