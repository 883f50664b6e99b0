//go:build !race

package main

import (
	"runtime"
	"testing"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// heapGauge drops what is written, and looks every four megabytes at how much
// memory is in use.
type heapGauge struct {
	written, next int    // bytes
	most          uint64 // bytes
}

func (g *heapGauge) Write(p []byte) (int, error) {
	if g.written += len(p); g.written >= g.next {
		g.next = g.written + 1<<22
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		g.most = max(g.most, m.HeapAlloc)
	}
	return len(p), nil
}

// A record grows for ever, and the memory that an export takes does not.
func TestAuditExportStreams(t *testing.T) {
	const bound = 4 << 20 // bytes
	for format, lines := range map[report.Format]int{report.JSON: 20_000, report.CSV: 100_000} {
		p := longRecord(t, lines)
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var gauge heapGauge
		p.Out = &gauge
		n, err := p.exportAudit(t.Context(), reconcile.AuditRequest{Source: reconcile.Source{Dir: p.Dir}}, format)
		if err != nil || n != lines {
			t.Fatalf("%s: %d records, %v", format, n, err)
		}
		if grown := int64(gauge.most) - int64(before.HeapAlloc); grown > bound || gauge.written < 4*bound {
			t.Errorf("%s: %d bytes were in use to write %d", format, grown, gauge.written)
		}
	}
}
