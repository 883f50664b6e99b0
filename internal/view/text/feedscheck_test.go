package text

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

var checkedAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// aCheck has one feed that fails, one that warns, some of which not all is
// known, and some that pass.
func aCheck() watch.Report {
	r := watch.Report{At: checkedAt, Feeds: 12, Calls: 3}
	add := func(id, name, rule string, v watch.Outcome, s watch.Severity, value, message string) {
		r.Results = append(r.Results, watch.Result{Watch: "shop", Account: "main", FeedID: id, FeedName: name, Rule: rule, Outcome: v, Severity: s, Value: value, Message: message})
	}
	const long = "Amazon US - Clothing, Accessories & Luggage"
	add("a", long, "status", watch.Pass, watch.Warn, "Completed", "")
	add("a", long, "max_age", watch.Fail, watch.Error, "31 h", "it was last compiled at 2026-11-21 05:00Z; it may be 26 h old. Look for what keeps GoDataFeed from compiling it")
	add("a", long, "max_drop", watch.Unknown, watch.Error, "", "this is the first check; there is nothing to compare with yet")
	add("a", long, "max_rise", watch.Unknown, watch.Warn, "", "this is the first check; there is nothing to compare with yet")
	add("a", long, "max_error_ratio", watch.Fail, watch.Warn, "12.5 %", "12 of 96 items have errors")
	add("a", long, "empty", watch.Pass, watch.Error, "96 items", "")
	for i := range 4 {
		add(fmt.Sprint("n", i), "New feed", "status", watch.Pass, watch.Warn, "Completed", "")
		add(fmt.Sprint("n", i), "New feed", "max_drop", watch.Unknown, watch.Error, "", "this is the first check")
	}
	for i := range 7 {
		name := fmt.Sprintf("Walmart %d", i)
		add(fmt.Sprint("p", i), name, "status", watch.Pass, watch.Warn, "Completed", "")
		add(fmt.Sprint("p", i), name, "max_age", watch.Pass, watch.Error, "3 h 20 min", "")
	}
	return r
}

const checkAt80 = `
watch shop: 12 feeds (1 fail, 4 partly unknown, 7 pass)
  ✗ Amazon US - Clothing, Accessories & Luggage
      ✗ max_age          31 h
          it was last compiled at 2026-11-21 05:00Z; it may be 26 h old. Look
          for what keeps GoDataFeed from compiling it
      ! max_error_ratio  12.5 %
          12 of 96 items have errors
      ? max_drop, max_rise unknown: this is the first check; there is nothing to
        compare with yet
      ✓ status Completed · empty 96 items
  ? New feed (n0); New feed (n1); New feed (n2); and 1 more
      max_drop unknown: this is the first check
  ✓ Walmart 0; Walmart 1; Walmart 2; and 4 more
      pass; --full shows what was measured

Feeds: 1 fail, 0 warnings, 4 partly unknown, 7 pass.
Rules: 1 failed (max_age 1), 1 warning (max_error_ratio 1), 6 unknown, 20
passed. Calls: 3.
`

const checkAt50 = `
watch shop: 12 feeds (1 fail, 4 partly unknown, 7 pass)
  ✗ Amazon US - Clothing, Accessories & Luggage
      ✗ max_age          31 h
          it was last compiled at 2026-11-21
          05:00Z; it may be 26 h old. Look for
          what keeps GoDataFeed from compiling it
      ! max_error_ratio  12.5 %
          12 of 96 items have errors
      ? max_drop, max_rise unknown: this is the
        first check; there is nothing to compare
        with yet
      ✓ status Completed · empty 96 items
  ? New feed (n0); New feed (n1); New feed (n2);
    and 1 more
      max_drop unknown: this is the first check
`

func TestFeedsCheckFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{0: checkAt80, 80: checkAt80, 50: checkAt50} {
		got := printed(t, Style{Width: width}, false)
		if width == 50 {
			got, _, _ = strings.Cut(got, "  ✓ Walmart 0")
		}
		if diff := cmp.Diff(want[1:], got); diff != "" {
			t.Errorf("at %d columns: %s", width, diff)
		}
	}
}

const checkOfFew = `
watch shop: 6 feeds (1 fail, 4 partly unknown, 1 pass)
  ✗ Amazon US - Clothing, Accessories & Luggage
      ✗ max_age          31 h
          it was last compiled at 2026-11-21 05:00Z; it may be 26 h old. Look
          for what keeps GoDataFeed from compiling it
      ! max_error_ratio  12.5 %
          12 of 96 items have errors
      ? max_drop, max_rise unknown: this is the first check; there is nothing to
        compare with yet
      ✓ status Completed · empty 96 items
  ? New feed (n0)
      status Completed
  ? New feed (n1)
      status Completed
  ? New feed (n2)
      status Completed
  ? New feed (n3)
      status Completed
    Of these 4: max_drop unknown: this is the first check
  ✓ Walmart 0
      status Completed · max_age 3 h 20 min

Feeds: 1 fail, 0 warnings, 4 partly unknown, 1 pass.
Rules: 1 failed (max_age 1), 1 warning (max_error_ratio 1), 6 unknown, 8 passed.
Calls: 3.
`

