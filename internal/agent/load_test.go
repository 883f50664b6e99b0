package agent

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A schedule is late by the rule that is in force, from when on that is: who makes a daily
// schedule one of ten minutes wakes nobody. One that was away missed nothing meanwhile.
func TestARuleCountsFromWhenItIsInForce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a := s.pages("a")
	now := pageTime
	a.db.Options.Now = func() time.Time { return now }
	in := func(all ...*spec.Schedule) {
		t.Helper()
		ok(t, a.adopt(t.Context(), "a", &configuration{schedules: all}, true))
	}
	is := func() (row *agentdb.Schedule, one report.AgentPageSchedule) {
		t.Helper()
		row = must[[]*agentdb.Schedule](t)(a.db.Schedules(t.Context()))[0]
		return row, must[*picture](t)(a.picture(t.Context())).workspaces("")[0].Schedules[0]
	}
	late := func(after string, from time.Time) {
		t.Helper()
		if _, one := is(); !one.LateAt.Equal(from) {
			t.Errorf("%s: late from %s, want %s", after, one.LateAt, from)
		}
	}
	day, often := s.every("s", 24*time.Hour), s.every("s", 10*time.Minute)
	for _, one := range []*spec.Schedule{day, often} {
		one.Times = one.Times.In("a")
	}
	in(day)
	late("nothing made a run of its first due time", now.Add(schedule.Grace))
	a.ran(t, "a", "s", now, agentdb.Failed, agentdb.Result{})
	late("it ran, and never succeeded", now.Add(48*time.Hour+schedule.Grace))
	now = now.Add(time.Hour)
	in(day) // of another commit
	late("its configuration is read again", pageTime.Add(48*time.Hour+schedule.Grace))
	ok(t, a.db.Succeeded(t.Context(), "a", "s", now))
	late("it succeeded", now.Add(48*time.Hour+schedule.Grace))
	now = now.Add(20 * time.Hour)
	in(often)
	late("it has another rule", now.Add(30*time.Minute))
	row, _ := is()
	next := row.NextDue
	in()
	in(often)
	if row, _ = is(); !row.NextDue.Equal(next) {
		t.Errorf("due at %s, and before it was away for a moment, at %s", row.NextDue, next)
	}
	in()
	now = now.Add(72 * time.Hour)
	in(often)
	late("it comes back", now.Add(30*time.Minute))
	if row, _ = is(); now.Sub(row.NextDue) < 0 || often.Times.Since(row.NextDue, now).Before != 0 {
		t.Errorf("due at %s, when it comes back at %s", row.NextDue, now)
	}
}
