//go:build !race

package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// agentStatus is what `agent status --json` says, as far as it is compared.
type agentStatus struct {
	Schedules []struct {
		Name          string
		Missed        int
		Failures      int
		NextDueAt     time.Time                       `json:"next_due_at"`
		LastSuccessAt time.Time                       `json:"last_success_at"`
		LastRun       struct{ State, Message string } `json:"last_run"`
	}
}

// One agent acknowledges new orders by itself within its interval, survives kill -9, and its metrics, its
// status and its page say what the server's ledger and its database have.
func TestAnAgentAcknowledgesByItselfAndTellsTheTruth(t *testing.T) {
	t.Parallel()
	random := seeded(t)
	w := newWorld(t, apiserver.Options{Burst: scaledBurst, PerSecond: scaledRate})
	w.hasten(hastenedBy)
	w.write("main.hcl", strings.NewReplacer("%d", "40").Replace(scaledLimits)+acknowledgesNew("Etsy", "10s"))
	etsy := newMarket(t, w.api, "Etsy")

	began := time.Now()
	p := w.agent()
	closed := etsy.sellsEach(300 * time.Millisecond)
	kills := time.Duration(5000+random.IntN(8000)) * time.Millisecond
	time.Sleep(kills)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.wait()
	died, sent := time.Now(), w.api.Total()
	p = w.agent("--ui-listen", "127.0.0.1:0")
	time.Sleep(12 * time.Second)
	closed()
	until(t, "all orders are acknowledged", func() bool { return etsy.taken() == etsy.sold() })

	// A marketplace that wants to hear of it waits for an order that no schedule acknowledges.
	other := apiserver.Generate(1, 1, apiserver.New)[0]
	other.Source, other.ID, other.Created = "Walmart.com", "other", time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
	w.api.Arrive(other)
	time.Sleep(10*time.Second + inPeace)
	// The last run has ended, and the next one does not begin before the agent is stopped.
	var m metrics
	var status agentStatus
	var page string
	until(t, "nothing runs", func() bool {
		m = w.metrics(p)
		status = agentStatus{}
		if err := json.Unmarshal([]byte(w.run("agent", "status", "--json").exits(0).stdout), &status); err != nil {
			t.Fatal(err)
		}
		_, page = p.pages().page("/?refresh=0")
		again := w.metrics(p)
		const due = "gdfctl_schedule_next_due_timestamp_seconds"
		s := status.Schedules[0]
		return m.sum(due, "") == again.sum(due, "") && s.LastRun.State == "done" && time.Until(s.NextDueAt) > 2*time.Second
	})
	calls := w.api.Total() - sent
	p.stops()

	table := w.runTable()
	runs := table.eachDueTime(t, "config/acknowledge-Etsy", 10*time.Second, began)
	longest := etsy.tookWithin(func(from, _ time.Time) time.Duration {
		peace := 10*time.Second + inPeace
		if from.Add(peace).Before(died) {
			return peace
		}
		return max(0, died.Add(afterADeath).Sub(from)) + peace
	})
	t.Logf("%d runs; an order took %s at most; the agent was killed after %s", runs, longest, kills)

	// The database has what the ledger has, but for what the slice that was killed could not keep.
	since := 0
	for _, writes := range w.api.Executed() {
		if writes[0].At.After(died) {
			since++
		}
	}
	applied := m.sum("gdfctl_changes_total", `outcome="applied"`)
	if applied < since || applied > since+scaledRate {
		t.Errorf("gdfctl_changes_total says that %d orders were acknowledged, and the ledger has %d since the agent was started", applied, since)
	}
	if failed := m.sum("gdfctl_changes_total", `outcome="failed"`) + m.sum("gdfctl_changes_total", `outcome="unknown"`); failed > 0 {
		t.Errorf("gdfctl_changes_total says that %d changes failed", failed)
	}
	if got := m.sum("gdfctl_api_calls_total", ""); got != calls {
		t.Errorf("gdfctl_api_calls_total says %d, and the server was called %d times", got, calls)
	}
	s := status.Schedules[0]
	next := table.next["config/acknowledge-Etsy"]
	for name, pair := range map[string][2]int{
		"missed":       {m.sum("gdfctl_schedule_missed_total", ""), next.missed},
		"status":       {s.Missed, next.missed},
		"failures":     {s.Failures, 0},
		"paused":       {m.sum("gdfctl_schedule_paused", ""), 0},
		"unknown":      {m.sum("gdfctl_changes_unknown", ""), 0},
		"held":         {m.sum("gdfctl_orders_held", ""), 0},
		"runs shown":   {shownSum(page, `: (\d+) good`), runs},
		"last success": {m.sum("gdfctl_schedule_last_success_timestamp_seconds", ""), int(s.LastSuccessAt.Unix())},
		"oldest":       {m.sum("gdfctl_oldest_unacknowledged_order_timestamp_seconds", `source="Walmart.com"`), int(other.Created.Unix())},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %d, and %d is the truth", name, pair[0], pair[1])
		}
	}
	_, latest, _ := strings.Cut(page, "Latest runs")
	// The message of each run that is kept, and the ledger, but for the slice that was killed.
	executed := len(w.api.Executed())
	if shown := shownSum(latest, `(\d+) applied`); shown > executed || shown < executed-scaledRate || runs > 25 {
		t.Errorf("the page says that %d orders were acknowledged in %d runs, and the ledger has %d", shown, runs, executed)
	}
	for want, is := range map[string]bool{
		"Nothing needs you": true, s.LastRun.State + " ": true, s.LastRun.Message: true, s.NextDueAt.UTC().Format("15:04"): true,
		fmt.Sprintf("%d missed", next.missed): next.missed > 0,
	} {
		if strings.Contains(page, want) != is {
			t.Errorf("the page says %q: %t\n%s", want, !is, page)
		}
	}
	var last agentRun
	for _, r := range table.runs {
		if r.state == "done" && r.ended.Unix() <= s.LastSuccessAt.Unix() {
			last = r
		}
	}
	if last.ended.Unix() != s.LastSuccessAt.Unix() {
		t.Errorf("the last success is said to be of %s, and the last run that was done ended at %s", s.LastSuccessAt, last.ended)
	}
}

// shownSum adds the numbers that a pattern finds on a page.
func shownSum(page, pattern string) (sum int) {
	for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(page, -1) {
		n, _ := strconv.Atoi(found[1]) // of digits
		sum += n
	}
	return sum
}

// metrics are the samples of an agent, by what is before their value.
type metrics map[string]float64

func (w *world) metrics(p *process) metrics {
	w.t.Helper()
	status, text := fetched(w.t, p.metricsAddress()+"/metrics")
	if status != http.StatusOK {
		w.t.Fatalf("/metrics answered %d: %s", status, text)
	}
	m := metrics{}
	for line := range strings.Lines(text) {
		name, value, found := strings.Cut(strings.TrimSpace(line), "} ")
		if !found {
			name, value, found = strings.Cut(strings.TrimSpace(line), " ")
		}
		if n, err := strconv.ParseFloat(value, 64); found && err == nil && !strings.HasPrefix(line, "#") {
			m[name] = n
		}
	}
	return m
}

// sum adds the samples of a name that have a label.
func (m metrics) sum(name, label string) int {
	total := 0.0
	for sample, value := range m {
		if of, labels, _ := strings.Cut(sample, "{"); of == name && strings.Contains(labels, label) {
			total += value
		}
	}
	return int(total)
}
