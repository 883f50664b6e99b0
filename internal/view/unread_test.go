package view_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Of an account that could not be read there is no result. No report may look as
// if all were well.
func TestReportsTellOfAccountsThatWereNotRead(t *testing.T) {
	r := watch.Report{At: checkedAt, Accounts: []watch.AccountRead{{Name: "main"}, {Name: "other", Err: errors.New("list feeds: \x1b HTTP 500")}}}
	xml := written(t, func(b *bytes.Buffer) error { return junit.Feeds(b, checked(r)) })
	for _, want := range []string{
		`<testsuites name="gdfctl feeds check" tests="1" failures="0" errors="1">`,
		`<testsuite name="account other" tests="1" failures="0" errors="1" skipped="0" timestamp="2026-11-22T12:00:00Z">`,
		`<error message="list feeds: \x1b HTTP 500">`,
	} {
		if !strings.Contains(xml, want) {
			t.Errorf("no %s in\n%s", want, xml)
		}
	}
	shown := written(t, func(b *bytes.Buffer) error { return text.FeedsCheck(b, text.Style{}, checked(r), false) })
	if !strings.Contains(shown, "\nAccount other could not be read: nothing is known of its feeds.\n") || strings.Contains(shown, "Account main") {
		t.Error(shown)
	}
	table := written(t, func(b *bytes.Buffer) error { return markdown.Feeds(b, checked(r)) })
	if want := "\n| Account | Why |\n|---|---|\n| other | <code>list feeds: &#92;x1b HTTP 500</code> |\n"; !strings.HasSuffix(table, want) {
		t.Error(table)
	}
	metrics := written(t, func(b *bytes.Buffer) error { return prometheus.Feeds(b, checked(r)) })
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
	shown := written(t, func(b *bytes.Buffer) error { return text.PlanWatches(b, text.Style{}, r, checkedAt) })
	if !strings.HasSuffix(shown, "\nAccount other could not be read at the latest check: what is known of its feeds\nis older.\n") || strings.Contains(shown, "main") {
		t.Error(shown)
	}
}

// A count that the API doesn't give is no zero.
func TestPrometheusHasNoCountsThatAreNotKnown(t *testing.T) {
	r := watch.Report{At: checkedAt, Watched: []watch.Watched{{Account: "main", Feed: godatafeed.Feed{ID: "a", Counts: &compilation.Counts{Total: 10, NoErrors: true, NoWarnings: true}}}}}
	got := written(t, func(b *bytes.Buffer) error { return prometheus.Feeds(b, checked(r)) })
	if !strings.Contains(got, "gdfctl_feed_items{") || strings.Contains(got, "gdfctl_feed_items_with") {
		t.Error(got)
	}
}
