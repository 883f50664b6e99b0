package main

import (
	"bytes"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
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
		return usagef("--annotate must be github; for other systems, use --format junit")
	}
	if f.annotate != "" {
		p.annotations = &annotate.List{Path: p.fromRepository}
	}
	if f.summary {
		if p.summary = p.env(summaryVariable); p.summary == "" {
			return usagef("--summary is for jobs of GitHub Actions, which set %s; elsewhere, use --format markdown. Nothing was changed", summaryVariable)
		}
	}
	return nil
}

// fromRepository is the path by which a forge knows a file of the configuration.
func (p *program) fromRepository(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(p.chdir, file)
	}
	if root := p.env("GITHUB_WORKSPACE"); root != "" {
		if abs, err := filepath.Abs(file); err == nil {
			if below, err := filepath.Rel(root, abs); err == nil && filepath.IsLocal(below) {
				file = below
			}
		}
	}
	return filepath.ToSlash(file)
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

// mark is the first line of a report in Markdown, by which comment knows whose
// it is.
func (p *program) mark(kind forge.Kind) forge.Mark {
	return forge.Mark{Kind: kind, Workspace: forge.WorkspaceOf(p.chdir, p.env), Number: forge.RunNumber(p.env)}
}

func (p *program) planMark(r *reconcile.PlanReport) string {
	m := p.mark(forge.Plan)
	m.Hash, m.Shown = r.Hash, r.Shown()
	return m.String()
}

// planForCI shows a plan where a CI system looks.
func (p *program) planForCI(r *reconcile.PlanReport) {
	if p.annotations == nil && p.summary == "" {
		return
	}
	doc := report.NewPlan(r.Plan, r.Hash, r.Violations, r.Feeds)
	doc.Mark = p.planMark(r)
	p.annotations.Plan(doc)
	p.summarize(func(w io.Writer) error { return markdown.Plan(w, doc) })
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
