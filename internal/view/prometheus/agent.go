package prometheus

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Agent writes what an agent knows. Times are timestamps: an age would stand still when
// nobody computes it.
func Agent(w io.Writer, m *report.AgentMetrics) error {
	out := bufio.NewWriter(w)
	build := gauge{name: "gdfctl_build_info", help: "Always 1: the program that runs."}
	build.add(1, label{"version", m.Version})
	all := append([]*gauge{&build}, counted(&m.AgentCounters)...)
	if !m.Away {
		all = append(all, known(m)...)
	}
	for _, g := range all {
		g.write(out)
	}
	return out.Flush()
}

// counted is what one process did.
func counted(c *report.AgentCounters) []*gauge {
	runs := gauge{name: "gdfctl_runs_total", help: "Runs that ended since this agent was started.", kind: "counter"}
	for o, n := range c.Runs {
		runs.add(float64(n), label{"workspace", o.Workspace}, label{"schedule", o.Schedule}, label{"outcome", o.Outcome})
	}
	changes := gauge{name: "gdfctl_changes_total", help: "Changes that runs of this agent made or tried to make since it was started.", kind: "counter"}
	for o, n := range c.Changes {
		changes.add(float64(n), label{"workspace", o.Workspace}, label{"action", o.Action}, label{"outcome", o.Outcome})
	}
	calls := gauge{name: "gdfctl_api_calls_total", help: "Calls of the API since this agent was started, by the HTTP status of the answer; none is a call without an answer.", kind: "counter"}
	for o, n := range c.Calls {
		calls.add(float64(n), label{"workspace", o.Workspace}, label{"account", o.Account}, label{"code", o.Code})
	}
	waited := gauge{name: "gdfctl_api_wait_seconds_total", help: "Time for which calls waited for the call limit since this agent was started.", kind: "counter"}
	for of, t := range c.Waited {
		waited.add(t.Seconds(), label{"workspace", of.Workspace}, label{"account", of.Account})
	}
	lost := gauge{name: "gdfctl_lease_lost_total", help: "Times that another run took the state over from a run of this agent, since it was started.", kind: "counter"}
	for workspace, n := range c.LeaseLost {
		lost.add(float64(n), label{"workspace", workspace})
	}
	all := []*gauge{&runs, &changes, &calls, &waited, &lost}
	for _, g := range all {
		slices.Sort(g.lines)
	}
	return append(all,
		durations("gdfctl_run_wait_seconds", "How long runs waited before they began, from when an agent queued them.", c.Waits),
		durations("gdfctl_run_duration_seconds", "How long runs took, from when they began to their end.", c.Durations),
	)
}

// known is what is in the database.
func known(m *report.AgentMetrics) []*gauge {
	seen := gauge{name: "gdfctl_agent_last_seen_timestamp_seconds", help: "When an agent last looked at its schedules, in seconds since 1970."}
	for i := range m.Agents {
		seen.addTime(m.Agents[i].LastSeenAt, label{"agent", m.Agents[i].ID})
	}
	config := gauge{name: "gdfctl_config_info", help: "Always 1: the configuration that is in force, and its commit where that is known."}
	fetched := gauge{name: "gdfctl_config_fetched_timestamp_seconds", help: "When a configuration was last fetched from git, in seconds since 1970; absent for directories."}
	refused := gauge{name: "gdfctl_config_refused", help: "1 if the latest configuration of a workspace is not in force, because it can't be used, 0 if it is."}
	other := gauge{name: "gdfctl_state_refused", help: "1 if a machine had another state than the workspace within the last day, so that it sent nothing for it, 0 if not."}
	next := gauge{name: "gdfctl_schedule_next_due_timestamp_seconds", help: "When a schedule is due next, in seconds since 1970."}
	success := gauge{name: "gdfctl_schedule_last_success_timestamp_seconds", help: "When a run of a schedule last succeeded, in seconds since 1970; absent if none has."}
	late := gauge{name: "gdfctl_schedule_late_timestamp_seconds", help: "From when on a schedule is late if no run of it succeeds before, in seconds since 1970."}
	missed := gauge{name: "gdfctl_schedule_missed_total", help: "Due times of a schedule that had no run.", kind: "counter"}
	paused := gauge{name: "gdfctl_schedule_paused", help: "1 if people paused a schedule, 0 if not."}
	unknown := gauge{name: "gdfctl_changes_unknown", help: "Changes whose outcome is unknown, as left by the last run of a schedule that read the orders."}
	held := gauge{name: "gdfctl_orders_held", help: "Orders held back, as left by the last run of a schedule that read the orders."}
	pending := gauge{name: "gdfctl_orders_pending", help: "Orders whose change the marketplace does not show yet, as left by the last run of a schedule that read the orders."}
	for i := range m.Workspaces {
		w := &m.Workspaces[i]
		workspace := label{"workspace", w.Name}
		config.add(1, workspace, label{"commit", w.Commit})
		refused.add(truth(w.Refused != nil), workspace)
		other.add(truth(w.State != nil), workspace)
		fetched.addKnownTime(w.FetchedAt, workspace)
		for j := range w.Schedules {
			s := &w.Schedules[j]
			labels := []label{workspace, {"schedule", s.Name}}
			next.addKnownTime(s.NextDueAt, labels...)
			success.addKnownTime(s.LastSuccessAt, labels...)
			late.addTime(s.LateAt, labels...)
			missed.add(float64(s.Missed), labels...)
			paused.add(truth(m.Paused || w.Paused != nil || s.Paused != nil), labels...)
			if r := s.Left; r != nil {
				unknown.add(float64(r.Unknown), labels...)
				held.add(float64(r.Held), labels...)
				pending.add(float64(r.Pending), labels...)
			}
		}
	}
	oldest := gauge{name: "gdfctl_oldest_unacknowledged_order_timestamp_seconds", help: "When the oldest new order was created that nobody acknowledged, in seconds since 1970, of those that the last run read; absent if there is none, or if it is not known."}
	for at, created := range m.Oldest {
		oldest.addTime(created, label{"workspace", at.Workspace}, label{"source", at.Source})
	}
	level := gauge{name: "gdfctl_bucket_level", help: "Calls in the bucket of an account's call limit, when the last run ended that made some."}
	for of, calls := range m.Levels {
		level.add(calls, label{"workspace", of.Workspace}, label{"account", of.Account})
	}
	slices.Sort(oldest.lines)
	slices.Sort(level.lines)
	return []*gauge{&seen, &config, &fetched, &refused, &other, &next, &success, &late, &missed, &paused, &unknown, &held, &pending, &oldest, &level}
}

// durations is a histogram of times.
func durations(name, help string, d report.AgentDurations) *gauge {
	g := &gauge{name: name, help: help, kind: "histogram"}
	for i, bound := range d.Bounds {
		g.addTo("_bucket", float64(d.Counts[i]), label{"le", strconv.FormatFloat(bound, 'f', -1, 64)})
	}
	g.addTo("_bucket", float64(d.Count), label{"le", "+Inf"})
	g.addTo("_sum", d.Sum)
	g.addTo("_count", float64(d.Count))
	return g
}

func (g *gauge) addKnownTime(t *time.Time, labels ...label) {
	if t != nil {
		g.addTime(*t, labels...)
	}
}

func (g *gauge) addTime(t time.Time, labels ...label) {
	if !t.IsZero() {
		g.add(float64(t.Unix()), labels...)
	}
}
