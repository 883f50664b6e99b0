package feedfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// productRow is a row as feeds have them, of some 330 bytes.
func productRow(n int, quote string) string {
	q := func(cell string) string { return quote + cell + quote }
	return strings.Join([]string{
		q(fmt.Sprintf("TRL-%07d", n)),
		q("Trail running shoe, cushioned, waterproof"),
		q("A light shoe for long runs on rough ground. Its sole grips on wet rock, and the upper keeps water out for hours."),
		q(fmt.Sprintf("https://shop.example/products/trl-%07d", n)),
		q(fmt.Sprintf("https://shop.example/images/trl-%07d.jpg", n)),
		q("1,299.00 USD"), q("in stock"), q("Trailhead"), q("4006381333931"), q("new"),
	}, "\t") + "\n"
}

const productHeader = "id\ttitle\tdescription\tlink\timage_link\tprice\tavailability\tbrand\tgtin\tcondition\n"

var everything = Spec{
	RequiredColumns: []string{"id", "title", "price"}, RequiredValues: []string{"id", "title"},
	GTIN: []string{"gtin"}, Price: []string{"price"}, HTTPS: []string{AllLinks},
}

// BenchmarkScan reads a file of 100,000 rows, 33 MB: nothing but its shape,
// everything but uniqueness, quoted, and as UTF-16.
func BenchmarkScan(b *testing.B) {
	const rows = 100_000
	file := func(quote string) []byte {
		var text bytes.Buffer
		text.WriteString(productHeader)
		for n := range rows {
			text.WriteString(productRow(n, quote))
		}
		return text.Bytes()
	}
	plain := file("")
	unique := everything
	unique.Unique = []string{"id"}
	for _, bb := range []struct {
		name string
		file []byte
		spec Spec
	}{
		{"shape", plain, Spec{}},
		{"everything", plain, everything},
		{"unique", plain, unique},
		{"quoted", file(`"`), everything},
		{"utf16", inUTF16(plain, binary.LittleEndian), everything},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.file)))
			b.ReportAllocs()
			for b.Loop() {
				f, err := Scan(b.Context(), bytes.NewReader(bb.file), bb.spec)
				if err != nil || f.Rows != rows || f.Ragged+f.Damaged > 0 {
					b.Fatal(f, err)
				}
			}
		})
	}
}

func inUTF16(text []byte, order binary.AppendByteOrder) []byte {
	out := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(string(text))) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// rowReader makes rows as they are read, so that no file is in memory.
type rowReader struct {
	row  func(n int, b []byte) []byte // appends row n to b
	rows int
	next int
	rest []byte
	buf  []byte
}

func (r *rowReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.next == r.rows {
			return 0, io.EOF
		}
		r.buf = r.buf[:0]
		for len(r.buf) < 32<<10 && r.next < r.rows {
			r.buf = r.row(r.next, r.buf)
			r.next++
		}
		r.rest = r.buf
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// BenchmarkScanLarge reads 2 GB, and reports the most memory that the process
// had from the system.
func BenchmarkScanLarge(b *testing.B) {
	const size = 2 << 30
	b.SetBytes(size)
	debug.FreeOSMemory() // what other benchmarks left
	peak := peakMemory()
	for b.Loop() {
		f, err := Scan(b.Context(), endless(productHeader, productRow(1, ""), size), everything)
		if err != nil || f.Rows < 6_000_000 || f.Ragged > 1 {
			b.Fatal(f, err)
		}
	}
	b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
}

// BenchmarkUnique compares ids: 10 million of one column, then two columns of
// them, as many as are compared at all. It reports the most memory that the
// process had from the system, sampled while it scans.
func BenchmarkUnique(b *testing.B) {
	for _, columns := range []int{1, 2} {
		b.Run(fmt.Sprintf("10M/columns=%d", columns), func(b *testing.B) {
			row := func(n int, b []byte) []byte {
				if n == 0 {
					return append(b, "id,sku\n"...)
				}
				b = strconv.AppendInt(append(b, "TRL-"...), int64(n), 10)
				b = strconv.AppendInt(append(b, ','), int64(n), 10)
				return append(b, '\n')
			}
			spec := Spec{Unique: []string{"id", "sku"}[:columns]}
			debug.FreeOSMemory() // what other benchmarks left
			b.ReportAllocs()
			peak := peakMemory()
			for b.Loop() {
				f, err := Scan(b.Context(), &rowReader{row: row, rows: 10_000_001}, spec)
				if err != nil || f.Rows != 10_000_000 || f.Unique[0] != (UniqueFact{Column: "id"}) {
					b.Fatal(f, err)
				}
			}
			b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
		})
	}
}

// peakMemory samples what the process has from the system until the function
// that it returns is called.
func peakMemory() func() uint64 {
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		var peak uint64
		for {
			metrics.Read(samples)
			peak = max(peak, samples[0].Value.Uint64()-samples[1].Value.Uint64())
			select {
			case <-tick.C:
			case <-stop:
				done <- peak
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-done }
}