// Of a watch with a few feeds every value that was measured is shown.
func TestOfFewFeedsEveryValueIsShown(t *testing.T) {
	r := aCheck()
	r.Results = slices.DeleteFunc(r.Results, func(r watch.Result) bool { return r.FeedID > "p0" })
	var out strings.Builder
	if err := FeedsCheck(&out, Style{}, report.NewFeedsCheck(r, nil, 0), false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(checkOfFew[1:], out.String()); diff != "" {
		t.Error(diff)
	}
}

func printed(t rapid.TB, s Style, full bool) string {
	t.Helper()
	var out strings.Builder
	if err := FeedsCheck(&out, s, report.NewFeedsCheck(aCheck(), nil, 0), full); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFeedsCheckInFullShowsEveryValue(t *testing.T) {
	got := printed(t, Style{}, true)
	for line, times := range map[string]int{"      ✓ max_age  3 h 20 min\n": 7, "      ? max_drop  –\n": 4, "      ✓ status           Completed\n": 1, "--full": 0} {
		if n := strings.Count(got, line); n != times {
			t.Errorf("%q stands %d times, want %d, in\n%s", line, n, times, got)
		}
	}
}

func TestColoursChangeNoLine(t *testing.T) {
	plain, coloured := printed(t, Style{Width: 50}, false), printed(t, Style{Width: 50, Color: true}, false)
	if diff := cmp.Diff(plain, regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "")); diff != "" || plain == coloured {
		t.Error(diff)
	}
}

func TestFeedsCheckShowsNoForeignText(t *testing.T) {
	r := watch.Report{Results: []watch.Result{{Watch: "w", FeedID: "\x1b[2J", FeedName: "\x1b[31m##[x]", Rule: "rule \u202e", Outcome: watch.Fail, Value: "\x07", Message: "a\nb"}}}
	for _, full := range []bool{false, true} {
		var out strings.Builder
		if err := FeedsCheck(&out, Style{}, report.NewFeedsCheck(r, nil, 0), full); err != nil {
			t.Fatal(err)
		}
		if err := PlanWatches(&out, Style{}, watch.Report{At: checkedAt, Results: r.Results}, checkedAt); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\x07\u202e") || strings.Contains(out.String(), "##[") {
			t.Errorf("%q", out.String())
		}
	}
}

func TestPlanWatches(t *testing.T) {
	show := func(r watch.Report) string {
		var out strings.Builder
		if err := PlanWatches(&out, Style{}, r, checkedAt.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := `
Feeds, as seen 2 hours ago: 1 fail, 0 warnings, 4 partly unknown, 7 pass.
  ✗ Amazon US - Clothing, Accessories & Luggage: max_age 31 h,
    max_error_ratio 12.5 %
`
	if diff := cmp.Diff(want, show(aCheck())); diff != "" {
		t.Error(diff)
	}
	if got := show(watch.Report{}); !strings.Contains(got, "not checked yet") {
		t.Error(got)
	}
}

// A wrapped text has the same words, and no line is longer than the width
// unless one word is.
func TestWrapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-zé東]{1,12} ?){0,20}`).Draw(t, "text")
		width := rapid.IntRange(30, 100).Draw(t, "width")
		got := Style{Width: width}.wrapped("    ", text)
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
			t.Fatalf("%q became %q", text, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if cells.StringWidth(line) > width && len(strings.Fields(line)) > 1 {
				t.Fatalf("%q is longer than %d", line, width)
			}
		}
	})
}

func TestSparkline(t *testing.T) {
	for want, numbers := range map[string][]float64{
		"":         nil,
		"▄":        {7},
		"▄▄▄":      {0, 0, 0},
		"▁█":       {1, 2},
		"▁▂▃▄▅▆▇█": {0, 1, 2, 3, 4, 5, 6, 7},
		"█ ▁":      {5, math.NaN(), 1},
		"  ":       {math.NaN(), math.NaN()},
	} {
		if got := sparkline(numbers); got != want {
			t.Errorf("%v: %q, want %q", numbers, got, want)
		}
	}
}

func TestFeedHistory(t *testing.T) {
	r := &memory.FeedRecord{Name: "Google\x1b Shopping US", SeenAt: checkedAt, GoneAt: checkedAt.Add(time.Hour)}
	for i := range 7 {
		o := memory.FeedObservation{SeenAt: checkedAt.AddDate(0, 0, i-7), Status: "Completed", CompiledAt: checkedAt.AddDate(0, 0, i-7).Add(-time.Hour)}
		if i != 2 {
			o.Counts = &compilation.Counts{Total: 1000 + 100*i, Warnings: 5, Errors: 7 - i}
		}
		r.Observations = append(r.Observations, o)
	}
	var out strings.Builder
	if err := FeedHistory(&out, Style{}, report.NewFeedHistory([]report.RememberedFeed{{Account: "main", ID: "abc==", Record: r}}), false); err != nil {
		t.Fatal(err)
	}
	want := `
Google\x1b Shopping US
  abc==, account main; 7 observations, last seen 2026-11-22 12:00:00Z
  gone since 2026-11-22 13:00:00Z
  total     ▁▂ ▅▆▇█  1,000 to 1,600
  warnings  ▄▄ ▄▄▄▄  5
  errors    █▇ ▅▃▂▁  1 to 7

FIRST SEEN    STATUS     TOTAL  WARNINGS  ERRORS  COMPILED
11-21 12:00Z  Completed   1600         5       1  11-21 11:00Z
11-20 12:00Z  Completed   1500         5       2  11-20 11:00Z
11-19 12:00Z  Completed   1400         5       3  11-19 11:00Z
11-18 12:00Z  Completed   1300         5       4  11-18 11:00Z
11-17 12:00Z  Completed      –         –       –  11-17 11:00Z
… and 2 earlier; --full shows all
`
	if diff := cmp.Diff(want[1:], out.String()); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	if err := FeedHistory(&out, Style{Width: 50}, report.NewFeedHistory([]report.RememberedFeed{{Account: "main", ID: "abc==", Record: r}}), true); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		if cells.StringWidth(line) > 50 {
			t.Errorf("%q is longer than 50", line)
		}
	}
	if !strings.Contains(out.String(), "Completed   1600         5       1  11-21 11:00Z\n") {
		t.Error(out.String())
	}
}
