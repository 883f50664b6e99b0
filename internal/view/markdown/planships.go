package markdown

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// mostShares is how many marketplaces and carriers are shown by name.
const mostShares = 8

// ships counts what is shipped, and accounts for what is not.
func (v *planView) ships() *part {
	list := v.changes[order.Ship]
	var b strings.Builder
	head := heading("→ No ships")
	if len(list) > 0 {
		head = heading("→ Ship %s", words.Number(len(list)))
		sums := report.ShipsOf(list)
		b.WriteString(shares("Marketplace", sums.Sources) + "\n" + shares("Carrier", sums.Carriers) + "\n")
		if text := v.shipped(sums); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	if text := v.d.Rows(); text != "" {
		b.WriteString(text + ".\n\n")
	}
	for _, n := range v.d.Standing {
		b.WriteString(plain(n.Address+": "+n.String(), mostReason) + ".\n\n")
	}
	b.WriteString(v.others())
	text := strings.TrimRight(b.String(), "\n") + "\n"
	return &part{[]string{head + text, head + "Counts are left out: they do not fit here.\n"}}
}

// shares is a table of numbers, which stand on the right.
func shares(what string, list []report.Share) string {
	var b strings.Builder
	b.WriteString("| " + what + " | Orders |\n|---|--:|\n")
	for _, s := range report.Folded(list, mostShares) {
		b.WriteString(row(plain(s.What, mostName/2), words.Number(s.Orders)))
	}
	return b.String()
}

// shipped says when, in the time of each account.
func (v *planView) shipped(s *report.Ships) string {
	var parts []string
	for i, span := range s.Spans {
		if i == few {
			parts = append(parts, "Other accounts are left out.")
			break
		}
		of := ""
		if len(v.d.Accounts) > 1 {
			of = " (" + plain(span.Account, mostName/2) + ")"
		}
		parts = append(parts, "Shipped"+of+" "+v.times.Span(span)+".")
	}
	if c := s.Oldest; c != nil {
		parts = append(parts, "Oldest order: "+v.times.OrderDay(c)+".")
	}
	return strings.Join(parts, " ")
}

// others are the orders of which nothing is changed.
func (v *planView) others() string {
	parts := v.d.NotChanged()
	for i, text := range parts {
		parts[i] = plain(text, mostReason)
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not changed: " + strings.Join(parts, "; ") + ".\n"
}

// details are all ordinary changes, if they fit: one that is unfolded for a look at
// a certain order is of no use without it.
func (v *planView) details() *part {
	list := slices.Concat(v.changes[order.Ship], v.changes[order.Acknowledge])
	n := len(list)
	if n == 0 {
		return whole("")
	}
	without := "\n" + paragraph("The list of all %s is left out: it does not fit here.", words.Count(n, "order", "orders"))
	rows, fit := allRows("Order", "Sent as", n, func(i int) (string, string) { return v.name(list[i].Order, list[i].Address, ""), sentAs(list[i]) })
	if !fit {
		return whole(without)
	}
	return &part{[]string{"\n<details><summary>All " + words.Count(n, "order", "orders") + "</summary>\n\n" + rows + "\n</details>\n", without}}
}

// sentAs is what is sent of an ordinary change.
func sentAs(c *plan.Change) string {
	if !c.Has(order.Ship) {
		return "acknowledged as " + plain(c.After.OrderNumber, mostValue)
	}
	text := plain(strings.TrimSpace(c.After.Carrier+" "+cmp.Or(c.After.Tracking, "no number")), mostValue)
	if c.Has(order.Acknowledge) {
		text += "<br>acknowledged as " + plain(c.After.OrderNumber, mostValue)
	}
	return text
}
