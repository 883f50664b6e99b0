package markdown

import (
	"cmp"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// few is how many reasons are shown for which a plan is not, or not as a whole,
// carried out: one is enough to look.
const few = 5

// limits says why nothing will be sent.
func (v *planView) limits() *part {
	n := len(v.d.Violations)
	if n == 0 {
		return whole("")
	}
	return v.toCheck(heading("✗ Beyond the policy: nothing will be sent") +
		table("Limit", "Why", n, few, func(i int) (string, string) {
			return plain(v.d.Violations[i].Limit, mostName), plain(v.d.Violations[i].Message, mostReason) + "<br>" + plain(v.d.Violations[i].Remedy, mostReason)
		}))
}

func (v *planView) missing() *part {
	n := len(v.d.Missing)
	if n == 0 {
		return whole("")
	}
	return v.toCheck(heading("✗ Not read: %s", words.Count(n, "account", "accounts")) +
		paragraph("Of their orders the plan says nothing.\n") +
		table("Account", "Why", n, few, func(i int) (string, string) {
			m := v.d.Missing[i]
			return plain(m.Name, mostName) + "<br>" + words.Count(m.Orders, "order", "orders"), plain(m.Message, mostReason)
		}))
}

func (v *planView) stopped() *part {
	n := len(v.d.Stopped)
	if n == 0 {
		return whole("")
	}
	title, sentence := v.d.Stops()
	return v.toCheck(heading("✗ Stopped: %s", title) +
		paragraph("%s\n", sentence) +
		table("Block", "Why", n, few, func(i int) (string, string) {
			b := v.d.Stopped[i]
			why := plain(b.Why(), mostReason) + "<br>" + plain(b.Raise, mostReason)
			if len(b.Messages) > 0 {
				why += "<br>" + plain(strings.Join(b.Messages, "; "), mostReason)
			}
			return plain(b.Address, mostName), why
		}))
}

func (v *planView) partial() *part {
	if len(v.d.Partial) == 0 {
		return whole("")
	}
	return v.toCheck("\n" + paragraph("> This plan is partial: %s", code(strings.Join(v.d.Partial, ", "), mostReason)))
}

func (v *planView) cancels() *part {
	list := v.changes[order.Cancel]
	if len(list) == 0 {
		return whole("")
	}
	return v.toCheck(heading("✗ Cancel %s (cannot be undone)", words.Number(len(list))) +
		table("Order", "Reason", len(list), most, func(i int) (string, string) {
			return v.changed(list[i]), plain(cmp.Or(list[i].Reason, "no reason"), mostReason)
		}))
}

func (v *planView) corrections() *part {
	list := v.changes[order.Correct]
	if len(list) == 0 {
		return whole("")
	}
	return v.toCheck(heading("~ Correct %s", words.Count(len(list), "tracking number", "tracking numbers")) +
		table("Order", "Old → new", len(list), most, func(i int) (string, string) {
			return v.changed(list[i]), v.correction(list[i])
		}))
}

func (v *planView) inserts() *part {
	list := v.changes[order.Insert]
	if len(list) == 0 {
		return whole("")
	}
	return v.toCheck(heading("+ Insert %s (cannot be undone)", words.Count(len(list), "order", "orders")) +
		table("Order", "Placed", len(list), most, func(i int) (string, string) {
			return v.changed(list[i]), plain(v.times.Time(list[i].Account, list[i].Created), mostValue)
		}))
}

// correction is what a shipment was and what it becomes: the number, and what
// differs besides.
func (v *planView) correction(c *plan.Change) string {
	to := v.times.CorrectionOf(c)
	numbers := to.Number
	numbers.Was, numbers.Is = shortened(numbers.Was, numbers.Is)
	var was, is []string
	for _, part := range []struct {
		report.WasIs
		most int
	}{{to.Carrier, mostValue / 2}, {numbers, mostValue}, {to.ShipTime, mostValue}} {
		if part.Was != "" {
			was = append(was, plain(part.Was, part.most))
		}
		if part.Is != "" {
			is = append(is, plain(part.Is, part.most))
		}
	}
	return strings.Join(was, ", ") + " → " + strings.Join(is, ", ")
}

// How many characters of a number stand for it where it differs from another one at
// its end only.
const (
	firstShown = 2
	leastShown = 5
	mostShown  = 12
)

// shortened leaves out of two numbers what is the same in both, since a phone has no
// room for 22 digits beside an order. What differs is there in full.
func shortened(a, b string) (string, string) {
	if len(a) != len(b) || a == b || !safetext.Printable(a+b) {
		return a, b
	}
	from := 0
	for a[from] == b[from] {
		from++
	}
	if from = min(from, len(a)-leastShown); len(a)-from > mostShown || from <= firstShown+1 || strings.ContainsFunc(a+b, func(r rune) bool { return r > '~' }) {
		return a, b
	}
	return a[:firstShown] + "…" + a[from:], b[:firstShown] + "…" + b[from:]
}

// unusual is what is not so on other days, in short: what it means, reviewers decide.
func (v *planView) unusual() *part {
	if v.d.Unusual == nil {
		return whole("")
	}
	var b strings.Builder
	for i, line := range v.d.Unusual.Lines() {
		about, text, _ := strings.Cut(line, ": ")
		if i > 0 {
			b.WriteString(">\n")
		}
		b.WriteString("> **" + about + "**: " + plain(text, mostReason) + "\n")
	}
	if v.d.Unusual.WantsALook() {
		v.things++
	}
	return whole("\n" + b.String())
}
