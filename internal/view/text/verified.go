package text

import (
	"bufio"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Verified prints what happened to accepted changes: what needs a person in full and
// first, and the rest in numbers, unless all is to be shown.
func Verified(w io.Writer, s Style, r *report.Verified, all bool) error {
	out := bufio.NewWriter(w)
	if len(r.Groups) == 0 {
		out.WriteString(s.green("No accepted change is open.") + "\n")
		return out.Flush()
	}
	for _, g := range r.Groups {
		paint := s.bold
		switch {
		case g.Person:
			paint = s.red
		case !g.Waits:
			paint = s.green
		}
		out.WriteString(paint(g.Head()) + "\n")
		if !g.Person && !all {
			continue
		}
		for _, o := range g.Orders {
			head := []string{safetext.Line(o.Order.String()), gap + safetext.Line(o.Change()) + ",", "accepted", r.Clock.Time(o.Account, o.AppliedAt)}
			out.WriteString("  " + s.hanging("      ", head) + "\n")
			if o.Message != nil {
				out.WriteString(s.wrapped("      ", r.Clock.Local(o.Account, *o.Message)) + "\n")
			}
		}
	}
	out.WriteString(s.faint(strings.TrimSpace(r.Footing())) + "\n")
	return out.Flush()
}
