package report

import (
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// PlanForPrograms is a plan with the latest results of watches beside it.
func PlanForPrograms(doc *plan.Document, latest watch.Report) *plan.Document {
	full := *doc
	full.Watches = listed(latest.Results)
	return &full
}
