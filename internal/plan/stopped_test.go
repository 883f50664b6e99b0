package plan_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A batch of which too many orders are held for what the input says is stopped.
// Others go out, and the policy looks at those alone.
func TestStoppedBatches(t *testing.T) {
	batch := func(name, rows, more string) map[string]string {
		return map[string]string{
			name + ".hcl": fmt.Sprintf("batch %q {\n  rows = csv(\"%s.csv\")\n  find = { id = row.id }\n  status = \"shipped\"\n  tracking_number = row.t\n  shipped_at = row.at\n  %s\n}\n", name, name, more),
			name + ".csv": "id,t,at\n" + rows,
		}
	}
	const good, bad, gone, cancelled = "id-1,1Z1,\n", "id-2,1Z2,soon\nid-2,1Z2,later\n", "none-1,1Z3,\n", "id-3,1Z4,\n"
	bads := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "bad-%d,1Z,soon\n", i)
		}
		return b.String()
	}
	type want struct {
		changes    []string
		stopped    []plan.StoppedBatch
		violations []string
	}
	notATime := `shipped_at: This is not a time. Write it like "2026-11-20T16:28:00Z". For another layout use parse_time("%m/%d/%Y %H:%M:%S", …)`
	for name, c := range map[string]struct {
		files  []map[string]string
		policy string
		want   want
	}{
		"as many as are allowed": {
			files: []map[string]string{batch("a", good+bad+gone, "max_held = 2")},
			want:  want{changes: []string{"id-1"}},
		},
		"one more": {
			files: []map[string]string{batch("a", good+bad+gone, "max_held = 1"), batch("b", "id-4,1Z5,\n", "")},
			want: want{changes: []string{"id-4"}, stopped: []plan.StoppedBatch{{
				Address: "batch.a", Code: plan.BatchStopped, Held: 2, MaxHeld: 1, Orders: 1, Where: "a.hcl:7", Raise: "Whoever may change a.hcl can raise it, in review.", Messages: []string{notATime, "the API has no order with this ID"},
			}}},
		},
		"what happened meanwhile doesn't count": {
			files: []map[string]string{batch("a", good+cancelled, "max_held = 0")},
			want:  want{changes: []string{"id-1"}},
		},
		"as the policy says": {
			files: []map[string]string{batch("a", good+bads(2), "")}, policy: "policy {\n  max_held = 1\n}\n",
			want: want{stopped: []plan.StoppedBatch{{Address: "batch.a", Code: plan.BatchStopped, Held: 2, MaxHeld: 1, Orders: 1, Where: "main.hcl:6", Raise: "Whoever may change main.hcl can raise it, in review.", Messages: []string{notATime}}}},
		},
		"by default 20": {
			files: []map[string]string{batch("a", good+bads(20), "")},
			want:  want{changes: []string{"id-1"}},
		},
		"more than the policy allows, in batches that are not stopped": {
			files: []map[string]string{batch("a", good+bads(2), ""), batch("b", strings.ReplaceAll(bads(2), "bad", "worse"), "")}, policy: "policy {\n  max_held = 3\n}\n",
			want: want{changes: []string{"id-1"}, violations: []string{"max_held"}},
		},
		"a batch may have more than the policy, which holds all the same": {
			files: []map[string]string{batch("a", good+bads(2), "max_held = 5")}, policy: "policy {\n  max_held = 1\n}\n",
			want: want{changes: []string{"id-1"}, violations: []string{"max_held"}},
		},
		"as many changes as are allowed": {
			files: []map[string]string{batch("a", good+gone, "max_changes = 1")},
			want:  want{changes: []string{"id-1"}},
		},
		"a change too many": {
			files: []map[string]string{batch("a", good+"id-4,1Z4,\n"+gone, "max_changes = 1"), batch("b", "id-5,1Z5,\n", "max_changes = 1")},
			want: want{changes: []string{"id-5"}, stopped: []plan.StoppedBatch{{
				Address: "batch.a", Code: plan.BatchStopped, Orders: 2, MaxChanges: new(1), Where: "a.hcl:7", Raise: "Whoever may change a.hcl can raise it, in review.", Messages: []string{},
			}}},
		},
		"what was put together with a stopped batch's wish": {
			files: []map[string]string{batch("a", good+bads(1), "max_held = 0"), {"ack.hcl": "order \"ack\" {\n  find = { source = \"Amazon\", source_order_number = \"112-1\" }\n  status = \"acknowledged\"\n  order_number = \"A\"\n}\n"}},
			want:  want{stopped: []plan.StoppedBatch{{Address: "batch.a", Code: plan.BatchStopped, Held: 1, MaxHeld: 0, Orders: 1, Where: "a.hcl:7", Raise: "Whoever may change a.hcl can raise it, in review.", Messages: []string{notATime}}}},
		},
		"what has another block's name, and was put together with a stopped batch's wish": {
			files: []map[string]string{
				{"a.hcl": "batch \"a\" {\n  rows = csv(\"a.csv\")\n  find = { id = row.id }\n  status = \"acknowledged\"\n  order_number = row.n\n  max_held = 0\n}\n", "a.csv": "id,n\nid-1,A\nid-2,\n"},
				batch("b", good, ""),
			},
			want: want{stopped: []plan.StoppedBatch{{
				Address: "batch.a", Code: plan.BatchStopped, Held: 1, MaxHeld: 0, Orders: 1, Where: "a.hcl:6", Raise: "Whoever may change a.hcl can raise it, in review.",
				Messages: []string{"order_number: An acknowledge needs the order number. Set order_number to the seller's own number of the order: it shows the marketplace that the order was received"},
			}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"main.hcl": sandboxAccount + c.policy}
			for _, more := range c.files {
				maps.Copy(files, more)
			}
			orders := lives(6)
			orders[3].Status = order.Cancelled
			p := configured(t, t.TempDir(), files, orders, plan.Selection{})
			policy := spec.DefaultPolicy
			if c.policy != "" {
				fmt.Sscanf(c.policy, "policy {\n  max_held = %d", &policy.MaxHeld)
			}
			got := want{stopped: p.Stopped}
			for _, change := range p.Changes {
				got.changes = append(got.changes, change.Order.ID)
			}
			for _, v := range plan.CheckPolicy(p, policy) {
				got.violations = append(got.violations, v.Limit)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if sum := len(p.Changes) + len(p.Held) + len(p.Pending) + p.NoOp + p.Summary().Stopped; p.Orders != sum {
				t.Errorf("%d orders, %d are accounted for", p.Orders, sum)
			}
		})
	}
}
