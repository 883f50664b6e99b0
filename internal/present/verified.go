package present

import (
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Verified is what happened to accepted changes.
func Verified(r *reconcile.VerifyChangesReport) *report.Verified {
	changes := make([]report.VerifiedChange, len(r.Orders))
	for i, o := range r.Orders {
		changes[i] = report.VerifiedChange{Accepted: o.Accepted, Said: o.Said, Gone: o.Gone, Twice: o.Twice, Closed: o.Closed}
	}
	return report.NewVerified(r.At, r.Calls, r.Zones, changes)
}
