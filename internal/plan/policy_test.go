package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Each limit, on both sides of its boundary.
func TestCheckPolicy(t *testing.T) {
	policy := spec.Policy{MaxChanges: 30, MaxCancellations: 10, MaxCancellationRatio: 0.02, MaxHeld: 3, MaxCorrections: 5, MaxShips: 20, MaxAcknowledgements: 8}
	tests := []struct {
		name                                           string
		ships, acks, corrects, cancels, held, lookback int
		want                                           []string
	}{
		{"nothing", 0, 0, 0, 0, 0, 0, nil},
		{"as many changes as allowed", 18, 2, 5, 5, 0, 1000, nil},
		{"a change too many", 18, 3, 5, 5, 0, 1000, []string{"max_changes"}},
		{"as many ships as allowed", 20, 0, 0, 0, 0, 1000, nil},
		{"a ship too many", 21, 0, 0, 0, 0, 1000, []string{"max_ships"}},
		{"as many acknowledges as allowed", 0, 8, 0, 0, 0, 1000, nil},
		{"an acknowledge too many", 0, 9, 0, 0, 0, 1000, []string{"max_acknowledgements"}},
		{"as many held as allowed", 0, 0, 0, 0, 3, 1000, nil},
		{"one held too many", 0, 0, 0, 0, 4, 1000, []string{"max_held"}},
		{"as many cancels as allowed", 0, 0, 0, 10, 0, 1000, nil},
		{"a cancel too many", 0, 0, 0, 11, 0, 1000, []string{"max_cancellations"}},
		{"as many corrections as allowed", 0, 0, 5, 0, 0, 1000, nil},
		{"a correction too many", 0, 0, 6, 0, 0, 1000, []string{"max_corrections"}},
		{"few cancels of few orders", 0, 0, 0, spec.RatioTestedFrom - 1, 0, 10, nil},
		{"the share that is allowed", 0, 0, 0, 6, 0, 300, nil},
		{"more than that share", 0, 0, 0, 6, 0, 299, []string{"max_cancellation_ratio"}},
		{"a share of what was not counted", 0, 0, 0, 10, 0, -1, nil},
		{"everything at once", 31, 9, 6, 11, 4, 20, []string{"max_changes", "max_ships", "max_acknowledgements", "max_held", "max_corrections", "max_cancellations", "max_cancellation_ratio"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &Plan{Accounts: []AccountPlan{{Name: "main", Read: Reading{Counted: tt.lookback}}}, Held: make([]Held, tt.held)}
			for i := range p.Held {
				p.Held[i].Code = BadRow
			}
			for action, n := range map[order.Action]int{order.Ship: tt.ships, order.Acknowledge: tt.acks, order.Correct: tt.corrects, order.Cancel: tt.cancels} {
				for range n {
					p.Changes = append(p.Changes, Change{Account: "main", Actions: []order.Action{action}})
				}
			}
			var got []string
			for _, v := range CheckPolicy(p, policy) {
				got = append(got, v.Limit)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("exceeded (-want +got):\n%s", diff)
			}
		})
	}
}

// A message names the value, the limit, where it stands and who may raise it; of a
// saved plan, batches are counted again.
func TestWhatAViolationSays(t *testing.T) {
	policy := spec.DefaultPolicy
	policy.MaxShips = 1
	policy.Put("max_ships", spec.Place{File: "main.hcl", Line: 12, Column: 3})
	policy.LimitBatch("batch.a", "max_changes", 0, spec.Place{File: "a.hcl", Line: 4})
	p := &Plan{Changes: []Change{{Address: `batch.a["x"]`, Actions: []order.Action{order.Acknowledge, order.Ship}}, {Address: `batch.b["y"]`, Actions: []order.Action{order.Ship}}}}
	want := []Violation{
		{Limit: "max_ships", Value: 2, Most: 1, Where: "main.hcl:12", DefinedAt: &spec.Place{File: "main.hcl", Line: 12, Column: 3}, Message: "2 orders would be shipped; the limit is 1 (main.hcl:12)", Remedy: "Whoever may change main.hcl can raise it, in review."},
		{Limit: "max_changes", Value: 1, Most: 0, Where: "a.hcl:4", DefinedAt: &spec.Place{File: "a.hcl", Line: 4}, Message: "batch.a: 1 order would be changed; the limit is 0 (a.hcl:4)", Remedy: "Whoever may change a.hcl can raise it, in review."},
	}
	if diff := cmp.Diff(want, CheckPolicy(p, policy)); diff != "" {
		t.Error(diff)
	}
}
