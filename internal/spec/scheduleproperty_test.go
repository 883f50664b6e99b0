package spec

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

// What reviewers are told of random schedules is what differs between them: from the ones
// before and the changes, the new ones are made again.
func TestWhatDiffersBetweenSchedulesIsTold(t *testing.T) {
	limits := []int{5, 10, NoLimit}
	draw := func(r *rapid.T, side string) (all []*Schedule) {
		for _, name := range []string{"a", "b"} {
			if rapid.Float64().Draw(r, side+name+" there") < 0.2 {
				continue
			}
			s := &Schedule{Name: name, CatchUp: rapid.Bool().Draw(r, "catch_up"), Limits: Unlimited(), Run: ScheduledRun(rapid.SampledFrom(ScheduledRuns).Draw(r, "run"))}
			s.Times = schedule.Every(name, time.Duration(rapid.SampledFrom([]int{10, 60, 90}).Draw(r, "minutes"))*time.Minute)
			if rapid.Bool().Draw(r, "cron") {
				var err error
				if s.Times, err = schedule.Cron(rapid.SampledFrom([]string{"0 6 * * *", "*/10 * * * *"}).Draw(r, "expression"), time.UTC); err != nil {
					r.Fatal(err)
				}
			}
			if s.Run == RunApply {
				s.Targets = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"batch.a", "batch.b", "standing.c"}), 1, 3, rapid.ID[string]).Draw(r, "targets")
				s.Limits.MaxChanges, s.Limits.MaxShips = rapid.SampledFrom(limits).Draw(r, "max_changes"), rapid.SampledFrom(limits).Draw(r, "max_ships")
			}
			all = append(all, s)
		}
		return all
	}
	rapid.Check(t, func(r *rapid.T) {
		base, own := draw(r, "base "), draw(r, "own ")
		told := map[string]ScheduleChange{}
		last := true
		for _, c := range CompareSchedules(own, base) {
			if _, twice := told[c.Schedule+" "+c.What]; twice || c.From == c.To && c.What != ScheduleAdded && c.What != ScheduleRemoved || c.DoesMore && !last {
				r.Fatalf("%+v", c)
			}
			told[c.Schedule+" "+c.What], last = c, c.DoesMore
		}
		expect := func(what string, differs, more bool) {
			c, is := told[what]
			if delete(told, what); is != differs || is && c.DoesMore != more {
				r.Fatalf("%s: told %v, %+v; differs %v, more %v", what, is, c, differs, more)
			}
		}
		for _, name := range []string{"a", "b"} {
			was, s := named(base, name), named(own, name)
			expect(name+" added", was == nil && s != nil, true)
			expect(name+" removed", was != nil && s == nil, false)
			if was == nil || s == nil {
				continue
			}
			kind := "cron"
			if s.Times.Interval() > 0 {
				kind = "every"
			}
			expect(name+" "+kind, was.Times.String() != s.Times.String(), was.Times.Interval() == 0 || s.Times.Interval() <= was.Times.Interval())
			expect(name+" catch_up", was.CatchUp != s.CatchUp, s.CatchUp)
			expect(name+" run", was.Run != s.Run, s.Run == RunApply)
			if was.Run != s.Run {
				continue
			}
			expect(name+" target", !slices.Equal(slices.Sorted(slices.Values(was.Targets)), slices.Sorted(slices.Values(s.Targets))), slices.ContainsFunc(s.Targets, func(t string) bool { return !slices.Contains(was.Targets, t) }))
			expect(name+" max_changes", was.Limits.MaxChanges != s.Limits.MaxChanges, s.Limits.MaxChanges > was.Limits.MaxChanges)
			expect(name+" max_ships", was.Limits.MaxShips != s.Limits.MaxShips, s.Limits.MaxShips > was.Limits.MaxShips)
		}
		if len(told) > 0 {
			r.Fatalf("nothing of it differs: %+v", told)
		}
	})
}
