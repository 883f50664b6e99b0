package view_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/compilation"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/watch"
	"github.com/gdfctl/gdfctl/internal/words"
)

var checkedAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// aReport has a result of each kind.
func aReport() watch.Report {
	place := spec.Place{File: "feeds.hcl", Line: 3}
	res := func(feed, rule, id string, v watch.Outcome, s watch.Severity, value, message string) watch.Result {
		return watch.Result{Watch: "all", Account: "main", FeedID: feed, FeedName: "Feed " + feed, Rule: rule, ID: id, Outcome: v, Severity: s, Value: value, Message: message, DefinedAt: place}
	}
	return watch.Report{
		At: checkedAt, Feeds: 2, Calls: 1,
		Results: []watch.Result{
			res("a", "status", "FD01", watch.Pass, watch.Error, "Completed", ""),
			res("a", "max_age", "FD02", watch.Fail, watch.Error, "31 h", "compiled 31 h ago"),
			res("a", "max_drop", "FD06", watch.Unknown, watch.Error, "", "no history yet"),
			res("b", "rule score", "", watch.Fail, watch.Warn, "70", "score is 70"),
		},
		Watched: []watch.Watched{
			{Account: "main", Feed: godatafeed.Feed{ID: "a", Name: "Feed a", LastCompiled: checkedAt.Add(-31 * time.Hour), Counts: &compilation.Counts{Total: 10, Errors: 2, Warnings: 3}}},
			{Account: "main", Feed: godatafeed.Feed{ID: "b", Name: "Feed b"}},
		},
	}
}

