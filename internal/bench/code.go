package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/words"
)

// codeResult is one line of `go test -bench`.
type codeResult struct {
	pkg, name string
	metrics   map[string]float64 // by unit
}

// benchmarks are the pieces of work that runs are made of.
var benchmarks = []struct{ pkg, pattern string }{
	{"table", "CSV|JSONL"},
	{"lang", "RowExpr"},
	{"config", "Rows|Wishes/.*/100000$|LoadOrders/10000$"},
	{"godatafeed", "DecodeOrders"},
	{"plan", "Build"},
	{"state", "StateFile|Journal"},
}

// measureCode runs the Go benchmarks. With -quick it only sees that they are
// there: `make check` runs each of them anyway.
func measureCode(ctx context.Context, b *bench) error {
	for _, bm := range benchmarks {
		args := []string{"test", "-buildvcs=false", "-run", "^$", "-bench", bm.pattern, "-benchmem", "-benchtime", "500ms", "./internal/" + bm.pkg}
		if b.quick {
			outer, _, _ := strings.Cut(bm.pattern, "/") // -list knows nothing of what is inside
			args = []string{"test", "-buildvcs=false", "-list", "^Benchmark(" + outer + ")", "./internal/" + bm.pkg}
		}
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = b.root
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("the benchmarks of %s: %w\n%s", bm.pkg, err, last(out))
		}
		if !bytes.Contains(out, []byte("Benchmark")) {
			return fmt.Errorf("no benchmark of %s matches %s", bm.pkg, bm.pattern)
		}
		found := parseBenchmarks(bm.pkg, out)
		b.report.code = append(b.report.code, found...)
		b.say("%d benchmarks of %s", len(found), bm.pkg)
	}
	return nil
}

// parseBenchmarks reads lines like
//
//	BenchmarkCSV-2   10   104 ns/op   5 B/op   2 allocs/op   1.1 ns/row
func parseBenchmarks(pkg string, out []byte) []codeResult {
	var results []codeResult
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			name = name[:i]
		}
		r := codeResult{pkg: pkg, name: name, metrics: map[string]float64{}}
		for i := 2; i+1 < len(fields); i += 2 {
			if n, err := strconv.ParseFloat(fields[i], 64); err == nil {
				r.metrics[fields[i+1]] = n
			}
		}
		results = append(results, r)
	}
	return results
}

func (r *report) codeTable(b *strings.Builder) {
	if len(r.code) == 0 {
		return
	}
	b.WriteString("\n### Benchmarks\n\n| benchmark | time | memory | allocations | per item |\n|---|---:|---:|---:|---:|\n")
	for _, c := range r.code {
		each := ""
		for unit, n := range c.metrics {
			if item, ok := strings.CutPrefix(unit, "ns/"); ok && item != "op" {
				each = span(n) + " per " + item
			}
		}
		fmt.Fprintf(b, "| `%s`: %s | %s | %s | %s | %s |\n", c.pkg, c.name, span(c.metrics["ns/op"]),
			memory(c.metrics["B/op"]), words.Number(int(c.metrics["allocs/op"])), each)
	}
}

// span is a number of nanoseconds for people.
func span(ns float64) string {
	switch {
	case ns >= 1e9:
		return fmt.Sprintf("%.2f s", ns/1e9)
	case ns >= 1e6:
		return fmt.Sprintf("%.1f ms", ns/1e6)
	case ns >= 1e3:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	}
	return fmt.Sprintf("%.0f ns", ns)
}

// memory is a number of bytes for people.
func memory(bytes float64) string {
	switch {
	case bytes >= mebi:
		return fmt.Sprintf("%.1f MiB", bytes/mebi)
	case bytes >= 1024:
		return fmt.Sprintf("%.1f KiB", bytes/1024)
	}
	return fmt.Sprintf("%.0f B", bytes)
}
