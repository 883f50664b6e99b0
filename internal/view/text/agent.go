package text

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// AgentStatus shows what is known of agents: what needs a person first.
func AgentStatus(w io.Writer, s Style, status *report.AgentStatus) error {
	if p := status.Paused; p != nil {
		fmt.Fprintf(w, "%s\n", s.yellow(agentPause("Every schedule is paused", p)))
		agentHelp(w, status, report.NeedPaused, "")
	}
	if len(status.Agents) == 0 {
		fmt.Fprintln(w, "No agent is running.")
	}
	for i := range status.Agents {
		if p := &status.Agents[i]; p.Running {
			fmt.Fprintf(w, "An agent is running on %s: process %d, version %s, since %s, last seen %s.\n", safetext.Line(p.Host), p.PID, safetext.Line(p.Version), moment(p.StartedAt), moment(p.LastSeenAt))
		} else {
			fmt.Fprintf(w, "%s\n", s.red(fmt.Sprintf("The agent on %s ended without saying so; it was last seen %s.", safetext.Line(p.Host), moment(p.LastSeenAt))))
		}
	}
	agentHelp(w, status, report.NeedAgent, "")
	for i := range status.Workspaces {
		agentWorkspace(w, s, status, &status.Workspaces[i])
	}
	for i := range status.Needs {
		agentNeeds(w, s, &status.Needs[i])
	}
	if len(status.Schedules) == 0 {
		_, err := fmt.Fprintln(w, "There are no schedules.")
		return err
	}
	fmt.Fprintln(w)
	columns := []column{{title: "SCHEDULE"}, {title: "RUNS"}, {title: "WHEN"}, {title: "NEXT DUE"}, {title: "LAST SUCCESS"}, {title: "MISSED", right: true}, {title: "STATUS"}}
	rows := make([][]string, len(status.Schedules))
	for i := range status.Schedules {
		c := &status.Schedules[i]
		rows[i] = []string{agentName(status, c.Workspace, c.Name), c.Run, c.Rule, optionalMoment(c.NextDueAt), optionalMoment(c.LastSuccessAt), number(c.Missed), agentScheduleStatus(c)}
	}
	if err := writeTable(w, s, columns, rows); err != nil || len(status.Runs) == 0 {
		return err
	}
	fmt.Fprintln(w)
	return agentRuns(w, s, status)
}

// agentWorkspace says what keeps a workspace from being what its branch says.
func agentWorkspace(w io.Writer, s Style, status *report.AgentStatus, one *report.AgentWorkspace) {
	if one.Paused != nil {
		fmt.Fprintf(w, "%s\n", s.yellow(agentPause("Workspace "+safetext.Line(one.Name)+" is paused", one.Paused)))
		agentHelp(w, status, report.NeedPaused, one.Name)
	}
	if r := one.Refused; r != nil {
		fmt.Fprintf(w, "%s\n", s.red(agentRefused(one)))
		agentHelp(w, status, report.NeedRefused, one.Name)
	}
	if r := one.State; r != nil {
		fmt.Fprintf(w, "%s\n", s.red("Workspace "+safetext.Line(one.Name)+": a machine has another state, as of "+moment(r.At)+": "+safetext.Line(r.Why)))
	}
}

// agentHelp says which command helps, of a need that was said in more words already.
func agentHelp(w io.Writer, status *report.AgentStatus, kind report.AgentNeedKind, workspace string) {
	for i := range status.Needs {
		for _, n := range status.Needs[i].Items {
			if status.Needs[i].Kind == kind && n.Workspace == workspace && (kind != report.NeedPaused || n.Name == "") && n.Command != "" {
				fmt.Fprintf(w, "    %s\n", safetext.Line(n.Command))
			}
		}
	}
}

// agentRefused says what does not come into force, and what is instead.
func agentRefused(one *report.AgentWorkspace) string {
	r := one.Refused
	if r.Commit == "" {
		return fmt.Sprintf("The configuration of workspace %s can't be used, and the schedules before stay in force: %s", safetext.Line(one.Name), safetext.Line(r.Why))
	}
	what := "Workspace " + safetext.Line(one.Name) + ": commit " + safetext.Line(words.ShortHash(r.Commit)) + " was refused at " + moment(r.At)
	if one.Commit != "" {
		what += ", and " + safetext.Line(words.ShortHash(one.Commit)) + " stays in force"
	}
	return what + ": " + safetext.Line(r.Why)
}

