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
	Findings []PlanFinding
}

// PlanFinding is a finding with the change that it is about. Of an order that is
// not changed, there is none.
type PlanFinding struct {
	*plan.Finding
	Change *plan.Change
}

// found gathers what was found of the orders, by order and by rule: a hundred
// orders with one and the same remark are one thing to know.
func (r *Plan) found() {
	r.Rules = map[string][]string{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !slices.Contains(r.Rules[f.Address], f.Rule) {
			r.Rules[f.Address] = append(r.Rules[f.Address], f.Rule)
		}
	}
	changed := map[string]*plan.Change{}
	for i := range r.Changes {
		if c := &r.Changes[i]; r.Rules[c.Address] != nil {
			changed[c.Address] = c
		}
	}
	for _, group := range grouped(pointers(r.Findings), func(f *plan.Finding) string { return f.Rule }) {
		g := &RuleFindings{Rule: group[0].Rule, Severity: group[0].Severity, Shapes: group[0].Rule == "SHIP19"}
		orders := map[string]bool{}
		for _, f := range group {
			// One order may have several findings by a rule.
			g.Orders += max(f.Count, 1)
			if orders[f.Address] {
				g.Orders--
			}
			orders[f.Address] = true
			g.Findings = append(g.Findings, PlanFinding{f, changed[f.Address]})
		}
		r.FoundByRule = append(r.FoundByRule, g)
	}
	slices.SortStableFunc(r.FoundByRule, func(a, b *RuleFindings) int {
		return cmp.Compare(severityRank(a.Severity), severityRank(b.Severity))
	})
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
