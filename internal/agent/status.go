package agent

import (
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
)

// shownRuns is how many of the latest runs a status lists.
const shownRuns = 10

// Status is what the database knows. It needs no agent.
func Status(ctx context.Context, o Options) (*report.AgentStatus, error) {
	a, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if err := a.know(ctx); err != nil {
		return nil, err
	}
	lock, err := a.db.TryAlone()
	if err != nil {
		return nil, err
	}
	if lock != nil {
		defer func() { _ = lock.Release() }() // it ends with the process at the latest
	}
	k, err := a.picture(ctx)
	if err != nil {
		return nil, err
	}
	for i := range k.agents {
		k.agents[i].Running = k.agents[i].Running && lock == nil // whoever runs alone holds it
	}
	return a.status(ctx, k)
}

// status is the report of a picture.
func (a *agent) status(ctx context.Context, k *picture) (*report.AgentStatus, error) {
	workspace := ""
	if len(a.names) == 1 && !a.db.Shared() {
		workspace = a.names[0]
	}
	status := report.NewAgentStatus(workspace)
	status.Agents = append(status.Agents, k.agents...)
	if len(status.Agents) > 0 {
		status.Agent = &status.Agents[0]
	}
	status.Paused = k.pauses.of("", "")
	status.Schedules = k.ofSchedules(workspace)
	status.Workspaces = append(status.Workspaces, k.ofWorkspaces(status.Schedules)...)
	p := k.page(report.AgentPage{At: a.now().UTC().Truncate(time.Second), All: len(a.names)})
	status.Needs = append(status.Needs, report.NewAgentPage(p, a.UI.Commands).Needs...) // what the page says first
	runs, err := a.db.Recent(ctx, workspace, shownRuns)
	for _, r := range runs {
		status.Runs = append(status.Runs, shown(r))
	}
	return status, err
}

// ofWorkspaces is what is known of workspaces: those of this machine, and those of which
// other agents have read schedules or commits.
func (k *picture) ofWorkspaces(schedules []report.AgentSchedule) (all []report.AgentWorkspace) {
	names := slices.Clone(k.of.names)
	for i := range schedules {
		names = append(names, schedules[i].Workspace)
	}
	for name, row := range k.rows {
		if k.of.now().Sub(row.FetchedAt) <= keptAgents { // an agent has it, though no schedule
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		w := k.workspace(name)
		if w.Refused != nil && w.Refused.At.IsZero() { // read just now
			w.Refused.At = k.of.now().UTC().Truncate(time.Second)
		}
		all = append(all, w)
	}
	return all
}

// running reports whether an agent was seen just now.
func (a *agent) running(p *agentdb.Agent) bool { return a.now().Sub(p.LastSeen) <= a.timing.away }

// ofSchedules is what is known of the schedules of a workspace; if it is empty, of all.
func (k *picture) ofSchedules(workspace string) []report.AgentSchedule {
	all := []report.AgentSchedule{}
	for _, s := range k.schedules {
		if workspace == "" || s.Workspace == workspace {
			one := k.schedule(s)
			one.Paused = shownPause(k.pauses.single.Of(s.Workspace, s.Name))
			all = append(all, one)
		}
	}
	return all
}
