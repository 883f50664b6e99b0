package agent

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// A workspace that the machine's file has no more leaves the status, and comes back with what was known of it.
func TestAWorkspaceThatNoMachineHasLeaves(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	of := func(name string) *configuration {
		return &configuration{schedules: []*spec.Schedule{s.every(name, time.Hour)}}
	}
	both := s.pages("a", "b")
	ok(t, both.adopt(t.Context(), "a", of("s"), true))
	ok(t, both.adopt(t.Context(), "b", of("s"), true))
	both.ran(t, "b", "s", pageTime, agentdb.Done, agentdb.Result{})
	ok(t, both.db.Succeeded(t.Context(), "b", "s", pageTime))
	names := func(a *agent) (all []string) {
		t.Helper()
		for _, row := range must[[]*agentdb.Schedule](t)(a.db.Schedules(t.Context())) {
			all = append(all, row.Workspace)
		}
		return all
	}
	ok(t, both.forget(t.Context(), pageTime.Add(time.Minute)))
	if all := names(both); len(all) != 2 {
		t.Errorf("an agent forgets what it has: %v", all)
	}
	one := s.pages("a")
	ok(t, one.forget(t.Context(), pageTime.Add(2*time.Minute)))
	if all := names(one); len(all) != 1 || all[0] != "a" {
		t.Errorf("%v", all)
	}
	if status := must[*report.AgentStatus](t)(Status(t.Context(), one.Options)); len(status.Workspaces) != 1 {
		t.Errorf("%+v", status.Workspaces)
	}
	again := s.pages("a", "b")
	ok(t, again.adopt(t.Context(), "b", of("s"), true))
	rows := must[[]*agentdb.Schedule](t)(again.db.Schedules(t.Context()))
	if len(rows) != 2 || !rows[1].LastSuccess.Equal(pageTime) {
		t.Errorf("%+v", rows)
	}
	if runs := must[[]*agentdb.Run](t)(again.db.Runs(t.Context(), "b", "s")); len(runs) != 1 {
		t.Errorf("%+v", runs)
	}
}

// What a run saw of an account is not said any more when the configuration does not have the account: no run
// will say how it goes on.
func TestAnAccountThatWasRemovedLeaves(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a := s.pages("a")
	all := &configuration{schedules: []*spec.Schedule{s.every("s", 24*time.Hour)}, accounts: []string{"kept", "removed"}}
	ok(t, a.adopt(t.Context(), "a", all, true))
	oldest := map[string]time.Time{"kept": pageTime.Add(-time.Hour), "removed": pageTime.Add(-5 * time.Hour)}
	facts := reconcile.Facts{Levels: map[string]float64{"kept": 1, "removed": 2}}
	for _, account := range all.accounts {
		facts.Listed = append(facts.Listed, account)
		facts.Unacknowledged = append(facts.Unacknowledged, reconcile.Unacknowledged{Account: account, Source: "Walmart", Oldest: oldest[account], Orders: 1})
		facts.Feeds = append(facts.Feeds, reconcile.FeedFact{Account: account, Name: account, FeedID: account, State: watch.FeedFailing})
	}
	a.ran(t, "a", "s", pageTime, agentdb.Done, agentdb.Result{Facts: must[[]byte](t)(json.Marshal(facts))})
	waits := func(want time.Time, levels int) {
		t.Helper()
		m := a.measured(t.Context())
		if got := m.Oldest[report.AgentSource{Workspace: "a", Source: "Walmart"}]; !got.Equal(want) || len(m.Levels) != levels {
			t.Errorf("%v, want %s and %d: %v", m.Oldest, want, levels, m.Levels)
		}
	}
	waits(oldest["removed"], 2)
	all.accounts = []string{"kept"}
	ok(t, a.adopt(t.Context(), "a", all, true))
	waits(oldest["kept"], 1)
	page := must[*report.AgentPage](t)(a.page(t.Context(), report.AgentAsked{}))
	if w := page.Workspaces[0]; len(w.Feeds) != 1 || w.Feeds[0].Account != "kept" || len(w.Unacknowledged) != 1 || w.Unacknowledged[0].Orders != 1 {
		t.Errorf("%+v", w)
	}
	all.accounts = nil // of a program that does not say them
	ok(t, a.adopt(t.Context(), "a", all, true))
	waits(oldest["kept"], 1)
}
