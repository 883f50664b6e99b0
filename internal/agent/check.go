package agent

import (
	"context"
	"errors"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Check reads every workspace as an agent would: it fetches those from git, verifies their
// tips and reads their configurations. It asks no database, so that it can't say whether a
// tip comes after the commit in force. Of root, an agent's user could not use what is fetched: it is
// kept nowhere then.
func (m *Machine) Check(ctx context.Context) (*report.AgentCheck, error) {
	if !disk.OfOthers(m.machine.Directory) {
		return m.check(ctx), nil
	}
	aside, err := os.MkdirTemp("", "gdfctl-check-")
	if err != nil {
		return nil, err
	}
	found := keptIn(aside, m.machine, m.deps, m.log).check(ctx)
	return found, os.RemoveAll(aside)
}

func (m *Machine) check(ctx context.Context) *report.AgentCheck {
	all := report.NewAgentCheck()
	tips, problems := map[string]map[string]string{}, map[string]error{}
	for url, workspaces := range m.byURL() {
		var branches []string
		for _, w := range workspaces {
			branches = append(branches, w.Branch)
		}
		tips[url], problems[url] = m.git.Repository(url).Fetch(ctx, branches...)
	}
	for i := range m.machine.Workspaces {
		w := &m.machine.Workspaces[i]
		one := report.AgentChecked{Workspace: w.Name, Source: w.Dir, Commit: tips[w.Git][w.Branch]}
		err := problems[w.Git]
		if w.FromGit() {
			one.Source = m.git.Repository(w.Git).Shown() + " " + w.Branch
		}
		if err == nil {
			one.Schedules, err = m.checked(ctx, w, one.Commit)
		}
		if err != nil {
			one.Problem = oneLine(err)
		}
		all.Workspaces = append(all.Workspaces, one)
	}
	return all
}

// checked is how many schedules a workspace has.
func (m *Machine) checked(ctx context.Context, w *machine.Workspace, tip string) (schedules int, err error) {
	if w.FromGit() {
		if err := m.takeable(ctx, w, m.git.Repository(w.Git), "", tip); err != nil {
			return 0, err
		}
	}
	at, err := m.At(ctx, w.Name, tip)
	if err != nil {
		return 0, err
	}
	found, err := reconcile.ReadRunnable(ctx, at.Source, at.PolicyDirs, at.Deps, func(reconcile.Event) {})
	if err != nil {
		return 0, err
	}
	if err = at.fits(found); err == nil {
		err = found.Permitted(at.Allow)
	}
	if err == nil && found.Keyless != "" {
		err = errors.New(found.Keyless)
	}
	return len(found.Schedules), err
}
