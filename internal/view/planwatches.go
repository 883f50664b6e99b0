package view

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// PlanJSON prints a plan for programs, with the latest results of watches.
func PlanJSON(w io.Writer, doc *plan.Document, latest watch.Report) error {
	full := *doc
	full.Watches = orEmpty(latest.Results)
	return JSON(w, &full)
}

// PlanWatches prints, below a plan, what the latest check of feeds found: the
// feeds that fail or warn, and how many do not. A report without a time says
// that there was no check.
func PlanWatches(w io.Writer, s Style, latest watch.Report, now time.Time) error {
	if latest.At.IsZero() {
		_, err := fmt.Fprintf(w, "\n%s\n", s.faint("Feeds: not checked yet; `gdfctl feeds check` does."))
		return err
	}
	v := &feedsView{s: s}
	var worst, rest []string
	for _, g := range watchesOf(latest.Results) {
		for _, f := range g.in(failing, warning) {
			var rules []string
			for st := failing; st >= warning; st-- {
				for _, r := range f.in(st) {
					rules = append(rules, strings.TrimSpace(safetext.Line(r.Rule)+" "+safetext.Line(r.Value)))
				}
			}
			line := s.wrapped("    ", f.name+": "+strings.Join(rules, ", "))
			line = "  " + v.sign(f.state) + " " + strings.TrimPrefix(line, "    ")
			if f.state == failing {
				worst = append(worst, line)
			} else {
				rest = append(rest, line)
			}
		}
	}
	feeds := countFeeds(latest.Results)
	head := fmt.Sprintf("Feeds, as seen %s ago: %s.", duration(max(now.Sub(latest.At), 0)), feeds.words())
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s\n", s.bold(s.wrapped("", head)))
	for i, line := range slices.Concat(worst, rest) {
		if i == firstOfGroup {
			fmt.Fprintf(&out, "    %s\n", s.faint(fmt.Sprintf("… and %s more; `gdfctl feeds check` shows all", number(len(worst)+len(rest)-i))))
			break
		}
		out.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}
