package report

import (
	"cmp"
	"slices"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// RuleFindings are the findings by one rule.
type RuleFindings struct {
	Rule     string
	Severity rules.Severity
	Orders   int  // that do not meet the rule
	Shapes   bool // each finding counts numbers of one shape, and none stands for the others
	Findings []*plan.Finding
}

// findings are what was found of the orders, by address and by rule.
type findings struct {
	byAddress map[string]found
	byRule    []*RuleFindings // errors first
	refused   *RuleFindings
}

// found is what was found of one address.
type found struct {
	rules  []string     // that it does not meet
	change *plan.Change // nil if nothing of it is changed
}

// FoundByRule puts the findings by one rule together, errors first: a hundred
// orders with one and the same remark are one thing to know. What marketplaces
// refused is apart.
func (r *Plan) FoundByRule() []*RuleFindings { return r.found().byRule }

// RefusedLater is what marketplaces refused after the API had accepted it, which
// people see before everything else; nil if there is nothing.
func (r *Plan) RefusedLater() *RuleFindings { return r.found().refused }

// RulesThatWarn is how many rules have findings that somebody is to look at.
func (r *Plan) RulesThatWarn() (n int) {
	for _, g := range r.FoundByRule() {
		if g.Warns() {
			n++
		}
	}
	return n
}

// RulesOf are the rules that an order does not meet.
func (r *Plan) RulesOf(address string) []string { return r.found().byAddress[address].rules }

// ChangeOf is the change that a finding is about. Of an order that is not changed,
// there is none.
func (r *Plan) ChangeOf(f *plan.Finding) *plan.Change { return r.found().byAddress[f.Address].change }

func (r *Plan) indexFindings() *findings {
	out := &findings{byAddress: make(map[string]found, len(r.Findings))}
	alone := map[string][]string{} // by rule: the list of an address that does not meet it alone
	for _, group := range grouped(pointers(r.Findings), func(f *plan.Finding) string { return f.Rule }) {
		first := group[0]
		alone[first.Rule] = []string{first.Rule}
		out.byRule = append(out.byRule, &RuleFindings{Rule: first.Rule, Severity: first.Severity, Shapes: first.Rule == "SHIP19", Findings: group})
	}
	again := map[string]int{} // by rule: findings of an address that has one by it
	for i := range r.Findings {
		f := &r.Findings[i]
		at := out.byAddress[f.Address]
		switch {
		case len(at.rules) == 0:
			at.rules = alone[f.Rule]
		case slices.Contains(at.rules, f.Rule):
			again[f.Rule]++
			continue
		default:
			at.rules = append(slices.Clip(at.rules), f.Rule)
		}
		out.byAddress[f.Address] = at
	}
	for _, g := range out.byRule {
		for _, f := range g.Findings {
			g.Orders += max(f.Count, 1)
		}
		g.Orders -= again[g.Rule]
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		if at, ok := out.byAddress[c.Address]; ok {
			at.change = c
			out.byAddress[c.Address] = at
		}
	}
	if i := slices.IndexFunc(out.byRule, func(g *RuleFindings) bool { return g.Rule == plan.RefusedLater }); i >= 0 {
		out.refused = out.byRule[i]
		out.byRule = slices.Delete(out.byRule, i, i+1)
	}
	slices.SortStableFunc(out.byRule, func(a, b *RuleFindings) int {
		return cmp.Compare(severityRank(a.Severity), severityRank(b.Severity))
	})
	return out
}

func severityRank(s rules.Severity) int {
	return slices.Index([]rules.Severity{rules.Error, rules.Warn, rules.Info}, s)
}

// heldByCode puts orders that are held back for one reason together, the rarest
// reason first.
func heldByCode(held []plan.Held) [][]*plan.Held {
	groups := grouped(pointers(held), func(h *plan.Held) string { return string(h.Code) })
	slices.SortStableFunc(groups, func(a, b []*plan.Held) int { return cmp.Compare(len(a), len(b)) })
	return groups
}
