package lang_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
)

func TestParseTime(t *testing.T) {
	newYork, err := lang.ParseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		call   string
		zone   *time.Location
		want   string // "" for null
		failed string
	}{
		{call: `"%m/%d/%Y %I:%M:%S %p", "11/20/2026 04:28:00 PM"`, zone: newYork, want: "2026-11-20T21:28:00Z"},
		{call: `"%m/%d/%Y %I:%M:%S %p", "7/2/2026 12:00:00 AM"`, zone: newYork, want: "2026-07-02T04:00:00Z"},
		{call: `"%m/%d/%Y %H:%M", "11/20/2026 16:28", "Europe/Berlin"`, zone: newYork, want: "2026-11-20T15:28:00Z"},
		{call: `"%m/%d/%Y %H:%M", "11/20/2026 16:28", "UTC"`, want: "2026-11-20T16:28:00Z"},
		{call: `"%m/%d/%Y %H:%M", "11/20/2026 16:28", "+02:00"`, want: "2026-11-20T14:28:00Z"},
		{call: `"%Y-%m-%dT%H:%M:%S%z", "2026-03-01T10:00:00+05:30"`, want: "2026-03-01T04:30:00Z"},
		{call: `"%Y-%m-%dT%H:%M:%S%z", "2026-11-20T16:28:00Z"`, zone: newYork, want: "2026-11-20T16:28:00Z"},
		{call: `"%s", "1795192080"`, want: "2026-11-20T16:28:00Z"},
		{call: `"%F", " 2026-11-20 "`, zone: time.UTC, want: "2026-11-20"},
		{call: `"%d %b %Y", "29 Feb 2028"`, zone: time.UTC, want: "2028-02-29"},
		{call: `"%F %T %Z", "2026-11-20 16:28:00 EST"`, zone: newYork, want: "2026-11-20T21:28:00Z"},
		{call: `"%F %T %Z", "2026-11-20 16:28:00 UTC"`, want: "2026-11-20T16:28:00Z"},
		{call: `"%F", ""`},
		{call: `"%F", "  "`},
		{call: `"%F", null`},

		// The clock goes back at 2:00 on 1 November, and forward at 2:00 on 8 March.
		{call: `"%F %T", "2026-11-01 01:30:00"`, zone: newYork, want: "2026-11-01T05:30:00Z"},
		{call: `"%F %T", "2026-03-08 02:30:00"`, zone: newYork, failed: "does not exist in its zone"},
		{call: `"%F %T", "2026-03-08 03:00:00"`, zone: newYork, want: "2026-03-08T07:00:00Z"},
		// Samoa had no 30 December 2011.
		{call: `"%F %T", "2011-12-30 12:00:00", "Pacific/Apia"`, failed: "does not exist in its zone"},

		// Without hours it is a day, which has no zone.
		{call: `"%m/%d/%Y", "11/20/2026"`, want: "2026-11-20"},
		{call: `"%F", "2026-03-08", "America/Havana"`, want: "2026-03-08"}, // it has no midnight
		{call: `"%F%z", "2026-11-20+0900"`, want: "2026-11-20"},
		{call: `"%v", "20-Nov-2026"`, zone: newYork, want: "2026-11-20"},
		{call: `"%F %H", "2026-11-20 00"`, zone: newYork, want: "2026-11-20T05:00:00Z"},

		{call: `"%F %T", "2026-11-20 16:28:00"`, failed: "the time has no zone: add the zone to parse_time as its third argument, or set timezone in the account"},
		{call: `"%F", "John"`, zone: time.UTC, failed: `the text does not match the format "%F"`},
		{call: `"%F", "2026-11-20 John"`, zone: time.UTC, failed: `does not match`},
		{call: `"%F", "2026-02-30"`, zone: time.UTC, failed: "does not exist"},
		{call: `"%d %B %Y", "31 April 2026"`, zone: time.UTC, failed: "does not exist"},
		{call: `"%m/%d", "11/20"`, zone: time.UTC, failed: "has no year"},
		{call: `"%F %I:%M", "2026-11-20 04:28"`, zone: time.UTC, failed: "without AM or PM"},
		{call: `"%F %Q", "x"`, zone: time.UTC, failed: "unknown letter"},
		{call: `"%F %", "x"`, zone: time.UTC, failed: "ends within"},
		{call: `"%F %T %Z", "2026-11-20 16:28:00 PST"`, failed: "abbreviation of the time zone is unknown"},
		{call: `"%F", "2026-11-20", "Berlin"`, failed: "not a time zone"},
		{call: `"%F", "2026-11-20", "Local"`, failed: "not a time zone"},
		{call: `"%F", "2026-11-20", "../../etc"`, failed: "not a time zone"},
		{call: `"%F", "2026-11-20", "UTC", "x"`, failed: "at most one zone"},

		// Several formats are tried in turn, and what a text means in the first that fits is not passed over.
		{call: `["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"], "4/2/2021 4:00:00 AM"`, zone: newYork, want: "2021-04-02T08:00:00Z"},
		{call: `["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"], "11/20/2026 16:28:00"`, zone: newYork, want: "2026-11-20T21:28:00Z"},
		{call: `["%F %T", "%F"], "2026-11-20"`, zone: newYork, want: "2026-11-20"},
		{call: `["%F", "%Y-%d-%m"], "2026-02-30"`, zone: time.UTC, failed: "does not exist"},
		{call: `["%F", "%D"], "John"`, zone: time.UTC, failed: `does not match any of the formats "%F", "%D"`},
		// Four digits are a year of %Y, and two are one of %y, whichever comes first in the list.
		{call: `"%m/%d/%Y", "11/20/26"`, failed: `does not match the format "%m/%d/%Y"`},
		{call: `"%d.%m.%Y %H:%M", "20.11.26 16:28"`, zone: newYork, failed: `does not match`},
		{call: `["%d.%m.%Y", "%d.%m.%y"], "20.11.26"`, want: "2026-11-20"},
		{call: `["%d.%m.%y", "%d.%m.%Y"], "20.11.2026"`, want: "2026-11-20"},
		{call: `["%F"], "John"`, zone: time.UTC, failed: `does not match the format "%F"`},
		{call: `[], "John"`, zone: time.UTC, failed: "a list of 1 to 30 texts"},
		{call: `[1], "John"`, zone: time.UTC, failed: "a list of 1 to 30 texts"},
		{call: `null, "John"`, zone: time.UTC, failed: "must not be null"},
		{call: `{ a = "%F" }, "John"`, zone: time.UTC, failed: "a list of 1 to 30 texts"},

		// Months in the languages of marketplaces.
		{call: `"%m/%d/%Y", "11/20/26"`, failed: "does not match"}, // it is not the year 26
		{call: `"%m/%d/%Y %H:%M", "11/20/26 13:12", "UTC"`, failed: "does not match"},
		{call: `["%m/%d/%Y", "%m/%d/%y"], "11/20/26"`, want: "2026-11-20"},
		{call: `"%d-%b-%y", "10-Dez-25"`, want: "2025-12-10"},
		{call: `"%d-%b-%y", "03-Mär-26"`, want: "2026-03-03"},
		{call: `"%d %b. %Y", "3 juil. 2026"`, failed: "does not match"},
		{call: `"%d %b %Y", "3 juil. 2026"`, want: "2026-07-03"},
		{call: `"%d-%b-%y", "03-ene-26"`, want: "2026-01-03"},
		{call: `"%d-%b-%y", "31-Jän-26"`, failed: "does not match"},
		{call: `"%b-%d-%y", "Févr-30-26"`, failed: "does not exist"},
		{call: `"%b %d, %Y", "Nov. 20, 2026"`, want: "2026-11-20"},
	} {
		ctx := &hcl.EvalContext{Functions: lang.Functions(lang.Options{Location: tc.zone})}
		v, diags := lang.EvalBudgeted(parse(t, "parse_time("+tc.call+")"), ctx, time.Minute)
		switch {
		case tc.failed != "":
			if !diags.HasErrors() || !strings.Contains(diags.Error(), tc.failed) || strings.Contains(diags.Error(), "John") {
				t.Errorf("%s: got %v, want %q", tc.call, diags, tc.failed)
			}
		case diags.HasErrors():
			t.Errorf("%s: %v", tc.call, diags)
		case tc.want == "":
			if !v.RawEquals(cty.NullVal(cty.String)) {
				t.Errorf("%s: got %#v, want null", tc.call, v)
			}
		case !v.RawEquals(cty.StringVal(tc.want)):
			t.Errorf("%s: got %#v, want %s", tc.call, v, tc.want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 30 * 24 * time.Hour, "26h": 26 * time.Hour, "120s": 2 * time.Minute, "60m": time.Hour,
		"1d12h": 36 * time.Hour, "1d2h3m4s": 26*time.Hour + 3*time.Minute + 4*time.Second, "0s": 0, "36500d": 36500 * 24 * time.Hour,
	} {
		if got, err := lang.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: got %v and %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1", "d", "-1h", "1.5h", "1h1d", "1h1h", "1w", "1 h", "1H", "36501d", "36500d1s", "99999999999999999999d", "1ms"} {
		if got, err := lang.ParseDuration(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

// A day stands for its beginning in the account's zone where a moment is needed.
func TestDaysAsMoments(t *testing.T) {
	newYork, err := lang.ParseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		expr string
		zone *time.Location
		want cty.Value
		says string
	}{
		{`age("2026-11-20")`, newYork, cty.NumberIntVal(3600), ""},
		{`age(parse_time("%m/%d/%Y", "11/21/2026"))`, newYork, cty.NumberIntVal(-23 * 3600), ""},
		{`age("2026-11-20")`, nil, cty.NilVal, "set timezone in the account"},
		{`timecmp("2026-11-20", "2026-11-20T05:00:00Z")`, newYork, cty.NumberIntVal(0), ""},
		{`timecmp("2026-11-20T04:59:59Z", "2026-11-20")`, newYork, cty.NumberIntVal(-1), ""},
		{`timecmp("2026-11-21", "2026-11-20")`, nil, cty.NumberIntVal(1), ""},
		{`timecmp("2026-11-20", "2026-11-20T05:00:00Z")`, nil, cty.NilVal, "set timezone in the account"},
		{`timeadd(parse_time("%F", "2026-11-20"), "12h")`, newYork, cty.StringVal("2026-11-20T17:00:00Z"), ""},
		{`formatdate("DD MMM YYYY hh:mm", "2026-11-20")`, newYork, cty.StringVal("20 Nov 2026 00:00"), ""},
		{`age("John")`, newYork, cty.NilVal, "not an RFC 3339 time"},
		{`age("2026-02-30")`, newYork, cty.NilVal, "or a day"},
	} {
		ctx := &hcl.EvalContext{Functions: lang.Functions(lang.Options{Location: tc.zone, Now: now})}
		v, diags := lang.EvalBudgeted(parse(t, tc.expr), ctx, time.Minute)
		switch {
		case tc.says != "":
			if !diags.HasErrors() || !strings.Contains(diags.Error(), tc.says) || strings.Contains(diags.Error(), "John") {
				t.Errorf("%s: got %v, want %q", tc.expr, diags, tc.says)
			}
		case diags.HasErrors() || !v.RawEquals(tc.want):
			t.Errorf("%s: got %#v, %v, want %#v", tc.expr, v, diags, tc.want)
		}
	}
}
