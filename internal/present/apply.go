package present

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Applied is how an apply ended, without the next step.
func Applied(r *reconcile.ApplyReport, at time.Time, exitCode int) report.Applied {
	a := report.Applied{
		RunID: r.RunID, At: at, Result: r.Result, HeldBack: len(r.Plan.Held), Deferred: len(r.Plan.Deferred), Missing: r.Plan.Missing,
		AuditHash: r.AuditHead.Hash, AuditLine: r.AuditHead.Lines, Elapsed: r.Elapsed, ExitCode: exitCode, Resend: r.Resent,
	}
	if r.Sent {
		a.AuditFile = r.SignedHead
	}
	for _, p := range r.Reviewed {
		a.Reviewed = append(a.Reviewed, report.NewReviewedPlan(p.Hash, p.Head, p.Name, p.Review))
	}
	for _, d := range r.Doubles {
		in := d.Intent
		a.Doubles = append(a.Doubles, report.PossibleDouble{Address: in.Address, Account: in.Account, Order: in.Ref, Action: in.Action, RunID: in.RunID})
	}
	return a
}

// Carried is the result of each order of a plan.
func Carried(r *reconcile.ApplyReport, outcomes report.Outcomes) *report.Carried {
	c := &report.Carried{Plan: report.NewPlan(r.Plan, r.Hash, nil, watch.Report{}), Left: r.Result.Left, Outcomes: outcomes, DoneBefore: r.DoneBefore}
	c.Plan.Review.Zones = r.Zones
	return c
}
