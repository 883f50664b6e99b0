package config_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// shipmentRows is a table of n shipments in no order, each at a time of its own.
func shipmentRows(n int) string {
	var b strings.Builder
	b.WriteString("Order Number,Store,Tracking Number,Carrier,Ship Date,Void\n")
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for i, number := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		shipped := first.Add(time.Duration(i) * time.Second).Format("01/02/2006 03:04:05 PM")
		fmt.Fprintf(&b, "112-%07d,Amazon US,1Z999AA1%010d,UPS,%s,N\n", number, i, shipped)
	}
	return b.String()
}

const shipmentBatch = `
locals {
  stores = { "Amazon US" = "Amazon", "Walmart.com" = "Walmart" }
}
batch "b" {
  rows            = csv("t.csv")
  find            = { source = %s, source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = %s
  shipped_at      = %s
  where           = %s
}
`

const (
	parsedDate = `parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"], "America/New_York")`
	notVoid    = `row["Void"] != "Y"`
)

// BenchmarkRows tells what single attributes add to a row.
func BenchmarkRows(b *testing.B) {
	const rows = 10_000
	table := shipmentRows(rows)
	for _, c := range []struct{ name, source, carrier, shipped, where string }{
		{"plain", `"Amazon"`, `row["Carrier"]`, "null", "true"},
		{"where", `"Amazon"`, `row["Carrier"]`, "null", notVoid},
		{"where-of-many", `"Amazon"`, `row["Carrier"]`, "null", `row["Tracking Number"] != ""`},
		{"where-of-two", `"Amazon"`, `row["Carrier"]`, "null", notVoid + ` && row["Store"] != ""`},
		{"function", `"Amazon"`, `upper(row["Carrier"])`, "null", "true"},
		{"time", `"Amazon"`, `row["Carrier"]`, parsedDate, "true"},
		{"index", `local.stores[row["Store"]]`, `row["Carrier"]`, "null", "true"},
	} {
		b.Run(c.name, func(b *testing.B) {
			benchmarkWishes(b, rows, table, fmt.Sprintf(shipmentBatch, c.source, c.carrier, c.shipped, c.where))
		})
	}
}

// BenchmarkWishes reads larger and larger tables with where, one function and
// plain columns: what a row costs must not grow. With few, the function is asked
// for one text again and again; with many, for another in each row.
func BenchmarkWishes(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		if rows > 100_000 && testing.Short() {
			continue
		}
		table := shipmentRows(rows)
		for _, c := range []struct{ name, carrier, shipped string }{
			{"few", `upper(row["Carrier"])`, `"2026-11-20T16:28:00Z"`},
			{"many", `row["Carrier"]`, parsedDate},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, rows), func(b *testing.B) {
				benchmarkWishes(b, rows, table, fmt.Sprintf(shipmentBatch, `"Amazon"`, c.carrier, c.shipped, notVoid))
			})
		}
	}
}

// BenchmarkCombine reads orders of two rows that are put together.
func BenchmarkCombine(b *testing.B) {
	const orders = 100_000
	var rows strings.Builder
	rows.WriteString("Order Number,Store,Tracking Number,Carrier,Ship Date,Void\n")
	for i := range orders {
		fmt.Fprintf(&rows, "112-%07d,Amazon US,1Z999AA1%010d,UPS,,N\n112-%07d,Amazon US,1Z999AA1%010d,,,N\n", i, i, i, i)
	}
	benchmarkWishes(b, orders, rows.String(), fmt.Sprintf(shipmentBatch, `"Amazon"`, `row["Carrier"]`, "null", notVoid))
}

// benchmarkWishes reports what a row takes: B/kept is what its wish keeps,
// MB/peak the most that the heap had in use meanwhile, garbage included.
func benchmarkWishes(b *testing.B, rows int, table, batch string) {
	cfg := mustLoad(b, files{"t.csv": table, "main.hcl": batch}, world{})
	kept, peak := 0.0, 0.0
	b.ReportAllocs()
	for b.Loop() {
		before := heap()
		watch := watchHeap()
		wishes, diags := cfg.Wishes(context.Background())
		peak = max(peak, watch()-before)
		if diags.HasErrors() || len(wishes.Orders) != rows {
			b.Fatal(len(wishes.Orders), diags)
		}
		kept = heap() - before
		runtime.KeepAlive(wishes)
	}
	b.ReportMetric(kept/float64(rows), "B/kept")
	b.ReportMetric(peak/(1<<20), "MB/peak")
	perItem(b, rows, "row")
}

// watchHeap follows the bytes in use until the function that it returns is
// called, which tells the most that there were.
func watchHeap() func() float64 {
	inUse := func() float64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return float64(sample[0].Value.Uint64())
	}
	done, most := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		peak := 0.0
		for {
			select {
			case <-tick.C:
				peak = max(peak, inUse())
			case <-done:
				most <- max(peak, inUse())
				return
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-most
	}
}
