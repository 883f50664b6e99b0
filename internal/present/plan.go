package present

import (
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Plan is a plan as all views show it.
func Plan(r *reconcile.PlanReport) *report.Plan {
	doc := report.NewPlan(r.Plan, r.Hash, r.Violations, r.Feeds)
	doc.Compare(report.Compared{Counts: r.Before.Counts, NoState: r.Before.NoState, StateAt: r.Before.StateAt, PolicyRef: r.PolicyRef})
	return doc
}
