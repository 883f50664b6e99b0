package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/annotate"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
)

// ciFlags ask for what a CI system shows beside the output of a command.
type ciFlags struct {
	annotate string
	summary  bool
}

func (f *ciFlags) register(cmd *cobra.Command) {
	f.registerAnnotate(cmd)
	cmd.Flags().BoolVar(&f.summary, "summary", false, "also add the report to the summary of this job of GitHub Actions")
}

func (f *ciFlags) registerAnnotate(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.annotate, "annotate", "", "mark what is wrong in the files of a pull request: `github`")
}

// summaryVariable names the file of a job's summary, which has room for mostSummary
// bytes.
const (
	summaryVariable = "GITHUB_STEP_SUMMARY"
	mostSummary     = 1 << 20
)

// beginCI checks the flags before anything is read or changed.
func (p *program) beginCI(f ciFlags) error {
	if f.annotate != "" && f.annotate != "github" {
		return commandline.Usagef("--annotate must be github; for other systems, use --format junit")
	}
	if f.annotate != "" {
		p.annotations = &annotate.List{Path: p.job().PathInRepository}
	}
	if f.summary {
		if p.summary = p.env(summaryVariable); p.summary == "" {
			return commandline.Usagef("--summary is for jobs of GitHub Actions, which set %s; elsewhere, use --format markdown. Nothing was changed", summaryVariable)
		}
	}
	return nil
}

// summarize adds a report to the summary of the job. That it can't is a warning:
// what the report is about was done.
func (p *program) summarize(write func(io.Writer) error) {
	if p.summary == "" {
		return
	}
	var text bytes.Buffer
	err := write(&text)
	if err == nil {
		err = disk.AppendLines(p.summary, text.Bytes(), mostSummary)
	}
	if err != nil {
		p.warn("the report is not in the summary of the job: " + err.Error())
	}
}

// job is the CI job that this command runs in.
func (p *program) job() present.Job {
	return present.Job{Env: p.env, Dir: p.chdir, RunURL: p.deps().Provenance.RunURL}
}

// planForCI shows a plan where a CI system looks.
func (p *program) planForCI(r *reconcile.PlanReport) {
	if p.annotations == nil && p.summary == "" {
		return
	}
	doc := p.job().Plan(r)
	p.annotations.Plan(doc)
	p.summarize(func(w io.Writer) error { return markdown.Plan(w, doc) })
}

// reportFlags name files for the report in other forms, beside the normal output.
type reportFlags struct{ markdown, html string }

func (f *reportFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.markdown, "markdown", "", "also write the report to this `file`, as Markdown")
	cmd.Flags().StringVar(&f.html, "html", "", "also write the report to this `file`, with every order, as one page of HTML")
}

// begin finds out before anything is read or sent that a file's folder is not there.
func (f *reportFlags) begin() error {
	for _, report := range []struct{ flag, file string }{{"--markdown", f.markdown}, {"--html", f.html}} {
		if report.file == "" {
			continue
		}
		if info, err := os.Stat(filepath.Dir(report.file)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: %s is not a folder, so %s can't be written. Nothing was changed", report.flag, safetext.Line(filepath.Dir(report.file)), safetext.Line(report.file))
		}
	}
	return nil
}

// Who may read a report: that in HTML has every order.
const (
	sharedMode fs.FileMode = 0o644
	htmlMode   fs.FileMode = 0o600
)

// write writes the files that there are to be.
func (f *reportFlags) write(inMarkdown, inHTML func(io.Writer) error) error {
	return errors.Join(writeReport(f.markdown, sharedMode, inMarkdown), writeReport(f.html, htmlMode, inHTML))
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

// endCI adds why a command failed, and prints the annotations.
func (p *program) endCI(err error, code int, said bool) {
	if p.annotations == nil {
		return
	}
	if code != exitDone && !said {
		p.annotations.Failure(p.failure(err, code))
	}
	_ = p.annotations.Write(p.stderr) // there is nowhere to say that it failed
}
