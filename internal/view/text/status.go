package text

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// mostParcels is how many parcels that must be pulled are named; the list has all.
const mostParcels = 5

// statusRow is a line of a status: how many, of what, since when, and the command that
// helps.
type statusRow struct{ number, words, age, command string }

// statusWidths are the widths of its columns.
type statusWidths struct{ number, words, age int }

func (c statusWidths) line() int { return c.number + 1 + c.words + len(gap) + c.age }

// Status prints what needs a person, what waits, and what no table names. What does not
// fit into a line goes on below: commands stay whole, since people copy them.
func Status(w io.Writer, s Style, r *report.Status) error {
	out := bufio.NewWriter(w)
	if len(r.Items) == 0 && len(r.Problems) == 0 {
		out.WriteString(s.green("Nothing needs you, and nothing waits.") + "\n")
	}
	columns := statusWidths{number: 3}
	for _, g := range report.StatusGroups {
		for _, row := range statusRows(r, g.Group) {
			columns.number = max(columns.number, displayWidth(row.number))
			columns.words = max(columns.words, displayWidth(row.words))
			columns.age = max(columns.age, displayWidth(row.age))
		}
	}
	for _, g := range report.StatusGroups {
		rows := statusRows(r, g.Group)
		if len(rows) == 0 {
			continue
		}
		paint := s.bold
		if g.Group == report.NeedsYou {
			paint = s.red
		}
		out.WriteString(paint(g.Title) + "\n")
		for _, row := range rows {
			row.write(out, s, columns)
		}
	}
	for _, p := range r.Problems {
		out.WriteString(s.wrapped("", "Not known: new orders of account "+safetext.Line(p.Account)) + "\n")
	}
	out.WriteString(s.faint(r.Footing()) + "\n")
	return out.Flush()
}

// statusRows are the lines of a group. Parcels are named, a few of them, and the last of
// their lines has the command that helps with all.
func statusRows(r *report.Status, group report.StatusGroup) (rows []statusRow) {
	parcels, last := 0, -1
	for _, item := range r.In(group) {
		if item.Kind == report.StatusPull {
			if parcels++; parcels > mostParcels {
				continue
			}
			if last >= 0 {
				rows[last].command = ""
			}
			last = len(rows)
		}
		rows = append(rows, statusRow{item.Number(), safetext.Line(item.Words()), safetext.Line(item.Age(r.At)), item.Command})
	}
	if more := parcels - mostParcels; more > 0 {
		rows = slices.Insert(rows, last+1, statusRow{number(more), "more to pull", "", rows[last].command})
		rows[last].command = ""
	}
	return rows
}

// write prints a row in columns, as far as they fit.
func (r statusRow) write(out *bufio.Writer, s Style, columns statusWidths) {
	indent := strings.Repeat(" ", columns.number+1)
	pad := func(text string, width int) string { return text + strings.Repeat(" ", width-displayWidth(text)) }
	text := strings.Repeat(" ", columns.number-displayWidth(r.number)) + r.number + " "
	if columns.line() <= s.columns() {
		text += pad(r.words, columns.words) + gap + pad(r.age, columns.age)
		if r.command != "" && displayWidth(text)+len(gap)+displayWidth(r.command) <= s.columns() {
			out.WriteString(text + gap + s.faint(r.command) + "\n")
			return
		}
	} else {
		text += s.hanging(indent, strings.Fields(r.words))
		if r.age != "" {
			text += "\n" + s.wrapped(indent, r.age)
		}
	}
	out.WriteString(strings.TrimRight(text, " ") + "\n")
	if r.command != "" {
		out.WriteString(indent + s.faint(r.command) + "\n")
	}
}
