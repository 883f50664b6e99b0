//go:build !race

package feedfile

import (
	"encoding/binary"
	"runtime"
	"testing"
)

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
