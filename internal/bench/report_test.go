package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMissedGoalsAreMarked(t *testing.T) {
	r := report{machine: "a machine", day: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	r.goal("quick", 0.5, 1, "s")
	r.goal("exactly", 10, 10, "MiB")
	r.goal("slow", 1.02, 1.01, "×")
	r.goal("none at all", 1, 0, "")
	text := r.markdown()
	for _, line := range []string{
		"| quick | 1 s | 500 ms | 50 % | met |", "| exactly | 10 MiB | 10 MiB | 100 % | met |",
		"| slow | 1.010 | 1.020 | 101 % | **missed** |", "| none at all | 0 | 1 |  | **missed** |", "2 of 4 goals are met.",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
	r.quick = true
	if text := r.markdown(); strings.Contains(text, "missed") {
		t.Errorf("a quick run is judged:\n%s", text)
	}
}

func TestTheProseAroundTheReportStays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "performance.md")
	r := report{machine: "a machine"}
	if err := os.WriteFile(name, []byte("# Performance\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeTo(name, longMarks, r.markdown()); err == nil {
		t.Error("a document without marks was written")
	}
	before, after := "# Performance\n\n"+longMarks.begin, longMarks.end+"\n\nAfter.\n"
	if err := os.WriteFile(name, []byte(before+"\nold\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // writing again changes nothing
		if err := writeTo(name, longMarks, r.markdown()); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := before + "\n\n" + r.markdown() + "\n" + after; string(text) != want {
		t.Errorf("(-want +got)\n%s", cmp.Diff(want, string(text)))
	}
}

func TestTheDocumentHasAPlaceForTheReport(t *testing.T) {
	text, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []marks{benchMarks, longMarks} {
		if !strings.Contains(string(text), m.begin) || !strings.Contains(string(text), m.end) {
			t.Errorf("docs/performance.md has lost its marks: %s", m.begin)
		}
	}
}

func TestParseBenchmarks(t *testing.T) {
	got := parseBenchmarks("table", []byte(`goos: linux
BenchmarkCSV-2        10   104000 ns/op   5.5 MB/s   1.1 ns/row   512 B/op   2 allocs/op
BenchmarkWishes/100000/where-2   3   200 ns/op
PASS
`))
	want := []codeResult{
		{"table", "CSV", map[string]float64{"ns/op": 104000, "MB/s": 5.5, "ns/row": 1.1, "B/op": 512, "allocs/op": 2}},
		{"table", "Wishes/100000/where", map[string]float64{"ns/op": 200}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(codeResult{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLeast(t *testing.T) {
	r := rateRun{orders: 400, perSecond: 2, calls: ledger{CallCount: 404}}
	if r.least() != 177 || r.loops() != 400 {
		t.Errorf("%g s and %g s, want 177 s and 400 s", r.least(), r.loops())
	}
	r.shared = true
	if r.least() != 354 {
		t.Errorf("%g s next to another client, want 354 s", r.least())
	}
}
