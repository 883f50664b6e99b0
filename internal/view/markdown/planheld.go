package markdown

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// mostReasons is how many reasons for which orders are held back are shown.
const mostReasons = 20

// held shows what is held back: parcels that must be pulled first, since somebody
// has to run; then by reason, the rarest first. Without room it does without links,
// and then it counts.
func (v *planView) held() *part {
	n := len(v.d.Held)
	if n == 0 {
		return whole("")
	}
	v.things++
	head := heading("! Held back %s (will not be sent)", words.Number(n))
	parcels, others := v.d.Parcels()
	var versions []string
	for _, places := range []bool{true, false} {
		var b strings.Builder
		b.WriteString(head)
		if !places {
			b.WriteString("Links and places are left out: they do not fit here.\n\n")
		}
		v.parcels(&b, parcels, places)
		for i, group := range others {
			if i == mostReasons {
				b.WriteString("… and " + words.Count(len(others)-i, "more reason", "more reasons") + ", left out here.\n")
				break
			}
			v.reason(&b, group, places)
		}
		versions = append(versions, strings.TrimSuffix(b.String(), "\n\n")+"\n")
	}
	return &part{append(versions, head+counted(parcels, others))}
}

// counted is how many orders are held back, by reason.
func counted(parcels []*plan.Held, others [][]*plan.Held) string {
	var b strings.Builder
	b.WriteString("The orders are left out: they do not fit here.\n\n" + tableHead("Reason", "Orders"))
	if len(parcels) > 0 {
		b.WriteString(row("**"+strings.TrimSpace(order.PullWords)+"**", words.Number(len(parcels))))
	}
	for i, group := range others {
		if i == mostReasons {
			b.WriteString("\n" + more(len(others)-i))
			break
		}
		b.WriteString(row(plain(reasonName(group), mostName/2), words.Number(len(group))))
	}
	return b.String()
}

func reasonName(group []*plan.Held) string {
	return report.CodeWord(group[0].Code)
}

func (v *planView) parcels(b *strings.Builder, parcels []*plan.Held, places bool) {
	for i, h := range parcels {
		if i == most {
			b.WriteString("… and " + words.Count(len(parcels)-i, "more parcel", "more parcels") + " to pull, left out here.\n\n")
			return
		}
		why, parcel, _ := report.ParcelOf(h.Message)
		b.WriteString("**" + order.PullWords + plain(parcel, mostValue) + "** · " + v.heldName(h, places) + ": " + v.words(h.Account, why) + ".\n\n")
	}
}

// reason shows orders that are held back for one reason: those with one and the same
// message together.
func (v *planView) reason(b *strings.Builder, group []*plan.Held, places bool) {
	b.WriteString("**" + words.Number(len(group)) + " × " + plain(reasonName(group), mostName/2) + "**: ")
	same := true
	for _, h := range group {
		same = same && h.Message == group[0].Message && h.Suggestion == group[0].Suggestion
	}
	remedy := report.Remedy(group[0].Code)
	if !same {
		b.WriteString(remedy + "\n\n" + table("Order", "Why", len(group), most, func(i int) (string, string) {
			return v.heldName(group[i], places), v.why(group[i])
		}) + "\n")
		return
	}
	b.WriteString(v.why(group[0]) + ". " + remedy + "\n\n" + noun(len(group)) + ": ")
	for i, h := range group[:min(len(group), most)] {
		if i > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(v.heldName(h, places))
	}
	b.WriteString("\n")
	if len(group) > most {
		b.WriteString("\n" + more(len(group)-most))
	}
	b.WriteString("\n")
}

func noun(n int) string {
	if n == 1 {
		return "Order"
	}
	return "Orders"
}

// why is what is wrong with an order, and what would decide it.
func (v *planView) why(h *plan.Held) string {
	text := v.words(h.Account, strings.TrimSuffix(h.Message, "."))
	if h.Suggestion != "" {
		text += "; " + v.words(h.Account, h.Suggestion)
	}
	return text
}

func (v *planView) heldName(h *plan.Held, places bool) string {
	page := ""
	if places {
		page = v.r.PageOf(h.DefinedAt)
	}
	name := v.name(h.Order, h.Address, page)
	if page == "" && places && h.DefinedAt.File != "" {
		name += " (" + place(h.DefinedAt.File, h.DefinedAt.Line) + ")"
	}
	return name
}

// unsettled says which orders another run is about to change, or was.
func (v *planView) unsettled() *part {
	n := len(v.d.Unsettled)
	if n == 0 {
		return whole("")
	}
	v.things++
	head := heading("? Not planned %s: the outcome of a call is not known yet", words.Number(n))
	return listing(head, "Order", "Call", n, func(i int) (string, string) {
		o := v.d.Unsettled[i]
		return v.name(o.Order, o.Address, ""), string(o.Action) + ", " + report.Progress(&o) + "<br>run " + plain(o.RunID, mostValue)
	})
}

// refused is what marketplaces refused after the API had accepted it.
func (v *planView) refused() *part {
	g := v.d.RefusedLater()
	if g == nil {
		return whole("")
	}
	v.things++
	return listing(heading("! Refused by the marketplace: %s", words.Count(g.Orders, "order", "orders")), "Order", "What", len(g.Findings), func(i int) (string, string) {
		f := g.Findings[i]
		return v.placed(f.Ref(), f.Address, v.r.PageOf(f.DefinedAt), f.DefinedAt.File, f.DefinedAt.Line), v.words("", f.Message)
	})
}

// noticed are findings that do not keep an order back, by rule.
func (v *planView) noticed() *part {
	groups, warnings := v.d.FoundByRule(), v.d.RulesThatWarn()
	if len(groups) == 0 {
		return whole("")
	}
	head := heading("· Noticed")
	if warnings > 0 {
		v.things++
		head = heading("! Noticed: %s", words.Count(warnings, "warning", "warnings"))
	}
	return listing(head, "Rule", "Example", len(groups), func(i int) (string, string) {
		g := groups[i]
		f := g.Findings[0]
		name := plain(f.Address, mostName)
		account := ""
		if c := v.d.ChangeOf(f); c != nil {
			name, account = v.name(c.Order, c.Address, v.r.PageOf(c.DefinedAt)), c.Account
		}
		return plain(string(g.Severity)+" "+g.Rule, mostName) + "<br>" + words.Count(g.Orders, "order", "orders"), name + ": " + v.words(account, f.Message)
	})
}
