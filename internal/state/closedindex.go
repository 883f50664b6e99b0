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
	begins []int32                // where in places the hashes begin that have the same top 16 bits
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
	return closedIndex{places: places, begins: begins(places), later: map[uint64]closedPlace{}, live: len(places)}
}

// topShift leaves the top 16 bits of a hash. They narrow a search among a million
// down to a dozen places that stand together: searching all of them is twenty
// waits for memory.
const topShift = 48

func begins(places []closedPlace) []int32 {
	if len(places) == 0 {
		return nil // find does not look at them then: a quarter of a megabyte of zeros
	}
	begins := make([]int32, 1<<(64-topShift)+1)
	for _, p := range places {
		begins[p.hash>>topShift+1]++
	}
	for i := 1; i < len(begins); i++ {
		begins[i] += begins[i-1]
	}
	return begins
}

func (x *closedIndex) find(hash uint64) (offset int64, ok bool) {
	if p, ok := x.later[hash]; ok {
		return p.offset(), !p.gone()
	}
	if len(x.places) == 0 {
		return 0, false
	}
	near := x.places[x.begins[hash>>topShift]:x.begins[hash>>topShift+1]]
	i, ok := slices.BinarySearchFunc(near, hash, func(p closedPlace, hash uint64) int { return cmp.Compare(p.hash, hash) })
	if !ok {
		return 0, false
	}
	return near[i].offset(), true
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
