package spec

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

// What lets agents do more comes first, whatever it is, and in words that say by how much.
func TestCompareSchedules(t *testing.T) {
	every := func(d time.Duration) schedule.Times { return schedule.Every("s", d) }
	cron := func(text string) schedule.Times {
		times, err := schedule.Cron(text, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		return times
	}
	of := func(name string, change func(*Schedule)) *Schedule {
		s := &Schedule{Name: name, Times: every(time.Hour), Run: RunApply, Targets: []string{"batch.a"}, Limits: Unlimited()}
		s.Limits.MaxChanges = 10
		change(s)
		return s
	}
	same := func(*Schedule) {}
	base := []*Schedule{of("calls", same), of("catch", same), of("cron", func(s *Schedule) { s.Times = cron("0 6 * * *") }), of("gone", same), of("kind", same), of("less", func(s *Schedule) { s.Targets = []string{"batch.a", "batch.b"} }), of("limit", same), of("same", same), of("target", same)}
	own := []*Schedule{
		of("calls", func(s *Schedule) { s.Run, s.Targets, s.Limits = RunFeeds, nil, Unlimited() }),
		of("catch", func(s *Schedule) { s.CatchUp = true }),
		of("cron", func(s *Schedule) { s.Times = cron("0 7 * * *") }),
		of("kind", func(s *Schedule) { s.Times = cron("0 6 * * *") }),
		of("less", func(s *Schedule) { s.Times, s.Limits.MaxChanges = every(2*time.Hour), 5 }),
		of("limit", func(s *Schedule) { s.Limits.MaxShips, s.Limits.MaxChanges, s.Times = 3, 2000, every(time.Minute) }),
		of("new", same), of("same", same),
		of("target", func(s *Schedule) { s.Targets = []string{"batch.b"} }),
	}
	var got []string
	for _, c := range CompareSchedules(own, base) {
		text := c.Text
		if c.DoesMore {
			text = "! " + text
		}
		got = append(got, text)
	}
	want := []string{
		"! changes catch_up of the schedule catch from none to once",
		"! changes cron of the schedule cron from 0 6 * * * UTC to 0 7 * * * UTC",
		"! changes cron of the schedule kind from every 1h to cron 0 6 * * * UTC",
		"! changes every of the schedule limit from 1h to 1m",
		"! raises max_changes of the schedule limit from 10 to 2,000",
		"! adds the schedule new: apply of batch.a, max_changes 10, every 1h",
		"! changes target of the schedule target from batch.a to batch.b",
		"changes run of the schedule calls from apply of batch.a, max_changes 10 to feeds",
		"changes every of the schedule less from 1h to 2h",
		"changes target of the schedule less from batch.a and batch.b to batch.a",
		"lowers max_changes of the schedule less from 10 to 5",
		"lowers max_ships of the schedule limit from no limit to 3",
		"removes the schedule gone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
