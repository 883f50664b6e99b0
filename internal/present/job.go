package present

import (
	"os"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Job is the CI job that a command runs in, if any, as the environment says.
type Job struct {
	Env    func(string) string
	Dir    string // of the configuration
	RunURL string // of the job; may be anything
}

// PathInRepository is the path by which a forge knows a file of the configuration.
func (j Job) PathInRepository(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(j.Dir, file)
	}
	if abs, err := filepath.Abs(file); err == nil {
		if root := checkout.JobRoot(abs, j.Env); root != "" {
			if below, err := filepath.Rel(root, abs); err == nil && filepath.IsLocal(below) {
				file = below
			}
		}
	}
	return filepath.ToSlash(file)
}

// Mark is the first line of a report in Markdown, by which comment knows whose
// it is.
func (j Job) Mark(kind forge.Kind) forge.Mark {
	return forge.Mark{Kind: kind, Workspace: j.workspace(), Number: forge.RunNumber(j.Env)}
}

func (j Job) workspace() string { return forge.WorkspaceOf(checkout.NameInJob(j.Dir, j.Env)) }

func (j Job) planMark(r *reconcile.PlanReport) string {
	m := j.Mark(forge.Plan)
	m.Hash, m.Shown = r.Hash, r.Shown()
	return m.String()
}

// Review is what reviewers see beside a report.
func (j Job) Review() report.Review {
	planned := provenance.DetectPlanned(j.Env, os.ReadFile)
	return report.Review{
		Workspace: j.workspace(), Commit: commitOf(planned.Head), Base: commitOf(planned.Base), Branch: planned.Branch,
		RunURL: forge.WebPage(j.RunURL),
		Page: func(at spec.Place) string {
			if path := j.PathInRepository(at.File); filepath.IsLocal(path) {
				return forge.FilePage(j.Env, planned.Head, path, at.Line)
			}
			return ""
		},
	}
}

// commitOf is the name of a commit, or nothing: a variable of the environment can
// be anything.
func commitOf(name string) string {
	if checkout.IsCommit(name) {
		return name
	}
	return ""
}

// Plan is a plan for a pull request.
func (j Job) Plan(r *reconcile.PlanReport) *report.Plan {
	doc := Plan(r)
	doc.Mark, doc.Review = j.planMark(r), j.Review()
	doc.Review.Zones, doc.Review.Published, doc.Review.Until, doc.Review.Checked = r.Zones, r.Publishes, r.Until, r.Feeds.At
	doc.Review.Number, doc.Review.Since = r.Numbered.Number, r.Shown().More(r.Numbered.Last)
	return doc
}
