package agent

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// saw writes down a run of a schedule that saw this.
func (a *agent) saw(t *testing.T, workspace, name string, at time.Time, outcome string, facts reconcile.Facts) {
	t.Helper()
	rule := schedule.Every(name, time.Hour).String()
	ok(t, a.db.Adopt(context.Background(), &agentdb.Schedule{Workspace: workspace, Name: name, Rule: rule, Run: "apply", NextDue: pageTime}, false))
	text, err := json.Marshal(facts)
	ok(t, err)
	a.ran(t, workspace, name, at, outcome, agentdb.Result{Facts: text})
}

// Of the schedules that listed the orders of one account, the last one that could counts, and
// of a marketplace in several accounts the oldest order.
func TestTheOldestOrderThatNobodyAcknowledged(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a", "b")
	ago := func(d time.Duration) time.Time { return pageTime.Add(-d) }
	facts := func(account string, level float64, oldest ...reconcile.Unacknowledged) reconcile.Facts {
		for i := range oldest {
			oldest[i].Account = account
		}
		return reconcile.Facts{Listed: []string{account}, Unacknowledged: oldest, Levels: map[string]float64{account: level}}
	}
	a.saw(t, "a", "walmart", ago(50*time.Minute), agentdb.Done, facts("main", 7, reconcile.Unacknowledged{Source: "Walmart", Oldest: ago(4 * time.Hour)}, reconcile.Unacknowledged{Source: "Etsy", Oldest: ago(time.Hour)}))
	a.saw(t, "a", "ships", ago(20*time.Minute), agentdb.Incomplete, facts("main", 9, reconcile.Unacknowledged{Source: "Walmart", Oldest: ago(2 * time.Hour)}, reconcile.Unacknowledged{Source: "Shop"}))
	a.saw(t, "a", "canada", ago(40*time.Minute), agentdb.Done, facts("ca", 1, reconcile.Unacknowledged{Source: "Walmart", Oldest: ago(3 * time.Hour)}))
	a.saw(t, "a", "canada", ago(10*time.Minute), agentdb.Failed, reconcile.Facts{}) // which knows nothing better
	a.saw(t, "b", "walmart", ago(30*time.Minute), agentdb.Done, facts("main", 2))
	m := a.measured(t.Context())
	want := map[report.AgentSource]time.Time{{Workspace: "a", Source: "Walmart"}: ago(3 * time.Hour)}
	if diff := cmp.Diff(want, m.Oldest); diff != "" {
		t.Error(diff)
	}
	levels := map[report.AgentAccount]float64{{Workspace: "a", Account: "main"}: 9, {Workspace: "a", Account: "ca"}: 1, {Workspace: "b", Account: "main"}: 2}
	if diff := cmp.Diff(levels, m.Levels); diff != "" {
		t.Error(diff)
	}
}

// What nobody knows stays so, whatever else happens to the schedule, until a run looks again:
// an alert that waits for a quarter of an hour would begin anew with each run.
func TestWhatIsUnknownStaysSoUntilARunLooks(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a")
	rule := schedule.Every("s", 10*time.Minute).String()
	ok(t, a.db.Adopt(t.Context(), &agentdb.Schedule{Workspace: "a", Name: "s", Rule: rule, Run: "apply", NextDue: pageTime}, false))
	at := pageTime.Add(-time.Hour)
	check := func(after string, unknown int) {
		t.Helper()
		needed := 0
		p := must[*report.AgentPage](t)(a.page(t.Context(), report.AgentAsked{}))
		for _, n := range p.Needs {
			if n.Kind == report.NeedUnknown {
				needed += len(n.Items)
			}
		}
		status := must[*picture](t)(a.picture(t.Context())).ofSchedules("a")[0].Left
		measured := a.measured(t.Context()).Workspaces[0].Schedules[0].Left
		if measured == nil || measured.Unknown != unknown || !cmp.Equal(status, measured) || needed != min(unknown, 1) {
			t.Errorf("%s: %+v in metrics, %+v in the status, %d things on the page", after, measured, status, needed)
		}
	}
	for _, run := range []struct {
		outcome string
		did     agentdb.Result
		unknown int
	}{
		{agentdb.Incomplete, agentdb.Result{Applied: 1, Unknown: 2}, 2},
		{agentdb.Failed, agentdb.Result{Message: "the API does not answer"}, 2},
		{agentdb.Lost, agentdb.Result{}, 2},
		{agentdb.Paused, agentdb.Result{Message: "paused: lunch"}, 2},
		{agentdb.Done, agentdb.Result{}, 0},
		{agentdb.Failed, agentdb.Result{Unknown: 1}, 1},
		{agentdb.Running, agentdb.Result{}, 1},
	} {
		at = at.Add(time.Minute)
		a.ran(t, "a", "s", at, run.outcome, run.did)
		check(run.outcome, run.unknown)
	}
}

