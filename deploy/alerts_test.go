package deploy

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

const alertsFile = "prometheus/alerts.yaml"

type alert struct {
	Alert, Expr string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) []alert {
	t.Helper()
	file := decoded[struct{ Groups []struct{ Rules []alert } }](t, "", "yaml", alertsFile)
	if len(file.Groups) != 1 {
		t.Fatalf("%d groups of rules", len(file.Groups))
	}
	return file.Groups[0].Rules
}

func promtool(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(stores.Tool(t, "promtool"), args...).CombinedOutput()
	return string(out), err
}

// The rules and the configuration are valid, and each alert comes when it should, and not
// before.
func TestAlerts(t *testing.T) {
	for _, args := range [][]string{
		{"check", "rules", "--lint=all", "--lint-fatal", alertsFile},
		{"check", "config", "prometheus/prometheus.yaml"},
		{"test", "rules", "prometheus/alerts_test.yaml"},
	} {
		if out, err := promtool(t, args...); err != nil {
			t.Errorf("promtool %q: %v\n%s", args, err, out)
		}
	}
}

// The tests of the rules notice what could be wrong with them.
func TestAlertsThatAreWrongAreNoticed(t *testing.T) {
	for name, wrong := range map[string][2]string{
		"late too soon":               {"time() > max by", "time() + 300 > max by"},
		"one agent's word":            {"max by (workspace, schedule) (gdfctl_schedule_late", "min by (workspace, schedule) (gdfctl_schedule_late"},
		"the time of another order":   {"max by (workspace, source)", "min by (workspace)"},
		"four hours":                  {"> 3 * 3600", "> 4 * 3600"},
		"a moment without an outcome": {"for: 15m", "for: 0m"},
		"agents that look at nothing": {" or time() - max(gdfctl_agent_last_seen_timestamp_seconds) > 120", ""},
		"no agent at all":             {"absent(gdfctl_agent_last_seen_timestamp_seconds) or", ""},
		"git that does not answer":    {`or label_replace(time() - max by (workspace) (gdfctl_config_fetched_timestamp_seconds) > 3600, "why", "stale", "", "")`, ""},
		"a commit that is refused":    {"(gdfctl_config_refused) > 0", "(gdfctl_config_refused) > 1"},
		"a state that is refused":     {"(gdfctl_state_refused) > 0", "(gdfctl_state_refused) > 1"},
		"one agent's state":           {"max by (workspace) (gdfctl_state_refused)", "min by (workspace) (gdfctl_state_refused)"},
		"the first 429 of an agent":   {`or (gdfctl_api_calls_total{code="429"} > 0 unless gdfctl_api_calls_total{code="429"} offset 15m)`, ""},
		"another answer":              {`increase(gdfctl_api_calls_total{code="429"}[15m])`, `increase(gdfctl_api_calls_total[15m])`},
	} {
		path := altered(t, alertsFile, wrong[0], wrong[1])
		if out, err := promtool(t, "test", "rules", strings.Replace(path, "alerts.yaml", "alerts_test.yaml", 1)); err == nil || !strings.Contains(out, "FAILED") {
			t.Errorf("%s: no test fails: %v\n%s", name, err, out)
		}
	}
}

// Whoever is woken gets what it means, what others feel, one command, and the place in
// docs/oncall.md, which says the same.
func TestAlertsLeadToOncall(t *testing.T) {
	page := read(t, "../docs/oncall.md")
	if first, _, _ := strings.Cut(page, "\n"); first != "# Pausing is always safe. Nothing is sent twice when you resume." {
		t.Errorf("docs/oncall.md begins with %q", first)
	}
	if lines := strings.Count(page, "\n"); lines > 70 {
		t.Errorf("docs/oncall.md is one page: it has %d lines", lines)
	}
	var names []string
	label := regexp.MustCompile(`\{\{ \$labels\.(\w+) \}\}`)
	for _, a := range alerts(t) {
		names = append(names, a.Alert)
		for _, want := range []string{"summary", "description", "impact", "command", "runbook_url"} {
			if a.Annotations[want] == "" {
				t.Errorf("%s has no %s", a.Alert, want)
			}
		}
		if severity := a.Labels["severity"]; severity != "page" && severity != "ticket" {
			t.Errorf("%s has the severity %q", a.Alert, severity)
		}
		anchor := strings.ToLower(a.Alert)
		if want := "https://github.com/gdfctl/gdfctl/blob/main/docs/oncall.md#" + anchor; a.Annotations["runbook_url"] != want {
			t.Errorf("%s leads to %s, not to %s", a.Alert, a.Annotations["runbook_url"], want)
		}
		if !strings.Contains(page, "\n## "+a.Alert+"\n") {
			t.Errorf("docs/oncall.md has no heading for %s", a.Alert)
		}
		command := label.ReplaceAllStringFunc(a.Annotations["command"], func(s string) string { return strings.ToUpper(label.FindStringSubmatch(s)[1]) })
		i := strings.Index(page, "| ["+a.Alert+"](#"+anchor+") |")
		if i < 0 {
			t.Errorf("docs/oncall.md has no row for %s", a.Alert)
			continue
		}
		if row, _, _ := strings.Cut(page[i:], "\n"); !strings.HasSuffix(row, "| `"+command+"` |") {
			t.Errorf("docs/oncall.md has another command for %s than the alert, which has %s:\n%s", a.Alert, command, row)
		}
	}
	if want := []string{"ScheduleLate", "AcknowledgeNear", "OutcomeUnknown", "AllAgentsGone", "ConfigRefused", "StateRefused", "Refused429"}; !slices.Equal(names, want) {
		t.Errorf("the alerts are %q, want %q", names, want)
	}
}
