package csv

import (
	"io"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Orders prints live orders, with columns for buyers if the list has room for
// them.
func Orders(w io.Writer, list *report.OrderList) error {
	empty := report.LiveOrder{}
	if list.WithBuyers {
		empty.Buyer = &godatafeed.Buyer{}
	}
	lines := make([][]string, len(list.Live))
	for i := range list.Live {
		lines[i] = report.Values(list.Live[i].Fields())
	}
	return write(w, report.Names(empty.Fields()), lines)
}

// Order prints one live order.
func Order(w io.Writer, single *report.SingleOrder) error {
	fields := single.Live.Fields()
	return write(w, report.Names(fields), [][]string{report.Values(fields)})
}

// Feeds prints feeds.
func Feeds(w io.Writer, list *report.FeedList) error {
	lines := make([][]string, len(list.Feeds))
	for i := range list.Feeds {
		lines[i] = report.Values(list.Feeds[i].Fields())
	}
	return write(w, report.Names(new(report.Feed).Fields()), lines)
}

// Feed prints one feed.
func Feed(w io.Writer, single *report.SingleFeed) error {
	return Feeds(w, &report.FeedList{Feeds: []report.Feed{single.Feed}})
}

// Count prints a number of things.
func Count(w io.Writer, r *report.Count) error {
	return write(w, []string{"count"}, [][]string{{strconv.Itoa(r.Count)}})
}
