package table_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gdfctl/gdfctl/internal/table"
)

// FuzzCSV: whatever a file holds, reading ends, rows come in order with valid
// text, and good rows have one cell for each column.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "\ufeffa;b\r\n\"1\n\";2\r\n", "a,a\n", "a\n\"x", "a,b\n1\n", "\xff\xfea\x00\n\x001\x00", "PK\x03\x04", "a\tb\n\x00", "a|b\nJos\xe9|1", "\"\n\"\r\r\n", "sep=;\na;b\n", "a\tb\n1\t\"x\n2\ty\"\n", "a\rb\r", "a,b,,\n1,2\n",
	} {
		for ways := range byte(12) {
			f.Add([]byte(seed), ways)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte, ways byte) {
		root := rootWith(t, map[string]string{"t.csv": string(content)})
		o := table.CSVOptions{
			Quotes:   append(table.AllQuotes, table.QuotesByDelimiter)[ways&3],
			Encoding: append(table.Encodings, table.EncodingByMark)[int(ways>>2)%6],
			Keys:     []string{"a"},
		}
		if ways >= 0x80 {
			o.HeaderLine = 2
		}
		line := 0
		for row, err := range table.CSV(root, "t.csv", o) {
			if err != nil {
				if !utf8.ValidString(err.Error()) || !strings.HasPrefix(err.Error(), "t.csv:") {
					t.Fatalf("bad error %q", err)
				}
				continue
			}
			if row.Line <= line {
				t.Fatalf("line %d after line %d", row.Line, line)
			}
			line = row.Line
			if row.Err == nil && len(row.Cells) != len(row.Header.Names) {
				t.Fatalf("%d cells for %d columns", len(row.Cells), len(row.Header.Names))
			}
			for i, cell := range row.Cells {
				if cell != table.Clean(cell) {
					t.Fatalf("cell %d is not clean: %q", i, cell)
				}
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
					t.Fatalf("cell %d is no text: %q", i, cell)
				}
			}
			for _, name := range row.Header.Names {
				row.Column(name)
			}
		}
	})
}

// FuzzJSONL: whatever a file holds, reading ends and each row is an object or bad.
func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{
		`{"a":1}`, "{}\n\n[]\n", `{"a":{"b":[1,2,"x",null,true]}}`, `{"a":1e999999999}`, `{"a":1,"a":2}`, `{"a"`, "[", `{"a":[[[[[[`, "\xff\xfe{\x00}\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		root := rootWith(t, map[string]string{"t.jsonl": string(content)})
		for row, err := range table.JSONL(root, "t.jsonl", nil) {
			if err != nil {
				continue
			}
			if row.Err == nil && !row.Object.Type().IsObjectType() {
				t.Fatalf("line %d is %#v", row.Line, row.Object)
			}
		}
	})
}
