package text

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// FeedHistory prints what earlier looks showed of feeds, for people: lines of
// bars over all observations, and the latest observations as a table.
func FeedHistory(w io.Writer, s Style, history *report.FeedHistory, full bool) error {
	for i, f := range history.Remembered {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := rememberedFeed(w, s, f, full); err != nil {
			return err
		}
	}
	return nil
}

// latestRows is how many observations are shown as a table unless all are asked
// for.
const latestRows = 5

// widthOfHistory is what the table takes with all its columns. In a narrower
// terminal it does without the moment of the first look.
const widthOfHistory = 66

func rememberedFeed(w io.Writer, s Style, f report.RememberedFeed, full bool) error {
	r := f.Record
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n", s.bold(s.wrapped("", safetext.Line(r.Name))))
	fmt.Fprintf(out, "%s\n", s.faint(s.wrapped("  ", fmt.Sprintf("%s, account %s; %s, last seen %s", safetext.Line(f.ID), safetext.Line(f.Account),
		plural(len(r.Observations), "observation", "observations"), moment(r.SeenAt)))))
	if !r.GoneAt.IsZero() {
		fmt.Fprintf(out, "  %s\n", s.red("gone since "+moment(r.GoneAt)))
	}
	for _, line := range sparklines(r.Observations) {
		fmt.Fprintf(out, "  %-9s %s  %s\n", line.name, s.green(line.bars), line.span)
	}
	out.WriteByte('\n')
	if err := out.Flush(); err != nil {
		return err
	}
	observations := r.Observations
	if !full {
		observations = observations[max(0, len(observations)-latestRows):]
	}
	columns := []column{{title: "FIRST SEEN"}, {title: "STATUS"}, {title: "TOTAL", right: true}, {title: "WARNINGS", right: true}, {title: "ERRORS", right: true}, {title: "COMPILED"}}
	var rows [][]string
	for _, o := range slices.Backward(observations) {
		total, _, warned, failed := o.Counts.Known()
		rows = append(rows, []string{minute(o.SeenAt), o.Status, countCell(total), countCell(warned), countCell(failed), minute(o.CompiledAt)})
	}
	if s.Width > 0 && s.Width < widthOfHistory {
		columns = columns[1:]
		for i := range rows {
			rows[i] = rows[i][1:]
		}
	}
	if err := writeTable(w, s, columns, rows); err != nil {
		return err
	}
	if more := len(r.Observations) - len(observations); more > 0 {
		_, err := fmt.Fprintf(w, "%s\n", s.faint(fmt.Sprintf("… and %s earlier; --full shows all", number(more))))
		return err
	}
	return nil
}

// countCell is empty for a count that is unknown.
func countCell(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// minute is a time without its seconds, so that a row fits into a narrow
// terminal.
func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("01-02 15:04Z")
}

// trend is one number of a feed over all observations.
type trend struct{ name, bars, span string }

func sparklines(observations []memory.FeedObservation) []trend {
	var trends []trend
	add := func(name string, of func(*memory.FeedObservation) float64) {
		var values []float64
		for i := range observations {
			values = append(values, of(&observations[i]))
		}
		least, most := bounds(values)
		if least > most {
			return // never given
		}
		span := plainNumber(least)
		if least != most {
			span += " to " + plainNumber(most)
		}
		trends = append(trends, trend{name, sparkline(values), span})
	}
	count := func(n *int) float64 {
		if n == nil {
			return math.NaN()
		}
		return float64(*n)
	}
	add("total", func(o *memory.FeedObservation) float64 { n, _, _, _ := o.Counts.Known(); return count(n) })
	add("warnings", func(o *memory.FeedObservation) float64 { _, _, n, _ := o.Counts.Known(); return count(n) })
	add("errors", func(o *memory.FeedObservation) float64 { _, _, _, n := o.Counts.Known(); return count(n) })
	add("score", func(o *memory.FeedObservation) float64 {
		if o.Score == 0 {
			return math.NaN()
		}
		return o.Score
	})
	return trends
}

func plainNumber(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return number(int(x))
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
