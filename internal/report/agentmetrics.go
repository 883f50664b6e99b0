package report

import "time"

// AgentMetrics are what an agent knows for whoever watches it.
type AgentMetrics struct {
	Version string
	AgentCounters

	// Of the database, and so the same for every agent that has the workspaces.
	Away       bool // it does not answer: nothing is known of what is below
	Agents     []AgentProcess
	Paused     bool // every schedule
	Workspaces []AgentPageWorkspace
	Oldest     map[AgentSource]time.Time // new orders that nobody acknowledged
	Levels     map[AgentAccount]float64  // calls in the bucket, when the last run ended that made some
}

// AgentCounters are what one process did since it was started.
type AgentCounters struct {
	Runs      map[AgentOutcome]int
	Changes   map[AgentChange]int
	Calls     map[AgentCall]int
	Waited    map[AgentAccount]time.Duration // for the call limit
	LeaseLost map[string]int                 // by workspace
	Waits     AgentDurations                 // before runs began
	Durations AgentDurations                 // of runs, from then to their ends
}

// AgentOutcome is how runs of a schedule ended.
type AgentOutcome struct{ Workspace, Schedule, Outcome string }

// AgentChange is how changes of a kind ended.
type AgentChange struct{ Workspace, Action, Outcome string }

// AgentAccount is an account of a workspace.
type AgentAccount struct{ Workspace, Account string }

// AgentCall is how calls of an account were answered.
type AgentCall struct {
	AgentAccount
	Code string
}

// AgentSource is a marketplace of a workspace.
type AgentSource struct{ Workspace, Source string }

// AgentDurations counts how long something took.
type AgentDurations struct {
	Bounds []float64 // in seconds, ascending
	Counts []int     // of runs up to each bound
	Sum    float64
	Count  int
}
