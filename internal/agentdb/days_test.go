package agentdb

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// What a page shows of thirty days: runs by day and state, missed due times, the runs of a
// day, and what the last run of each day saw.
func TestDaysOfAWorkspace(t *testing.T) {
	onBoth(t, func(t *testing.T, d *DB) {
		ctx := context.Background()
		midnight := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
		must(t, d.Adopt(ctx, &Schedule{Workspace: "w", Name: "s", Rule: "every 10m", Run: "feeds", NextDue: midnight}, true))
		ran := func(id, workspace string, at time.Time, outcome, facts string) {
			r := &Run{ID: id, Workspace: workspace, Schedule: "s", Due: at, Cause: BySchedule, State: Queued, Take: 1, QueuedAt: at}
			must(t, d.Insert(ctx, r))
			claimed := got(d.Claim(ctx, id, 1, at, at))(t)
			must(t, d.Keep(ctx, claimed, &Result{Outcome: outcome, EndedAt: at, Facts: []byte(facts)}))
			got(d.End(ctx, claimed, outcome, at))(t)
		}
		ran("1", "w", midnight.Add(-24*time.Hour-time.Millisecond), Done, `{"a":1}`)
		ran("2", "w", midnight.Add(-24*time.Hour), Done, `{"a":2}`)
		ran("3", "w", midnight.Add(-time.Hour), Incomplete, `{"a":3}`)
		ran("4", "w", midnight.Add(-time.Millisecond), Failed, `{}`)
		ran("5", "w", midnight, Done, `{"a":5}`)
		ran("6", "w", midnight.Add(time.Hour), Failed, `{}`)
		ran("7", "v", midnight, Done, `{"a":7}`)
		for _, n := range []int{2, 3} {
			must(t, d.MissedOn(ctx, "w", "s", midnight.Add(time.Duration(n)*time.Hour), n))
		}
		days := got(d.Days(ctx, "w", midnight.Add(-24*time.Hour)))(t)
		slices.SortFunc(days, func(a, b Day) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.State, b.State)) })
		want := []Day{
			{"s", midnight.AddDate(0, 0, -1), Done, 1},
			{"s", midnight.AddDate(0, 0, -1), Failed, 1},
			{"s", midnight.AddDate(0, 0, -1), Incomplete, 1},
			{"s", midnight, "", 5},
			{"s", midnight, Done, 1},
			{"s", midnight, Failed, 1},
		}
		if diff := gocmp.Diff(want, days); diff != "" {
			t.Error(diff)
		}
		var ids, facts []string
		for _, r := range got(d.Between(ctx, "w", midnight.Add(-24*time.Hour), midnight, 2))(t) {
			ids = append(ids, r.ID)
		}
		for _, f := range got(d.DailyFacts(ctx, "w", "s", midnight.Add(-24*time.Hour)))(t) {
			facts = append(facts, string(f.JSON))
		}
		for _, f := range got(d.LatestFacts(ctx, "listed"))(t) {
			facts = append(facts, string(f.JSON))
		}
		if diff := gocmp.Diff([]string{"4", "3", `{"a":3}`, `{"a":5}`, `{"a":5}`}, append(ids, facts...)); diff != "" {
			t.Error(diff)
		}
		must(t, d.Retire(ctx, "w"))
		must(t, d.Forget(ctx, midnight.Add(24*time.Hour)))
		if days := got(d.Days(ctx, "w", midnight.AddDate(0, 0, -9)))(t); len(days) > 0 {
			t.Errorf("%v", days)
		}
	})
}
