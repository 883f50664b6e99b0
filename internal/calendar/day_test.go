package calendar_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/calendar"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(t testing.TB, text string) calendar.Day {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Midnights that come twice, not at all, or at an odd hour in UTC.
func TestWhenADayBegins(t *testing.T) {
	for _, c := range []struct{ day, zone, want string }{
		{"2026-11-26", "UTC", "2026-11-26T00:00:00Z"},
		{"2026-11-26", "America/New_York", "2026-11-26T05:00:00Z"},
		{"2026-07-04", "America/New_York", "2026-07-04T04:00:00Z"},
		{"2026-11-26", "Pacific/Kiritimati", "2026-11-25T10:00:00Z"},
		{"2026-11-26", "Asia/Kolkata", "2026-11-25T18:30:00Z"},
		{"2026-11-26", "Pacific/Chatham", "2026-11-25T10:15:00Z"},
		// The clock is set from 24:00 to 01:00: the day begins at 01:00.
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
		{"2026-03-08", "America/Havana", "2026-03-08T05:00:00Z"},
		// The clock is set from 01:00 back to 00:00: midnight comes twice.
		{"2025-11-02", "America/Havana", "2025-11-02T04:00:00Z"},
		// The clock is set from 24:00 back to 23:00: the day before is longer.
		{"2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z"},
		// A day that the calendar left out begins where the next one does.
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z"},
	} {
		if got := day(t, c.day).Start(zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// Each moment is in the day that began last, whatever the zone does.
func TestEveryMomentIsInItsDay(t *testing.T) {
	zones := []string{"UTC", "America/New_York", "America/Sao_Paulo", "America/Havana", "Africa/Cairo", "Asia/Beirut", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Chatham", "Australia/Lord_Howe"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(1_200_000_000, 2_000_000_000).Draw(t, "at"), 0)
		d := calendar.Of(at, z)
		if start := d.Start(z); start.After(at) || calendar.Of(start, z) != d || calendar.Of(start.Add(-1), z) >= d {
			t.Errorf("%s: %s is in %s, which begins at %s", name, at.In(z), d, start)
		}
		if end := d.End(z); !end.After(at) {
			t.Errorf("%s: %s is in %s, which ends at %s", name, at.In(z), d, end)
		}
	})
}

func TestADayInJSON(t *testing.T) {
	type thing struct {
		On calendar.Day `json:"on,omitzero"`
	}
	for _, want := range []string{`{"on":"2026-11-26"}`, `{"on":"1970-01-01"}`, `{}`} {
		var x thing
		if err := json.Unmarshal([]byte(want), &x); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(x); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	var x thing
	if err := json.Unmarshal([]byte(`{"on":"2026-02-30"}`), &x); err == nil {
		t.Error("the 30th of February was read")
	}
}
