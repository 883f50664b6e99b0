package reconcile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A limit that several policies share is named once, and for each account that is
// beyond it; one that another policy sets lower is named with its place too.
func TestALimitIsNamedForEachAccount(t *testing.T) {
	p := &plan.Plan{}
	for _, account := range []string{"a", "b"} {
		p.Accounts = append(p.Accounts, plan.AccountPlan{Name: account, Read: plan.Reading{Counted: 100}})
		for range spec.RatioTestedFrom {
			p.Changes = append(p.Changes, plan.Change{Account: account, Actions: []order.Action{order.Cancel}})
		}
	}
	own, base := spec.DefaultPolicy, spec.DefaultPolicy
	base.Source.Ref, base.MaxCancellations = "origin/main", 10
	var got []string
	for _, v := range checkPolicies(p, []spec.Policy{own, base}) {
		got = append(got, v.Limit+" "+v.Where+" "+v.Message[:9])
	}
	want := []string{"max_cancellation_ratio the default account a", "max_cancellation_ratio the default account b", "max_cancellations the default at origin/main 12 orders"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
