package view

import (
	"io"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// Feeds prints a list of feeds.
func Feeds(w io.Writer, s Style, format Format, feeds []godatafeed.Feed) error {
	switch format {
	case JSONFormat:
		out := struct {
			FormatVersion string     `json:"format_version"`
			Feeds         []feedJSON `json:"feeds"`
		}{formatVersion, make([]feedJSON, len(feeds))}
		for i, f := range feeds {
			out.Feeds[i] = feedDocument(f)
		}
		return JSON(w, out)
	case CSVFormat:
		things := make([][]field, len(feeds))
		for i, f := range feeds {
			things[i] = feedFields(f)
		}
		return fieldsCSV(w, fieldNames(feedFields(godatafeed.Feed{})), things)
	}
	columns := []column{
		{title: "NAME"},
		{title: "STATUS"},
		{title: "TOTAL", right: true},
		{title: "VALID", right: true},
		{title: "WARNINGS", right: true},
		{title: "ERRORS", right: true},
		{title: "SCORE", right: true},
		{title: "COMPILED"},
		{title: "ID"},
	}
	rows := make([][]string, len(feeds))
	for i, f := range feeds {
		rows[i] = []string{
			f.Name, f.Status, counted(f, f.Total), counted(f, f.Valid), counted(f, f.Warnings), counted(f, f.Errors),
			score(f), moment(f.LastCompiled), f.ID,
		}
	}
	return writeTable(w, s, columns, rows)
}

// Feed prints one feed in full.
func Feed(w io.Writer, s Style, format Format, f godatafeed.Feed) error {
	switch format {
	case JSONFormat:
		return JSON(w, struct {
			FormatVersion string   `json:"format_version"`
			Feed          feedJSON `json:"feed"`
		}{formatVersion, feedDocument(f)})
	case CSVFormat:
		return Feeds(w, s, format, []godatafeed.Feed{f})
	}
	return writeFields(w, s, f.Name, feedFields(f))
}

// counted is a count, empty where the API gave none.
func counted(f godatafeed.Feed, n int) string {
	if !f.Counted {
		return ""
	}
	return strconv.Itoa(n)
}

// score is empty for 0, by which the API means that it knows none.
func score(f godatafeed.Feed) string {
	if f.Score == 0 {
		return ""
	}
	return strconv.FormatFloat(f.Score, 'f', -1, 64)
}

// feedFields are the columns of CSV and the lines of a single feed.
func feedFields(f godatafeed.Feed) []field {
	return []field{
		{"id", f.ID},
		{"name", f.Name},
		{"status", f.Status},
		{"file_name", f.FileName},
		{"total", counted(f, f.Total)},
		{"valid", counted(f, f.Valid)},
		{"warnings", counted(f, f.Warnings)},
		{"errors", counted(f, f.Errors)},
		{"score", score(f)},
		{"compiled_at", stamp(f.LastCompiled)},
		{"submitted_at", stamp(f.LastSubmitted)},
		{"pulled_at", stamp(f.LastPulled)},
	}
}

type feedJSON struct {
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

func feedDocument(f godatafeed.Feed) feedJSON {
	doc := feedJSON{
		ID: f.ID, Name: f.Name, Status: f.Status, FileName: nullable(f.FileName),
		CompiledAt: wholeSeconds(f.LastCompiled), SubmittedAt: wholeSeconds(f.LastSubmitted), PulledAt: wholeSeconds(f.LastPulled),
	}
	if f.Counted {
		doc.Total, doc.Valid, doc.Warnings, doc.Errors = &f.Total, &f.Valid, &f.Warnings, &f.Errors
	}
	if f.Score != 0 {
		doc.Score = &f.Score
	}
	return doc
}
