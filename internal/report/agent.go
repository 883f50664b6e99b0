package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// AgentStatus is what is known of agents and of what they run.
type AgentStatus struct {
	FormatVersion string           `json:"format_version"`
	Workspace     string           `json:"workspace"` // the only one of a file; empty: see workspaces
	Agent         *AgentProcess    `json:"agent"`     // the one that was seen last; null: none has run, or it ended properly
	Agents        []AgentProcess   `json:"agents"`    // all that were seen in the last day and did not end properly
	Paused        *AgentPause      `json:"paused"`    // every schedule; null: they are not
	Needs         []AgentNeeds     `json:"needs"`     // what needs a person, the most urgent first
	Workspaces    []AgentWorkspace `json:"workspaces"`
	Schedules     []AgentSchedule  `json:"schedules"`
	Runs          []AgentRun       `json:"runs"` // the latest, the newest first
}

// NewAgentStatus is the report of a workspace of which nothing is known yet.
func NewAgentStatus(workspace string) *AgentStatus {
	return &AgentStatus{FormatVersion: jsonformat.Version, Workspace: workspace, Agents: []AgentProcess{}, Needs: []AgentNeeds{}, Workspaces: []AgentWorkspace{}, Schedules: []AgentSchedule{}, Runs: []AgentRun{}}
}

// AgentProcess is an agent.
type AgentProcess struct {
	ID         string    `json:"id"`
	Host       string    `json:"host"`
	PID        int       `json:"pid"`
	Version    string    `json:"gdfctl_version"`
	StartedAt  time.Time `json:"started_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
	Running    bool      `json:"running"`
}

// AgentWorkspace is a configuration that agents run.
type AgentWorkspace struct {
	Name      string        `json:"name"`
	Commit    string        `json:"commit"`        // in force; empty: it is a directory, or has none yet
	FetchedAt *time.Time    `json:"fetched_at"`    // when its branch was last fetched
	Refused   *AgentRefused `json:"refused"`       // the tip that did not come into force
	State     *AgentRefused `json:"state_refused"` // a machine has another one, and sends nothing
	Paused    *AgentPause   `json:"paused"`        // all of its schedules
}

// AgentState is a state that agents use from now on.
type AgentState struct {
	Workspace  string `json:"workspace"`
	Lineage    string `json:"lineage"`
	Place      string `json:"place"`
	Before     string `json:"before"` // where the one was that they used; empty: none was known
	SignedHead string `json:"signed_head"`
}

// AgentRefused is a commit that did not come into force, or a state that is not used.
type AgentRefused struct {
	Commit string    `json:"commit"` // empty: what is in force can't be used by this agent
	Why    string    `json:"why"`
	At     time.Time `json:"at"`
}

// AgentPause keeps a schedule, those of a workspace, or all of them, from running.
type AgentPause struct {
	Workspace string    `json:"workspace"` // empty: every one
	Schedule  string    `json:"schedule"`  // empty: every one
	Reason    string    `json:"reason"`
	Who       string    `json:"who"`
	At        time.Time `json:"at"`
}

// What says what is paused.
func (p *AgentPause) What() string {
	switch {
	case p.Schedule != "":
		return "the schedule " + p.Workspace + "/" + p.Schedule
	case p.Workspace != "":
		return "the workspace " + p.Workspace
	}
	return "every schedule"
}

// Resume are the words of the command that ends a pause.
func (p *AgentPause) Resume() []string {
	name := "--all"
	switch {
	case p.Schedule != "":
		name = p.Workspace + "/" + p.Schedule
	case p.Workspace != "":
		name = p.Workspace
	}
	return []string{"agent", "resume", name}
}

// AgentSchedule is a schedule of the configuration.
type AgentSchedule struct {
	Workspace     string      `json:"workspace"`
	Name          string      `json:"name"`
	Run           string      `json:"run"`  // what it runs
	Rule          string      `json:"rule"` // when
	NextDueAt     *time.Time  `json:"next_due_at"`
	LastSuccessAt *time.Time  `json:"last_success_at"`
	Missed        int         `json:"missed"`   // due times without a run, since the database was made
	Failures      int         `json:"failures"` // due times that failed in a row
	Paused        *AgentPause `json:"paused"`
	LastRun       *AgentRun   `json:"last_run"`
	Left          *AgentLeft  `json:"left"` // by the last run that knows; null: none has looked yet
}

// AgentLeft is what a run left. One that failed before it looked, or still goes on, does not
// know better than the one before.
type AgentLeft struct {
	At      time.Time `json:"at"`
	Unknown int       `json:"unknown"` // changes whose outcome it did not find out
	Held    int       `json:"held"`
	Pending int       `json:"pending"`
}

// AgentRun is one run of a schedule.
type AgentRun struct {
	ID        string     `json:"id"`
	Workspace string     `json:"workspace"`
	Schedule  string     `json:"schedule"`
	Commit    string     `json:"commit"` // that it ran; empty: what the directory had
	Cause     string     `json:"cause"`  // schedule or by_hand
	Who       string     `json:"who"`    // of a run by hand
	State     string     `json:"state"`
	DueAt     time.Time  `json:"due_at"`
	BeganAt   *time.Time `json:"began_at"`
	EndedAt   *time.Time `json:"ended_at"`
	Slices    int        `json:"slices"`
	Message   string     `json:"message"`
	Applied   int        `json:"applied"`
	Failed    int        `json:"failed"`
	Unknown   int        `json:"unknown"`
	Held      int        `json:"held"`
	Pending   int        `json:"pending"`
}

// AgentDone is what a command did to an agent.
type AgentDone struct {
	FormatVersion string      `json:"format_version"`
	Pause         *AgentPause `json:"pause,omitempty"`    // that was made; of resume: that still holds
	Resumed       *bool       `json:"resumed,omitempty"`  // false: it was not paused
	Database      string      `json:"database,omitempty"` // that was migrated
	Run           *AgentRun   `json:"run,omitempty"`
	Resume        string      `json:"-"`               // the command line that ends Pause
	State         *AgentState `json:"state,omitempty"` // that was accepted
}

// NewAgentDone completes the report.
func NewAgentDone(d AgentDone) *AgentDone {
	d.FormatVersion = jsonformat.Version
	return &d
}

// AgentTime is a time as reports have it: nil if there is none.
func AgentTime(t time.Time) *time.Time { return wholeSeconds(t) }
