package spec_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// orderBlocks is a configuration of n order blocks.
func orderBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `order "amazon-%d" {
  find            = { source = "Amazon", source_order_number = "112-%07d" }
  status          = "shipped"
  tracking_number = "1Z999AA1%010d"
  carrier         = "UPS"
  shipped_at      = "2026-11-20T16:28:00Z"
}
`, i, i, i)
	}
	return b.String()
}

// shipmentRows is a table of n shipments.
func shipmentRows(n int) string {
	var b strings.Builder
	b.WriteString("Order Number,Store,Tracking Number,Carrier,Ship Date,Void\n")
	for i := range n {
		fmt.Fprintf(&b, "112-%07d,Amazon US,1Z999AA1%010d,UPS,2026-11-20T16:28:00Z,N\n", i, i)
	}
	return b.String()
}

const benchBatch = `
locals {
  stores = { "Amazon US" = "Amazon", "Walmart.com" = "Walmart" }
}
batch "b" {
  rows            = csv("t.csv")
  find            = { source = %s, source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = %s
  shipped_at      = row["Ship Date"]
  %s
}
`

// BenchmarkLoad reads 10,000 order blocks.
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	source := orderBlocks(10_000)
	files{"main.hcl": source}.in(b, dir)
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		cfg, diags := spec.Load(dir, world{}.options())
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		_ = cfg.Close()
	}
	perItem(b, 10_000, "block")
}

// BenchmarkWishes reads tables; B/kept is what the wishes keep of a row.
func BenchmarkWishes(b *testing.B) {
	for _, rows := range []int{10_000, 100_000} {
		for _, c := range []struct{ name, source, carrier, where string }{
			{"plain", `"Amazon"`, `row["Carrier"]`, ""},
			{"where", `"Amazon"`, `row["Carrier"]`, `where = row["Void"] != "Y"`},
			{"index", `local.stores[row["Store"]]`, `row["Carrier"]`, ""},
			{"call", `"Amazon"`, `upper(row["Carrier"])`, ""},
		} {
			b.Run(fmt.Sprintf("%d/%s", rows, c.name), func(b *testing.B) {
				cfg := mustLoad(b, files{"t.csv": shipmentRows(rows), "main.hcl": fmt.Sprintf(benchBatch, c.source, c.carrier, c.where)}, world{})
				kept := 0.0
				b.ReportAllocs()
				for b.Loop() {
					before := heap()
					wishes, diags := cfg.Wishes(context.Background())
					if diags.HasErrors() || len(wishes.Orders) != rows {
						b.Fatal(len(wishes.Orders), diags)
					}
					kept = heap() - before
					runtime.KeepAlive(wishes)
				}
				b.ReportMetric(kept/float64(rows), "B/kept")
				perItem(b, rows, "row")
			})
		}
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func perItem(b *testing.B, items int, what string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items), "ns/"+what)
}
