package godatafeed

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// BenchmarkDecodeOrders reads a page of 1,000 orders as the reference shows
// them, each with an id of its own.
func BenchmarkDecodeOrders(b *testing.B) {
	const orders = 1000
	raw, err := os.ReadFile("testdata/orders.json")
	if err != nil {
		b.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(raw), "[")
	end := strings.LastIndex(rest, "]")
	var page strings.Builder
	page.WriteString(before + "[")
	for i := range orders {
		if i > 0 {
			page.WriteString(",")
		}
		page.WriteString(strings.Replace(rest[:end], "tHbuSCBLMHNXP0VIYiycumodmWyfG6pj", fmt.Sprintf("tHbuSCBLMHNXP0VIYiycum%010d", i), 1))
	}
	page.WriteString(rest[end:])
	body := page.String()
	c, err := New(Options{Token: "token", Transport: transportFunc(func(*http.Request) (*http.Response, error) { return respond(200, body), nil })})
	if err != nil {
		b.Fatal(err)
	}
	query := OrderQuery{From: time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2017, 2, 1, 0, 0, 0, 0, time.UTC)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if live, err := c.ListOrders(b.Context(), query, 1, orders); err != nil || len(live) != orders {
			b.Fatal(len(live), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/orders, "ns/order")
}
