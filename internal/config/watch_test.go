package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/spec"
)

func watchOf(t *testing.T, body string) *spec.Watch {
	t.Helper()
	return mustLoad(t, files{"main.hcl": "watch \"w\" {\n" + body + "\n}\n"}, world{}).Watches[0]
}

func TestAWatchAloneHasDefaults(t *testing.T) {
	got := watchOf(t, `feeds = "*"`)
	want := &spec.Watch{
		Name: "w", Feeds: "*", MaxAge: 26 * time.Hour, MaxDrop: 0.3, MaxRise: 1, MaxErrorRatio: 0.05, MaxWarningRise: 0.1,
		Place: spec.Place{File: "main.hcl", Line: 1, Column: 1},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(spec.Watch{}, "Severities", "Places", "Glob", "Account")); diff != "" {
		t.Error(diff)
	}
	if got.Account.Name != "default" || got.Severity("max_age") != "" {
		t.Errorf("account %s, severity %q", got.Account.Name, got.Severity("max_age"))
	}
}

func TestAWatchInFull(t *testing.T) {
	w := watchOf(t, `
  feed_id          = "abc=="
  max_age          = "1d2h"
  max_submit_age   = "2d"
  max_drop         = 0.5
  max_rise         = 3
  max_error_ratio  = 0.02
  max_warning_rise = 0.2
  item_allotment   = 5000
  severity         = { max_age = "warn", FD06 = "off", max_rise = "error", "content.unique" = "warning", gtin = "off" }
  content {
    required_columns = ["id", "id", "title"]
    match_count      = true
    unique           = "id"
    required_values  = ["title"]
    gtin             = true
    price            = false
    https            = true
  }
  rule "r" {
    severity  = "warn"
    condition = true
    message   = "m"
  }`)
	want := &spec.Watch{
		Name: "w", FeedID: "abc==", MaxAge: 26 * time.Hour, MaxSubmitAge: 48 * time.Hour, MaxDrop: 0.5, MaxRise: 3, MaxErrorRatio: 0.02, MaxWarningRise: 0.2, ItemAllotment: 5000,
		Content: &spec.WatchContent{RequiredColumns: []string{"id", "title"}, MatchCount: true, Unique: []string{"id"}, RequiredValues: []string{"title"}, GTIN: []string{"gtin"}, HTTPS: []string{"*"}},
	}
	if diff := cmp.Diff(want, w, cmpopts.IgnoreFields(spec.Watch{}, "Severities", "Places", "Glob", "Account", "Rules", "Place")); diff != "" {
		t.Error(diff)
	}
	for rule, severity := range map[string]string{
		"max_age": "warning", "max_drop": "off", "max_rise": "error", "content.unique": "warning", "content.gtin": "off", "status": "",
	} {
		if got := w.Severity(rule); got != severity {
			t.Errorf("severity of %s is %q, want %q", rule, got, severity)
		}
	}
	if at := w.PlaceOf("content.unique"); at.Line != 15 {
		t.Errorf("unique stands at %s", at)
	}
	if at := w.PlaceOf("status"); at != w.Place {
		t.Errorf("status stands at %s", at)
	}
}

// People write percents where a share is wanted.
func TestPercentsForAShare(t *testing.T) {
	_, diags := load(t, files{"main.hcl": "watch \"a\" {\n  feeds = \"*\"\n  max_drop = 30\n}\n"}, world{})
	if !diags.HasErrors() || !strings.HasSuffix(diags[0].Detail, "Write a number from 0 to 1. 30 % is 0.30.") {
		t.Errorf("max_drop: %v", diags)
	}
	_, diags = load(t, files{"main.hcl": "watch \"a\" {\n  feeds = \"*\"\n  max_drop = var.nope\n}\n"}, world{})
	if !diags.HasErrors() || strings.Contains(said(diags), "30 %") {
		t.Errorf("a variable that is not declared: %v", diags)
	}
	_, diags = load(t, files{"main.hcl": "watch \"a\" {\n  feeds = \"*\"\n  max_rise = 50\n}\n"}, world{})
	if diags.HasErrors() || len(diags) != 1 || !strings.HasSuffix(diags[0].Detail, "50 % is 0.50.") {
		t.Errorf("max_rise: %v", diags)
	}
}

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		glob, name string
		want       bool
	}{
		{"*", "", true},
		{"Amazon US - *", "Amazon US - Shoes / Bags [x]", true},
		{"Amazon US - *", "amazon us - Shoes", false},
		{"Amazon US - *", "Amazon US", false},
		{"*US*", "Amazon US - Shoes", true},
		{"Feed ?", "Feed é", true},
		{"Feed ?", "Feed 10", false},
		{`a[b].\c`, `a[b].\c`, true},
		{`a[b].\c`, `ab.\c`, false},
		{"*\n*", "two\nlines", true},
	} {
		if got := spec.Glob(test.glob).MatchString(test.name); got != test.want {
			t.Errorf("%q matches %q: %v", test.glob, test.name, got)
		}
	}
}

