package config_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/config"
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

// BenchmarkLoadOrders reads files of order blocks; B/kept is what the
// configuration keeps of a block, its source included.
func BenchmarkLoadOrders(b *testing.B) {
	for _, blocks := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(blocks), func(b *testing.B) {
			dir := b.TempDir()
			source := orderBlocks(blocks)
			files{"main.hcl": source}.in(b, dir)
			b.SetBytes(int64(len(source)))
			b.ReportAllocs()
			kept := 0.0
			for b.Loop() {
				before := heap()
				cfg, diags := config.Load(dir, world{}.options())
				if diags.HasErrors() {
					b.Fatal(diags)
				}
				kept = heap() - before
				_ = cfg.Close()
				runtime.KeepAlive(cfg)
			}
			b.ReportMetric(kept/float64(blocks), "B/kept")
			perItem(b, blocks, "block")
		})
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
