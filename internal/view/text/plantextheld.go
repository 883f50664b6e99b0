package text

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// missing comes first: of these orders the plan says nothing.
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
		v.sentence(v.s.red(b.Address+" "+string(b.Code)+":"), plural(b.Held, "order is", "orders are")+" held back,",
			number(b.MaxHeld)+" allowed.", "Nothing of it is sent", "("+plural(b.Orders, "other order", "other orders"), "not changed).")
		for _, m := range b.Messages {
			v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(m))))
		}
	}
}

// held shows what is held back by its reason, the rarest first: of a hundred
// orders that are not found, three say enough.
func (v *planView) held() {
	held := v.p.Held
	if !v.Full {
		held = v.p.HeldOutsideStopped()
	}
	if len(held) == 0 {
		return
	}
	v.printf("%s\n", v.s.red("Held back: "+plural(len(held), "order", "orders")))
	groups := grouped(pointers(held), func(h *plan.Held) string { return string(h.Code) })
	slices.SortStableFunc(groups, func(a, b []*plan.Held) int { return cmp.Compare(len(a), len(b)) })
	most := firstOfGroup
	if len(held) > firstOfGroup {
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
	place := v.s.faint(safetext.Line(h.DefinedAt.String()))
	if line := strings.Join(append(slices.Clone(head), place), gap); len("  ! ")+displayWidth(line) <= v.s.columns() {
		head = append(head, place)
	} else {
		message = append(message, "("+place+")")
	}
	v.entry(v.s.red("!"), head...)
	v.printf("%s\n", v.s.flow("      ", "      ", " ", message))
	if h.Suggestion != "" {
		v.printf("%s\n", v.s.flow("      ", "      ", " ", strings.Fields(safetext.Line(h.Suggestion))))
	}
}

// grouped puts things of one key together, in the order in which keys come up.
func grouped[T any](things iter.Seq[*T], key func(*T) string) [][]*T {
	var groups [][]*T
	index := map[string]int{}
	for thing := range things {
		k := key(thing)
		at, seen := index[k]
		if !seen {
			at = len(groups)
			index[k] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], thing)
	}
	return groups
}

// pointers are those to the elements of a list.
func pointers[T any](list []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// findings are shown by rule: a hundred orders with one and the same remark are
// one sentence with an example; below, each of them carries its rule.
func (v *planView) findings() {
	groups := grouped(pointers(v.p.Findings), func(f *plan.Finding) string { return f.Rule })
	slices.SortStableFunc(groups, func(a, b []*plan.Finding) int {
		return cmp.Compare(severityRank(a[0].Severity), severityRank(b[0].Severity))
	})
	for _, group := range groups {
		paint, label := v.s.yellow, "Warning"
		switch group[0].Severity {
		case rules.Error:
			paint, label = v.s.red, "Error"
		case rules.Info:
			paint, label = v.s.faint, "Note"
		}
		if group[0].Rule == "SHIP19" {
			v.formats(group, paint(label+" SHIP19:"))
			continue
		}
		count := v.counts[group[0].Rule] - repeatedOrders(group)
		head := []string{paint(label + " " + group[0].Rule + ":")}
		if count > 1 {
			head = append(head, paint(number(count)), paint("orders,"), "first")
		}
		if !v.Full {
			v.sentence(append(head, v.words(group[0])...)...)
			continue
		}
		v.sentence(paint(label+" "+group[0].Rule+":"), paint(plural(count, "order", "orders")))
		for _, f := range group {
			v.printf("%s\n", v.s.flow("    ", "      ", " ", v.words(f)))
		}
	}
}

// formats are the lines of SHIP19, each of which counts numbers of one shape.
func (v *planView) formats(group []*plan.Finding, head string) {
	for i, f := range group {
		if i == firstOfGroup && !v.Full {
			v.more(len(group)-i, " SHIP19")
			return
		}
		v.sentence(append([]string{head}, v.words(f)...)...)
	}
}

// repeatedOrders is how many findings are of an order that has another one.
func repeatedOrders(group []*plan.Finding) int {
	orders := map[string]bool{}
	for _, f := range group {
		orders[f.Address] = true
	}
	return len(group) - len(orders)
}

func severityRank(s rules.Severity) int {
	return slices.Index([]rules.Severity{rules.Error, rules.Warn, rules.Info}, s)
}

// words is a finding behind the order's name or, where nothing is changed of it,
// its address.
func (v *planView) words(f *plan.Finding) []string {
	name, account := f.Address, ""
	if c := v.found[f.Address]; c != nil {
		name, account = c.Order.String(), c.Account
	}
	return append([]string{safetext.Line(name) + ":"}, strings.Fields(safetext.Line(v.localTimes(account, f.Message)))...)
}
