package feedfile

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"strings"
	"testing"
)

// endless repeats a text to a size, after a beginning.
func endless(begin, text string, size int64) io.Reader {
	piece := []byte(strings.Repeat(text, 1+(64<<10)/len(text)))
	return io.MultiReader(strings.NewReader(begin), io.LimitReader(&again{piece, piece}, size))
}

type again struct{ piece, rest []byte }

func (a *again) Read(p []byte) (int, error) {
	if len(a.rest) == 0 {
		a.rest = a.piece
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// TestMemoryOfKeys: a value costs 12 bytes, and a constant one no more.
func TestMemoryOfKeys(t *testing.T) {
	const values = 1_000_000
	for name, id := range map[string]func(n int) int{
		"different": func(n int) int { return n },
		"the same":  func(int) int { return 7 },
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			set := newKeySpace().newSet()
			var value [4]byte
			for n := range values {
				binary.BigEndian.PutUint32(value[:], uint32(id(n)))
				set.add(set.hash(value[:]), n)
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 14*values {
				t.Errorf("%d bytes a value", got/values)
			}
		})
	}
}

// TestManyValues has so many that the tables of the parts grow.
func TestManyValues(t *testing.T) {
	const values = 3 * tableSize << partBits / 2
	set := newKeySpace().newSet()
	var value [4]byte
	for n := range values {
		id := n
		if n%1000 == 999 {
			id = n / 2
		}
		binary.BigEndian.PutUint32(value[:], uint32(id))
		set.add(set.hash(value[:]), n)
	}
	// Halves of such numbers that are such numbers themselves were not there.
	want := 0
	for n := 999; n < values; n += 1000 {
		if n/2%1000 != 999 {
			want++
		}
	}
	if count, first := set.duplicates(); count != want || first != 999 || len(set.space.table) <= tableSize {
		t.Errorf("%d duplicates, the first on line %d, with a table of %d; want %d, 999", count, first, len(set.space.table), want)
	}
}

// TestTooManyValues: what was not compared is told, and duplicates among the
// others are.
func TestTooManyValues(t *testing.T) {
	f := &Facts{}
	table := &table{spec: Spec{Unique: []string{"a", "b"}}, facts: f, keys: newKeySpace()}
	table.keys.left = 5
	rows := newSplitter(',', table)
	rows.split([]byte("a,b\n1,1\n1,2\n3,\n1,1\n3,3\n,1\n"))
	rows.end()
	table.end()
	want := []UniqueFact{
		{Column: "a", Duplicates: 1, FirstLine: 3, Unchecked: 2},
		{Column: "b", Unchecked: 3},
	}
	if f.Unique[0] != want[0] || f.Unique[1] != want[1] {
		t.Errorf("%+v, want %+v", f.Unique, want)
	}
}

// TestKeysGoToEveryPart: a part's table must not become as large as the file.
func TestKeysGoToEveryPart(t *testing.T) {
	set := newKeySpace().newSet()
	for n := range 1 << 16 {
		set.add(set.hash(bytes.Repeat([]byte{byte(n)}, n>>8)), n)
	}
	for i := range set.parts {
		if set.parts[i].keys == 0 {
			t.Fatalf("part %d is empty", i)
		}
	}
}
