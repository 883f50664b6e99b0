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

// TestMemoryIsBounded: what is allocated for a large file, all in all, is
// little, whatever its shape.
func TestMemoryIsBounded(t *testing.T) {
	const size, most = 8 << 20, 6 << 20
	spec := Spec{RequiredValues: []string{"a", "b"}, GTIN: []string{"a"}, Price: []string{"b"}, HTTPS: []string{"a"}}
	for name, tt := range map[string]struct {
		begin, text string
		check       func(Facts) bool
	}{
		"rows":               {"a,b\n", "https://x.example,\"1,299.00 USD\"\n", func(f Facts) bool { return f.Rows > 100_000 && f.Ragged+f.Damaged <= 1 }},
		"ragged rows":        {"a,b\n", "x\n", func(f Facts) bool { return f.Ragged == f.Rows }},
		"an open quote":      {"a,b\n1,\"", "x\n", func(f Facts) bool { return f.Rows == 1 && f.Damaged == 1 }},
		"a long cell":        {"a,b\n1,", "x", func(f Facts) bool { return f.Rows == 1 && f.Damaged == 1 }},
		"a row of cells":     {"a,b\n1,", "x,", func(f Facts) bool { return f.Rows == 1 && f.Ragged == 1 }},
		"a header of names":  {"", "column,", func(f Facts) bool { return f.Rows == 0 && f.Damaged == 1 && len(f.Header) == maxColumns }},
		"a header of blanks": {"", ",", func(f Facts) bool { return f.Empty }},
		"one name":           {"", "x", func(f Facts) bool { return f.Rows == 0 && f.Damaged == 1 }},
		"line ends":          {"a,b\n", "\r\n", func(f Facts) bool { return f.Rows == 0 }},
		"space":              {"", " ", func(f Facts) bool { return f.Rows == 0 && f.Damaged == 1 }},
		"quotes":             {"a,b\n", "\"\"", func(f Facts) bool { return f.Rows == 1 && f.Damaged == 1 }},
		"NUL":                {"", "\x00", func(f Facts) bool { return f.BadBytesLine == 1 && f.Damaged == 1 }},
		"UTF-16": {
			"\xff\xfe" + string(inUTF16([]byte("a,b\n"), binary.LittleEndian)[2:]), string(inUTF16([]byte("€,👟\n"), binary.LittleEndian)[2:]),
			func(f Facts) bool { return f.Rows > 400_000 && f.Ragged <= 1 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := endless(tt.begin, tt.text, size)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := Scan(t.Context(), file, spec)
			runtime.ReadMemStats(&after)
			if err != nil || !tt.check(f) {
				f.Header = f.Header[:min(len(f.Header), 3)]
				t.Errorf("%+v, %v", f, err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > most {
				t.Errorf("%d MiB were allocated for %d MiB", got>>20, size>>20)
			}
		})
	}
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