// A pattern may come from a command line, which need not be UTF-8.
func TestAPatternThatIsNotUTF8(t *testing.T) {
	if spec.Glob("a\xff*").MatchString("a") || !spec.Glob("a\xff*").MatchString("a\uFFFDb") {
		t.Error("what is not UTF-8 should stand for U+FFFD")
	}
}

// A name is always its own pattern, whatever it holds.
func TestANameMatchesItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if !spec.Glob(name).MatchString(name) {
			t.Errorf("%q does not match itself", name)
		}
	})
}

func feedOf(total int) spec.FeedValues {
	return spec.FeedValues{Name: "n", Status: "Completed", CompiledAt: time.Unix(0, 0), Total: &total, Valid: &total, Warnings: &total, Errors: &total, Score: 72}
}

func TestWatchRules(t *testing.T) {
	before := feedOf(100)
	full := spec.Observed{Feed: feedOf(40), Previous: &before, Content: &spec.ContentValues{Rows: 7}, Now: time.Unix(7200, 0)}
	first := spec.Observed{Feed: feedOf(40), Now: time.Unix(0, 0)}
	bare := spec.Observed{Feed: spec.FeedValues{Status: "Completed"}, Now: time.Unix(0, 0)}
	for _, test := range []struct {
		condition string
		observed  spec.Observed
		want      string
	}{
		{"feed.score == 0 || feed.score >= 80", full, "fails feed.score = 72"},
		{"feed.total >= previous.total / 2", full, "fails feed.total = 40, previous.total = 100"},
		{"feed.total >= previous.total / 2", first, "unknown there is no earlier look to compare with yet"},
		{"previous == null || feed.total >= previous.total / 2", first, "passes feed.total = 40"},
		{"try(feed.total >= previous.total, true)", first, "passes feed.total = 40"},
		{"feed.total > 10", bare, "unknown feed.total is not known"},
		{"feed.total == 10", bare, "unknown feed.total is not known"},
		{"feed.compiled_at != null", bare, "fails feed.compiled_at = unknown"},
		{"age(feed.compiled_at) < duration(\"1h\")", bare, "unknown feed.compiled_at is not known"},
		{"content.rows >= 5", full, "passes content.rows = 7"},
		{"content.rows >= 5", first, "unknown the file could not be looked at"},
		{"content.duplicates == 0", full, "unknown content.duplicates is not known"},
		{"timecmp(feed.compiled_at, now) < 0", full, "passes feed.compiled_at = 1970-01-01T00:00:00Z, now = 1970-01-01T02:00:00Z"},
		{"local.ok", full, "passes "},
	} {
		w := mustLoad(t, files{"main.hcl": "locals {\n  ok = true\n}\nwatch \"w\" {\n  feeds = \"*\"\n  content {}\n  rule \"r\" {\n    condition = " + test.condition + "\n    message   = \"it is ${feed.total}\"\n  }\n}\n"}, world{}).Watches[0]
		out := w.Rules[0].Check(test.observed)
		got := "passes " + out.Value
		switch {
		case !out.Applies:
			got = "does not apply"
		case !out.Known:
			got = "unknown " + out.Message
		case !out.Met:
			got = "fails " + out.Value
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.condition, got, test.want)
		}
	}
}

func TestAWatchRuleThatDoesNotApply(t *testing.T) {
	w := watchOf(t, "feeds = \"*\"\nrule \"r\" {\n  when = feed.total > 1000\n  condition = false\n  message = \"only ${feed.total} of ${feed.file_name}\"\n}")
	if out := w.Rules[0].Check(spec.Observed{Feed: feedOf(10)}); out.Applies {
		t.Errorf("%+v", out)
	}
	if out := w.Rules[0].Check(spec.Observed{}); !out.Applies || out.Known {
		t.Errorf("whether it applies is not known: %+v", out)
	}
	if out := w.Rules[0].Check(spec.Observed{Feed: feedOf(2000)}); out.Met || out.Message != "only 2000 of none" {
		t.Errorf("%+v", out)
	}
}

func TestEveryReadyMadeRuleCanBeTurnedOff(t *testing.T) {
	for _, r := range spec.FeedRules {
		for _, key := range []string{r.Name, r.ID} {
			w := watchOf(t, "feeds = \"*\"\nseverity = { \""+key+"\" = \"off\" }")
			if w.Severity(r.Name) != "off" {
				t.Errorf("%q does not mean %s", key, r.Name)
			}
		}
	}
}
