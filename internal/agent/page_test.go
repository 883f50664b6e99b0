package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// pageTime is when the pages of these tests are looked at.
var pageTime = time.Date(2026, 11, 27, 20, 34, 0, 0, time.UTC)

// pages is an agent of some workspaces whose pages are looked at, and whose clock stands.
func (s *shop) pages(workspaces ...string) *agent {
	s.t.Helper()
	o := s.options()
	o.Deps.Now = func() time.Time { return pageTime }
	var all []*Workspace
	for _, name := range workspaces {
		all = append(all, &Workspace{Name: name, Deps: o.Deps})
	}
	o.Workspaces = NewDirectories(all...)
	a, err := open(context.Background(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(a.close)
	return a
}

// fatal is a test, or a round of a property.
type fatal interface{ Fatal(args ...any) }

func must[T any](t fatal) func(v T, err error) T {
	return func(v T, err error) T {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t fatal, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// ran writes down a run that ended.
func (a *agent) ran(t fatal, workspace, name string, at time.Time, outcome string, result agentdb.Result) {
	ctx := context.Background()
	r := newRun(workspace, name, "", at, at)
	ok(t, a.db.Insert(ctx, r))
	claimed := must[*agentdb.Run](t)(a.db.Claim(ctx, r.ID, r.Take, at, at))
	result.Outcome, result.EndedAt = outcome, at.Add(7*time.Second)
	ok(t, a.db.Keep(ctx, claimed, &result))
	if outcome != agentdb.Running {
		must[bool](t)(a.db.End(ctx, claimed, outcome, result.EndedAt))
	}
}

func pausedOf(status []report.AgentSchedule, name string) *report.AgentPause {
	for _, s := range status {
		if s.Name == name {
			return s.Paused
		}
	}
	return nil
}

func (a *agent) pausedWorkspace(t fatal, workspace string) bool {
	return must[*pauses](t)(a.pauses(context.Background())).exactly(workspace, "") != nil
}

// anySchedule writes down a schedule with a last run, and counts what of it needs a person.
func (a *agent) anySchedule(r *rapid.T, workspace, name string, needs map[report.AgentNeedKind]int) {
	ctx := context.Background()
	interval := rapid.SampledFrom([]time.Duration{time.Minute, 10 * time.Minute, 24 * time.Hour}).Draw(r, "interval")
	ok(r, a.db.Adopt(ctx, &agentdb.Schedule{Workspace: workspace, Name: name, Rule: schedule.Every(name, interval).String(), Run: "apply", NextDue: pageTime.Add(interval)}, true))
	paused := rapid.Bool().Draw(r, "paused")
	if paused {
		needs[report.NeedPaused]++
		ok(r, a.db.Pause(ctx, &agentdb.Pause{Workspace: workspace, Schedule: name, Reason: "r", Who: "ann", At: pageTime}))
	}
	for range rapid.IntRange(0, 2).Draw(r, "missed") {
		ok(r, a.db.Missed(ctx, workspace, name))
	}
	if rapid.Bool().Draw(r, "never ran") {
		return
	}
	// 15 minutes is late for the shortest interval alone.
	last := pageTime.Add(-rapid.SampledFrom([]time.Duration{15 * time.Minute, time.Second}).Draw(r, "ago"))
	result := agentdb.Result{Message: "m", Applied: 3}
	if rapid.Bool().Draw(r, "unknown") {
		result.Unknown = 2
		needs[report.NeedUnknown]++
	}
	if rapid.Bool().Draw(r, "held") {
		result.Held = 1
		needs[report.NeedHeld]++
	}
	facts := reconcile.Facts{Listed: []string{"main"}}
	for _, source := range []string{"Walmart", "Etsy"} {
		if age := rapid.SampledFrom([]time.Duration{0, time.Hour, 4 * time.Hour}).Draw(r, source); age > 0 {
			facts.Unacknowledged = append(facts.Unacknowledged, reconcile.Unacknowledged{Account: "main", Source: source, Oldest: pageTime.Add(-age), Orders: 1})
		}
	}
	result.Facts = must[[]byte](r)(json.Marshal(facts))
	ok(r, a.db.Succeeded(ctx, workspace, name, last))
	failures := rapid.IntRange(0, 2).Draw(r, "failures")
	for range failures {
		ok(r, a.db.Failed(ctx, workspace, name))
	}
	a.ran(r, workspace, name, last, agentdb.Done, result)
	switch late := interval == time.Minute && pageTime.Sub(last) > 12*time.Minute; {
	case paused:
	case failures > 0, late && !a.pausedWorkspace(r, workspace):
		needs[report.NeedSchedule]++
	}
}

// Due times that were missed are counted on their days, and none is lost or counted twice.
func TestMissedDueTimesHaveTheirDays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := newShop(t).pages("a")
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		name := fmt.Sprintf("s%d", n)
		times := schedule.Every(name, rapid.SampledFrom([]time.Duration{10 * time.Minute, time.Hour, 7 * time.Hour, 24 * time.Hour, 36 * time.Hour}).Draw(r, "interval"))
		if rapid.Bool().Draw(r, "cron") {
			times = must[schedule.Times](r)(schedule.Cron("0 6,14 * * MON-FRI", time.UTC))
		}
		away := time.Duration(rapid.Int64Range(0, 20*24*3600).Draw(r, "away")) * time.Second
		row := &agentdb.Schedule{Workspace: "a", Name: name, NextDue: times.Next(pageTime.Add(-away))}
		due := times.Since(row.NextDue, pageTime)
		ok(r, a.db.In(ctx, func(tx *agentdb.Tx) error { return passed(ctx, tx, row, times, due) }))
		want := map[time.Time]int{}
		for at := row.NextDue; at.Before(due.Latest); at = times.Next(at) {
			want[at.Truncate(24*time.Hour)]++
		}
		got := map[time.Time]int{}
		for _, d := range must[[]agentdb.Day](r)(a.db.Days(ctx, "a", pageTime.AddDate(0, 0, -30))) {
			if d.Schedule == name {
				got[d.At] += d.Count
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatal(diff)
		}
	})
}

// What feeds and new orders are like is what the last run saw that saw anything: one that
// failed does not know better.
func TestAFailedRunDoesNotKnowBetter(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := newShop(t).pages("a")
	ok(t, a.db.Adopt(ctx, &agentdb.Schedule{Workspace: "a", Name: "s", Rule: "every 10m", Run: "feeds", NextDue: pageTime}, true))
	facts := func(state watch.FeedState) []byte {
		text, err := json.Marshal(reconcile.Facts{Feeds: []reconcile.FeedFact{{Account: "main", FeedID: "1", State: state}}})
		ok(t, err)
		return text
	}
	a.ran(t, "a", "s", pageTime.Add(-3*time.Hour), agentdb.Done, agentdb.Result{Facts: facts(watch.FeedOK)})
	a.ran(t, "a", "s", pageTime.Add(-2*time.Hour), agentdb.Done, agentdb.Result{Facts: facts(watch.FeedFailing)})
	a.ran(t, "a", "s", pageTime.Add(-time.Hour), agentdb.Failed, agentdb.Result{Facts: []byte("{}")})
	p := must[*report.AgentPage](t)(a.page(ctx, report.AgentAsked{}))
	if feeds := p.Workspaces[0].Feeds; len(feeds) != 1 || feeds[0].State != watch.FeedFailing {
		t.Errorf("%+v", feeds)
	}
}

// The days of a page are those on which runs were queued, by how they ended.
func TestThirtyDays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := newShop(t).pages("a")
	ok(t, a.db.Adopt(ctx, &agentdb.Schedule{Workspace: "a", Name: "s", Rule: "every 10m", Run: "feeds", NextDue: pageTime}, true))
	midnight := pageTime.Truncate(24 * time.Hour)
	facts := func(items int) []byte {
		text, err := json.Marshal(reconcile.Facts{Feeds: []reconcile.FeedFact{{Account: "main", Name: "f", FeedID: "1", State: watch.FeedOK, Items: &items}}})
		ok(t, err)
		return text
	}
	for _, run := range []struct {
		at      time.Time
		outcome string
		facts   []byte
	}{
		{midnight.AddDate(0, 0, -30), agentdb.Failed, facts(1)}, // too long ago
		{midnight.AddDate(0, 0, -29), agentdb.Incomplete, facts(2)},
		{midnight.Add(-time.Millisecond), agentdb.Lost, nil},
		{midnight, agentdb.Done, facts(3)},
		{midnight.Add(time.Hour), agentdb.Done, facts(4)},
		{pageTime, agentdb.Paused, nil},
		{pageTime, agentdb.Running, nil},
	} {
		a.ran(t, "a", "s", run.at, run.outcome, agentdb.Result{Facts: run.facts})
	}
	ok(t, a.db.MissedOn(ctx, "a", "s", pageTime, 2))
	p := must[*report.AgentPage](t)(a.page(ctx, report.AgentAsked{}))
	w := p.Workspaces[0]
	days := map[int]string{}
	for i := range w.Schedules[0].Days {
		if d := &w.Schedules[0].Days[i]; d.Kind() != report.DayNothing {
			days[i] = d.Kind() + ": " + d.String()
		}
	}
	want := map[int]string{0: "incomplete: 1 incomplete", 28: "failed: 1 failed", 29: "missed: 2 good, 1 paused, 2 missed"}
	if diff := cmp.Diff(want, days); diff != "" || len(w.Schedules[0].Days) != 30 {
		t.Error(diff)
	}
	history := w.Feeds[0].History
	if history[0] != 2 || !math.IsNaN(history[1]) || history[29] != 4 {
		t.Errorf("%v", history)
	}
	a.ran(t, "a", "s", pageTime, agentdb.Failed, agentdb.Result{}) // what is of today is new on every page
	again := must[*report.AgentPage](t)(a.page(ctx, report.AgentAsked{})).Workspaces[0].Schedules[0].Days
	if got := again[29].String() + "; " + again[0].String(); got != "2 good, 1 failed, 1 paused, 2 missed; 1 incomplete" {
		t.Error(got)
	}
	if on := must[*report.AgentPage](t)(a.page(ctx, report.AgentAsked{Workspace: "a", Day: "2026-11-26"})); len(on.Runs) != 1 || on.Runs[0].State != agentdb.Lost {
		t.Errorf("%+v", on.Runs)
	}
	if _, err := a.page(ctx, report.AgentAsked{Workspace: "b"}); err == nil {
		t.Errorf("%v", err)
	}
}
