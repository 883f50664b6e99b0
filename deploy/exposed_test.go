package deploy

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
)

// everything is what an agent knows if nothing is left out.
func everything() *report.AgentMetrics {
	at, name := time.Unix(1795800580, 0), "x"
	account := report.AgentAccount{Workspace: name, Account: name}
	schedule := report.AgentSchedule{Name: name, NextDueAt: &at, LastSuccessAt: &at, LastRun: &report.AgentRun{}, Left: &report.AgentLeft{}}
	return &report.AgentMetrics{
		Version: name, Agents: []report.AgentProcess{{ID: name, LastSeenAt: at}},
		AgentCounters: report.AgentCounters{
			Runs: map[report.AgentOutcome]int{{Workspace: name, Schedule: name, Outcome: "done"}: 1}, Changes: map[report.AgentChange]int{{Workspace: name, Action: name, Outcome: "applied"}: 1},
			Calls: map[report.AgentCall]int{{AgentAccount: account, Code: "200"}: 1}, Waited: map[report.AgentAccount]time.Duration{account: time.Second},
			LeaseLost: map[string]int{name: 1}, Durations: report.AgentDurations{Bounds: []float64{1}, Counts: []int{1}, Count: 1},
		},
		Workspaces: []report.AgentPageWorkspace{{AgentWorkspace: report.AgentWorkspace{Name: name, FetchedAt: &at, Refused: &report.AgentRefused{}}, Schedules: []report.AgentPageSchedule{{AgentSchedule: schedule, LateAt: at}}}},
		Oldest:     map[report.AgentSource]time.Time{{Workspace: name, Source: name}: at}, Levels: map[report.AgentAccount]float64{account: 1},
	}
}

// exposed are the metrics that an agent has, with their labels.
func exposed(t *testing.T) map[string][]string {
	t.Helper()
	var out bytes.Buffer
	if err := prometheus.Agent(&out, everything()); err != nil {
		t.Fatal(err)
	}
	metrics, label := map[string][]string{}, regexp.MustCompile(`(\w+)="`)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, labels, _ := strings.Cut(line[:strings.LastIndexByte(line, ' ')], "{")
		metrics[name] = []string{"instance", "job"} // which Prometheus adds
		for _, l := range label.FindAllStringSubmatch(labels, -1) {
			metrics[name] = append(metrics[name], l[1])
		}
	}
	return metrics
}

// Alerts and the dashboard ask for metrics and labels that agents have; and the dashboard
// shows each metric that they have.
func TestWhatIsAskedIsExposed(t *testing.T) {
	have, asked := exposed(t), map[string]bool{}
	if len(have) < 20 {
		t.Fatalf("only %d metrics: %v", len(have), have)
	}
	check := func(of string, e expression, known ...string) {
		if e.Error != "" {
			t.Errorf("%s: %s", of, e.Error)
		}
		joined := known
		for _, m := range e.Metrics {
			labels, ok := have[m.Name]
			if !ok {
				t.Errorf("%s asks for %s, which agents don't have", of, m.Name)
			}
			asked[m.Name] = true
			joined = append(joined, labels...)
			for _, l := range m.Labels {
				if !slices.Contains(labels, l) {
					t.Errorf("%s: %s has no label %s", of, m.Name, l)
				}
			}
		}
		for _, l := range e.Labels {
			if !slices.Contains(joined, l) {
				t.Errorf("%s groups by %s, which no metric in it has", of, l)
			}
		}
	}
	rules := alerts(t)
	var all []string
	for _, a := range rules {
		all = append(all, a.Expr)
	}
	shown := regexp.MustCompile(`\$labels\.(\w+)`)
	for i, e := range expressions(t, all) {
		check(rules[i].Alert, e)
		for _, text := range rules[i].Annotations {
			for _, l := range shown.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(e.Labels, l[1]) && !strings.Contains(rules[i].Expr, `"`+l[1]+`"`) {
					t.Errorf("%s says something of the label %s, which its result does not have", rules[i].Alert, l[1])
				}
			}
		}
	}
	d := readDashboard(t)
	clear(asked)
	for _, e := range expressions(t, d.asked()) {
		check("the dashboard", e)
	}
	legend := regexp.MustCompile(`\{\{(\w+)\}\}`)
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			for _, l := range legend.FindAllStringSubmatch(target.LegendFormat, -1) {
				if !regexp.MustCompile(`by \([a-z, ]*\b` + l[1] + `\b`).MatchString(target.Expr) {
					t.Errorf("%s: the legend shows %s, by which nothing is grouped", p.Title, l[1])
				}
			}
		}
	}
	for _, v := range d.Templating.List {
		if v.Definition == "" {
			continue
		}
		m := regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`).FindStringSubmatch(v.Definition)
		if m == nil || !slices.Contains(have[m[1]], m[2]) {
			t.Errorf("the variable %s is filled with %s", v.Name, v.Definition)
			continue
		}
		asked[m[1]] = true
	}
	for name := range have {
		if !asked[name] && !strings.HasSuffix(name, "_sum") && !strings.HasSuffix(name, "_count") { // of histograms
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}
