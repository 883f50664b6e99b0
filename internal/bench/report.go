package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// marks are what a report stands between in the document.
type marks struct{ begin, end string }

var (
	benchMarks = marksOf("bench")
	longMarks  = marksOf("bench-long")
)

func marksOf(target string) marks {
	return marks{"<!-- written by make " + target + ": begin -->", "<!-- written by make " + target + ": end -->"}
}

// report is what was found.
type report struct {
	day     time.Time
	took    time.Duration
	quick   bool // nothing is judged: goals are for the full size
	machine string
	goals   []goal
	runs    []commandRun
	rates   []rateRun
	shared  []sharedFigures
	many    []sharedFigures // of a large state
	code    []codeResult
	agents  []agentFigures
}

// goal is a promise and what was reached.
type goal struct {
	what    string
	most    float64
	reached float64
	unit    string
}

func (g goal) holds() bool { return g.reached <= g.most }

// commandRun is one run of gdfctl; calls are the server's count, -1 where there
// is no server.
type commandRun struct {
	what  string
	usage usage
	calls int
}

func (r *report) goal(what string, reached, most float64, unit string) {
	r.goals = append(r.goals, goal{what: what, most: most, reached: reached, unit: unit})
}

// within is a goal of time and one of memory for a run.
func (r *report) within(what string, u usage, seconds, mebibytes float64) {
	r.goal(what, u.wall.Seconds(), seconds, "s")
	r.goal(what+", memory", u.peak/mebi, mebibytes, "MiB")
}

const mebi = 1 << 20

// ran keeps a run of a command for the table.
func (r *report) ran(what string, u usage, calls int) {
	r.runs = append(r.runs, commandRun{what: what, usage: u, calls: calls})
}

// markdown is the report as it stands in the document.
func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s in %s on: %s.\n", r.day.UTC().Format(time.DateOnly), r.took.Round(time.Second), r.machine)
	if len(r.goals) > 0 && !r.quick {
		r.goalTable(&b)
	}
	if len(r.runs) > 0 {
		b.WriteString("\n### Runs\n\n| command | wall | CPU | peak memory | calls |\n|---|---:|---:|---:|---:|\n")
	}
	for _, run := range r.runs {
		calls := ""
		if run.calls >= 0 {
			calls = words.Number(run.calls)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", run.what, figure(run.usage.wall.Seconds(), "s"), figure(run.usage.cpu.Seconds(), "s"),
			figure(run.usage.peak/mebi, "MiB"), calls)
	}
	r.rateTable(&b)
	sharedTable(&b, "A large state", r.many)
	sharedTable(&b, "With a shared state", r.shared)
	r.codeTable(&b)
	r.agentTables(&b)
	return b.String()
}

func (r *report) goalTable(b *strings.Builder) {
	b.WriteString("\n### Goals\n\n| | goal | measured | share of the goal | |\n|---|---:|---:|---:|---|\n")
	missed := 0
	for _, g := range r.goals {
		word := "met"
		if !g.holds() {
			word = "**missed**"
			missed++
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", g.what, figure(g.most, g.unit), figure(g.reached, g.unit), share(g.reached, g.most), word)
	}
	fmt.Fprintf(b, "\n%d of %d goals are met.\n", len(r.goals)-missed, len(r.goals))
}

// figure is a number with as many digits as mean something.
func figure(n float64, unit string) string {
	switch {
	case unit == "s" && n < 1:
		return fmt.Sprintf("%.0f ms", n*1000)
	case unit == "%":
		return fmt.Sprintf("%.1f %%", n)
	case unit == "×":
		return fmt.Sprintf("%.3f", n)
	case n == float64(int(n)), n >= 100:
		return strings.TrimSpace(words.Number(int(n+0.5)) + " " + unit)
	}
	return fmt.Sprintf("%.2f %s", n, unit)
}

// share is a part of a goal in percent; of none at all there is none.
func share(reached, most float64) string {
	if most == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*reached/most)
}

// writeTo puts a report between the marks of a document.
func writeTo(name string, m marks, report string) error {
	document, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, begins := bytes.Cut(document, []byte(m.begin))
	_, after, ends := bytes.Cut(rest, []byte(m.end))
	if !begins || !ends {
		return fmt.Errorf("%s has no place for the report: it must be between %s and %s", name, m.begin, m.end)
	}
	text := string(before) + m.begin + "\n\n" + report + "\n" + m.end + string(after)
	return os.WriteFile(name, []byte(text), 0o644)
}
