package markdown

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Apply prints how an apply ended: what was sent, in numbers, and each change that
// did not end well, with what to do about it.
func Apply(w io.Writer, r *report.Apply) error {
	v := &applyView{r}
	worst := []*part{v.stopped(), v.parcels(), v.unrecorded(), v.doubles(), v.missing()}
	for _, e := range r.EndedBadly() {
		worst = append(worst, v.items(e))
	}
	things := 0
	for _, p := range worst {
		if p.versions[0] != "" {
			things++
		}
	}
	parts := append([]*part{whole(marked(r.Mark) + title("Apply", r.Review.Workspace, things)), whole(v.intro())}, worst...)
	parts = append(parts, whole(v.facts()))
	slices.Reverse(worst)
	return write(w, parts, slices.Concat(worst, worst)...)
}

type applyView struct{ r *report.Apply }

func (v *applyView) intro() string {
	r := v.r
	text := "\n" + paragraph("**%s**", r.Outcome) + "\n"
	text += r.Sent() + "\n"
	if r.NextStep != "" {
		text += "\n" + paragraph("Next: %s", plain(r.NextStep, mostReason))
	}
	return text
}

func (v *applyView) stopped() *part {
	if v.r.Stopped == "" {
		return whole("")
	}
	return whole(heading("✗ Stopped") + paragraph("Why: %s", plain(v.r.Stopped, mostReason)))
}

func (v *applyView) missing() *part {
	list := v.r.Missing
	return listing(heading("✗ Not read: %s", words.Count(len(list), "account", "accounts")), "Account", "Why", len(list), func(i int) (string, string) {
		return plain(list[i].Name, mostName), plain(list[i].Message, mostReason)
	})
}

// unrecorded are calls that nothing but this report records.
func (v *applyView) unrecorded() *part {
	list := v.r.Unrecorded
	head := heading("✗ Not recorded %s: write these down", words.Number(len(list))) +
		paragraph("%s\n", report.UnrecordedAdvice)
	return listing(head, "Order", "Call", len(list), func(i int) (string, string) { return v.cells(&list[i]) })
}

func (v *applyView) doubles() *part {
	list := v.r.Doubles
	head := heading("✗ Possibly sent twice %s", words.Number(len(list))) +
		paragraph("%s\n", report.DoublesAdvice)
	return listing(head, "Order", "Call", len(list), func(i int) (string, string) {
		d := list[i]
		return orderName(d.Order, d.Address), string(d.Action) + "<br>first of run " + plain(d.RunID, mostValue)
	})
}

// parcels are those that must be pulled, whatever the outcome of the call: somebody has
// to run. A table has no room for their numbers on a phone.
func (v *applyView) parcels() *part {
	var b strings.Builder
	parcels := v.r.Parcels()
	n := len(parcels)
	for _, p := range parcels[:min(n, most)] {
		b.WriteString("**" + order.PullWords + plain(p.Number, mostValue) + "** · " + v.name(p.Item) + ": " + plain(p.Why, mostReason) + "; " + report.ResultWord(p.Result) + ".\n\n")
	}
	if n > most {
		b.WriteString(more(n - most))
	}
	if n == 0 {
		return whole("")
	}
	return whole(heading("✗ Pull %s", words.Count(n, "parcel", "parcels")) + strings.TrimSuffix(b.String(), "\n\n") + "\n")
}

// items are the other changes that ended in one way.
func (v *applyView) items(e report.Ended) *part {
	sign := "! "
	if e.Severe() {
		sign = "✗ "
	}
	head := heading("%s", sign+e.Title+" "+words.Number(len(e.Items))) + paragraph("%s\n", e.Advice)
	return listing(head, "Order", "What", len(e.Items), func(i int) (string, string) { return v.cells(e.Items[i]) })
}

func (v *applyView) cells(item *apply.Item) (string, string) {
	return v.name(item), string(item.Action) + "<br>" + plain(item.Message, mostReason)
}

func (v *applyView) name(item *apply.Item) string {
	return link(orderName(item.Order, item.Address), v.r.Review.PageOf(item.DefinedAt))
}

// facts are what an auditor looks for.
func (v *applyView) facts() string {
	r := v.r
	var facts []string
	if r.RunID != "" {
		facts = append(facts, "run "+code(r.RunID, mostValue))
	}
	for i, p := range r.Reviewed {
		if i == few {
			facts = append(facts, words.Count(len(r.Reviewed)-i, "more reviewed plan", "more reviewed plans"))
			break
		}
		facts = append(facts, "plan "+code(words.ShortHash(p.PlanHash), mostValue)+", "+p.How(func(login string) string { return plain(login, mostName) }))
	}
	if r.Review.Commit != "" {
		facts = append(facts, "commit "+code(words.ShortHash(r.Review.Commit), mostValue))
	}
	if r.AuditHead != "" {
		facts = append(facts, "audit "+code(r.AuditHead, mostValue))
	}
	if r.Review.RunURL != "" {
		facts = append(facts, link("this run", r.Review.RunURL))
	}
	if len(facts) == 0 {
		return ""
	}
	return "\nApplied: " + strings.Join(facts, " · ") + "\n"
}

// orderName is how people call an order.
func orderName(ref order.Ref, address string) string {
	return plain(cmp.Or(ref.String(), address), mostName)
}
