package main

import (
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

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
