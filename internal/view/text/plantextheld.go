package text

import (
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// refused comes first: the API had accepted it, and nobody was told otherwise.
func (v *planView) refused() {
	group := v.p.RefusedLater()
	if group == nil {
		return
	}
	v.printf("%s\n", v.s.red("Refused by the marketplace: "+plural(group.Orders, "order", "orders")))
	shown := v.first(len(group.Findings), firstOfGroup)
	for _, f := range group.Findings[:shown] {
		v.entry(v.s.red("!"), append([]string{v.s.red(safetext.Line(f.Ref().String()))}, v.place(f.DefinedAt)...)...)
		v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(v.localTimes("", f.Message)))))
	}
	v.more(len(group.Findings)-shown, " "+group.Rule)
}

// place is where a wish stands, if anything is wanted.
func (v *planView) place(at spec.Place) []string {
	if at == (spec.Place{}) {
		return nil
	}
	return []string{v.s.faint(safetext.Line(at.String()))}
}

// missing comes next: of these orders the plan says nothing.
func (v *planView) missing() {
	for _, m := range v.p.Missing {
		v.sentence(v.s.red("Not read: account "+safetext.Line(m.Name)+","), "with "+plural(m.Orders, "order", "orders"))
		v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(m.Message))))
	}
}

// stopped tells of each batch that sends nothing, with the most frequent
// reasons: of its orders that are held back, these say enough.
func (v *planView) stopped() {
	for _, b := range v.p.Stopped {
		parts := []string{v.s.red(b.Address + " " + string(b.Code) + ":"), safetext.Line(b.Why()) + ".", "Nothing of it is sent"}
		switch {
		case b.Code == plan.StandingStopped:
			parts = append(parts[:1], strings.Fields(safetext.Line(b.Why())+". Nothing of it is sent.")...)
		case b.MaxChanges == nil:
			parts = append(parts, "("+plural(b.Orders, "other order", "other orders"), "not changed).")
		default:
			parts[len(parts)-1] += "."
		}
		v.sentence(parts...)
		for _, m := range append([]string{b.Raise}, b.Messages...) {
			v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(m))))
		}
	}
}

// held shows what is held back by its reason, the rarest first: of a hundred
// orders that are not found, three say enough.
func (v *planView) held() {
	groups := v.p.HeldElsewhere
	if v.Full {
		groups = v.p.HeldByCode
	}
	if len(groups) == 0 {
		return
	}
	orders := 0
	for _, group := range groups {
		orders += len(group)
	}
	v.printf("%s\n", v.s.red("Held back: "+plural(orders, "order", "orders")))
	most := firstOfGroup
	if orders > firstOfGroup {
		most = min(fewOfMany, max(1, firstOfGroup/len(groups)))
	}
	for _, group := range groups {
		shown := v.first(len(group), most)
		for _, h := range group[:shown] {
			v.heldOrder(h)
		}
		v.more(len(group)-shown, " "+string(group[0].Code))
	}
}

// heldOrder names an order with its reason and place, and then says more. The
// place goes below where it does not fit.
func (v *planView) heldOrder(h *plan.Held) {
	head := []string{v.name(h.Order, h.Address), v.s.red(string(h.Code))}
	message := strings.Fields(safetext.Line(v.localTimes(h.Account, h.Message)))
	place := v.place(h.DefinedAt)
	if line := strings.Join(slices.Concat(head, place), gap); len("  ! ")+displayWidth(line) <= v.s.columns() {
		head = append(head, place...)
	} else {
		for _, p := range place {
			message = append(message, "("+p+")")
		}
	}
	v.entry(v.s.red("!"), head...)
	v.printf("%s\n", v.s.flow("      ", "      ", " ", message))
	if h.Suggestion != "" {
		v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(h.Suggestion))))
	}
}

// findings are shown by rule: a hundred orders with one and the same remark are
// one sentence with an example; below, each of them carries its rule.
func (v *planView) findings() {
	for _, group := range v.p.FoundByRule() {
		paint, label := v.s.yellow, "Warning"
		switch group.Severity {
		case rules.Error:
			paint, label = v.s.red, "Error"
		case rules.Info:
			paint, label = v.s.faint, "Info"
		}
		head := paint(label + " " + group.Rule + ":")
		switch {
		case group.Shapes:
			v.shapes(group, head)
		case v.Full:
			v.sentence(head, paint(plural(group.Orders, "order", "orders")))
			for _, f := range group.Findings {
				v.printf("%s\n", v.s.flow("    ", "      ", " ", v.words(f)))
			}
		default:
			parts := []string{head}
			if group.Orders > 1 {
				parts = append(parts, paint(number(group.Orders)), paint("orders,"), "first")
			}
			v.sentence(append(parts, v.words(group.Findings[0])...)...)
		}
	}
}

// shapes are findings each of which counts numbers of one shape.
func (v *planView) shapes(group *report.RuleFindings, head string) {
	for i, f := range group.Findings {
		if i == firstOfGroup && !v.Full {
			v.more(len(group.Findings)-i, " "+group.Rule)
			return
		}
		v.sentence(append([]string{head}, v.words(f)...)...)
	}
}

// words is a finding behind the order's name or, where nothing is changed of it,
// its address.
func (v *planView) words(f *plan.Finding) []string {
	name, account := f.Address, ""
	if c := v.p.ChangeOf(f); c != nil {
		name, account = c.Order.String(), c.Account
	}
	return append([]string{safetext.Line(name) + ":"}, strings.Fields(safetext.Line(v.localTimes(account, f.Message)))...)
}
