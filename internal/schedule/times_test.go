package schedule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func cron(t testing.TB, expression, zone string) schedule.Times {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Skip("this machine has no time zones: ", err)
	}
	times, err := schedule.Cron(expression, location)
	if err != nil {
		t.Fatal(err)
	}
	return times
}

// dueBetween lists due times in the zone's own words.
func dueBetween(times schedule.Times, from, until, zone string) []string {
	location, _ := time.LoadLocation(zone)
	var due []string
	for next := times.Next(at(from)); !next.IsZero() && !next.After(at(until)); next = times.Next(next) {
		due = append(due, next.In(location).Format("02 15:04 -0700"))
	}
	return due
}

func TestChangesOfTheClocks(t *testing.T) {
	const newYork, lordHowe = "America/New_York", "Australia/Lord_Howe"
	for _, c := range []struct {
		name, expression, zone, from, until string
		want                                string
	}{
		{
			"a time that does not exist is the first minute after the gap", "30 2 * * *", newYork, "2027-03-13T12:00:00Z", "2027-03-15T12:00:00Z",
			"14 03:00 -0400, 15 02:30 -0400",
		},
		{
			"several times in the gap are one", "0,20,40 2 * * *", newYork, "2027-03-14T00:00:00Z", "2027-03-14T23:00:00Z",
			"14 03:00 -0400",
		},
		{
			"a time that comes twice is the first", "30 1 * * *", newYork, "2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z",
			"01 01:30 -0400, 02 01:30 -0500",
		},
		{
			"steps run in both hours", "*/30 * * * *", newYork, "2026-11-01T04:59:00Z", "2026-11-01T07:00:00Z",
			"01 01:00 -0400, 01 01:30 -0400, 01 01:00 -0500, 01 01:30 -0500, 01 02:00 -0500",
		},
		{
			"steps run on across the gap", "*/30 * * * *", newYork, "2027-03-14T05:59:00Z", "2027-03-14T08:00:00Z",
			"14 01:00 -0500, 14 01:30 -0500, 14 03:00 -0400, 14 03:30 -0400, 14 04:00 -0400",
		},
		{
			"steps in an hour that is left out run once", "*/20 2 * * *", newYork, "2027-03-14T00:00:00Z", "2027-03-15T06:00:00Z",
			"14 03:00 -0400, 15 02:00 -0400",
		},
		{
			"a gap of half an hour", "15 2 * * *", lordHowe, "2026-10-03T00:00:00Z", "2026-10-04T20:00:00Z",
			"04 02:30 +1100, 05 02:15 +1100",
		},
		{
			"half an hour that comes twice", "45 1 * * *", lordHowe, "2027-04-02T16:00:00Z", "2027-04-04T20:00:00Z",
			"04 01:45 +1100, 05 01:45 +1030",
		},
		{
			"steps in half an hour that comes twice", "*/15 1 * * *", lordHowe, "2027-04-03T12:00:00Z", "2027-04-04T00:00:00Z",
			"04 01:00 +1100, 04 01:15 +1100, 04 01:30 +1100, 04 01:45 +1100, 04 01:30 +1030, 04 01:45 +1030",
		},
		{
			"midnight that does not exist", "0 0 * * *", "Africa/Cairo", "2026-04-23T00:00:00Z", "2026-04-25T00:00:00Z",
			"24 01:00 +0300, 25 00:00 +0300",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dueBetween(cron(t, c.expression, c.zone), c.from, c.until, c.zone)
			if diff := cmp.Diff(strings.Split(c.want, ", "), got); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", c.expression, c.zone, diff)
			}
		})
	}
}

func TestCronExpressions(t *testing.T) {
	for _, c := range []struct{ expression, after, want string }{
		{"*/10 6-22 * * *", "2026-11-27T22:50:00Z", "2026-11-28T06:00:00Z"},
		{"0 9 * * MON-FRI", "2026-11-27T09:00:00Z", "2026-11-30T09:00:00Z"},
		{"0 0 * * 7", "2026-11-27T09:00:00Z", "2026-11-29T00:00:00Z"},
		{"0 0 29 feb *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"}, // 2100 has none
		{"0 0 13 * FRI", "2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z"}, // either day will do
		{"5/20 * * * *", "2026-11-27T00:05:00Z", "2026-11-27T00:25:00Z"},
		{"0 0 31 4,6,12 *", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"},
	} {
		if got := cron(t, c.expression, "UTC").Next(at(c.after)); !got.Equal(at(c.want)) {
			t.Errorf("%s after %s: %s, want %s", c.expression, c.after, got, c.want)
		}
	}
	for _, wrong := range []string{
		"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *", "*/60 * * * *",
		"5-1 * * * *", "a * * * *", "-1 * * * *", "1- * * * *", ",1 * * * *", "0 0 30 2 *", "0 0 31 FEB,APR *", "@daily", "0 0 L * *", "5// * * * *",
	} {
		if _, err := schedule.Cron(wrong, time.UTC); err == nil {
			t.Errorf("%q is taken for an expression", wrong)
		}
	}
}

// Each due time is what the expression says of a minute of the zone's clock, no minute
// that it says so of is left out, and no local time comes twice: whatever the zone does.
func TestDueTimesAreThoseOfTheExpression(t *testing.T) {
	zones := []string{"UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "America/Santiago"}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Skip()
		}
		minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 23).Draw(t, "hour")
		times, err := schedule.Cron(time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("4 15")+" * * *", location)
		if err != nil {
			t.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(1767225600, 1956528000).Draw(t, "from"), 0)
		seen := map[string]bool{}
		last := from
		for day := range 5 {
			due := times.Next(last)
			if !due.After(last) {
				t.Fatalf("%s is due again after %s", due, last)
			}
			date := due.In(location).Format("2006-01-02")
			if seen[date] {
				t.Fatalf("%02d:%02d in %s is due twice on %s", hour, minute, zone, date)
			}
			seen[date] = true
			if due.Sub(last) > 26*time.Hour && day > 0 {
				t.Fatalf("%02d:%02d in %s: nothing between %s and %s", hour, minute, zone, last, due)
			}
			// As time.Date does in a gap, or the very time.
			want := time.Date(due.In(location).Year(), due.In(location).Month(), due.In(location).Day(), hour, minute, 0, 0, location)
			if got := due.In(location); want.In(location).Hour() == hour && want.Minute() == minute && (got.Hour() != hour || got.Minute() != minute) {
				t.Fatalf("%02d:%02d in %s is due at %s", hour, minute, zone, got)
			}
			last = due
		}
	})
}