func written(t rapid.TB, write func(*bytes.Buffer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestJUnit(t *testing.T) {
	got := written(t, func(b *bytes.Buffer) error { return junit.Feeds(b, checked(aReport())) })
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gdfctl feeds check" tests="4" failures="1" errors="0">
  <testsuite name="all" tests="4" failures="1" errors="0" skipped="2" timestamp="2026-11-22T12:00:00Z">
    <testcase classname="all.Feed a" name="status (FD01)">
      <system-out>measured: Completed; defined at feeds.hcl:3</system-out>
    </testcase>
    <testcase classname="all.Feed a" name="max_age (FD02)">
      <failure message="compiled 31 h ago" type="FD02">measured: 31 h</failure>
      <system-out>defined at feeds.hcl:3</system-out>
    </testcase>
    <testcase classname="all.Feed a" name="max_drop (FD06)">
      <skipped message="unknown: no history yet"></skipped>
      <system-out>defined at feeds.hcl:3</system-out>
    </testcase>
    <testcase classname="all.Feed b" name="rule score">
      <skipped message="warning: score is 70"></skipped>
      <system-out>measured: 70; defined at feeds.hcl:3</system-out>
    </testcase>
  </testsuite>
</testsuites>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFeedsMarkdown(t *testing.T) {
	got := written(t, func(b *bytes.Buffer) error { return markdown.Feeds(b, checked(aReport())) })
	want := `### Feed check: 2 things to check

**Feeds: 1 fail, 1 warning, 0 partly unknown, 0 pass**

Rules: 1 failed, 1 warning, 1 unknown, 1 passed.

Checked Sun Nov 22 2026, 12:00 UTC.

#### ✗ Failed 1

| Feed | Rule |
|---|---|
| Feed a<br>watch all | max&#95;age (FD02): 31 h<br>compiled 31 h ago |

#### ! Warnings 1

| Feed | Rule |
|---|---|
| Feed b<br>watch all | rule score: 70<br>score is 70 |

#### ? Unknown 1

| Feed | Rule |
|---|---|
| Feed a<br>watch all | max&#95;drop (FD06)<br>no history yet |
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFeedsMarkdownHasABound(t *testing.T) {
	r := aReport()
	for range 4000 {
		r.Results = append(r.Results, r.Results[1])
	}
	got := written(t, func(b *bytes.Buffer) error { return markdown.Feeds(b, checked(r)) })
	shown := strings.Count(got, "max&#95;age")
	if left := fmt.Sprintf("… and %s more, left out here.", words.Number(4001-shown)); len(got) > 60_000 || !strings.Contains(got, left) {
		t.Errorf("%d bytes, %d rows, and not: %s", len(got), shown, left)
	}
}

func TestPrometheus(t *testing.T) {
	got := written(t, func(b *bytes.Buffer) error { return prometheus.Feeds(b, checked(aReport())) })
	for _, want := range []string{
		`gdfctl_feed_rule_failed{account="main",watch="all",feed="Feed a",feed_id="a",rule="status",severity="error"} 0`,
		`gdfctl_feed_rule_failed{account="main",watch="all",feed="Feed a",feed_id="a",rule="max_age",severity="error"} 1`,
		`gdfctl_feed_rule_failed{account="main",watch="all",feed="Feed b",feed_id="b",rule="rule score",severity="warning"} 1`,
		`gdfctl_feed_rule_unknown{account="main",watch="all",feed="Feed a",feed_id="a",rule="max_age",severity="error"} 0`,
		`gdfctl_feed_rule_unknown{account="main",watch="all",feed="Feed a",feed_id="a",rule="max_drop",severity="error"} 1`,
		`gdfctl_feed_age_seconds{account="main",feed="Feed a",feed_id="a"} 111600`,
		`gdfctl_feed_items{account="main",feed="Feed a",feed_id="a"} 10`,
		`gdfctl_feed_items_with_errors{account="main",feed="Feed a",feed_id="a"} 2`,
		`gdfctl_feed_items_with_warnings{account="main",feed="Feed a",feed_id="a"} 3`,
		`gdfctl_feeds_watched 2`,
		`gdfctl_feeds_check_calls 1`,
		`gdfctl_feeds_check_timestamp_seconds 1795348800`,
	} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("not there: %s", want)
		}
	}
	for _, unwanted := range []string{`gdfctl_feed_rule_failed{account="main",watch="all",feed="Feed a",feed_id="a",rule="max_drop"`, `gdfctl_feed_items{account="main",feed="Feed b"`} {
		if strings.Contains(got, unwanted) {
			t.Errorf("a value that is unknown: %s", unwanted)
		}
	}
	if n := len(parsePrometheus(t, got)); n != 14 {
		t.Errorf("%d samples:\n%s", n, got)
	}
}

// checked is the report of a look.
func checked(r watch.Report) *report.FeedsCheck { return report.NewFeedsCheck(r, nil, 0) }

type suites struct {
	Tests  int `xml:"tests,attr"`
	Suites []struct {
		Cases []testCase `xml:"testcase"`
	} `xml:"testsuite"`
}

type testCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Output  string    `xml:"system-out"`
	Failure *struct{} `xml:"failure"`
	Skipped *struct{} `xml:"skipped"`
}

// hostile draws what a feed may be called.
func hostile(r *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(r *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")) }),
		rapid.StringOf(rapid.RuneFrom([]rune("|`*_[](){}<>&#@!~\\\"'=+-.:/\n\r\t\x00\x1b\x7f\u0085\u202e\ufffe wx1"))),
		rapid.SampledFrom([]string{
			"]]></system-out></testcase>", "<script>", "&amp;", "@everyone", "#1", "https://evil.example/", "www.evil.example", "ann@evil.example",
			"a\n# TYPE x counter\nx 1", `a"} 1`, "</code>|</td>", "- [ ] x", "::error::x",
		}),
	).Draw(r, name)
}

func drawReport(r *rapid.T) watch.Report {
	found := watch.Report{At: checkedAt}
	for i := range rapid.IntRange(1, 4).Draw(r, "results") {
		feed := godatafeed.Feed{ID: hostile(r, "id"), Name: hostile(r, "name"), Counts: &compilation.Counts{}, LastCompiled: checkedAt}
		if feed.ID != "" {
			feed.ID += strconv.Itoa(i) // two feeds never have one id
		}
		found.Watched = append(found.Watched, watch.Watched{Account: "main", Feed: feed})
		found.Results = append(found.Results, watch.Result{
			Watch: hostile(r, "watch"), Account: "main", FeedID: feed.ID, FeedName: feed.Name, Rule: hostile(r, "rule"),
			ID:       rapid.SampledFrom([]string{"", "FD02"}).Draw(r, "rule id"),
			Outcome:  rapid.SampledFrom([]watch.Outcome{watch.Pass, watch.Fail, watch.Unknown}).Draw(r, "outcome"),
			Severity: rapid.SampledFrom([]watch.Severity{watch.Error, watch.Warn}).Draw(r, "severity"),
			Value:    hostile(r, "value"), Message: hostile(r, "message"), DefinedAt: spec.Place{File: "feeds.hcl", Line: i},
		})
	}
	return found
}

// Whatever the names hold, the XML is whole and says them, escaped.
func TestJUnitOfHostileNames(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		found := drawReport(r)
		text := written(r, func(b *bytes.Buffer) error { return junit.Feeds(b, checked(found)) })
		var doc suites
		if err := xml.Unmarshal([]byte(text), &doc); err != nil {
			r.Fatalf("%v\n%s", err, text)
		}
		var cases []testCase
		for _, s := range doc.Suites {
			cases = append(cases, s.Cases...)
		}
		if len(cases) != len(found.Results) || doc.Tests != len(cases) {
			r.Fatalf("%d cases of %d results", len(cases), len(found.Results))
		}
		for i, c := range cases {
			res := &found.Results[i]
			feed, ok := strings.CutPrefix(c.Class, safetext.Line(res.Watch)+".")
			if !ok || (res.FeedID != "" && !strings.HasPrefix(feed, safetext.Line(res.FeedName))) {
				r.Fatalf("%q of %q, %q", c.Class, res.Watch, res.FeedName)
			}
			if rule := safetext.Line(report.RuleTitle(res)); c.Name != rule || !strings.HasSuffix(c.Output, "defined at "+res.DefinedAt.String()) {
				r.Fatalf("%q, %q: %+v", c.Name, c.Output, res)
			}
			if (c.Failure != nil) != (res.Outcome == watch.Fail && res.Severity == watch.Error) || (c.Failure == nil && c.Skipped == nil) != (res.Outcome == watch.Pass) {
				r.Fatalf("%+v became %+v", res, c)
			}
		}
	})
}

func TestPrometheusOfHostileNames(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		found := drawReport(r)
		parsePrometheus(r, written(r, func(b *bytes.Buffer) error { return prometheus.Feeds(b, checked(found)) }))
	})
}

