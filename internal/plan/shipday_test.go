package plan

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// The three cases of a ship day, on days when the clock is set and far from UTC.
// Times are UTC.
func TestShipDays(t *testing.T) {
	const newYork, kiritimati, westmost, saoPaulo = "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "America/Sao_Paulo"
	for name, c := range map[string]struct {
		zone, day, created, now string
		want                    dayCase
		at                      string
	}{
		"today, before noon":    {newYork, "2026-11-26", "2026-11-25T20:00:00Z", "2026-11-26T14:00:00Z", shipNow, "2026-11-26T14:00:00Z"},
		"today, after noon":     {newYork, "2026-11-26", "2026-11-25T20:00:00Z", "2026-11-26T22:00:00Z", shipNow, "2026-11-26T17:00:00Z"},
		"placed after noon":     {newYork, "2026-11-26", "2026-11-26T20:42:01Z", "2026-11-26T22:42:01Z", shipNow, "2026-11-26T20:43:01Z"},
		"placed a moment ago":   {newYork, "2026-11-26", "2026-11-26T22:42:00Z", "2026-11-26T22:42:01Z", shipNow, "2026-11-26T22:42:01Z"},
		"nobody knows when":     {newYork, "2026-11-20", "", "2026-11-26T22:42:01Z", shipNow, "2026-11-20T17:00:00Z"},
		"tomorrow":              {newYork, "2026-11-27", "2026-11-25T20:00:00Z", "2026-11-27T04:59:59Z", shipLater, ""},
		"tomorrow has begun":    {newYork, "2026-11-27", "2026-11-25T20:00:00Z", "2026-11-27T05:00:00Z", shipNow, "2026-11-27T05:00:00Z"},
		"today elsewhere":       {newYork, "2026-11-27", "2026-11-25T20:00:00Z", "2026-11-27T01:00:00Z", shipLater, ""},
		"12 hours after":        {newYork, "2026-11-26", "2026-11-27T17:00:00Z", "2026-11-27T20:00:00Z", shipNow, "2026-11-27T17:01:00Z"},
		"more than 12 hours":    {newYork, "2026-11-26", "2026-11-27T17:00:01Z", "2026-11-27T20:00:00Z", beforeCreated, ""},
		"a day of 23 hours":     {newYork, "2026-03-08", "2026-03-09T16:00:00Z", "2026-03-09T20:00:00Z", shipNow, "2026-03-09T16:01:00Z"},
		"23 hours and a second": {newYork, "2026-03-08", "2026-03-09T16:00:01Z", "2026-03-09T20:00:00Z", beforeCreated, ""},
		"noon in summer time":   {newYork, "2026-03-08", "2026-03-07T16:00:00Z", "2026-03-09T20:00:00Z", shipNow, "2026-03-08T16:00:00Z"},
		"a day of 25 hours":     {newYork, "2026-11-01", "2026-11-02T17:00:00Z", "2026-11-02T20:00:00Z", shipNow, "2026-11-02T17:01:00Z"},
		"25 hours and a second": {newYork, "2026-11-01", "2026-11-02T17:00:01Z", "2026-11-02T20:00:00Z", beforeCreated, ""},
		"no midnight":           {saoPaulo, "2018-11-04", "2018-11-03T20:00:00Z", "2018-11-04T02:59:59Z", shipLater, ""},
		"no midnight, begun":    {saoPaulo, "2018-11-04", "2018-11-03T20:00:00Z", "2018-11-04T03:00:00Z", shipNow, "2018-11-04T03:00:00Z"},
		"14 hours ahead":        {kiritimati, "2026-11-26", "2026-11-24T00:00:00Z", "2026-11-26T20:00:00Z", shipNow, "2026-11-26T00:00:00Z"},
		"14 hours ahead, begun": {kiritimati, "2026-11-26", "2026-11-24T00:00:00Z", "2026-11-25T10:00:00Z", shipNow, "2026-11-25T10:00:00Z"},
		"14 hours ahead, later": {kiritimati, "2026-11-26", "2026-11-24T00:00:00Z", "2026-11-25T09:59:59Z", shipLater, ""},
		"12 hours behind":       {westmost, "2026-11-26", "2026-11-24T00:00:00Z", "2026-11-28T00:00:00Z", shipNow, "2026-11-26T23:00:00Z"},
		"12 hours behind, over": {westmost, "2026-11-26", "2026-11-28T00:00:01Z", "2026-11-28T01:00:00Z", beforeCreated, ""},
	} {
		zone, day, created, now := zoneOf(t, c.zone), dayOf(t, c.day), moment(t, c.created), moment(t, c.now)
		if got := judgeDay(day, zone, created, now); got != c.want {
			t.Errorf("%s: got case %d, want %d", name, got, c.want)
			continue
		}
		if c.want != shipNow {
			continue
		}
		if got := ShipTime(day, zone, created, now).Format(time.RFC3339); got != c.at {
			t.Errorf("%s: shipped at %s, want %s", name, got, c.at)
		}
	}
}

// The time that is sent is never in the future; it is after the order was
// placed and in the day, in the zone and in UTC, unless one of these forbids
// the other.
func TestShipTimes(t *testing.T) {
	zones := []string{"UTC", "America/New_York", "America/Sao_Paulo", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Chatham", "Asia/Kolkata", "Pacific/Apia"}
	rapid.Check(t, func(r *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_500_000_000, 1_900_000_000).Draw(r, "now"), 0)
		day := calendar.Of(now, zone) - calendar.Day(rapid.IntRange(0, 40).Draw(r, "days ago"))
		created := now.Add(-time.Duration(rapid.IntRange(0, 60*24*40).Draw(r, "minutes ago")) * time.Minute)
		if judgeDay(day, zone, created, now) != shipNow {
			return
		}
		at := ShipTime(day, zone, created, now)
		switch {
		case at.After(now):
			r.Errorf("%s is after %s", at, now)
		case at.Equal(now):
		case at.Before(created.Add(time.Minute)):
			r.Errorf("%s is before the order was placed, %s", at, created)
		case at.Equal(created.Add(time.Minute)):
		case calendar.Of(at, zone) != day || calendar.Of(at, time.UTC) != day:
			r.Errorf("%s is not on %s in %s and in UTC", at, day, zone)
		}
		// What was sent is as wanted when it is read.
		w := &spec.Wish{Origin: &spec.Origin{Account: &spec.Account{Timezone: zone}}, Want: order.Values{Status: order.Shipped}, ShippedOn: day, Attempt: 1}
		live := order.Live{Values: order.Values{Status: order.Shipped, ShippedAt: at}, CreatedInSource: created}
		if !at.Equal(now) && !sameShipDate(w, live) {
			r.Errorf("%s does not count as %s, placed %s", at, day, created)
		}
	})
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func dayOf(t testing.TB, text string) calendar.Day {
	t.Helper()
	day, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
