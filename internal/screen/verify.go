package screen

import (
	"errors"
	"io"

	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// Verified shows what happened to accepted changes, all of them if that is asked for, and
// says how it ended.
func (s *Screen) Verified(r *reconcile.VerifyChangesReport, format report.Format, files Files, all bool, version string) (report.StatusResult, error) {
	doc := present.Verified(r)
	doc.Mark, doc.Review, doc.Version = s.Job().Mark(forge.Verify).String(), s.Job().Review(), version
	asText := func(w io.Writer) error { return text.Verified(w, s.StyleOut, doc, all) }
	err := s.Report(format, doc, files.Markdown, asText, func(w io.Writer) error { return markdown.Verified(w, doc) })
	return doc.Result, errors.Join(err, writeReport(files.HTML, htmlMode, func(w io.Writer) error { return html.Verified(w, doc) }))
}
