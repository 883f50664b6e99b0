package feedfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// writer writes a table in some style, and knows the line that it is on.
type writer struct {
	text      strings.Builder
	delimiter string
	newline   string
	quote     func() bool // cells that need no quotes
	line      int
}

func (w *writer) row(cells []string) (line int) {
	line = w.line
	for i, cell := range cells {
		if i > 0 {
			w.text.WriteString(w.delimiter)
		}
		w.line += strings.Count(cell, "\n") + strings.Count(cell, "\r") - strings.Count(cell, "\r\n")
		if strings.HasPrefix(cell, `"`) || strings.ContainsAny(cell, w.delimiter+"\r\n") || i == 0 && strings.TrimSpace(cell) == "" || w.quote() {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		w.text.WriteString(cell)
	}
	w.text.WriteString(w.newline)
	w.line++
	return line
}

// TestPlantedFacts writes a table with faults in any style, encoding and
// chunking: exactly these are found.
func TestPlantedFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{
			delimiter: rapid.SampledFrom([]string{",", "\t", ";", "|"}).Draw(t, "delimiter"),
			newline:   rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline"),
			quote:     func() bool { return rapid.Bool().Draw(t, "quote") },
			line:      1,
		}
		header := []string{"id", "title", "gtin", "price", "link"}
		w.row(header)
		f := Facts{
			Encoding: UTF8, Delimiter: rune(w.delimiter[0]), Header: header, HeaderHash: headerHash(header),
			Unique:   []UniqueFact{{Column: "id"}},
			Blank:    []ColumnFact{{Column: "title"}},
			BadGTIN:  []ColumnFact{{Column: "gtin"}},
			BadPrice: []ColumnFact{{Column: "price"}},
			NotHTTPS: []ColumnFact{{Column: "link"}},
		}
		ids := map[string]bool{}
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			plantRow(t, w, &f, ids)
		}
		text := []byte(w.text.String())
		switch f.Encoding = rapid.SampledFrom([]string{UTF8, UTF16LE, UTF16BE}).Draw(t, "encoding"); f.Encoding {
		case UTF16LE:
			text = inUTF16(text, binary.LittleEndian)
		case UTF16BE:
			text = inUTF16(text, binary.BigEndian)
		case UTF8:
			if rapid.Bool().Draw(t, "mark") {
				text = append([]byte("\xef\xbb\xbf"), text...)
			}
		}
		got, err := Scan(t.Context(), &chunks{text, func(most int) int { return rapid.IntRange(0, most).Draw(t, "chunk") }}, Spec{
			Unique: []string{"id"}, RequiredValues: []string{"title"}, GTIN: []string{"gtin"}, Price: []string{"price"}, HTTPS: []string{AllLinks},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%q (-planted +found)\n%s", text, diff)
		}
	})
}

// plantRow writes a row and notes what is wrong with it.
func plantRow(t *rapid.T, w *writer, f *Facts, ids map[string]bool) {
	if rapid.IntRange(0, 5).Draw(t, "blank line") == 0 {
		w.text.WriteString(w.newline)
		w.line++
	}
	if rapid.IntRange(0, 5).Draw(t, "ragged") == 0 {
		cells := slices.Repeat([]string{"x"}, rapid.SampledFrom([]int{1, 4, 6}).Draw(t, "cells"))
		note(&f.Ragged, &f.FirstRaggedLine, w.row(cells))
		f.Rows++
		return
	}
	space := rapid.SampledFrom([]string{"", " ", "\u00a0"}).Draw(t, "space")
	faulty := func(name string, good, bad []string) (cell string, isBad bool) {
		isBad = rapid.Bool().Draw(t, name)
		if isBad {
			good = bad
		}
		return space + rapid.SampledFrom(good).Draw(t, name) + space, isBad
	}
	id := rapid.SampledFrom([]string{"", "a", "b", "c", "A\n1", "d,\t;|", `"e"`, "ä", "👟"}).Draw(t, "id")
	title, blank := faulty("title", []string{"One\r\ntwo\rthree", "5\" pipe", "x"}, []string{"", " "})
	gtin, badGTIN := faulty("gtin", []string{"", "4006381333931"}, []string{"1", "4006381333932"})
	price, badPrice := faulty("price", []string{"", "1,299.00 USD", "5,00 €"}, []string{"0", "free"})
	link, badLink := faulty("link", []string{"", "https://x.example"}, []string{"http://x.example", "x"})
	line := w.row([]string{space + id, title, gtin, price, link})
	if strings.TrimSpace(id+title+gtin+price+link) == "" {
		return
	}
	f.Rows++
	if ids[id] && id != "" {
		note(&f.Unique[0].Duplicates, &f.Unique[0].FirstLine, line)
	}
	ids[id] = true
	for fact, bad := range map[*ColumnFact]bool{&f.Blank[0]: blank, &f.BadGTIN[0]: badGTIN, &f.BadPrice[0]: badPrice, &f.NotHTTPS[0]: badLink} {
		if bad {
			note(&fact.Count, &fact.FirstLine, line)
		}
	}
}

// chunks reads a text in pieces of sizes that next says; some are empty.
type chunks struct {
	text []byte
	next func(most int) int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.text[:c.next(min(len(c.text), 50))])
	c.text = c.text[n:]
	return n, nil
}

// TestDuplicatesAreExact compares many values with a map of them.
func TestDuplicatesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		different := rapid.IntRange(1, 4000).Draw(t, "different")
		step := rapid.IntRange(1, 1000).Draw(t, "step")
		seen := map[int]bool{}
		var text bytes.Buffer
		text.WriteString("id\n")
		want := UniqueFact{Column: "id"}
		for n := range 3000 {
			id := n * step % different
			if seen[id] {
				note(&want.Duplicates, &want.FirstLine, n+2)
			}
			seen[id] = true
			fmt.Fprintln(&text, id)
		}
		f, err := Scan(t.Context(), &text, Spec{Unique: []string{"id"}})
		if err != nil || f.Unique[0] != want {
			t.Errorf("%+v, %v, want %+v", f.Unique, err, want)
		}
	})
}
