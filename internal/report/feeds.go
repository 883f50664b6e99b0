package report

import (
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// FeedList are feeds.
type FeedList struct {
	FormatVersion string `json:"format_version"`
	Feeds         []Feed `json:"feeds"`
}

// Feeds is the report of a list of feeds.
func Feeds(feeds []godatafeed.Feed) *FeedList {
	list := &FeedList{jsonformat.Version, make([]Feed, len(feeds))}
	for i, f := range feeds {
		list.Feeds[i] = feedDocument(f)
	}
	return list
}

// SingleFeed is one feed in full.
type SingleFeed struct {
	FormatVersion string `json:"format_version"`
	Feed          Feed   `json:"feed"`
}

// OneFeed is the report of a feed.
func OneFeed(f godatafeed.Feed) *SingleFeed { return &SingleFeed{jsonformat.Version, feedDocument(f)} }

// counted is a count, empty where the API gave none.
func counted(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func score(f *Feed) string {
	if f.Score == nil {
		return ""
	}
	return strconv.FormatFloat(*f.Score, 'f', -1, 64)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func at(t *time.Time) string {
	if t == nil {
		return ""
	}
	return Stamp(*t)
}

// Fields are the columns of CSV and the lines of a single feed.
func (f *Feed) Fields() []Field {
	return []Field{
		{"id", f.ID},
		{"name", f.Name},
		{"status", f.Status},
		{"file_name", text(f.FileName)},
		{"total", counted(f.Total)},
		{"valid", counted(f.Valid)},
		{"warnings", counted(f.Warnings)},
		{"errors", counted(f.Errors)},
		{"score", score(f)},
		{"compiled_at", at(f.CompiledAt)},
		{"submitted_at", at(f.SubmittedAt)},
		{"pulled_at", at(f.PulledAt)},
	}
}

// Feed is a feed with the result of its last compilation.
type Feed struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Status      string     `json:"status"`
	FileName    *string    `json:"file_name"`
	Total       *int       `json:"total"`
	Valid       *int       `json:"valid"`
	Warnings    *int       `json:"warnings"`
	Errors      *int       `json:"errors"`
	Score       *float64   `json:"score"`
	CompiledAt  *time.Time `json:"compiled_at"`
	SubmittedAt *time.Time `json:"submitted_at"`
	PulledAt    *time.Time `json:"pulled_at"`
}

func feedDocument(f godatafeed.Feed) Feed {
	doc := Feed{
		ID: f.ID, Name: f.Name, Status: f.Status, FileName: nullable(f.FileName),
		CompiledAt: wholeSeconds(f.LastCompiled), SubmittedAt: wholeSeconds(f.LastSubmitted), PulledAt: wholeSeconds(f.LastPulled),
	}
	doc.Total, doc.Valid, doc.Warnings, doc.Errors = f.Known()
	if f.Score != 0 { // by 0 the API means that it knows none
		doc.Score = &f.Score
	}
	return doc
}