// A run knows the orders that it listed, also if it failed afterwards: such as at a limit,
// while orders pile up.
func TestARunThatListedAndFailedKnowsBetter(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a")
	facts := reconcile.Facts{Listed: []string{"main"}, Levels: map[string]float64{"main": 3}}
	a.saw(t, "a", "walmart", pageTime.Add(-5*time.Hour), agentdb.Done, facts)
	facts.Unacknowledged = []reconcile.Unacknowledged{{Account: "main", Source: "Walmart", Oldest: pageTime.Add(-4 * time.Hour), Orders: 300}}
	facts.Levels = map[string]float64{"main": 8}
	facts.Feeds = []reconcile.FeedFact{{Account: "main", FeedID: "1", State: watch.FeedFailing}}
	a.saw(t, "a", "walmart", pageTime.Add(-time.Hour), agentdb.Failed, facts)
	a.saw(t, "a", "walmart", pageTime.Add(-30*time.Minute), agentdb.Failed, reconcile.Facts{Calls: map[string]map[string]int{"main": {"503": 3}}})
	m, p := a.measured(t.Context()), must[*report.AgentPage](t)(a.page(t.Context(), report.AgentAsked{}))
	if oldest := m.Oldest[report.AgentSource{Workspace: "a", Source: "Walmart"}]; !oldest.Equal(pageTime.Add(-4*time.Hour)) || m.Levels[report.AgentAccount{Workspace: "a", Account: "main"}] != 8 {
		t.Errorf("%+v, %v", m.Oldest, m.Levels)
	}
	if w := p.Workspaces[0]; len(w.Unacknowledged) != 1 || w.Unacknowledged[0].Orders != 300 || len(w.Feeds) != 0 {
		t.Errorf("%+v", w)
	}
}

// What slices did is counted by workspace, also of those that failed, and an alert sees the
// first call that was refused for the limit.
func TestWhatSlicesDidIsCounted(t *testing.T) {
	c := newCounters()
	a, b := &agentdb.Run{Workspace: "a"}, &agentdb.Run{Workspace: "b"}
	did := func(calls map[string]int, lost bool, changes map[reconcile.ChangeOutcome]int) *reconcile.ScheduledReport {
		return &reconcile.ScheduledReport{Facts: reconcile.Facts{
			Changes: map[order.Action]map[reconcile.ChangeOutcome]int{order.Ship: changes}, Calls: map[string]map[string]int{"main": calls},
			Waited: map[string]time.Duration{"main": time.Second}, LeaseLost: lost,
		}}
	}
	c.slice(a, did(map[string]int{"200": 3}, false, map[reconcile.ChangeOutcome]int{reconcile.ChangeApplied: 2}))
	c.slice(a, did(map[string]int{"200": 1, "429": 2}, true, map[reconcile.ChangeOutcome]int{reconcile.ChangeApplied: 1, reconcile.ChangeUnknown: 1}))
	c.slice(b, did(map[string]int{reconcile.NoCode: 1}, false, nil))
	c.slice(b, nil)
	of := func(workspace string) report.AgentAccount {
		return report.AgentAccount{Workspace: workspace, Account: "main"}
	}
	want := report.AgentCounters{
		Runs:    map[report.AgentOutcome]int{},
		Changes: map[report.AgentChange]int{{Workspace: "a", Action: "ship", Outcome: "applied"}: 3, {Workspace: "a", Action: "ship", Outcome: "unknown"}: 1},
		Calls: map[report.AgentCall]int{
			{AgentAccount: of("a"), Code: "200"}: 4, {AgentAccount: of("a"), Code: "429"}: 2, {AgentAccount: of("b"), Code: "none"}: 1, {AgentAccount: of("b"), Code: "429"}: 0,
		},
		Waited:    map[report.AgentAccount]time.Duration{of("a"): 2 * time.Second, of("b"): time.Second},
		LeaseLost: map[string]int{"a": 1, "b": 0},
		Waits:     noDurations(), Durations: noDurations(),
	}
	if diff := cmp.Diff(want, c.now()); diff != "" {
		t.Error(diff)
	}
}

