package samples

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// again is the report of a plan for the same reviewers as the day's.
func again(p *plan.Plan, violations []plan.Violation, feeds watch.Report) *report.Plan {
	d := report.NewPlan(p, "37637a124fb3aaaaaaaaaaaaaaaa", violations, feeds)
	of := Day()
	d.Mark, d.Review = of.Mark, of.Review
	return d
}

// planOf is the plan of a report, with some of its changes.
func planOf(d *report.Plan, changes []plan.Change) *plan.Plan {
	p := &plan.Plan{CreatedAt: d.CreatedAt, Orders: len(changes), Changes: changes}
	for _, a := range d.Accounts {
		p.Accounts = append(p.Accounts, a.AccountPlan)
	}
	return p
}

// Few is a plan of three changes.
func Few() *report.Plan {
	d := Day()
	return again(planOf(d, d.Changes[10:13]), nil, watch.Report{})
}

// Empty is a plan that has nothing to do.
func Empty() *report.Plan {
	p := planOf(Day(), nil)
	p.Orders, p.NoOp = 566, 566
	p.Accounts[0].Calls = plan.Calls{Read: 7}
	return again(p, nil, watch.Report{})
}

// Failing is a plan of which nothing will be sent, and for several reasons.
func Failing() *report.Plan {
	d := Day()
	p := planOf(d, d.Changes[:40])
	p.Accounts = append(p.Accounts, plan.AccountPlan{Name: "ca", Burst: 50, PerSecond: 2})
	p.Held, p.Partial = d.Held, []string{"--target batch.shipments", "--keep-going"}
	p.Missing = []plan.MissingAccount{{Name: "eu", Orders: 212, Message: "the API refused the key (401): check GDF_EU_KEY"}}
	p.Stopped = []plan.StoppedBatch{{Address: "batch.returns", Held: 61, MaxHeld: 25, Orders: 130, Where: "policy.hcl:7", Raise: "Whoever may change policy.hcl can raise it, in review.", Messages: []string{"no live order has this number", "the cell order_number is empty"}}}
	p.Unsettled = []plan.Unsettled{
		{Account: "us", Order: order.Ref{Source: "Amazon", SourceNumber: "114-0000001-0000001"}, Action: order.Ship, RunID: "20261127T170012Z-a69ab2c9", InProgress: true, DefinedAt: spec.Place{File: "shipments/2026-11-27.csv", Line: 77}},
		{Account: "us", Order: order.Ref{Source: "Walmart", SourceNumber: "200010203040599"}, Action: order.Cancel, RunID: "20261127T160012Z-77ab12c9", DefinedAt: spec.Place{File: "cancels.hcl", Line: 33}},
	}
	for i := range 12 {
		c := &p.Changes[8+i]
		p.Findings = append(p.Findings, plan.Finding{Rule: "SHIP12", Severity: rules.Warn, Address: c.Address, Message: "shipped 2026-11-20T16:28:00Z, more than 5 days ago", Count: 1, DefinedAt: c.DefinedAt})
	}
	p.Findings = append(p.Findings, plan.Finding{Rule: "SHIP20", Severity: rules.Info, Address: p.Changes[9].Address, Message: "the carrier is not one that Amazon knows", Count: 1})
	feeds := watch.Report{At: d.Review.Checked, Results: d.Watches}
	return again(p, []plan.Violation{
		{Limit: "max_cancellations", Message: "3 orders would be canceled, 2 are allowed (policy.hcl:4)", Remedy: "Whoever may change policy.hcl can raise it, in review."},
		{Limit: "max_held", Message: "65 orders are held back, 50 are allowed (policy.hcl:7)", Remedy: "Whoever may change policy.hcl can raise it, in review."},
	}, feeds)
}

