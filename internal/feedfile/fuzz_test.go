package feedfile

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzScan: whatever a file holds, reading ends, finds the same however the
// file comes, and counts that fit each other. Where encoding/csv can read it,
// both see the same rows.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"", "id,link\n1,https://x\n", "\ufeffid;price\r\n\"1\n\";5,00 €\r\n", "a\n\"x", "a,b\n1\n", "\xff\xfea\x00\n\x001\x00", "\xfe\xff\x00a\xd8\x3d", "a\tb\n\x00\t", "a|b\nJos\xe9|1",
		"\"\n\"\r\r\n", "<html>", "a,a\r1,\"2\"3\"\r", "id\n1\n1\n", "gtin,price\n4006381333931,$.99\n", "\xe2\x82", "id,link\n,\"http://\"\n \n",
	} {
		for ways := range byte(12) {
			f.Add([]byte(seed), ways)
		}
	}
	f.Add([]byte(gzipped(f, "id\n1\n")), byte(0))
	f.Add([]byte(zipped(f, zipFile{name: "a", text: "id\n1\n"}, zipFile{name: ".b", text: "x", stored: true})), byte(0))
	spec := Spec{
		RequiredColumns: []string{"id"}, Unique: []string{"id", "a"}, RequiredValues: []string{"a", "b"},
		GTIN: []string{"gtin", "a"}, Price: []string{"price", "b"}, HTTPS: []string{AllLinks, "a"},
	}
	f.Fuzz(func(t *testing.T, file []byte, ways byte) {
		spec := spec
		spec.HeaderLine = int(ways & 1)
		if ways&2 != 0 {
			spec.HeaderLine += 2
		}
		spec.Encoding = []string{"", Windows1252, ISO885915, UTF16BE, UTF8, UTF16LE}[ways>>2%6]
		got, err := Scan(t.Context(), bytes.NewReader(file), spec)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Scan(t.Context(), iotest.OneByteReader(bytes.NewReader(file)), spec)
		if diff := cmp.Diff(got, again); diff != "" || err != nil {
			t.Fatalf("%v (-whole +byte by byte)\n%s", err, diff)
		}
		checkFit(t, got, len(file))
		if rows, ok := strictRows(file, got); ok && ways == 0 && (got.Rows != rows || got.Damaged > 0) {
			t.Errorf("%d rows, %d damaged, and encoding/csv reads %d", got.Rows, got.Damaged, rows)
		}
	})
}

func checkFit(t *testing.T, f Facts, size int) {
	measured := f.Rows - f.Ragged - f.Damaged
	if f.Damaged > 0 {
		measured++ // the header may be one of them
	}
	counts := map[string][2]int{"ragged": {f.Ragged, f.FirstRaggedLine}, "damaged": {f.Damaged, f.FirstDamagedLine}}
	for _, u := range f.Unique {
		counts["unique "+u.Column] = [2]int{u.Duplicates, u.FirstLine}
	}
	for _, list := range [][]ColumnFact{f.Blank, f.BadGTIN, f.BadPrice, f.NotHTTPS} {
		for _, c := range list {
			counts["cells of "+c.Column] = [2]int{c.Count, c.FirstLine}
			if c.Count > measured {
				t.Errorf("%+v of %d rows that were measured", c, measured)
			}
		}
	}
	for name, c := range counts {
		if (c[0] == 0) != (c[1] == 0) || c[0] > f.Rows+1 || c[1] > size+1 {
			t.Errorf("%s: %d of %d rows, the first on line %d of %d bytes", name, c[0], f.Rows, c[1], size)
		}
	}
	for _, name := range f.Header {
		if !utf8.ValidString(name) || name != strings.TrimSpace(name) {
			t.Errorf("a column is called %q", name)
		}
	}
	if f.Empty != (len(f.Header) == 0 && !f.HTML && !f.XML && f.Archive == "") || f.Empty && f.Rows > 0 {
		t.Errorf("empty: %v, with %d columns and %d rows", f.Empty, len(f.Header), f.Rows)
	}
}

// strictRows is how many rows encoding/csv sees, in a file that both read alike:
// it knows no CR alone, and takes a line of space or of delimiters for a row.
func strictRows(file []byte, f Facts) (rows int, ok bool) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if f.Encoding != UTF8 || f.HTML || f.XML || f.Archive != "" || bytes.HasPrefix(file, []byte("\x1f\x8b")) || bytes.HasPrefix(file, []byte("PK")) || bytes.Contains(bytes.ReplaceAll(file, []byte("\r\n"), nil), []byte("\r")) {
		return 0, false
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.Comma, r.FieldsPerRecord = f.Delimiter, -1
	all, err := r.ReadAll()
	if err != nil {
		return 0, false
	}
	for _, row := range all {
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			return 0, false
		}
	}
	return max(0, len(all)-1), true
}