// Metrics that only this machine reaches, and that nobody guards, answer to its own names: a
// page elsewhere can have its name lead here. Those for other machines have any name.
func TestMetricsAnswerToOwnNames(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a")
	a.Metrics = func(io.Writer, *report.AgentMetrics) error { return nil }
	here, everywhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for _, c := range []struct {
		at         net.Addr
		path, host string
		want       int
	}{
		{here, "/metrics", "localhost:9180", http.StatusOK},
		{here, "/metrics", "127.0.0.1:9180", http.StatusOK},
		{here, "/metrics", "evil.test:9180", http.StatusMisdirectedRequest},
		{here, "/healthz", "evil.test:9180", http.StatusOK}, // it says nothing
		{everywhere, "/metrics", "agent-1.internal:9180", http.StatusOK},
	} {
		if got := answer(a.handler(c.at), http.MethodGet, c.path, c.host); got.StatusCode != c.want {
			t.Errorf("%s of %s, asked as %s: %s, want %d", c.path, c.at, c.host, got.Status, c.want)
		}
	}
}

// While the database is away, the process is well, is not ready, and still says what it did.
func TestAnOutageOfTheDatabaseIsNoneOfTheProcess(t *testing.T) {
	t.Parallel()
	a := newShop(t).pages("a")
	var m *report.AgentMetrics
	a.Metrics = func(_ io.Writer, measured *report.AgentMetrics) error {
		m = measured
		return nil
	}
	a.looked = pageTime
	asked := func(path string) int {
		w := httptest.NewRecorder()
		a.handler(&net.TCPAddr{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		return w.Code
	}
	a.counted.slice(&agentdb.Run{Workspace: "a"}, &reconcile.ScheduledReport{})
	for _, away := range []bool{false, true} {
		ready := http.StatusOK
		if away {
			a.close()
			ready = http.StatusServiceUnavailable
		}
		if got := []int{asked("/healthz"), asked("/readyz"), asked("/metrics")}; !cmp.Equal(got, []int{http.StatusOK, ready, http.StatusOK}) {
			t.Errorf("away %v: %v", away, got)
		}
		if m.Away != away || len(m.Workspaces) == 0 != away || len(m.LeaseLost) != 1 {
			t.Errorf("away %v: %+v", away, m)
		}
	}
}

// A run takes from when its first slice began, whatever came between its slices: waiting before
// is counted apart, once. One that never began took no time.
func TestHowLongRunsTake(t *testing.T) {
	c, due := newCounters(), time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	r := &agentdb.Run{QueuedAt: due, BeganAt: due.Add(3 * time.Second), Slices: 1}
	c.began(r)
	again := *r
	again.Slices = 2 // behind another run, or on another machine
	c.began(&again)
	c.ended(&end{run: &again, at: due.Add(10*time.Minute + 3*time.Second)})
	c.ended(&end{run: &agentdb.Run{QueuedAt: due}, at: due.Add(time.Hour)})
	got := c.now()
	want := report.AgentDurations{Bounds: bounds, Counts: []int{0, 1, 1, 1, 1, 1, 1, 1}, Sum: 3, Count: 1}
	if diff := cmp.Diff(want, got.Waits); diff != "" {
		t.Error(diff)
	}
	want = report.AgentDurations{Bounds: bounds, Counts: []int{0, 0, 0, 0, 0, 1, 1, 1}, Sum: 600, Count: 1}
	if diff := cmp.Diff(want, got.Durations); diff != "" {
		t.Error(diff)
	}
}