// Two hundred workspaces that were made from one template are spread over what an offset may be.
func TestWorkspacesAreNotDueAtOnce(t *testing.T) {
	from := time.Unix(1800000000, 0)
	every := schedule.Every("acknowledge", 10*time.Minute)
	counts := map[time.Time]int{}
	for i := range 200 {
		times := every.In(fmt.Sprintf("seller-%d", i))
		due := times.Next(from)
		counts[due]++
		if offset := time.Duration(due.Unix()%600) * time.Second; offset > time.Minute {
			t.Errorf("seller-%d is due %s after the interval begins", i, offset)
		}
		if next := times.Next(due); next.Sub(due) != 10*time.Minute || times.String() != every.String() {
			t.Errorf("%s is due at %s, and then at %s", times, due, next)
		}
	}
	for due, n := range counts {
		if n > 20 {
			t.Errorf("%d workspaces are due at %s", n, due)
		}
	}
	if cron := cron(t, "*/10 * * * *", "UTC"); !cron.In("seller-1").Next(from).Equal(cron.Next(from)) {
		t.Error("a cron expression means the same in every workspace")
	}
}

func TestEveryCountsFromMidnight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		interval := time.Duration(rapid.Int64Range(10, 31*24*3600).Draw(t, "seconds")) * time.Second
		name := rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "name")
		times := schedule.Every(name, interval)
		from := time.Unix(rapid.Int64Range(1767225600, 1956528000).Draw(t, "from"), rapid.Int64Range(0, 999_999_999).Draw(t, "part"))
		due := times.Next(from)
		if !due.After(from) || due.Sub(from) > interval {
			t.Fatalf("%s after %s, every %s", due, from, interval)
		}
		if next := times.Next(due); next.Sub(due) != interval {
			t.Fatalf("%s after %s, every %s", next, due, interval)
		}
		offset := time.Duration(due.Unix()%int64(interval/time.Second)) * time.Second
		if offset > interval/10 || offset > 5*time.Minute {
			t.Fatalf("every %s is due %s after midnight", interval, offset)
		}
		if last := times.Last(from); last.After(from) || !times.Next(last).Equal(due) {
			t.Fatalf("the last before %s is %s, the next %s", from, last, due)
		}
	})
}

// However far apart somebody looks, each due time is run or counted, and none twice.
func TestEachDueTimeCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		location, err := time.LoadLocation("America/New_York")
		if err != nil {
			t.Skip()
		}
		var times schedule.Times
		if expression := rapid.SampledFrom([]string{"", "*/7 * * * *", "30 1-2 * * *", "0 12 * * 1"}).Draw(t, "expression"); expression == "" {
			times = schedule.Every("a", time.Duration(rapid.IntRange(10, 100_000).Draw(t, "seconds"))*time.Second)
		} else if times, err = schedule.Cron(expression, location); err != nil {
			t.Fatal(err)
		}
		start := at("2026-10-30T00:00:00Z")
		next, counted, now := times.Next(start), 0, start
		var runs []time.Time
		for range 20 {
			now = now.Add(time.Duration(rapid.IntRange(1, 200_000).Draw(t, "wait")) * time.Second)
			m := times.Since(next, now)
			if !m.Latest.IsZero() {
				runs, counted = append(runs, m.Latest), counted+m.Before
			}
			if !m.Next.After(now) {
				t.Fatalf("the next due time %s is not after %s", m.Next, now)
			}
			next = m.Next
		}
		want := 0
		for due := times.Next(start); !due.After(now); due = times.Next(due) {
			want++
		}
		if got := counted + len(runs); got != want {
			t.Fatalf("%d due times were run or counted, of %d", got, want)
		}
		if len(slices.CompactFunc(runs, time.Time.Equal)) != len(runs) {
			t.Fatal("a due time was run twice")
		}
	})
}

func TestTheLastDueTimeOfACron(t *testing.T) {
	times := cron(t, "0 9 1 * *", "UTC")
	if got := times.Last(at("2026-11-27T00:00:00Z")); !got.Equal(at("2026-11-01T09:00:00Z")) {
		t.Errorf("got %s", got)
	}
}

func TestTheClosestDueTimes(t *testing.T) {
	for expression, want := range map[string]time.Duration{
		"*/10 6-22 * * *": 10 * time.Minute, "0,7 6 * * *": 7 * time.Minute, "0 6,14 * * MON-FRI": 8 * time.Hour, "30 23 * * *": 24 * time.Hour,
		"59 23 * * SUN": 7 * 24 * time.Hour, "0 0 1 1 *": schedule.MostInterval, "* * * * *": time.Minute, "0 0 31 12 *": schedule.MostInterval,
	} {
		if got := cron(t, expression, "UTC").Closest(); got != want {
			t.Errorf("%s: %v, want %v", expression, got, want)
		}
	}
	if got := schedule.Every("x", 90*time.Second).Closest(); got != 90*time.Second {
		t.Error(got)
	}
}
