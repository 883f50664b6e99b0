package view

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Of an account that could not be read there is no result. No report may look as
// if all were well.
func TestReportsTellOfAccountsThatWereNotRead(t *testing.T) {
	r := watch.Report{At: checkedAt, Accounts: []watch.AccountRead{{Name: "main"}, {Name: "other", Err: errors.New("list feeds: \x1b HTTP 500")}}}
	junit := written(t, func(b *bytes.Buffer) error { return JUnit(b, r) })
	for _, want := range []string{
		`<testsuites name="gdfctl feeds check" tests="1" failures="0" errors="1" skipped="0">`,
		`<testsuite name="account other" tests="1" failures="0" errors="1" skipped="0" timestamp="2026-11-22T12:00:00Z">`,
		`<error message="list feeds: \x1b HTTP 500">`,
	} {
		if !strings.Contains(junit, want) {
			t.Errorf("no %s in\n%s", want, junit)
		}
	}
	text := written(t, func(b *bytes.Buffer) error { return FeedsCheck(b, Style{}, r, false) })
	if !strings.Contains(text, "\nAccount other could not be read: nothing is known of its feeds.\n") || strings.Contains(text, "Account main") {
		t.Error(text)
	}
	markdown := written(t, func(b *bytes.Buffer) error { return FeedsMarkdown(b, r) })
	if want := "\n| account | why |\n|---|---|\n| <code>other</code> | <code>list feeds: &#92;x1b HTTP 500</code> |\n"; !strings.HasSuffix(markdown, want) {
		t.Error(markdown)
	}
	metrics := written(t, func(b *bytes.Buffer) error { return Prometheus(b, r) })
	for _, want := range []string{
		"# TYPE gdfctl_feeds_account_read gauge\ngdfctl_feeds_account_read{account=\"main\"} 1\ngdfctl_feeds_account_read{account=\"other\"} 0\n",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
}

// Beside a plan it is told that what is known may be old.
func TestPlanTellsOfAccountsThatWereNotRead(t *testing.T) {
	r := watch.Report{At: checkedAt, Accounts: []watch.AccountRead{{Name: "main"}, {Name: "other", Err: errors.New("down")}}}
	text := written(t, func(b *bytes.Buffer) error { return PlanWatches(b, Style{}, r, checkedAt) })
	if !strings.HasSuffix(text, "\nAccount other could not be read at the latest check: what is known of its feeds\nis older.\n") || strings.Contains(text, "main") {
		t.Error(text)
	}
}

// A count that the API doesn't give is no zero.
func TestPrometheusHasNoCountsThatAreNotKnown(t *testing.T) {
	r := watch.Report{At: checkedAt, Watched: []watch.Watched{{Account: "main", Feed: godatafeed.Feed{ID: "a", Counted: true, Total: 10, NoErrors: true, NoWarnings: true}}}}
	got := written(t, func(b *bytes.Buffer) error { return Prometheus(b, r) })
	if !strings.Contains(got, "gdfctl_feed_items{") || strings.Contains(got, "gdfctl_feed_items_with") {
		t.Error(got)
	}
}
