package main

import (
	"context"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// waits reports whether a live order waits for its seller.
func waits(live *report.LiveOrder) bool { return plan.Waits(live.Status, live.SourceStatus) }

// notClaimed leaves the orders that the configuration does not name, as plan
// counts them, and cuts them to a limit: only a whole list shows which they are.
func (w *workspace) notClaimed(ctx context.Context, a *spec.Account, found listed[report.LiveOrder], limit int) (listed[report.LiveOrder], error) {
	wishes, err := w.wishes(ctx)
	if err != nil {
		return found, err
	}
	open := make([]plan.OpenOrder, len(found.items))
	for i := range found.items {
		live := &found.items[i]
		open[i] = plan.OpenOrder{Ref: live.Ref, OrderNumber: live.OrderNumber, Created: live.Created()}
	}
	left := map[string]bool{}
	for _, o := range plan.NotClaimed(a, wishes, open) {
		left[o.ID] = true
	}
	kept := found.items[:0]
	for _, live := range found.items {
		if left[live.ID] {
			kept = append(kept, live)
		}
	}
	found.items = kept
	if limit > 0 && len(kept) > limit {
		found.items, found.cut = kept[:limit], true
	}
	return found, nil
}
