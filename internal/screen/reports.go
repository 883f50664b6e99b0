package screen

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/annotate"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
)

// mostSummary is how many bytes the summary of a job has room for.
const mostSummary = 1 << 20

// ShowInCI is asked for before anything is read or changed: marks in the files of a
// pull request, and reports in the file of the job's summary, if it has a name.
func (s *Screen) ShowInCI(marks bool, summary string) {
	if marks {
		s.annotations = &annotate.List{Path: s.Job().PathInRepository}
	}
	s.summary = summary
}

// Mark marks what is wrong in the files of a pull request, if that was asked for.
func (s *Screen) Mark(found []report.Diagnostic) { s.annotations.Diagnostics(found) }

// summarize adds a report to the summary of the job. That it can't is a warning:
// what the report is about was done.
func (s *Screen) summarize(write func(io.Writer) error) {
	if s.summary == "" {
		return
	}
	var text bytes.Buffer
	err := write(&text)
	if err == nil {
		err = disk.AppendLines(s.summary, text.Bytes(), mostSummary)
	}
	if err != nil {
		s.Warn("the report is not in the summary of the job: " + err.Error())
	}
}

// planInCI shows a plan where a CI system looks.
func (s *Screen) planInCI(r *reconcile.PlanReport) {
	if s.annotations == nil && s.summary == "" {
		return
	}
	doc := s.Job().Plan(r)
	s.annotations.Plan(doc)
	s.summarize(func(w io.Writer) error { return markdown.Plan(w, doc) })
}

// EndCI prints the marks, and why a command failed, if nothing said that before.
func (s *Screen) EndCI(failed error, code present.FailureCode, exitCode int) {
	if s.annotations == nil {
		return
	}
	if failed != nil {
		s.annotations.Failure(s.Failure(failed, code, exitCode))
	}
	_ = s.annotations.Write(s.Err) // there is nowhere to say that it failed
}

// Files are the files for a report in other forms, beside the normal output. Those
// without a name are not written.
type Files struct{ Markdown, HTML string }

// Who may read a report: that in HTML has every order.
const (
	sharedMode fs.FileMode = 0o644
	htmlMode   fs.FileMode = 0o600
)

func (f Files) write(inMarkdown, inHTML func(io.Writer) error) error {
	return errors.Join(writeReport(f.Markdown, sharedMode, inMarkdown), writeReport(f.HTML, htmlMode, inHTML))
}

func writeReport(file string, mode fs.FileMode, view func(io.Writer) error) error {
	if file == "" {
		return nil
	}
	return disk.ReplaceFile(file, mode, func(out *os.File) error {
		if err := view(out); err != nil {
			return fmt.Errorf("%s can't be written: %w", file, disk.Cause(err))
		}
		return nil
	})
}
