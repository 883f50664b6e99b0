package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/words"
)

// PlanChanges counts what a plan does in one sentence: actions first, then the
// orders that it leaves as they are.
func PlanChanges(d *plan.Document) string {
	s := d.Summary
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{s.Insert, "to insert"},
		{s.Ship, "to ship"},
		{s.Correct, "to correct"},
		{s.Cancel, "to cancel"},
		{s.Acknowledge, "to acknowledge"},
		{s.NoOp, "as wanted"},
		{s.Pending, "pending"},
		{s.Held, "held back"},
		{s.Deferred, "deferred"},
		{s.Stopped, "in stopped batches"},
		{s.Released, "released"},
	} {
		if p.n > 0 {
			parts = append(parts, words.Number(p.n)+" "+p.what)
		}
	}
	if len(d.Changes) == 0 {
		parts = append([]string{"No changes"}, parts...)
	}
	return strings.Join(parts, ", ") + "; " + words.Count(s.Orders, "order", "orders") + " in all."
}

// PlanCost is what applying a plan takes.
func PlanCost(d *plan.Document) string {
	if d.Calls.Write == 0 {
		return fmt.Sprintf("Calls: %s read.", words.Number(d.Calls.Read))
	}
	return fmt.Sprintf("Calls: %s read, %s to write. About %s.", words.Number(d.Calls.Read), words.Number(d.Calls.Write),
		words.Duration(time.Duration(d.ETASeconds)*time.Second))
}
