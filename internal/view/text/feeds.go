package text

import (
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Feeds prints a list of feeds.
func Feeds(w io.Writer, s Style, list *report.FeedList) error {
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
	rows := make([][]string, len(list.Feeds))
	for i := range list.Feeds {
		f := &list.Feeds[i]
		values := map[string]string{}
		for _, field := range f.Fields() {
			values[field.Name] = field.Value
		}
		rows[i] = []string{
			f.Name, f.Status, values["total"], values["valid"], values["warnings"], values["errors"],
			values["score"], optionalMoment(f.CompiledAt), f.ID,
		}
	}
	return writeTable(w, s, columns, rows)
}

// Feed prints one feed in full.
func Feed(w io.Writer, s Style, single *report.SingleFeed) error {
	return writeFields(w, s, single.Feed.Name, single.Feed.Fields())
}
