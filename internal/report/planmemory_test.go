package report_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// remarked is a plan that ships n orders, with a remark on each.
func remarked(n int) *plan.Plan {
	p := &plan.Plan{Orders: n, Accounts: []plan.AccountPlan{{Name: "main", Burst: 50, PerSecond: 2}}}
	for i := range n {
		address := fmt.Sprintf("batch.b[\"Amazon/%d\"]", i)
		p.Changes = append(p.Changes, plan.Change{
			Address: address, Account: "main", Order: order.Ref{Source: "Amazon", SourceNumber: fmt.Sprint(i)}, Actions: []order.Action{order.Ship},
			Created: time.Unix(int64(n-i), 0), After: order.Values{Carrier: "UPS"},
		})
		p.Findings = append(p.Findings, plan.Finding{Rule: "SHIP08", Severity: rules.Warn, Address: address, Message: "m", Count: 1})
	}
	return p
}

// allocated is how many bytes f allocates, and how many of these stay as long as
// what it returns.
func allocated(f func() any) (all, kept float64) {
	var before, after, later runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	stays := f()
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&later)
	runtime.KeepAlive(stays)
	return float64(after.TotalAlloc) - float64(before.TotalAlloc), float64(later.HeapAlloc) - float64(before.HeapAlloc)
}

// The report of a plan is little next to the plan, of which a change takes 450
// bytes: it refers to the changes, and groups them only for those who ask.
func TestTheReportOfALargePlanIsSmall(t *testing.T) {
	const changes = 20_000
	p := remarked(changes)
	var r *report.Plan
	if all, _ := allocated(func() any { r = report.NewPlan(p, "", nil, watch.Report{}); return r }); all > changes {
		t.Errorf("%.0f bytes are allocated for each change, before anything is asked for", all/changes)
	}
	all, kept := allocated(func() any { return []any{r.FoundByRule(), r.Blocks(), r} })
	if all > 240*changes || kept > 130*changes {
		t.Errorf("to group the changes takes %.0f bytes for each, and %.0f of them stay", all/changes, kept/changes)
	}
	if found := r.FoundByRule(); len(found) != 1 || found[0].Orders != changes || len(r.Blocks()[0].Ordinary) != changes {
		t.Error("something is not there")
	}
	runtime.KeepAlive(p)
}
