package agent

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
)

// picture is what the database says now, for a page, a status or metrics: each thing is read
// once, in as many queries however many schedules there are.
type picture struct {
	of        *agent
	agents    []report.AgentProcess
	pauses    *pauses
	rows      map[string]*agentdb.Workspace
	states    map[string]*agentdb.State
	schedules []*agentdb.Schedule
	last      map[[2]string]*agentdb.Total // runs that have begun, by workspace and schedule
	left      map[[2]string]*agentdb.Left  // by the last ones that say so, likewise
	seen      []seen                       // by the latest runs of this agent's workspaces, the oldest first
	refused   []seen                       // by slices whose calls were refused for the limit not long ago, the oldest first
}

func (a *agent) picture(ctx context.Context) (*picture, error) {
	k := &picture{of: a, last: map[[2]string]*agentdb.Total{}, left: map[[2]string]*agentdb.Left{}}
	var runs []*agentdb.Total
	var left []*agentdb.Left
	var facts, refused []*agentdb.Fact
	var accounts map[string][]string
	for _, read := range []func() error{
		func() (err error) { k.agents, err = a.processes(ctx); return err },
		func() (err error) { k.pauses, err = a.pauses(ctx); return err },
		func() (err error) { k.rows, err = a.db.Workspaces(ctx); return err },
		func() (err error) { k.states, err = a.db.States(ctx); return err },
		func() (err error) { accounts, err = a.db.Accounts(ctx); return err },
		func() (err error) { k.schedules, err = a.db.Schedules(ctx); return err },
		func() (err error) { runs, err = a.db.LastRuns(ctx); return err },
		func() (err error) { left, err = a.db.Left(ctx); return err },
		func() (err error) { facts, err = a.db.LatestFacts(ctx, listing); return err },
		func() (err error) {
			refused, err = a.db.Facts(ctx, fmt.Sprintf("%q:", tooMany), a.now().Add(-report.RefusedLately))
			return err
		},
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	for _, r := range runs {
		k.last[[2]string{r.Workspace, r.Schedule}] = r
	}
	for _, l := range left {
		k.left[[2]string{l.Workspace, l.Schedule}] = l
	}
	k.seen, k.refused = a.own(decoded(facts)), a.own(decoded(refused))
	for i := range k.seen {
		if own, known := accounts[k.seen[i].Workspace]; known {
			k.seen[i].leaveOut(own)
		}
	}
	return k, nil
}

// own are those of this agent's workspaces.
func (a *agent) own(all []seen) []seen {
	return slices.DeleteFunc(all, func(f seen) bool { return !a.has(f.Workspace) })
}

// workspace is what is known of one, its schedules apart.
func (k *picture) workspace(name string) report.AgentWorkspace {
	w := report.AgentWorkspace{Name: name, State: k.of.refusedState(k.states[name]), Paused: k.pauses.exactly(name, "")}
	if row := k.rows[name]; row != nil {
		w.Commit, w.FetchedAt, w.Refused = row.Commit, report.AgentTime(row.FetchedAt), refusedTip(row)
	}
	k.of.mu.Lock()
	defer k.of.mu.Unlock()
	if why := k.of.faulty[name]; why != "" && w.Refused == nil { // of directories, nobody else knows it
		w.Refused = &report.AgentRefused{Why: why}
	}
	return w
}

// refusedTip is the commit that did not come into force; nil: that in force is the tip.
func refusedTip(row *agentdb.Workspace) *report.AgentRefused {
	if row.RefusedAt.IsZero() {
		return nil
	}
	return &report.AgentRefused{Commit: row.RefusedCommit, Why: row.RefusedWhy, At: row.RefusedAt.Truncate(time.Second)}
}

// schedule is what is known of one, pauses apart.
func (k *picture) schedule(s *agentdb.Schedule) report.AgentSchedule {
	of := [2]string{s.Workspace, s.Name}
	one := report.AgentSchedule{
		Workspace: s.Workspace, Name: s.Name, Run: s.Run, Rule: s.Rule, NextDueAt: report.AgentTime(s.NextDue), LastSuccessAt: report.AgentTime(s.LastSuccess),
		Missed: s.Missed, Failures: s.Failures,
	}
	if last := k.last[of]; last != nil {
		r := shown(last)
		one.LastRun = &r
	}
	if l := k.left[of]; l != nil {
		one.Left = &report.AgentLeft{At: l.At.Truncate(time.Second), Unknown: l.Unknown, Held: l.Held, Pending: l.Pending}
	}
	return one
}

// workspaces are those of this agent, or just one of them, with their schedules.
func (k *picture) workspaces(only string) (all []report.AgentPageWorkspace) {
	at := map[string]int{} // of a workspace in the list
	for _, name := range k.of.names {
		if only == "" || only == name {
			at[name] = len(all)
			all = append(all, report.AgentPageWorkspace{AgentWorkspace: k.workspace(name)})
		}
	}
	for _, s := range k.schedules {
		if i, asked := at[s.Workspace]; asked {
			one := report.AgentPageSchedule{AgentSchedule: k.schedule(s), LateAt: k.lateAt(s)}
			one.Paused = k.pauses.exactly(s.Workspace, s.Name)
			all[i].Schedules = append(all[i].Schedules, one)
		}
	}
	return all
}

// shown is a run as reports have it.
func shown(t *agentdb.Total) report.AgentRun {
	return report.AgentRun{
		ID: t.ID, Workspace: t.Workspace, Schedule: t.Schedule, Commit: t.Commit, Cause: t.Cause, Who: t.Who, State: t.State,
		DueAt: t.Due.Truncate(time.Second), BeganAt: report.AgentTime(t.BeganAt), EndedAt: report.AgentTime(t.EndedAt), Slices: t.Slices, Message: t.Message,
		Applied: t.Applied, Failed: t.Failed, Unknown: t.Unknown, Held: t.Held, Pending: t.Pending,
	}
}
