package text

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// manyFail has 60 feeds that fail and one that warns, each under two watches,
// and a watch that means no feed.
func manyFail() watch.Report {
	r := watch.Report{At: checkedAt, Feeds: 61}
	for _, w := range []string{"all", "shop"} {
		for i := range 60 {
			name := fmt.Sprintf("Feed %02d", i)
			rule, value := "max_age", fmt.Sprintf("%d h", 30+i)
			if i%3 == 1 {
				rule, value = "empty", "0 items"
			}
			r.Results = append(r.Results,
				watch.Result{Watch: w, FeedID: name, FeedName: name, Rule: rule, Outcome: watch.Fail, Severity: watch.Error, Value: value, Message: "look at " + rule},
				watch.Result{Watch: w, FeedID: name, FeedName: name, Rule: "gone", Outcome: watch.Pass, Severity: watch.Error, Value: "no"})
		}
		r.Results = append(r.Results, watch.Result{Watch: w, FeedID: "w", FeedName: "Warned", Rule: "rule score", Outcome: watch.Fail, Severity: watch.Warn, Value: "feed.score = 55, previous.score = 91", Message: "score is 55"})
	}
	r.Results = append(r.Results, watch.Result{Watch: "typo", Rule: "gone", Outcome: watch.Fail, Severity: watch.Error, Value: "0 feeds", Message: "no feed's name matches"})
	return r
}

func TestOfManyFeedsEachRuleIsExplainedOnce(t *testing.T) {
	var out strings.Builder
	if err := FeedsCheck(&out, Style{Width: 50}, report.NewFeedsCheck(manyFail(), nil, 0), false); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(out.String(), "  ✗ Feed 07")
	want := `
watch all: 61 feeds (60 fail, 1 warning)
  ✗ Feed 00
      ✗ max_age  30 h
          look at max_age
  ✗ Feed 01
      ✗ empty  0 items
          look at empty
  ! Warned
      ! rule score  feed.score = 55, previous.score = 91
          score is 55
  ✗ Feed 02: max_age 32 h
  ✗ Feed 03: max_age 33 h
  ✗ Feed 04: empty 0 items
  ✗ Feed 05: max_age 35 h
  ✗ Feed 06: max_age 36 h
`
	if diff := cmp.Diff(want[1:], first); diff != "" {
		t.Error(diff)
	}
	_, last, _ := strings.Cut(out.String(), "  ✗ Feed 41")
	want = `: max_age 71 h
    … and 18 more that fail or warn; --full shows
    all

watch shop: 61 feeds (60 fail, 1 warning)
`
	if !strings.HasPrefix(last, want) {
		t.Error(cmp.Diff(want, last[:min(len(last), len(want))]))
	}
	want = `
watch typo: no feed
  ✗ (no feed)
      ✗ gone  0 feeds
          no feed's name matches

Feeds: 61 fail, 1 warning, 0 partly unknown, 0
pass.
Rules: 121 failed (max_age 80, empty 40, gone 1),
2 warnings (rule score 2), 0 unknown, 120 passed.
Calls: 0.
`
	if !strings.HasSuffix(out.String(), want[1:]) {
		t.Error(out.String())
	}
	out.Reset()
	if err := FeedsCheck(&out, Style{}, report.NewFeedsCheck(manyFail(), nil, 0), true); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "  look at "); n != 120 {
		t.Errorf("%d feeds are explained in full, want 120", n)
	}
}

// A plan says of a feed once what two watches say alike.
func TestPlanTellsAFeedOnce(t *testing.T) {
	r := manyFail()
	r.Results = append(r.Results[:0:0], r.Results[4:6]...) // Feed 02 of the watch all
	r.Results = append(r.Results,
		watch.Result{Watch: "shop", FeedID: "Feed 02", FeedName: "Feed 02", Rule: "max_age", Outcome: watch.Fail, Severity: watch.Error, Value: "32 h"},
		watch.Result{Watch: "shop", FeedID: "Feed 02", FeedName: "Feed 02", Rule: "rule score", Outcome: watch.Fail, Severity: watch.Warn, Value: "feed.score = 55, previous.score = 91"},
		watch.Result{Watch: "typo", Rule: "gone", Outcome: watch.Fail, Severity: watch.Error, Value: "0 feeds"})
	var out strings.Builder
	if err := PlanWatches(&out, Style{Width: 50}, r, checkedAt); err != nil {
		t.Fatal(err)
	}
	want := `
Feeds, as seen less than a minute ago: 2 fail, 0
warnings, 0 partly unknown, 0 pass.
  ✗ Feed 02: max_age 32 h, rule score feed.score =
    55, previous.score = 91
  ✗ watch typo: gone 0 feeds
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	r.Results[3].Account = "de"
	out.Reset()
	if err := PlanWatches(&out, Style{}, r, checkedAt); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "✗ Feed 02, account : max_age 32 h\n") || !strings.Contains(out.String(), "! Feed 02, account de: rule score") {
		t.Error(out.String())
	}
	out.Reset()
	if err := PlanWatches(&out, Style{}, manyFail(), checkedAt); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "… and 52 more") {
		t.Error(out.String())
	}
}

func TestFeedsProgressIsOneLine(t *testing.T) {
	var out strings.Builder
	p := NewFeedsProgress(&out, Style{Width: 40})
	p.Done()
	p.Reading("Amazon US - Clothing, Accessories & Luggage\n\x1b[2J", 1, 2)
	p.Reading("eBay", 2, 2)
	p.Done()
	p.Done()
	want := "\r\x1b[KReading file 1 of 2: Amazon US - Cloth…\r\x1b[KReading file 2 of 2: eBay\r\x1b[K"
	if got := out.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCheckedTooSoonFitsTheTerminal(t *testing.T) {
	const want = "Warning: the last check was 34 s ago: GoDataFeed's documents call asking more often than every few minutes useless, and it costs calls that orders may need\n"
	for width, lines := range map[int]int{0: 1, 50: 4} {
		var out strings.Builder
		CheckedTooSoon(&out, Style{Width: width, Terminal: width > 0}, 34*time.Second)
		if got := out.String(); strings.Count(got, "\n") != lines || strings.Join(strings.Fields(got), " ") != strings.TrimSpace(want) {
			t.Errorf("at %d columns: %q", width, got)
		}
	}
}
