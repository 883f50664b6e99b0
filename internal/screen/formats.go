package screen

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// Print prints a document for programs or for people.
func Print[D any](s *Screen, format report.Format, document D, asText func(io.Writer, text.Style, D) error) error {
	if format == report.JSON {
		return json.Object(s.Out, document)
	}
	return asText(s.Out, s.StyleOut, document)
}

// PrintList is Print for a document that spreadsheets read too.
func PrintList[D any](s *Screen, format report.Format, document D, asCSV func(io.Writer, D) error, asText func(io.Writer, text.Style, D) error) error {
	if format == report.CSV {
		return asCSV(s.Out, document)
	}
	return Print(s, format, document, asText)
}

// Count prints a number.
func (s *Screen) Count(format report.Format, n int) error {
	return PrintList(s, format, report.CountOf(n), csv.Count, func(w io.Writer, _ text.Style, count *report.Count) error {
		_, err := fmt.Fprintln(w, count.Count)
		return err
	})
}

// Report prints a document in the format that was chosen, and shows it as Markdown
// where a CI system looks and in the file that it is also wanted in.
func (s *Screen) Report(format report.Format, document any, file string, asText, asMarkdown func(io.Writer) error) error {
	var err error
	switch format {
	case report.JSON:
		err = json.Object(s.Out, document)
	case report.Markdown:
		err = asMarkdown(s.Out)
	default:
		err = asText(s.Out)
	}
	if err := console.Shown(err); err != nil {
		return err
	}
	s.summarize(asMarkdown)
	return writeReport(file, sharedMode, asMarkdown)
}
