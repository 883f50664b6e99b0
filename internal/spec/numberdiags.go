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
	c := numberCheck{
		raised: raised, told: diag.NewLimiter(compareNumberDiagnostics),
		warnings: map[numberKind]*numberWarning{}, formats: map[numberKind]*numberWarning{}, sharing: rules.NewSharing(len(w.Orders)),
	}
	for i, wish := range w.Orders {
		if wish.Problem == nil && wish.Want.Status == order.Shipped && !closed(wish) {
			c.look(i, wish)
		}
	}
	c.shared(w.Orders)
	c.counted()
	return c.told.List()
}

type numberCheck struct {
	raised rules.Raised
	told   *diag.Limiter
	// What is counted, of batches. An order block has one number: if a hundred
	// thousand of them each had a count of 1, that would take more memory than
	// the blocks themselves.
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
		if w.Origin.Kind == "order" {
			c.format(w, 1, name, shape)
		} else {
			n := count(c.formats, numberKind{w.Origin, "SHIP19", name + "/" + shape}, w, "")
			n.name, n.shape = name, shape
		}
	}
	c.sharing.Add(i, w.Want.Tracking)
}

func (c *numberCheck) add(w *Wish, f rules.Finding) {
	switch f = c.raised.Apply(f); {
	case f.Severity == rules.Error:
		c.told.Add(w.NumberPlace().Error(numberSummary(f.Rule), fmt.Sprintf("%s: %s. It is not sent.", w.Address(), f.Message)))
	case w.Origin.Kind == "order":
		c.warn(w, f.Rule, f.Message)
	default:
		count(c.warnings, numberKind{w.Origin, f.Rule, ""}, w, f.Message)
	}
}

func (c *numberCheck) warn(w *Wish, rule, message string) {
	c.told.Add(w.NumberPlace().Warning(numberSummary(rule), w.Address()+": "+message+"."))
}

// format says of how many numbers of a block the form is not known, w's first.
func (c *numberCheck) format(w *Wish, numbers int, name, shape string) {
	f := rules.FormatsUnknown(numbers, name, shape, w.Place.String())
	c.told.Add(w.NumberPlace().Info(numberSummary(f.Rule), w.Origin.String()+": "+f.Message+"."))
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

// counted tells what was counted.
func (c *numberCheck) counted() {
	for kind, n := range c.warnings {
		message := n.message
		if n.count > 1 {
			message += fmt.Sprintf("; %d more of this block", n.count-1)
		}
		c.warn(n.first, kind.rule, message)
	}
	for _, n := range c.formats {
		c.format(n.first, n.count, n.name, n.shape)
	}
}

// compareNumberDiagnostics puts those of one place in an order that doesn't depend
// on that of a map: errors as they were found, and then the others by their texts.
func compareNumberDiagnostics(a, b *diag.Diagnostic) int {
	if order := diag.Compare(a, b); order != 0 {
		return order
	}
	switch aFails, bFails := a.Severity == diag.Error, b.Severity == diag.Error; {
	case aFails && bFails:
		return 0
	case aFails || bFails:
		return compareBools(bFails, aFails)
	}
	return cmp.Or(strings.Compare(a.Summary, b.Summary), strings.Compare(a.Detail, b.Detail))
}

func numberSummary(rule string) string { return rule + ": " + numberSummaries[rule] }
