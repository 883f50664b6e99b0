package sandbox

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path"
	"strings"
)

var feedColumns = []string{"id", "title", "description", "link", "image_link", "price", "availability", "brand", "gtin", "condition"}

// feedFile is the compiled file: CSV or, unless it is named .csv, tab
// delimited, one row for each product without an error.
func feedFile(g generator, f feed) reply {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	contentType := "text/csv; charset=utf-8"
	if path.Ext(f.File) != ".csv" {
		w.Comma = '\t'
		contentType = "text/tab-separated-values; charset=utf-8"
	}
	_ = w.Write(feedColumns) // a bytes.Buffer takes everything
	for n := range max(0, f.Total-f.Error) {
		_ = w.Write(feedRow(g, f, n))
	}
	w.Flush()
	return reply{status: 200, contentType: contentType, fileName: f.File, body: b.Bytes()}
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
