package samples

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// head is the commit that the samples are of.
const head = "ab12cd3ab12cd3ab12cd3ab12cd3ab12cd3ab12c"

// Day is the plan of a shop's day: 566 orders, of which some want a look.
func Day() *report.Plan {
	est := time.FixedZone("EST", -5*60*60)
	at := time.Date(2026, 11, 27, 22, 2, 0, 0, time.UTC)
	table, cancels := "shipments/2026-11-27.csv", "cancels.hcl"
	p := &plan.Plan{
		CreatedAt: at, Orders: 566, NoOp: 17,
		Accounts: []plan.AccountPlan{{Name: "us", Burst: 50, PerSecond: 2, ETA: 260 * time.Second, Calls: plan.Calls{Read: 7, Write: 557, Check: 5}}},
		Batches:  []*spec.BatchCount{{Address: "batch.shipments", Files: 1, Rows: 800, Orders: 566, Repeated: 228, LeftOut: 6}},
	}
	change := func(source, number, file string, line int, actions ...order.Action) *plan.Change {
		p.Changes = append(p.Changes, plan.Change{
			Address: "batch.shipments[\"" + source + "/" + number + "\"]", Account: "us", Order: order.Ref{ID: "id-" + number, Source: source, SourceNumber: number},
			Actions: actions, DefinedAt: spec.Place{File: file, Line: line}, AfterUnknown: []string{},
		})
		return &p.Changes[len(p.Changes)-1]
	}
	change("Amazon", "112-1234567-1234567", cancels, 4, order.Cancel).Reason = "out of stock"
	change("Amazon", "112-7654321-1112223", cancels, 9, order.Cancel).Reason = "out of stock"
	change("Walmart", "200011223344556", cancels, 14, order.Cancel).Reason = "buyer asked, ticket 8812"
	for _, c := range []struct {
		source, number string
		line           int
		old, new       string
	}{{"eBay", "06-10001-20002", 88, "1Z999AA10000088883", "1Z999AA10000099990"}, {"Walmart", "200019988776655", 301, "9400111899223857100012", "9400111899223857107731"}} {
		change := change(c.source, c.number, table, c.line, order.Correct)
		change.Before.Tracking, change.After.Tracking = c.old, c.new
	}
	ships := 0
	for _, s := range []struct {
		source string
		n      int
	}{{"Amazon", 291}, {"Walmart", 187}, {"eBay", 62}} {
		for i := range s.n {
			c := change(s.source, fmt.Sprintf("113-%07d", i), table, ships+2, order.Ship)
			c.Created = at.Add(-time.Duration(540-ships) * 9 * time.Minute)
			switch {
			case ships < 333:
				c.After.Carrier, c.After.Tracking = "UPS", fmt.Sprintf("1Z999AA1%010d", ships)
			case ships < 484:
				c.After.Carrier, c.After.Tracking = "USPS", fmt.Sprintf("94001118992238571%05d", ships)
			default:
				c.After.Carrier, c.After.Tracking = "FedEx", fmt.Sprintf("7712%08d", ships)
			}
			c.After.ShippedAt = at.Add(-time.Duration(34+ships) * time.Minute)
			ships++
		}
	}
	for i := range 12 {
		change("eBay", fmt.Sprintf("07-%05d", i), table, 600+i, order.Acknowledge).After.OrderNumber = fmt.Sprintf("SO-%d", 4400+i)
	}
	held := func(source, number string, code plan.Code, message string, line int) {
		p.Held = append(p.Held, plan.Held{Account: "us", Order: order.Ref{Source: source, SourceNumber: number}, Code: code, Message: message, DefinedAt: spec.Place{File: table, Line: line}})
	}
	held("Amazon", "113-2223334-4445556", plan.AlreadyCancelled, "it is already canceled: PULL PARCEL 1Z999AA10000000051", 17)
	held("Walmart", "200010203040506", "SHIP09", "the number is a UPS number; the carrier is FedEx", 45)
	held("Walmart", "200010203040507", "SHIP09", "the number is a UPS number; the carrier is FedEx", 46)
	held("eBay", "06-10001-2000", plan.NotFound, "no live order has this number", 512)
	feeds := watch.Report{At: at.Add(-time.Hour)}
	for i := range 75 {
		r := watch.Result{Watch: "all", Account: "us", FeedID: fmt.Sprint(i), FeedName: fmt.Sprintf("Feed %d", i), Rule: "max_age", Outcome: watch.Pass, Severity: watch.Error}
		if i == 40 {
			r.FeedName, r.Outcome, r.Message = "Amazon US - Home", watch.Fail, "compiled 31 h ago, limit 26 h"
		}
		feeds.Results = append(feeds.Results, r)
	}
	d := report.NewPlan(p, "37637a124fb3aaaaaaaaaaaaaaaa", nil, feeds)
	d.Mark = "<!-- gdfctl:plan shop -->"
	d.Review = report.Review{
		Workspace: "shop", Zones: map[string]*time.Location{"us": est}, Commit: head, Base: strings.Repeat("9f8e7d6c", 5),
		Branch: "main", Number: 2, Since: "12 more ships, 1 cancel fewer",
		RunURL: "https://example.test/run/1", Published: true, Until: at.Add(24 * time.Hour), Checked: feeds.At,
		Page: func(at spec.Place) string {
			return fmt.Sprintf("https://example.test/shop/orders/blob/%s/%s#L%d", head, at.File, at.Line)
		},
	}
	d.Compare(compared)
	return d
}

// compared is what the days before were like, and a policy that was changed.
var compared = report.Compared{
	Counts: []state.PlanCounts{{Acknowledge: 4, Ship: 380}, {Acknowledge: 20, Ship: 610, Cancel: 5, Correct: 1, Held: 2}, {Ship: 500, Cancel: 2}, {Ship: 540}, {Ship: 520}},
	PolicyRef: &spec.PolicyDiff{
		Ref: "origin/main", Changes: []spec.PolicyChange{{What: "max_cancellations", From: "25", To: "500", Loosens: true, Text: "raises max_cancellations from 25 to 500"}},
	},
}
