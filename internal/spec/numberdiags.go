package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// numberSummaries say in short what a rule of tracking numbers found.
var numberSummaries = map[string]string{
	"SHIP06": "characters that marketplaces refuse",
	"SHIP08": "a wrong check digit",
	"SHIP09": "a number of another carrier",
	"SHIP10": "a carrier's name that the marketplace does not take",
	"SHIP12": "one tracking number on several orders",
	"SHIP18": "not a tracking number",
	"SHIP19": "tracking numbers of unknown form",
}

// NumberDiagnostics reports what is wrong with tracking numbers, for a check that
// is not followed by a plan. Errors stand one by one, since each is an order that
// is not sent; warnings once for each block and rule, with the first place and a
// count. Orders that are closed are not looked at.
func (w *Wishes) NumberDiagnostics(raised rules.Raised, closed func(*Wish) bool) diag.List {
	c := numberCheck{raised: raised, warnings: map[numberKind]*numberWarning{}, formats: map[numberKind]*numberWarning{}, sharing: rules.NewSharing(len(w.Orders))}
	for i, wish := range w.Orders {
		if wish.Problem == nil && wish.Want.Status == order.Shipped && !closed(wish) {
			c.look(i, wish)
		}
	}
	c.shared(w.Orders)
	return diag.Limited(append(c.diags, c.counted()...))
}

type numberCheck struct {
	raised   rules.Raised
	diags    diag.List
	warnings map[numberKind]*numberWarning
	formats  map[numberKind]*numberWarning
	sharing  *rules.Sharing
}

// numberKind is what warnings are counted by.
type numberKind struct {
	origin *Origin
	rule   string
	detail string // of SHIP19: carrier and shape
}

type numberWarning struct {
	count       int
	first       *Wish
	message     string
	name, shape string
}

func (c *numberCheck) look(i int, w *Wish) {
	if damage := w.Damage(); damage != nil && w.Want.Tracking != "" {
		c.add(w, *damage)
		return
	}
	for _, f := range rules.CheckNumber(rules.Number{
		Tracking: w.Want.Tracking, Carrier: w.Want.Carrier, Source: w.Find.Source, InRow: w.Origin.Kind == "batch",
	}) {
		c.add(w, f)
	}
	if name, shape, unknown := rules.UnknownFormat(w.Want.Tracking, w.Want.Carrier); unknown {
		n := count(c.formats, numberKind{w.Origin, "SHIP19", name + "/" + shape}, w, "")
		n.name, n.shape = name, shape
	}
	c.sharing.Add(i, w.Want.Tracking)
}

func (c *numberCheck) add(w *Wish, f rules.Finding) {
	if f = c.raised.Apply(f); f.Severity != rules.Error {
		count(c.warnings, numberKind{w.Origin, f.Rule, ""}, w, f.Message)
		return
	}
	c.diags = append(c.diags, w.NumberPlace().Error(numberSummary(f.Rule), fmt.Sprintf("%s: %s. It is not sent.", w.Address(), f.Message)))
}

// count counts a warning, and keeps that of the first place.
func count(counts map[numberKind]*numberWarning, kind numberKind, w *Wish, message string) *numberWarning {
	n := counts[kind]
	if n == nil {
		n = &numberWarning{first: w, message: message}
		counts[kind] = n
	}
	if n.count++; w.Place.before(n.first.Place) {
		n.first, n.message = w, message
	}
	return n
}

func (c *numberCheck) shared(orders []*Wish) {
	number := func(i int) string { return orders[i].Want.Tracking }
	c.sharing.Groups(number, func(group []int) {
		slices.SortFunc(group, func(a, b int) int { return orders[a].Place.Compare(orders[b].Place) })
		first, other := orders[group[0]], orders[group[1]]
		c.add(first, rules.Shared(fmt.Sprintf("%s at %s", other.Address(), other.Place), len(group)))
	})
}

// counted are the warnings and notes.
func (c *numberCheck) counted() diag.List {
	var diags diag.List
	for kind, n := range c.warnings {
		message := n.first.Address() + ": " + n.message
		if n.count > 1 {
			message += fmt.Sprintf("; %d more of this block", n.count-1)
		}
		diags = append(diags, n.first.NumberPlace().Warning(numberSummary(kind.rule), message+"."))
	}
	for kind, n := range c.formats {
		f := rules.FormatsUnknown(n.count, n.name, n.shape, n.first.Place.String())
		diags = append(diags, n.first.NumberPlace().Info(numberSummary(f.Rule), kind.origin.String()+": "+f.Message+"."))
	}
	slices.SortFunc(diags, func(a, b *diag.Diagnostic) int {
		return cmp.Or(diag.Compare(a, b), strings.Compare(a.Summary, b.Summary), strings.Compare(a.Detail, b.Detail))
	})
	return diags
}

func numberSummary(rule string) string { return rule + ": " + numberSummaries[rule] }
