package main

import (
	"testing"
	"time"
)

func TestPeriod(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	west := time.FixedZone("west", -5*3600)
	for _, c := range []struct {
		flags    [2]string
		zone     *time.Location
		from, to string // RFC 3339; empty for the zero time
	}{
		{[2]string{}, nil, "", ""},
		{[2]string{"2026-11-01", "2026-11-20"}, nil, "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z"},
		{[2]string{"2026-11-01", "2026-11-01"}, nil, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"},
		{[2]string{"2026-11-01", ""}, west, "2026-11-01T05:00:00Z", ""},
		{[2]string{"2026-11-20T16:28:00+01:00", ""}, west, "2026-11-20T15:28:00Z", ""},
		{[2]string{"7d", "1d12h"}, nil, "2026-11-15T12:00:00Z", "2026-11-21T00:00:00Z"},
		{[2]string{" 7d ago ", ""}, nil, "2026-11-15T12:00:00Z", ""},
	} {
		from, to, err := periodOf(c.flags, now, c.zone)
		if err != nil {
			t.Errorf("%+v: %v", c.flags, err)
			continue
		}
		if got := momentText(from); got != c.from {
			t.Errorf("%+v: from %s, want %s", c.flags, got, c.from)
		}
		if got := momentText(to); got != c.to {
			t.Errorf("%+v: to %s, want %s", c.flags, got, c.to)
		}
	}
	for _, bad := range [][2]string{{"yesterday", ""}, {"", "2026-13-01"}, {"ago", ""}, {"-7d", ""}, {"1d", "2d"}, {"2026-11-02", "2026-11-01"}} {
		if _, _, err := periodOf(bad, now, nil); exitCode(t.Context(), err) != exitUsage {
			t.Errorf("%+v: %v is no usage error", bad, err)
		}
	}
}

func periodOf(flags [2]string, now time.Time, zone *time.Location) (since, until time.Time, err error) {
	p, err := parsePeriod(flags[0], flags[1])
	if err != nil {
		return since, until, err
	}
	return p.In(zone, now)
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
