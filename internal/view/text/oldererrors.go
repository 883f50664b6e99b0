package text

import (
	"bufio"
	"io"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// OlderErrors prints each text that marketplaces reported once, with a few of its orders.
func OlderErrors(w io.Writer, s Style, r *report.OlderErrors) error {
	const few = 3
	out := bufio.NewWriter(w)
	if len(r.Errors) == 0 {
		out.WriteString("The marketplaces report no older errors.\n")
	}
	for i := range r.Errors {
		e := &r.Errors[i]
		heading := s.bold(safetext.Line(e.Source)) + ": " + plural(e.Count, "order", "orders")
		if e.Oldest != nil {
			heading += ", the oldest of " + e.Oldest.Format("Jan 2")
		}
		out.WriteString(heading + "\n" + s.wrapped("  ", safetext.Line(e.Text)) + "\n")
		var names []string
		for _, o := range e.Orders[:min(few, len(e.Orders))] {
			names = append(names, safetext.Line(o.SourceNumber))
		}
		if more := len(e.Orders) - few; more > 0 {
			names = append(names, "and "+number(more)+" more")
		}
		out.WriteString(s.faint("  "+strings.Join(names, ", ")) + "\n")
	}
	return out.Flush()
}
