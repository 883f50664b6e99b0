package agent

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
)

// How many runs a page lists: the latest, or those of a day.
const (
	latestRuns = 25
	runsOfDay  = 500
)

// page is what the database knows, for people. If it does not answer, the page says so.
func (a *agent) page(ctx context.Context, asked report.AgentAsked) (*report.AgentPage, error) {
	if asked.Workspace != "" && !a.has(asked.Workspace) {
		return nil, &UnknownWorkspaceError{asked.Workspace}
	}
	away := report.AgentPage{
		At: a.now().UTC().Truncate(time.Second), Version: a.Version, Database: a.db.Kind(), Asked: asked, All: len(a.names), Paused: a.pausedAll(),
	}
	p, err := a.known(ctx, away)
	if err == nil {
		completed := report.NewAgentPage(p, a.UI.Commands)
		if err = a.month(ctx, completed); err == nil {
			return completed, nil
		}
	}
	if errors.Is(ctx.Err(), context.Canceled) { // who asked has gone
		return nil, err
	}
	a.log.Error("the database does not answer for the status page", "error", oneLine(err))
	a.mu.Lock()
	defer a.mu.Unlock()
	away.Away = &report.AgentAway{LastWorked: a.looked}
	return report.NewAgentPage(away, a.UI.Commands), nil
}

// page completes a page with what is true now, its runs apart.
func (k *picture) page(p report.AgentPage) report.AgentPage {
	p.Agents, p.Paused, p.Workspaces = k.agents, k.pauses.of("", ""), k.workspaces(p.Asked.Workspace)
	addSeen(&p, k.seen)
	for i := range p.Workspaces {
		p.Workspaces[i].Refusals = k.refusals(p.Workspaces[i].Name)
	}
	return p
}

// known reads a page.
func (a *agent) known(ctx context.Context, asked report.AgentPage) (p report.AgentPage, err error) {
	k, err := a.picture(ctx)
	if err != nil {
		return p, err
	}
	p = k.page(asked)
	runs, most, err := a.knownRuns(ctx, &p)
	if err != nil {
		return p, err
	}
	p.MoreRuns = len(runs) > most
	for _, r := range runs[:min(len(runs), most)] {
		if a.has(r.Workspace) {
			p.Runs = append(p.Runs, report.AgentPageRun{Workspace: r.Workspace, AgentRun: shown(r)})
		}
	}
	return p, nil
}

// knownRuns are the runs that a page lists, or one more, and how many it lists at most.
func (a *agent) knownRuns(ctx context.Context, p *report.AgentPage) (runs []*agentdb.Total, most int, err error) {
	if p.Asked.Day == "" {
		runs, err = a.db.Recent(ctx, p.Asked.Workspace, latestRuns+1)
		return runs, latestRuns, err
	}
	from, err := time.Parse(time.DateOnly, p.Asked.Day)
	if err != nil {
		return nil, 0, err
	}
	runs, err = a.db.Between(ctx, p.Asked.Workspace, from, from.AddDate(0, 0, 1), runsOfDay+1)
	return runs, runsOfDay, err
}

// processes are the agents that are known, the one that was seen last first. Of a file there
// is one, whoever asks.
func (a *agent) processes(ctx context.Context) (all []report.AgentProcess, err error) {
	agents, err := a.db.Agents(ctx)
	for i, one := range agents {
		all = append(all, report.AgentProcess{
			Running: a.db.Shared() && a.running(one) || !a.db.Shared() && i == 0,
			ID:      one.ID, Host: one.Host, PID: one.PID, Version: one.Version,
			StartedAt: one.StartedAt.Truncate(time.Second), LastSeenAt: one.LastSeen.Truncate(time.Second),
		})
	}
	return all, err
}

// exactly is the pause of just these schedules; nil: there is none.
func (p *pauses) exactly(workspace, name string) *report.AgentPause {
	for _, one := range p.single {
		if one.Workspace == workspace && one.Schedule == name {
			return shownPause(one)
		}
	}
	return nil
}

// lateAt is from when on a schedule is late; zero: never, or it is not known.
func (k *picture) lateAt(s *agentdb.Schedule) time.Time {
	times, err := schedule.Parse(s.Name, s.Rule)
	if err != nil {
		return time.Time{} // of a newer program, nothing is known
	}
	late := time.Time{}
	// By the rule before, or while there was none, it was not late.
	if since := latest(s.LastSuccess, s.RuledAt); !since.IsZero() {
		late = times.LateAt(since)
	}
	if s.LastSuccess.IsZero() && k.last[[2]string{s.Workspace, s.Name}] == nil && !s.NextDue.IsZero() {
		first := latest(s.NextDue, s.RuledAt).Add(schedule.Grace) // nothing makes a run of its first due time
		if late.IsZero() || first.Before(late) {
			late = first
		}
	}
	return late
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