var (
	promComment = regexp.MustCompile(`^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$`)
	promSample  = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*",?)*)\})? (\S+)$`)
)

// parsePrometheus reads the text format as strictly as its description: HELP
// and TYPE once and before the samples, the samples of a metric together, no
// series twice, no time. It returns the samples.
func parsePrometheus(t rapid.TB, text string) map[string]float64 {
	t.Helper()
	if !utf8.ValidString(text) || !strings.HasSuffix(text, "\n") {
		t.Fatalf("not UTF-8, or no line end at the end: %q", text)
	}
	samples := map[string]float64{}
	described := map[string]int{}
	metric := ""
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		at := fmt.Sprintf("line %d: %q", i+1, line)
		if m := promComment.FindStringSubmatch(line); m != nil {
			if m[1] == "HELP" {
				metric = m[2]
			}
			if described[m[2]]++; described[m[2]] > 2 || m[2] != metric || (m[1] == "TYPE" && m[3] != "gauge") {
				t.Fatal(at)
			}
			continue
		}
		m := promSample.FindStringSubmatch(line)
		if m == nil || m[1] != metric || described[metric] != 2 {
			t.Fatal(at)
		}
		value, err := strconv.ParseFloat(m[3], 64)
		series := m[1] + "{" + m[2]
		if _, twice := samples[series]; err != nil || twice {
			t.Fatal(at)
		}
		samples[series] = value
	}
	return samples
}
