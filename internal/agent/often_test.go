//go:build !race

package agent

import (
	"fmt"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/schedule"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A schedule that gets another name or another rule with each commit is not due more often for that than the
// machine allows. One that comes beside the others, or instead of one that ran long ago, is due
// as without a limit.
func TestOtherNamesAreNotDueMoreOften(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a := s.pages("a")
	now := pageTime
	a.db.Options.Now = func() time.Time { return now }
	all := &configuration{minEvery: time.Hour}
	in := func(schedules ...*spec.Schedule) {
		t.Helper()
		all.schedules = schedules
		ok(t, a.adopt(t.Context(), "a", all, true))
	}
	every := func(name string, d time.Duration) *spec.Schedule {
		one := s.every(name, d)
		one.Times = one.Times.In("a")
		return one
	}
	// runs makes a run of what is due, and says of what.
	runs := func() (ran []string) {
		t.Helper()
		for _, row := range must[[]*agentdb.Schedule](t)(a.db.Due(t.Context(), now)) {
			for _, one := range all.schedules {
				if one.Name == row.Name {
					ran = append(ran, row.Name)
					a.ran(t, "a", row.Name, now, agentdb.Done, agentdb.Result{})
					must[bool](t)(a.db.Move(t.Context(), row, one.Times.Since(row.NextDue, now).Next, 0))
				}
			}
		}
		return ran
	}
	count := func(change func(minute int)) (n int) {
		t.Helper()
		for minute := range 6 * 60 {
			change(minute)
			n += len(runs())
			now = now.Add(time.Minute)
		}
		return n
	}
	if n := count(func(minute int) { in(every(fmt.Sprintf("s%d", minute), time.Hour)) }); n < 3 || n > 6 {
		t.Errorf("with another name each minute, it had %d runs in 6 hours", n)
	}
	if n := count(func(minute int) { in(every([]string{"to", "fro"}[minute%2], time.Hour)) }); n < 3 || n > 6 {
		t.Errorf("with one name and another, it had %d runs in 6 hours", n)
	}
	if n := count(func(minute int) {
		one := every("rule", time.Hour)
		at := now.Add(2 * time.Minute)
		times, err := schedule.Cron(fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour()), time.UTC)
		ok(t, err)
		one.Times = times
		if minute%3 == 0 {
			in(one)
		} else {
			ok(t, a.adopt(t.Context(), "a", all, true))
		}
	}); n < 3 || n > 6 {
		t.Errorf("with another rule each minute, it had %d runs in 6 hours", n)
	}

	// Nor does a pause between the names help, with a due time just after the last one was caught up.
	if n := count(func(minute int) {
		if minute%63 == 0 {
			one := every(fmt.Sprintf("late%d", minute), time.Hour)
			at := now.Add(2 * time.Minute)
			times, err := schedule.Cron(fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour()), time.UTC)
			ok(t, err)
			one.Times = times
			in(one)
		}
	}); n < 3 || n > 6 {
		t.Errorf("with another name each hour, it had %d runs in 6 hours", n)
	}

	now = now.Add(3 * time.Hour)
	first, second, third := every("first", time.Hour), every("second", time.Hour), every("third", time.Hour)
	in(first)
	if ran := runs(); len(ran) != 1 {
		t.Errorf("a schedule instead of one that ran long ago: %v", ran)
	}
	in(first, second)
	if ran := runs(); len(ran) != 1 || ran[0] != "second" {
		t.Errorf("a schedule beside another one: %v", ran)
	}
	third.Run = spec.RunVerify
	in(second, third)
	if ran := runs(); len(ran) != 1 || ran[0] != "third" {
		t.Errorf("a schedule that does something else: %v", ran)
	}
	now = now.Add(90 * time.Minute)
	runs()
	in(second)
	in(second, third) // a commit was taken back
	if n := len(runs()); n > 1 {
		t.Errorf("%d schedules were due again", n)
	}
	all.minEvery = 0
	in(every("free", time.Hour), second)
	if ran := runs(); len(ran) != 1 || ran[0] != "free" {
		t.Errorf("without a limit: %v", ran)
	}
}