// agentNeeds says what else needs a person, and which command helps.
func agentNeeds(w io.Writer, s Style, needs *report.AgentNeeds) {
	switch needs.Kind {
	case report.NeedAgent, report.NeedRefused, report.NeedState: // they are said already
		return
	}
	colour := s.yellow
	if needs.Severe {
		colour = s.red
	}
	for i := range needs.Items {
		n := &needs.Items[i]
		if needs.Kind == report.NeedPaused && n.Name == "" {
			continue // all schedules, or those of a workspace
		}
		what := needs.Title
		if n.Since != nil {
			what += " since " + moment(*n.Since)
		}
		what += ": " + strings.Trim(safetext.Line(n.Workspace)+"/"+safetext.Line(n.Name), "/")
		if n.What != "" {
			what += ", " + safetext.Line(n.What)
		}
		if n.Why != "" {
			what += ": " + safetext.Line(n.Why)
		}
		fmt.Fprintf(w, "%s\n    %s\n", colour(what), safetext.Line(n.Command))
	}
}

// agentName is a schedule as people write it: with its workspace, where there may be others.
func agentName(status *report.AgentStatus, workspace, name string) string {
	if status.Workspace == "" {
		name = workspace + "/" + name
	}
	return safetext.Line(name)
}

// agentScheduleStatus says how a schedule is doing, and what its runs don't know.
func agentScheduleStatus(c *report.AgentSchedule) string {
	status := agentScheduleState(c)
	if c.Left != nil && c.Left.Unknown > 0 {
		status += ", " + plural(c.Left.Unknown, "outcome unknown", "outcomes unknown")
	}
	return strings.TrimPrefix(status, ", ")
}

func agentScheduleState(c *report.AgentSchedule) string {
	switch {
	case c.Paused != nil:
		return agentPause("paused", c.Paused)
	case c.Failures > 0:
		return plural(c.Failures, "failure", "failures") + " in a row"
	case c.LastRun != nil:
		return c.LastRun.State
	}
	return ""
}

func agentPause(what string, p *report.AgentPause) string {
	if p.Who != "" {
		what += " by " + safetext.Line(p.Who)
	}
	if !p.At.IsZero() {
		what += " since " + moment(p.At)
	}
	return what + ": " + safetext.Line(p.Reason)
}

func agentRuns(w io.Writer, s Style, status *report.AgentStatus) error {
	runs := status.Runs
	columns := []column{{title: "RUN"}, {title: "SCHEDULE"}, {title: "CAUSE"}, {title: "BEGAN"}, {title: "ENDED"}, {title: "SLICES", right: true}, {title: "STATE"}, {title: "RESULT"}}
	rows := make([][]string, len(runs))
	for i := range runs {
		r := &runs[i]
		cause := r.Cause
		if r.Who != "" {
			cause += " " + r.Who
		}
		rows[i] = []string{r.ID, agentName(status, r.Workspace, r.Schedule), cause, optionalMoment(r.BeganAt), optionalMoment(r.EndedAt), strconv.Itoa(r.Slices), r.State, r.Message}
	}
	return writeTable(w, s, columns, rows)
}

// AgentDone says what a command did to an agent.
func AgentDone(w io.Writer, _ Style, d *report.AgentDone) error {
	var err error
	switch {
	case d.Run != nil:
		_, err = fmt.Fprintf(w, "Run %s of %s: %s. %s\n", d.Run.ID, safetext.Line(d.Run.Schedule), d.Run.State, safetext.Line(d.Run.Message))
	case d.Resumed != nil:
		err = agentResumed(w, *d.Resumed, d.Pause, d.Resume)
	case d.State != nil:
		err = agentState(w, d.State)
	case d.Pause != nil:
		_, err = fmt.Fprintf(w, "Paused %s. A run under way stops within seconds; nothing is sent twice when you resume.\n", safetext.Line(d.Pause.What()))
	default:
		_, err = fmt.Fprintf(w, "The database %s is as this version needs it.\n", safetext.Line(d.Database))
	}
	return err
}

// agentState says which state agents use from now on.
func agentState(w io.Writer, a *report.AgentState) error {
	_, err := fmt.Fprintf(w, "Agents use the state of workspace %s at %s from now on.\n", safetext.Line(a.Workspace), safetext.Line(a.Place))
	if err == nil && a.Before != "" && a.Before != a.Place {
		_, err = fmt.Fprintf(w, "The one at %s is not used any more.\n", safetext.Line(a.Before))
	}
	return err
}

// agentResumed says whether a pause was ended, and which other one still holds.
func agentResumed(w io.Writer, was bool, still *report.AgentPause, resume string) error {
	var err error
	switch {
	case was:
		_, err = fmt.Fprintln(w, "Resumed.")
	case still == nil:
		_, err = fmt.Fprintln(w, "It was not paused; there was nothing to resume.")
	}
	if still != nil && err == nil {
		_, err = fmt.Fprintf(w, "%s\nIt stays paused until %s.\n", agentPause(strings.ToUpper(still.What()[:1])+safetext.Line(still.What()[1:])+" is paused", still), safetext.Line(resume))
	}
	return err
}
