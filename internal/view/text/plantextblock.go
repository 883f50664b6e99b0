package text

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// block is a batch, or all order blocks of an account.
type block struct {
	title    string
	rows     *spec.BatchCount // of a batch
	special  []*plan.Change   // corrects, cancels and inserts: they are shown in full
	ordinary []*plan.Change   // ships and acknowledges
}

func (b *block) changes() []*plan.Change { return slices.Concat(b.special, b.ordinary) }

// gather puts the changes into blocks: order blocks first, which somebody wrote
// by hand, and then the batches, those without a change too.
func (v *planView) gather() []*block {
	var blocks []*block
	index := map[string]*block{}
	at := func(key, title string) *block {
		if index[key] == nil {
			index[key] = &block{title: title}
			blocks = append(blocks, index[key])
		}
		return index[key]
	}
	titles := map[string]string{}
	for i := range v.p.Changes {
		c := &v.p.Changes[i]
		key, _, _ := strings.Cut(c.Address, "[")
		title := key
		if key == "order" {
			key, title = "order "+c.Account, "order blocks"
		}
		if len(v.p.Accounts) > 1 {
			title = c.Account + ": " + title
		}
		titles[key] = title
		if strings.HasPrefix(key, "order ") {
			at(key, title)
		}
	}
	for _, n := range v.p.Batches {
		at(n.Address, cmp.Or(titles[n.Address], n.Address)).rows = n
	}
	for i := range v.p.Changes {
		c := &v.p.Changes[i]
		key, _, _ := strings.Cut(c.Address, "[")
		if key == "order" {
			key = "order " + c.Account
		}
		b := at(key, titles[key])
		if c.Has(order.Correct) || c.Has(order.Cancel) || c.Has(order.Insert) {
			b.special = append(b.special, c)
		} else {
			b.ordinary = append(b.ordinary, c)
		}
	}
	for _, b := range blocks {
		v.sort(b.ordinary)
	}
	return blocks
}

// sort puts those with findings first, of the rarest rule before the others, and
// then the oldest.
func (v *planView) sort(changes []*plan.Change) {
	rank := map[*plan.Change]int{}
	for _, c := range changes {
		rank[c] = math.MaxInt
		for _, rule := range v.rules[c.Address] {
			rank[c] = min(rank[c], v.counts[rule])
		}
	}
	slices.SortStableFunc(changes, func(x, y *plan.Change) int {
		return cmp.Or(cmp.Compare(rank[x], rank[y]), x.Created.Compare(y.Created), cmp.Compare(x.Address, y.Address))
	})
}

func (v *planView) blocks(blocks []*block, most int) {
	idle := 0
	for _, b := range blocks {
		if len(b.special)+len(b.ordinary) == 0 {
			if idle++; idle > firstOfGroup && !v.Full {
				continue
			}
		}
		v.block(b, most)
	}
	if idle > firstOfGroup && !v.Full {
		v.more(idle-firstOfGroup, " batches without a change")
	}
	if len(blocks) > 0 {
		v.printf("\n")
	}
}

func (v *planView) block(b *block, most int) {
	head := b.title + ": "
	if b.rows != nil {
		head += b.rows.String()
	} else {
		head += plural(len(b.special)+len(b.ordinary), "order", "orders")
	}
	first, rest, _ := strings.Cut(safetext.Line(head), ": ")
	v.printf("%s\n", v.s.flow("", "  ", " ", append([]string{v.s.bold(first + ":")}, strings.Fields(rest)...)))
	if len(b.ordinary) > fewOfMany {
		v.printf("%s\n", v.s.flow("  ", "    ", " ", v.totals(b)))
	}
	for i, c := range b.special {
		if i == mostSpecial && !v.Full {
			v.more(len(b.special)-i, " to correct, cancel or insert")
			break
		}
		v.special(c)
	}
	v.ordinary(b.ordinary, most)
}

// totals is what goes out by marketplace and carrier, and the span of the ship
// times.
func (v *planView) totals(b *block) []string {
	const mostCarriers = 6
	all := b.changes()
	var sources []string
	for _, source := range shares(all, func(c *plan.Change) string { return order.SourceKey(c.Order.Source) }) {
		name := source[0].Order.Source
		if name == "" {
			name = "by id"
		}
		var carriers []string
		for i, group := range shares(source, v.goes) {
			if i == mostCarriers {
				carriers = append(carriers, "and others")
				break
			}
			carriers = append(carriers, v.goes(group[0])+" "+number(len(group)))
		}
		sources = append(sources, safetext.Line(name)+":")
		sources = append(sources, sequence(carriers, ",", ";")...)
	}
	span := v.span(all)
	if len(span) == 0 {
		last := len(sources) - 1
		sources[last] = strings.TrimSuffix(sources[last], ";")
	}
	return append(sources, span...)
}

// shares are changes that have something in common, the largest share first.
func shares(changes []*plan.Change, what func(c *plan.Change) string) [][]*plan.Change {
	all := grouped(slices.Values(changes), what)
	slices.SortStableFunc(all, func(x, y []*plan.Change) int { return cmp.Compare(len(y), len(x)) })
	return all
}

// goes is by what an order goes out or, where it doesn't, what is done to it.
func (v *planView) goes(c *plan.Change) string {
	switch {
	case c.Has(order.Ship) || c.Has(order.Correct):
		if c.After.Carrier == "" {
			return "without carrier"
		}
		return safetext.Line(c.After.Carrier)
	case c.Has(order.Cancel):
		return "cancel"
	case c.Has(order.Insert):
		return "insert"
	}
	return "acknowledge"
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
	if c.Reason != "" {
		v.printf("%s\n", v.s.flow(fmt.Sprintf("      %-16s ", "reason"), "        ", " ", strings.Fields(safetext.Line(c.Reason))))
	}
}

// flags are the rules that something was found by.
func (v *planView) flags(c *plan.Change) string {
	if v.rules[c.Address] == nil {
		return ""
	}
	return v.s.yellow(strings.Join(v.rules[c.Address], " "))
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
	if c.Has(order.Ship) {
		add(c.After.Carrier)
		add(cmp.Or(c.After.Tracking, "no number"))
	}
	return strings.Join(parts, " ")
}

func (v *planView) shipTime(c *plan.Change) string {
	switch {
	case !c.Has(order.Ship):
		return ""
	case !c.ShippedOn.IsZero():
		return "on " + c.ShippedOn.String()
	case c.After.ShippedAt.IsZero():
		return "when sent"
	}
	return v.clock(c.Account, c.After.ShippedAt)
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
