package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/memory"
)

// FeedHistory is what earlier checks saw of feeds.
type FeedHistory struct {
	FormatVersion string            `json:"format_version"`
	Feeds         []FeedWithHistory `json:"feeds"`

	Remembered []RememberedFeed `json:"-"`
}

// FeedWithHistory is a feed for programs.
type FeedWithHistory struct {
	Account      string                   `json:"account"`
	ID           string                   `json:"id"`
	Name         string                   `json:"name"`
	SeenAt       *time.Time               `json:"seen_at"`
	GoneAt       *time.Time               `json:"gone_at"`
	Observations []memory.FeedObservation `json:"observations"`
}

// RememberedFeed is a feed with its history.
type RememberedFeed struct {
	Account string
	ID      string
	Record  *memory.FeedRecord
}

// NewFeedHistory is the report of remembered feeds.
func NewFeedHistory(feeds []RememberedFeed) *FeedHistory {
	out := &FeedHistory{FormatVersion: jsonformat.Version, Feeds: []FeedWithHistory{}, Remembered: feeds}
	for _, f := range feeds {
		out.Feeds = append(out.Feeds, FeedWithHistory{f.Account, f.ID, f.Record.Name, wholeSeconds(f.Record.SeenAt), wholeSeconds(f.Record.GoneAt), listed(f.Record.Observations)})
	}
	return out
}