// Large is a plan of n orders, of many days, marketplaces and carriers.
func Large(n int) *report.Plan {
	p := planOf(Day(), nil)
	p.Orders = n
	sources := []string{"Amazon", "Walmart", "eBay", "Etsy", "Target Plus", "Amazon Canada", "Wayfair", "Shopify", "Newegg", "Kroger", "Macy's"}
	carriers := []string{"UPS", "USPS", "FedEx", "DHL eCommerce", "OnTrac"}
	for i := range n {
		source := sources[i*i%97%len(sources)]
		c := plan.Change{
			Address: fmt.Sprintf("batch.warehouse_%d[\"%s/%d\"]", i%4, source, i), Account: "us", Order: order.Ref{ID: fmt.Sprintf("id%d", i), Source: source, SourceNumber: fmt.Sprintf("1%02d-%07d-%07d", i%90+10, i, i*7919%9999999)},
			Created: p.CreatedAt.Add(-time.Duration(i) * time.Second), Actions: []order.Action{order.Ship}, AfterUnknown: []string{}, DefinedAt: spec.Place{File: fmt.Sprintf("shipments/warehouse-%d.csv", i%4), Line: i/4 + 2},
		}
		c.After.Carrier, c.After.Tracking, c.After.ShippedAt = carriers[i*i%89%len(carriers)], fmt.Sprintf("1Z999AA1%010d", i), p.CreatedAt.Add(-time.Duration(i%(12*24*60))*time.Minute)
		switch {
		case i%400 == 0:
			c.Actions, c.Reason, c.After = []order.Action{order.Cancel}, "out of stock", order.Values{}
		case i%300 == 0:
			c.Actions, c.Before.Tracking = []order.Action{order.Correct}, fmt.Sprintf("1Z999AA9%010d", i)
		}
		if i%50 == 3 {
			p.Findings = append(p.Findings, plan.Finding{Rule: "SHIP12", Severity: rules.Warn, Address: c.Address, Message: "shipped more than 5 days ago", Count: 1})
		}
		p.Changes = append(p.Changes, c)
	}
	p.Accounts[0].ETA, p.Accounts[0].Calls = time.Duration(n)*500*time.Millisecond, plan.Calls{Read: 500, Write: n}
	return again(p, nil, watch.Report{})
}

// Applied is the apply of the day's plan, with changes that did not end well.
func Applied() *report.Apply {
	d := Day()
	var items []apply.Item
	counts := map[apply.ItemResult]int{}
	ended := func(change int, result apply.ItemResult, message string) {
		c := &d.Changes[change]
		items = append(items, apply.Item{Address: c.Address, Account: c.Account, Order: c.Order, Action: c.Actions[0], Result: result, Message: message, Tracking: c.After.Tracking, DefinedAt: c.DefinedAt})
		counts[result]++
	}
	ended(7, apply.Unknown, "the connection was closed before the answer")
	ended(9, apply.Failed, "the API refused the change (400): only 'CANCELLED' or 'SHIPPED' status updates are allowed")
	ended(11, apply.Failed, "the API refused the change (400): …")
	ended(20, apply.HeldBack, "canceled in the meantime: PULL PARCEL 1Z999AA10000000015")
	ended(31, apply.HeldBack, "no_weekend: ships on a Saturday")
	ended(45, apply.NotReviewed, "planned after the review")
	ended(60, apply.Skipped, "shipped since the plan with 1Z999AA10000000077")
	left := d.Changes[500:560]
	outcomes := report.Outcomes{}
	for i := 100; i < 103; i++ {
		c := &d.Changes[i]
		outcomes.Note(apply.Event{Account: c.Account, Address: c.Address, Action: c.Actions[0], Result: string(apply.AsWanted)})
		counts[apply.AsWanted]++
	}
	counts[apply.NotReached] = len(left)
	counts[apply.Applied] = len(d.Changes) - len(items) - len(left) - 3
	carried := &report.Carried{Plan: d, Outcomes: outcomes}
	for i := range left {
		carried.Left = append(carried.Left, &left[i])
	}
	r := report.NewApply(report.Applied{
		RunID: "20261128T070012Z-a69ab2c9", At: d.CreatedAt.Add(14 * time.Hour), Reviewed: []report.ReviewedPlan{report.NewReviewedPlan("37637a124fb3aaaaaaaa", "", "#17", &provenance.Review{Author: "ann", Approvers: []string{"carol"}})}, AuditHash: strings.Repeat("5e", 32), AuditLine: 1204,
		HeldBack: len(d.Held), ExitCode: 3, NextStep: "Run gdfctl plan to see what is left.", Carried: carried,
		Result: &apply.Result{
			Calls: 492, Rereads: 6, Throttled: 2, Done: len(d.Changes) - len(left), Total: len(d.Changes), Counts: counts, Items: items,
			Stopped: "the API has not answered for 7 minutes", Unrecorded: items[:1],
		},
		Doubles: []report.PossibleDouble{{Address: d.Changes[8].Address, Account: "us", Order: d.Changes[8].Order, Action: order.Ship, RunID: "20261127T230012Z-0badcafe"}},
	})
	r.Mark, r.Review = "<!-- gdfctl:apply shop -->", d.Review
	return r
}

