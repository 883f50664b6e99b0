package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf16"
)

var feedColumns = []string{"id", "title", "description", "link", "image_link", "price", "availability", "brand", "gtin", "condition"}

// Oddity is what is wrong with a feed's file, or unusual about it. One that is
// about a single row strikes the one in the middle.
type Oddity string

// The oddities. The transfer of a file is cut by a fault: download:half_body.
const (
	OddHTML       Oddity = "html"        // an HTML page instead of the file
	OddEmpty      Oddity = "empty"       // 0 bytes
	OddHeaderOnly Oddity = "header_only" // no rows
	OddCut        Oddity = "cut"         // the file ends within a row
	OddRagged     Oddity = "ragged"      // a row lacks its last cell
	OddDuplicated Oddity = "duplicated"  // a row has the id of the first
	OddLatin1     Oddity = "latin1"      // a row has a letter in ISO 8859-1
	OddBOM        Oddity = "bom"         // begins with a byte order mark
	OddUTF16      Oddity = "utf16"       // is UTF-16, little-endian, with its mark
)

var allOddities = []Oddity{
	OddHTML, OddEmpty, OddHeaderOnly, OddCut, OddRagged, OddDuplicated, OddLatin1, OddBOM, OddUTF16,
}

// feedReply is the compiled file: CSV or, unless it is named .csv, tab
// delimited, one row for each product without an error.
func feedReply(g generator, f feed) reply {
	a := reply{status: 200, contentType: "text/csv; charset=utf-8", fileName: f.File}
	if path.Ext(f.File) != ".csv" {
		a.contentType = "text/tab-separated-values; charset=utf-8"
	}
	switch {
	case len(f.Content) > 0:
		a.body = f.Content
	case f.Oddity == OddHTML:
		a.contentType, a.body = "text/html; charset=utf-8", []byte(htmlPage)
	case f.Oddity != OddEmpty:
		a.stream = func() io.Reader { return newFeedFile(g, f) }
	}
	return a
}

// feedFile makes a feed's file while it is read.
type feedFile struct {
	g      generator
	f      feed
	rows   int
	next   int // row; -1 is the header
	row    bytes.Buffer
	writer *csv.Writer // to row
	ready  bytes.Buffer
}

func newFeedFile(g generator, f feed) *feedFile {
	file := &feedFile{g: g, f: f, rows: max(0, f.Total-f.Error), next: -1}
	if f.Oddity == OddHeaderOnly {
		file.rows = 0
	}
	file.writer = csv.NewWriter(&file.row)
	if path.Ext(f.File) != ".csv" {
		file.writer.Comma = '\t'
	}
	return file
}

func (r *feedFile) Read(p []byte) (int, error) {
	for r.ready.Len() < len(p) && r.next < r.rows {
		r.makeRow()
		r.next++
	}
	return r.ready.Read(p)
}

// makeRow makes the next row, or the header.
func (r *feedFile) makeRow() {
	cells := feedColumns
	if r.next >= 0 {
		cells = feedRow(r.g, r.f, r.next)
	}
	odd := Oddity("")
	if r.next == r.rows/2 {
		odd = r.f.Oddity
	}
	switch odd {
	case OddRagged:
		cells = cells[:len(cells)-1]
	case OddDuplicated:
		cells[0] = feedRow(r.g, r.f, 0)[0]
	case OddLatin1:
		cells[1] = "Caf\xe9 " + cells[1]
	}
	r.row.Reset()
	if r.next < 0 && (r.f.Oddity == OddBOM || r.f.Oddity == OddUTF16) {
		r.row.WriteString("\ufeff")
	}
	_ = r.writer.Write(cells) // a bytes.Buffer takes everything
	r.writer.Flush()
	switch {
	case odd == OddCut:
		r.row.Truncate(r.row.Len() / 2)
		r.next = r.rows
	case r.f.Oddity == OddUTF16:
		_ = binary.Write(&r.ready, binary.LittleEndian, utf16.Encode([]rune(r.row.String())))
		return
	}
	r.ready.Write(r.row.Bytes())
}

func feedRow(g generator, f feed, n int) []string {
	rng := g.rng(streamRows, uint64(n)) // a product is the same in all feeds
	p := catalog[n%len(catalog)]
	id := fmt.Sprintf("%s-%05d", p.sku, n)
	slug := strings.ToLower(id)
	availability := "in stock"
	if rng.IntN(12) == 0 {
		availability = "out of stock"
	}
	return []string{
		id,
		p.name,
		fmt.Sprintf("%s by %s.", p.name, p.brand),
		"https://shop.example/products/" + slug,
		"https://shop.example/images/" + slug + ".jpg",
		fmt.Sprintf("%d.%02d USD", p.cents/100, p.cents%100),
		availability,
		p.brand,
		gtin(rng.Int64N(1_000_000_000)),
		"new",
	}
}

// gtin makes a GTIN-13 with its check digit, in the range that shops number
// themselves (20 to 29).
func gtin(n int64) string {
	body := fmt.Sprintf("200%09d", n)
	sum := 0
	for i, c := range []byte(body) {
		sum += int(c-'0') * (1 + i%2*2)
	}
	return fmt.Sprintf("%s%d", body, (10-sum%10)%10)
}
