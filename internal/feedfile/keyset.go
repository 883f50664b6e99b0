package feedfile

import (
	"hash/maphash"
	"math"
	"runtime"
)

// MaxKeys is how many values are compared in a file, those of all unique
// columns together: 240 MB. Rows behind that are counted as unchecked, so that
// a file that is larger never passes for one without duplicates.
const MaxKeys = 20_000_000

// A value is remembered as its 64-bit hash under a random key, and the line of
// its row: 12 bytes. Two different values share a hash with a probability of
// 2^-64, so a file of n different values shows a duplicate that is none with
// n²/2^65: 3 in a million for 10 million values, 1.1 in 100,000 for MaxKeys.
// Nobody who writes a feed can choose values that collide, since the key is
// made anew for each scan. A duplicate that is there is always found.
//
// While the file is read, hashes are only put aside, in parts by their first
// bits; nothing is moved, so that there is no garbage and memory grows evenly.
// Each part is then looked through with a small table, in the order of the
// rows.

// keySpace is what the sets of a scan share.
type keySpace struct {
	seed  maphash.Seed
	left  int      // of MaxKeys
	table []uint64 // for one part; 0 is free
}

// release lets go of the memory of many keys at once. The collector would take
// its time, and the next file's keys would come to stand beside these.
func (s *keySpace) release() {
	if s.left < MaxKeys-manyKeys {
		runtime.GC()
	}
}

const (
	manyKeys  = 1_000_000
	partBits  = 8
	chunkKeys = 512 // a chunk fills one of the allocator's size classes
	tableSize = 1 << 10
)

func newKeySpace() *keySpace {
	return &keySpace{seed: maphash.MakeSeed(), left: MaxKeys}
}

func (s *keySpace) newSet() *keySet { return &keySet{space: s} }

// keySet holds the values of one column.
type keySet struct {
	space *keySpace
	parts [1 << partBits]part
}

type part struct {
	chunks []*chunk
	keys   int
}

type chunk struct {
	keys  [chunkKeys]uint64
	lines [chunkKeys]uint32
}

func (k *keySet) hash(value []byte) uint64 {
	return max(maphash.Bytes(k.space.seed, value), 1) // 0 is a free place
}

// add puts a value aside, and reports whether there was room.
func (k *keySet) add(key uint64, line int) bool {
	if k.space.left == 0 {
		return false
	}
	k.space.left--
	p := &k.parts[key>>(64-partBits)]
	at := p.keys % chunkKeys
	if at == 0 {
		p.chunks = append(p.chunks, new(chunk))
	}
	c := p.chunks[len(p.chunks)-1]
	c.keys[at], c.lines[at] = key, uint32(min(uint64(line), math.MaxUint32))
	p.keys++
	return true
}

// duplicates counts the values that were added before, and finds the first
// line of one.
func (k *keySet) duplicates() (count, firstLine int) {
	for i := range k.parts {
		n, first := k.space.duplicatesIn(&k.parts[i])
		if n > 0 && (count == 0 || first < firstLine) {
			firstLine = first
		}
		count += n
	}
	return count, firstLine
}

func (s *keySpace) duplicatesIn(p *part) (count, firstLine int) {
	if s.table == nil {
		s.table = make([]uint64, tableSize)
	}
	clear(s.table)
	different := 0
	for n := range p.keys {
		c := p.chunks[n/chunkKeys]
		place := s.find(c.keys[n%chunkKeys])
		if *place != 0 {
			note(&count, &firstLine, int(c.lines[n%chunkKeys]))
			continue
		}
		*place = c.keys[n%chunkKeys]
		if different++; different > len(s.table)/2 {
			s.grow()
		}
	}
	return count, firstLine
}

// find is where the key is in the table, or where it would be.
func (s *keySpace) find(key uint64) *uint64 {
	mask := uint64(len(s.table) - 1)
	for at := key & mask; ; at = (at + 1) & mask {
		if s.table[at] == 0 || s.table[at] == key {
			return &s.table[at]
		}
	}
}

func (s *keySpace) grow() {
	old := s.table
	s.table = make([]uint64, 2*len(old))
	for _, key := range old {
		if key != 0 {
			*s.find(key) = key
		}
	}
}
