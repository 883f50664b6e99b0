package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Each limit, on both sides of its boundary.
func TestCheckPolicy(t *testing.T) {
	policy := spec.Policy{MaxChanges: 30, MaxCancellations: 10, MaxCancellationRatio: 0.02, MaxHeld: 3, MaxCorrections: 5}
	tests := []struct {
		name                                     string
		ships, corrects, cancels, held, lookback int
		want                                     []string
	}{
		{"nothing", 0, 0, 0, 0, 0, nil},
		{"as many changes as allowed", 30, 0, 0, 0, 1000, nil},
		{"a change too many", 31, 0, 0, 0, 1000, []string{"max_changes"}},
		{"as many held as allowed", 0, 0, 0, 3, 1000, nil},
		{"one held too many", 0, 0, 0, 4, 1000, []string{"max_held"}},
		{"as many cancels as allowed", 0, 0, 10, 0, 1000, nil},
		{"a cancel too many", 0, 0, 11, 0, 1000, []string{"max_cancellations"}},
		{"as many corrections as allowed", 0, 5, 0, 0, 1000, nil},
		{"a correction too many", 0, 6, 0, 0, 1000, []string{"max_corrections"}},
		{"few cancels of few orders", 0, 0, spec.RatioTestedFrom - 1, 0, 10, nil},
		{"the share that is allowed", 0, 0, 6, 0, 300, nil},
		{"more than that share", 0, 0, 6, 0, 299, []string{"max_cancellation_ratio"}},
		{"a share of what was not counted", 0, 0, 10, 0, -1, nil},
		{"everything at once", 31, 0, 11, 4, 20, []string{"max_changes", "max_held", "max_cancellations", "max_cancellation_ratio"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &Plan{Accounts: []AccountPlan{{Name: "main", Read: Reading{Counted: tt.lookback}}}, Held: make([]Held, tt.held)}
			for i := range p.Held {
				p.Held[i].Code = BadRow
			}
			for range tt.ships {
				p.Changes = append(p.Changes, Change{Account: "main", Actions: []order.Action{order.Ship}})
			}
			for range tt.corrects {
				p.Changes = append(p.Changes, Change{Account: "main", Actions: []order.Action{order.Correct}})
			}
			for range tt.cancels {
				p.Changes = append(p.Changes, Change{Account: "main", Actions: []order.Action{order.Cancel}})
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
