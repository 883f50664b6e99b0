package spec

import (
	"testing"
	"time"
)

func TestParseLatest(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	// each beats the ones before it
	for name, rising := range map[string][]string{
		"numbers":          {"-10.5", "-10.25", "-2", "0", "2", "2.5", "10", "20261126153000123", "20261126153000124"},
		"times":            {"2026-11-20T10:00:00Z", "2026-11-20T10:00:00.5Z", "2026-11-20T06:00:00-05:00", "2026-11-21T00:00:00Z"},
		"a date and times": {"2026-11-20T04:59:59Z", "2026-11-20", "2026-11-20T05:00:01Z"},
		"null":             {"", "-100"},
		"null and a time":  {"", "1970-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			var before LatestValue
			for i, text := range rising {
				v, ok := ParseLatest(text, newYork)
				if !ok {
					t.Fatalf("%q is not taken", text)
				}
				if i > 0 && (!v.beats(before) || before.beats(v)) {
					t.Errorf("%q does not beat %q", text, rising[i-1])
				}
				if v.beats(v) {
					t.Errorf("%q beats itself", text)
				}
				before = v
			}
		})
	}
	for _, text := range []string{"soon", "11/26/2026", "2026-11-20 10:00:00", "1e9", "0x10", "1/2", "1_000", "99999999999999999999", "NaN", "Inf", "1,5"} {
		if _, ok := ParseLatest(text, newYork); ok {
			t.Errorf("%q is taken", text)
		}
	}
	// a number and a time can't be compared
	number, _ := ParseLatest("5", nil)
	moment, _ := ParseLatest("2026-11-20", nil)
	if number.beats(moment) || moment.beats(number) {
		t.Error("a number and a time are compared")
	}
}
