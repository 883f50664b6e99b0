package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/table"
)

const benchmarkRows = 100_000

// BenchmarkCSV reads a table of 100,000 rows and 6 columns.
func BenchmarkCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("Order Number,Store,Tracking Number,Carrier,Ship Date,Void\n")
	for i := range benchmarkRows {
		fmt.Fprintf(&text, "112-%07d-%07d,Amazon US,1Z999AA1%010d,UPS,11/20/2026 04:28:00 PM,N\n", i, i, i)
	}
	root := rootWith(b, map[string]string{"t.csv": text.String()})
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range table.CSV(root, "t.csv", table.CSVOptions{}) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if rows != benchmarkRows {
			b.Fatalf("read %d rows", rows)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkRows, "ns/row")
}

// BenchmarkJSONL reads 100,000 objects of 6 attributes.
func BenchmarkJSONL(b *testing.B) {
	var text strings.Builder
	for i := range benchmarkRows {
		fmt.Fprintf(&text, `{"order":"112-%07d","store":"Amazon US","tracking":"1Z999AA1%010d","carrier":"UPS","quantity":%d,"void":false}`+"\n", i, i, i)
	}
	root := rootWith(b, map[string]string{"t.jsonl": text.String()})
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range table.JSONL(root, "t.jsonl", nil) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkRows, "ns/row")
}
