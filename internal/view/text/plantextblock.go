package text

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

func (v *planView) changes(most int) {
	idle := 0
	for _, b := range v.blocks {
		if len(b.Special)+len(b.Ordinary) == 0 {
			if idle++; idle > firstOfGroup && !v.Full {
				continue
			}
		}
		v.block(b, most)
	}
	if idle > firstOfGroup && !v.Full {
		v.more(idle-firstOfGroup, " blocks without a change")
	}
	if len(v.blocks) > 0 {
		v.printf("\n")
	}
}

func (v *planView) block(b *report.PlanBlock, most int) {
	head := b.Title + ": "
	if b.Rows != nil {
		head += b.Rows.String()
	} else if b.Standing != nil {
		head += b.Standing.String()
	} else {
		head += plural(len(b.Special)+len(b.Ordinary), "order", "orders")
	}
	first, rest, _ := strings.Cut(safetext.Line(head), ": ")
	v.printf("%s\n", v.s.flow("", "  ", " ", append([]string{v.s.bold(first + ":")}, strings.Fields(rest)...)))
	if len(b.Ordinary) > fewOfMany {
		v.printf("%s\n", v.s.flow("  ", "    ", " ", v.totals(b)))
	}
	for i, c := range b.Special {
		if i == mostSpecial && !v.Full {
			what := " to correct, cancel or insert"
			if c.Resend {
				what = " to send again"
			}
			v.more(len(b.Special)-i, what)
			break
		}
		v.special(c)
	}
	v.ordinary(b.Ordinary, most)
}

// totals is what goes out by marketplace and carrier, and the span of the ship
// times.
func (v *planView) totals(b *report.PlanBlock) []string {
	const mostCarriers = 6
	var sources []string
	for _, source := range b.Sources {
		var carriers []string
		for i, share := range source.Goes {
			if i == mostCarriers {
				carriers = append(carriers, "and others")
				break
			}
			carriers = append(carriers, safetext.Line(share.What)+" "+number(share.Orders))
		}
		sources = append(sources, safetext.Line(source.Name)+":")
		sources = append(sources, report.Sequence(carriers, ",", ";")...)
	}
	span := v.span(b)
	if len(span) == 0 {
		last := len(sources) - 1
		sources[last] = strings.TrimSuffix(sources[last], ";")
	}
	return append(sources, span...)
}

func (v *planView) marks(c *plan.Change) string {
	marks := make([]string, len(c.Actions))
	for i, a := range c.Actions {
		marks[i] = v.s.mark(a)
	}
	return strings.Join(marks, "")
}

// special shows a change in full, on one line where one field is all.
func (v *planView) special(c *plan.Change) {
	fields := v.differences(c)
	switch {
	case c.Resend && c.Has(order.Insert) && !v.Full:
		v.entry(v.marks(c), v.name(c.Order, c.Address), "placed "+v.clock(c.Account, c.Created), fmt.Sprintf("attempt %d", c.Attempt), v.flags(c))
		return
	case c.Resend && !v.Full:
		v.entry(v.marks(c), v.name(c.Order, c.Address), v.parcel(c), fmt.Sprintf("attempt %d", c.Attempt), v.flags(c))
		return
	case c.Has(order.Insert) && !v.Full:
		v.entry(v.marks(c), v.name(c.Order, c.Address), "placed "+v.clock(c.Account, c.Created), v.s.faint(safetext.Line(c.DefinedAt.String())), v.flags(c))
		return
	}
	if len(fields) == 1 && !v.Full {
		d := fields[0]
		parts := []string{v.name(c.Order, c.Address)}
		if change := v.s.faint(d.before) + " → " + d.after; displayWidth(change)+6 <= v.s.columns() {
			parts = append(parts, change)
		} else {
			parts = append(parts, v.s.faint(d.before), "→ "+d.after)
		}
		if c.Reason != "" {
			parts = append(parts, safetext.Line(c.Reason))
		}
		v.entry(v.marks(c), append(parts, v.flags(c))...)
		return
	}
	v.inFull(c, fields)
}

func (v *planView) inFull(c *plan.Change, fields []difference) {
	v.entry(v.marks(c), v.name(c.Order, c.Address), v.flags(c))
	for _, d := range fields {
		v.printf("%s\n", v.s.flow(fmt.Sprintf("      %-16s ", d.field), "        ", " ", []string{v.s.faint(d.before), "→", d.after}))
	}
	if c.Resend {
		v.printf("      %-16s %d\n", "attempt", c.Attempt)
	}
	if c.Reason != "" {
		v.printf("%s\n", v.s.flow(fmt.Sprintf("      %-16s ", "reason"), "        ", " ", strings.Fields(safetext.Line(c.Reason))))
	}
}

// flags are the rules that something was found by.
func (v *planView) flags(c *plan.Change) string {
	rules := v.p.RulesOf(c.Address)
	if rules == nil {
		return ""
	}
	return v.s.yellow(strings.Join(rules, " "))
}

// ordinary shows ships and acknowledges, one line each.
func (v *planView) ordinary(changes []*plan.Change, most int) {
	if v.Full {
		for _, c := range changes {
			v.inFull(c, v.differences(c))
		}
		return
	}
	shown := min(len(changes), most)
	if shown == 0 && len(changes) > 0 {
		v.printf("    %s; --full shows all\n", plural(len(changes), "ordinary change", "ordinary changes"))
		return
	}
	v.lines(v.rows(changes[:shown], len(changes) > fewOfMany))
	v.more(len(changes)-shown, "")
}

// rows are changes in short. Where all times are of one zone, which the totals
// name if there are some, it is not repeated.
func (v *planView) rows(changes []*plan.Change, named bool) [][]string {
	zones := map[string]bool{}
	for _, c := range changes {
		if c.Has(order.Ship) && !c.After.ShippedAt.IsZero() {
			zones[c.After.ShippedAt.In(v.zone(c.Account)).Format("MST")] = true
		}
	}
	rows := make([][]string, len(changes))
	for i, c := range changes {
		at := v.shipTime(c)
		if len(zones) == 1 && named && c.ShippedOn.IsZero() && !c.After.ShippedAt.IsZero() {
			at = v.wall(c.Account, c.After.ShippedAt)
		}
		rows[i] = []string{v.marks(c), v.name(c.Order, c.Address), v.parcel(c), at, v.flags(c)}
	}
	return rows
}

// parcel is what is sent, in short.
func (v *planView) parcel(c *plan.Change) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, safetext.Line(text))
		}
	}
	if c.Has(order.Acknowledge) {
		add(c.After.OrderNumber)
	}
	if c.Has(order.Ship) || c.Has(order.Correct) {
		add(c.After.Carrier)
		add(cmp.Or(c.After.Tracking, "no number"))
	}
	return strings.Join(parts, " ")
}

func (v *planView) shipTime(c *plan.Change) string {
	if !c.Has(order.Ship) {
		return ""
	}
	return v.times().ShipTime(c)
}

// lines prints rows whose first cell is a mark, in columns if these fit into
// the width, and else each for itself.
func (v *planView) lines(rows [][]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], displayWidth(cell))
		}
	}
	total := 2
	for _, width := range widths {
		total += width + len(gap)
	}
	for _, row := range rows {
		if total-len(gap) > v.s.columns() {
			v.entry(row[0], row[1:]...)
			continue
		}
		line := ""
		for i, cell := range row {
			space := gap
			if i == 0 {
				space = " "
			}
			line += cell + strings.Repeat(" ", widths[i]-displayWidth(cell)) + space
		}
		v.printf("  %s\n", strings.TrimRight(line, " "))
	}
}
