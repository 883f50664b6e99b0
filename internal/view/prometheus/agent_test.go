package prometheus_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
)

// evil is a name that would end a label, and a line.
const evil = "shop \"7\"\\\n} 1"

func measured() *report.AgentMetrics {
	at := time.Unix(1795800580, 0)
	account := report.AgentAccount{Workspace: evil, Account: evil}
	return &report.AgentMetrics{
		Version: "0.1.0", Agents: []report.AgentProcess{{ID: "a1", LastSeenAt: at}, {ID: "a2", LastSeenAt: at}},
		AgentCounters: report.AgentCounters{
			Runs:      map[report.AgentOutcome]int{{Workspace: evil, Schedule: "acknowledge", Outcome: "done"}: 7, {Workspace: "b", Schedule: "acknowledge", Outcome: "failed"}: 1},
			Changes:   map[report.AgentChange]int{{Workspace: evil, Action: "acknowledge", Outcome: "applied"}: 12},
			Calls:     map[report.AgentCall]int{{AgentAccount: account, Code: "200"}: 30, {AgentAccount: account, Code: "429"}: 0},
			Waited:    map[report.AgentAccount]time.Duration{account: 1500 * time.Millisecond},
			LeaseLost: map[string]int{evil: 1},
			Waits:     report.AgentDurations{Bounds: []float64{1, 60}, Counts: []int{8, 8}, Sum: 2.5, Count: 8},
			Durations: report.AgentDurations{Bounds: []float64{1, 60}, Counts: []int{5, 7}, Sum: 71.5, Count: 7},
		},
		Workspaces: []report.AgentPageWorkspace{
			{AgentWorkspace: report.AgentWorkspace{Name: evil, Commit: "c0ffee", FetchedAt: &at, Refused: &report.AgentRefused{}}, Schedules: []report.AgentPageSchedule{
				{AgentSchedule: report.AgentSchedule{Name: "acknowledge", NextDueAt: &at, LastSuccessAt: &at, Missed: 3, LastRun: &report.AgentRun{State: "running"}, Left: &report.AgentLeft{Unknown: 1, Held: 2, Pending: 3}}, LateAt: at.Add(time.Hour)},
				{AgentSchedule: report.AgentSchedule{Name: "feeds", Paused: &report.AgentPause{}}},
			}},
			{AgentWorkspace: report.AgentWorkspace{Name: "b", State: &report.AgentRefused{}, Paused: &report.AgentPause{}}, Schedules: []report.AgentPageSchedule{{AgentSchedule: report.AgentSchedule{Name: "acknowledge"}}}},
		},
		Oldest: map[report.AgentSource]time.Time{{Workspace: evil, Source: evil}: at, {Workspace: "b", Source: "Walmart"}: at},
		Levels: map[report.AgentAccount]float64{account: 12.25},
	}
}

// written is checked by Prometheus' own program.
func written(t *testing.T, m *report.AgentMetrics) string {
	t.Helper()
	var out bytes.Buffer
	if err := prometheus.Agent(&out, m); err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.New(strings.NewReader(out.String())).Lint()
	if err != nil {
		t.Fatalf("%s\n%s", err, out.String())
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	return out.String()
}

// Prometheus' own check finds nothing wrong with the metrics of an agent, whatever names
// workspaces, accounts and marketplaces have.
func TestMetricsOfAnAgent(t *testing.T) {
	const shop = `workspace="shop \"7\"\\\\n} 1"`
	text := written(t, measured())
	for _, line := range []string{
		`gdfctl_build_info{version="0.1.0"} 1`,
		"# TYPE gdfctl_schedule_missed_total counter", "# TYPE gdfctl_run_duration_seconds histogram",
		"gdfctl_runs_total{" + shop + `,schedule="acknowledge",outcome="done"} 7`,
		"gdfctl_changes_total{" + shop + `,action="acknowledge",outcome="applied"} 12`,
		"gdfctl_api_calls_total{" + shop + `,account="shop \"7\"\\\\n} 1",code="429"} 0`,
		"gdfctl_api_wait_seconds_total{" + shop + `,account="shop \"7\"\\\\n} 1"} 1.5`,
		"gdfctl_lease_lost_total{" + shop + "} 1",
		`gdfctl_run_wait_seconds_bucket{le="1"} 8`, "gdfctl_run_wait_seconds_sum 2.5", `gdfctl_run_duration_seconds_bucket{le="+Inf"} 7`, "gdfctl_run_duration_seconds_sum 71.5",
		`gdfctl_agent_last_seen_timestamp_seconds{agent="a2"} 1795800580`,
		"gdfctl_config_info{" + shop + `,commit="c0ffee"} 1`, `gdfctl_config_info{workspace="b",commit=""} 1`,
		"gdfctl_config_refused{" + shop + "} 1", `gdfctl_config_refused{workspace="b"} 0`,
		"gdfctl_state_refused{" + shop + "} 0", `gdfctl_state_refused{workspace="b"} 1`,
		"gdfctl_config_fetched_timestamp_seconds{" + shop + "} 1795800580",
		"gdfctl_schedule_next_due_timestamp_seconds{" + shop + `,schedule="acknowledge"} 1795800580`,
		"gdfctl_schedule_last_success_timestamp_seconds{" + shop + `,schedule="acknowledge"} 1795800580`,
		"gdfctl_schedule_late_timestamp_seconds{" + shop + `,schedule="acknowledge"} 1795804180`,
		"gdfctl_schedule_missed_total{" + shop + `,schedule="acknowledge"} 3`,
		"gdfctl_schedule_paused{" + shop + `,schedule="acknowledge"} 0`, "gdfctl_schedule_paused{" + shop + `,schedule="feeds"} 1`, `gdfctl_schedule_paused{workspace="b",schedule="acknowledge"} 1`,
		"gdfctl_changes_unknown{" + shop + `,schedule="acknowledge"} 1`, "gdfctl_orders_held{" + shop + `,schedule="acknowledge"} 2`, "gdfctl_orders_pending{" + shop + `,schedule="acknowledge"} 3`,
		"gdfctl_oldest_unacknowledged_order_timestamp_seconds{" + shop + `,source="shop \"7\"\\\\n} 1"} 1795800580`,
		"gdfctl_bucket_level{" + shop + `,account="shop \"7\"\\\\n} 1"} 12.25`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
	for _, unknown := range []string{
		"gdfctl_orders_held{" + shop + `,schedule="feeds"}`, `gdfctl_config_fetched_timestamp_seconds{workspace="b"}`, `gdfctl_schedule_late_timestamp_seconds{workspace="b"`,
	} {
		if strings.Contains(text, unknown) {
			t.Errorf("what nobody knows has a value: %s", unknown)
		}
	}
}

// While the database is away, an agent tells what it did, and nothing of what is there.
func TestMetricsWithoutADatabase(t *testing.T) {
	m := measured()
	m.Away = true
	text := written(t, m)
	if !strings.Contains(text, "gdfctl_runs_total{") || strings.Contains(text, "gdfctl_schedule_") || strings.Contains(text, "gdfctl_agent_last_seen") {
		t.Error(text)
	}
}
