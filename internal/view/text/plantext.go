package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// PlanText is a plan as people read it before they decide.
type PlanText struct {
	Plan    *report.Plan
	Zones   map[string]*time.Location    // of the accounts, by name; UTC where there is none
	Full    bool                         // every order, with every field that it changes
	Command func(words ...string) string // a command line to go on with
}

// How many orders are shown unless all are asked for.
const (
	firstOfGroup = 10 // of what is held back, and of the ordinary changes of a block
	fewOfMany    = 3  // of what is held back for one reason, where there is more
	mostSpecial  = 50 // corrections, cancels and inserts: policies allow 25 of the first two
)

// screen is how many lines a plan should have, so that it is read as a whole.
// Where the odd takes room, fewer ordinary orders are shown.
const screen = 40

// Write prints the plan: what marketplaces refused, what is held back and what was noticed first, since
// these need a decision; then the changes of each block; then the sums.
func (t PlanText) Write(w io.Writer, s Style) error {
	out := bufio.NewWriter(w)
	v := &planView{PlanText: t, w: out, s: s, p: t.Plan, blocks: t.Plan.Blocks()}
	head := withEnd(v.part(v.schedules, v.refused, v.missing, v.stopped, v.held, v.findings))
	tail := v.part(v.deferred, v.pending, v.unsettled, v.partial, v.replaced, v.unclaimed, v.unusual, v.summary)
	out.WriteString(head)
	if t.Full {
		v.changes(firstOfGroup)
	} else {
		room := screen - strings.Count(head, "\n") - strings.Count(tail, "\n")
		middle := ""
		for most := firstOfGroup; most >= 0; most-- {
			middle = v.part(func() { v.changes(most) })
			if strings.Count(middle, "\n") <= room {
				break
			}
		}
		out.WriteString(middle)
	}
	out.WriteString(tail)
	return out.Flush()
}

type planView struct {
	PlanText
	w      io.Writer
	s      Style
	p      *report.Plan
	blocks []*report.PlanBlock
}

// withEnd puts an empty line behind a part that is there.
func withEnd(part string) string {
	if part != "" {
		part += "\n"
	}
	return part
}

// part is what some sections print.
func (v *planView) part(sections ...func()) string {
	var text strings.Builder
	out := v.w
	v.w = &text
	for _, section := range sections {
		section()
	}
	v.w = out
	return text.String()
}

func (v *planView) printf(format string, args ...any) { fmt.Fprintf(v.w, format, args...) }

// entry prints one thing: parts that stay whole, wrapped behind its mark.
func (v *planView) entry(mark string, parts ...string) {
	v.printf("%s\n", v.s.flow("  "+mark+" ", "      ", "  ", parts))
}

// sentence prints one that stands for itself.
func (v *planView) sentence(parts ...string) {
	v.printf("%s\n", v.s.flow("", "  ", " ", parts))
}

// name is how people call an order. The id stands behind it where all is shown.
func (v *planView) name(ref order.Ref, address string) string {
	switch {
	case v.Full && ref.SourceNumber != "" && ref.ID != "":
		return v.s.bold(safetext.Line(ref.String())) + " " + v.s.faint("("+safetext.Line(ref.ID)+")")
	case ref.SourceNumber != "" || ref.ID != "":
		return v.s.bold(safetext.Line(ref.String()))
	}
	return v.s.bold(safetext.Line(address))
}

// more counts what is not shown.
func (v *planView) more(n int, what string) {
	if n > 0 {
		text := fmt.Sprintf("… and %s more%s; --full shows all", number(n), what)
		v.printf("%s\n", v.s.faint(v.s.flow("    ", "      ", " ", strings.Fields(text))))
	}
}

// first is how many of a list are shown.
func (v *planView) first(n, most int) int {
	if v.Full {
		return n
	}
	return min(n, most)
}