// Nasty is a plan in which every text that is not gdfctl's own is one that nobody
// should trust.
func Nasty(texts ...string) *report.Plan {
	next := 0
	text := func() string { next++; return texts[next%len(texts)] }
	ref := func() order.Ref { return order.Ref{ID: text(), Source: text(), SourceNumber: text()} }
	day := Day()
	p := planOf(day, nil)
	p.Standing = []*plan.StandingCount{{Address: text(), Where: text(), New: 2, Selected: 1, Deferred: 1}}
	p.Partial, p.Batches = []string{text()}, []*spec.BatchCount{{Address: text(), Rows: 1, Orders: 1}}
	p.Accounts = append(p.Accounts, plan.AccountPlan{Name: text()})
	for i := range len(texts) {
		at := spec.Place{File: text(), Line: i + 1}
		p.Changes = append(p.Changes,
			plan.Change{Address: text(), Account: text(), Order: ref(), Actions: []order.Action{order.Cancel}, Reason: text(), DefinedAt: at},
			plan.Change{Address: text(), Order: ref(), Actions: []order.Action{order.Correct}, Before: order.Values{Tracking: text(), Carrier: text()}, After: order.Values{Tracking: text(), Carrier: text()}, DefinedAt: at},
			plan.Change{Address: text(), Account: text(), Order: ref(), Actions: []order.Action{order.Acknowledge, order.Ship}, After: order.Values{OrderNumber: text(), Tracking: text(), Carrier: text(), ShippedAt: p.CreatedAt}},
			plan.Change{Address: text(), Account: text(), Order: ref(), Actions: []order.Action{order.Insert}, Created: p.CreatedAt, After: order.Values{Status: order.New}, DefinedAt: at},
			plan.Change{Address: text(), Order: ref(), Actions: []order.Action{order.Acknowledge}, After: order.Values{OrderNumber: text()}})
		p.Held = append(p.Held, plan.Held{Address: text(), Order: ref(), Code: plan.Code(text()), Message: text(), Suggestion: text(), DefinedAt: at},
			plan.Held{Address: text(), Code: plan.AlreadyCancelled, Message: text() + ": PULL PARCEL " + text(), DefinedAt: at})
		p.Missing = append(p.Missing, plan.MissingAccount{Name: text(), Message: text()})
		p.Stopped = append(p.Stopped, plan.StoppedBatch{Address: text(), Messages: []string{text()}}, plan.StoppedBatch{Address: text(), Code: plan.StandingStopped, Reason: text()})
		p.Unsettled = append(p.Unsettled, plan.Unsettled{Address: text(), Order: ref(), Action: order.Ship, RunID: text()})
		p.Pending = append(p.Pending, plan.Pending{Address: text(), Order: ref(), Action: order.Ship, DefinedAt: at})
		p.Deferred = append(p.Deferred, plan.Deferred{Address: text(), Order: ref(), Message: text(), DefinedAt: at})
		p.Findings = append(p.Findings, plan.Finding{Rule: text(), Severity: rules.Warn, Address: p.Changes[len(p.Changes)-1].Address, Message: text(), Count: 1})
	}
	feeds := watch.Report{At: p.CreatedAt}
	for i := range texts {
		feeds.Results = append(feeds.Results, watch.Result{Watch: text(), Account: text(), FeedID: fmt.Sprint(i), FeedName: text(), Rule: text(), Outcome: watch.Fail, Severity: watch.Error, Value: text(), Message: text()})
	}
	d := again(p, []plan.Violation{{Limit: text(), Message: text()}}, feeds)
	d.Compare(report.Compared{PolicyRef: &spec.PolicyDiff{
		Ref: text(), Missing: true, MovedFrom: []string{text()}, Changes: []spec.PolicyChange{{Loosens: true, Text: "removes the rule " + text()}},
		Schedules: []spec.ScheduleChange{{Schedule: text(), What: spec.ScheduleAdded, To: text(), DoesMore: true, Text: "adds the schedule " + text()}},
	}})
	d.Version, d.PlanHash, d.Review.Workspace, d.Review.Commit = text(), text(), text(), text()
	return d
}
