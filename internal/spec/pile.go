package spec

import (
	"iter"
	"slices"
)

// Pile is wishes in the order of reading. There can be a million: they lie in
// chunks, so that none is copied when there are more.
type Pile struct {
	chunks [][]Wish
	count  int
}

const chunkSize = 1024

// Add puts a wish on the pile, and returns it where it is kept.
func (p *Pile) Add(w Wish) *Wish {
	last := len(p.chunks) - 1
	if last < 0 || len(p.chunks[last]) == cap(p.chunks[last]) {
		p.chunks = append(p.chunks, make([]Wish, 0, chunkSize))
		last++
	}
	w.no = int32(p.count)
	p.chunks[last] = append(p.chunks[last], w)
	p.count++
	return &p.chunks[last][len(p.chunks[last])-1]
}

// shared is a pile of the same wishes. What is put on it is not on the other one.
func (p Pile) shared() Pile {
	p.chunks = slices.Clone(p.chunks)
	for i := range p.chunks {
		p.chunks[i] = slices.Clip(p.chunks[i])
	}
	return p
}

// Len is how many wishes there are.
func (p *Pile) Len() int { return p.count }

// All lists the wishes in the order of reading.
func (p *Pile) All() iter.Seq[*Wish] {
	return func(yield func(*Wish) bool) {
		for _, chunk := range p.chunks {
			for i := range chunk {
				if !yield(&chunk[i]) {
					return
				}
			}
		}
	}
}
