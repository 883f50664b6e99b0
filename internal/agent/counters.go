package agent

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// counters are what this process did.
type counters struct {
	mu  sync.Mutex // guards the others
	all report.AgentCounters
}

// bounds are those of how long runs wait and take, in seconds.
var bounds = []float64{1, 5, 15, 60, 300, 900, 3600, 14400}

func newCounters() counters {
	return counters{all: report.AgentCounters{
		Runs: map[report.AgentOutcome]int{}, Changes: map[report.AgentChange]int{}, Calls: map[report.AgentCall]int{},
		Waited: map[report.AgentAccount]time.Duration{}, LeaseLost: map[string]int{},
		Waits: noDurations(), Durations: noDurations(),
	}}
}

func (c *counters) ended(e *end) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all.Runs[report.AgentOutcome{Workspace: e.run.Workspace, Schedule: e.run.Schedule, Outcome: e.outcome}]++
	if !e.run.BeganAt.IsZero() {
		add(&c.all.Durations, e.at.Sub(e.run.BeganAt))
	}
}

// began counts how long a run waited, with its first slice.
func (c *counters) began(r *agentdb.Run) {
	if r.Slices > 1 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.all.Waits, r.BeganAt.Sub(r.QueuedAt))
}

func noDurations() report.AgentDurations {
	return report.AgentDurations{Bounds: bounds, Counts: make([]int, len(bounds))}
}

func add(d *report.AgentDurations, took time.Duration) {
	d.Count++
	d.Sum += took.Seconds()
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			d.Counts[i]++
		}
	}
}

// tooMany is the code of calls that were refused for the limit. Their count begins at 0, since
// an alert that looks for an increase does not see the first value of a series.
var tooMany = strconv.Itoa(http.StatusTooManyRequests)

// slice counts what a slice did, however it ended.
func (c *counters) slice(r *agentdb.Run, did *reconcile.ScheduledReport) {
	if did == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for action, outcomes := range did.Changes {
		for outcome, n := range outcomes {
			c.all.Changes[report.AgentChange{Workspace: r.Workspace, Action: string(action), Outcome: string(outcome)}] += n
		}
	}
	for account, codes := range did.Calls {
		of := report.AgentAccount{Workspace: r.Workspace, Account: account}
		c.all.Calls[report.AgentCall{AgentAccount: of, Code: tooMany}] += 0
		for code, n := range codes {
			c.all.Calls[report.AgentCall{AgentAccount: of, Code: code}] += n
		}
		c.all.Waited[of] += did.Waited[account]
	}
	lost := 0
	if did.LeaseLost {
		lost = 1
	}
	c.all.LeaseLost[r.Workspace] += lost
}

// now are the counts as they are.
func (c *counters) now() report.AgentCounters {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	all.Runs, all.Changes, all.Calls, all.Waited, all.LeaseLost = maps.Clone(all.Runs), maps.Clone(all.Changes), maps.Clone(all.Calls), maps.Clone(all.Waited), maps.Clone(all.LeaseLost)
	all.Waits.Counts, all.Durations.Counts = slices.Clone(all.Waits.Counts), slices.Clone(all.Durations.Counts)
	return all
}
