package schedule_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/schedule"
)

// A rule that was written down has the same due times when it is read again.
func TestRulesAreReadAsTheyAreWritten(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("this machine has no time zones: ", err)
	}
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.StringMatching(`[a-z-]{1,20}`).Draw(r, "name")
		times := schedule.Every(name, time.Duration(rapid.Int64Range(10, 31*24*3600).Draw(r, "seconds"))*time.Second)
		if rapid.Bool().Draw(r, "cron") {
			expression := rapid.SampledFrom([]string{"*/10 6-22 * * *", "0  6,14 * * MON-FRI", "30 2 29 2 *"}).Draw(r, "expression")
			zone := rapid.SampledFrom([]*time.Location{time.UTC, newYork}).Draw(r, "zone")
			if times, err = schedule.Cron(expression, zone); err != nil {
				r.Fatal(err)
			}
		}
		again, err := schedule.Parse(name, times.String())
		if err != nil {
			r.Fatal(err)
		}
		now := at("2026-11-27T12:00:00Z").Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(r, "now")) * time.Second)
		if again.String() != times.String() || !again.Next(now).Equal(times.Next(now)) {
			r.Fatalf("%s: %s is not %s", times, again.Next(now), times.Next(now))
		}
	})
	for _, rule := range []string{"", "every", "every 1s", "every x", "every 900h", "cron", "cron * * * * * Nowhere/City", "cron * UTC", "never 10m"} {
		if _, err := schedule.Parse("a", rule); err == nil {
			t.Errorf("%q is a rule", rule)
		}
	}
}

func TestLate(t *testing.T) {
	for _, c := range []struct {
		name     string
		times    schedule.Times
		success  string
		lateFrom string
	}{
		{"two intervals and ten minutes", schedule.Every("a", 10*time.Minute), "2026-11-27T12:01:05Z", "2026-11-27T12:31:05Z"},
		{"two due times and ten minutes", cron(t, "0 6,14 * * MON-FRI", "UTC"), "2026-11-26T14:00:30Z", "2026-11-27T14:10:00Z"},
		{"over a weekend", cron(t, "0 6,14 * * MON-FRI", "UTC"), "2026-11-27T14:00:30Z", "2026-11-30T14:10:00Z"},
		{"never due", schedule.Times{}, "2026-11-27T14:00:30Z", ""},
	} {
		want := time.Time{}
		if c.lateFrom != "" {
			want = at(c.lateFrom)
		}
		if got := c.times.LateAt(at(c.success)); !got.Equal(want) {
			t.Errorf("%s: late from %s, want %s", c.name, got, want)
		}
	}
}

func TestBetween(t *testing.T) {
	times := schedule.Every("a", 10*time.Minute)
	if n := times.Between(at("2026-11-27T00:00:00Z"), at("2026-11-28T00:00:00Z"), 1000); n != 144 {
		t.Errorf("%d due times a day", n)
	}
	if n := times.Between(at("2026-11-27T00:00:00Z"), at("2026-11-28T00:00:00Z"), 7); n != 7 {
		t.Errorf("%d due times, and no more than 7 were asked for", n)
	}
	if n := cron(t, strings.Repeat("* ", 4)+"*", "UTC").Between(at("2026-11-27T00:00:00Z"), at("2026-11-27T01:00:00Z"), 100); n != 60 {
		t.Errorf("%d minutes an hour", n)
	}
}
