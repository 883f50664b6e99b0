package present

import (
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Status is what is open, with the commands that help.
func Status(r *reconcile.StatusReport, command func(words ...string) string) *report.Status {
	found := &report.StatusFound{
		At: r.At, Offline: r.Offline, Calls: r.Calls, Open: r.Open, InProgress: r.InProgress, Parcels: r.Parcels, Feeds: r.Feeds,
		Unacknowledged: r.Unacknowledged, Unclaimed: r.Unclaimed, Command: command,
	}
	for _, a := range r.Unread {
		found.Problems = append(found.Problems, report.FeedsProblem{Account: a.Name, Message: a.Err.Error()})
	}
	return report.StatusOf(found)
}
