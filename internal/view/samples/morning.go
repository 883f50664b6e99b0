package samples

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Morning is a status with something of every kind.
func Morning() *report.Status {
	now := time.Date(2026, 11, 27, 9, 0, 20, 0, time.UTC)
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	r := report.NewStatus(now, false, 4)
	r.Add(report.StatusItem{Kind: report.StatusRefused, Group: report.NeedsYou, Count: 3, Oldest: ago(2 * time.Hour), Command: "gdfctl verify"})
	for i := range 7 {
		parcel := order.Parcel{Tracking: fmt.Sprintf("1Z999AA1000000005%d", i)}
		r.Add(report.StatusItem{Kind: report.StatusPull, Group: report.NeedsYou, Count: 1, Command: "gdfctl status --pull-list", Orders: []report.StatusOrder{
			{Order: order.Ref{Source: "Amazon", SourceNumber: fmt.Sprintf("112-1234567-123456%d", i)}, Parcel: &parcel},
		}})
	}
	r.Add(report.StatusItem{Kind: report.StatusUnknown, Group: report.NeedsYou, Count: 2, Oldest: ago(14 * time.Hour), Command: "gdfctl apply"})
	r.Add(report.StatusItem{Kind: report.StatusOverdue, Group: report.NeedsYou, Count: 1, Source: "Walmart", Oldest: ago(5 * time.Hour), DueAt: ago(time.Hour), Command: "gdfctl orders list --status new --source Walmart"})
	r.Add(report.StatusItem{Kind: report.StatusFeeds, Group: report.NeedsYou, Count: 1, Oldest: ago(3 * time.Hour), Command: "gdfctl feeds check"})
	r.Add(report.StatusItem{Kind: report.StatusPending, Group: report.JustWaits, Count: 1041, Oldest: ago(25*time.Minute + 3*time.Second), Command: "gdfctl verify"})
	r.Add(report.StatusItem{Kind: report.StatusRunning, Group: report.JustWaits, Count: 1, Oldest: ago(time.Second)})
	r.Add(report.StatusItem{Kind: report.StatusWaiting, Group: report.JustWaits, Count: 6, Source: "Walmart", Oldest: ago(190 * time.Minute), DueAt: ago(-50 * time.Minute), Command: "gdfctl orders list --status new --source Walmart"})
	r.Add(report.StatusItem{Kind: report.StatusUnclaimed, Group: report.NotInATable, Count: 37, AtLeast: true, NewOnly: true, Oldest: ago(76 * time.Hour), Command: "gdfctl orders list --unclaimed --status new"})
	r.Problems = append(r.Problems, report.FeedsProblem{Account: "eu", Message: "the API did not answer"})
	return r
}
