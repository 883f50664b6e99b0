package watch

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

const everyRule = `
watch "all" {
  feeds          = "*"
  max_submit_age = "2h"
  item_allotment = 500
}
`

// Each row is one feed at a first look.
func TestFeedRulesAtTheFirstLook(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*godatafeed.Feed)
		want   map[string]string
	}{
		"well": {func(*godatafeed.Feed) {}, map[string]string{
			"status": "pass warning Completed", "max_age": "pass error 1 h", "max_submit_age": "pass error 1 min", "empty": "pass error 100 items",
			"max_drop": "unknown error", "max_rise": "unknown warning", "max_error_ratio": "pass error 0.0 %", "max_warning_rise": "unknown warning",
			"item_allotment": "pass warning 100 items", "gone": "pass error no",
		}},
		"a status in capitals": {func(f *godatafeed.Feed) { f.Status = "COMPLETED" }, map[string]string{"status": "pass warning COMPLETED"}},
		"no status":            {func(f *godatafeed.Feed) { f.Status = "" }, map[string]string{"status": "unknown warning"}},
		"a hostile status":     {func(f *godatafeed.Feed) { f.Status = "\x1b[2J" }, map[string]string{"status": `fail warning \x1b[2J`}},
		"at the limit of age":  {func(f *godatafeed.Feed) { f.LastCompiled = noon.Add(-26 * time.Hour) }, map[string]string{"max_age": "pass error 26 h"}},
		"beyond it":            {func(f *godatafeed.Feed) { f.LastCompiled = noon.Add(-26*time.Hour - time.Second) }, map[string]string{"max_age": "fail error 26 h"}},
		"of the near future":   {func(f *godatafeed.Feed) { f.LastCompiled = noon.Add(time.Minute) }, map[string]string{"max_age": "pass error 1 s"}},
		"of the far future":    {func(f *godatafeed.Feed) { f.LastCompiled = noon.Add(time.Hour) }, map[string]string{"max_age": "unknown error"}},
		"pulled": {func(f *godatafeed.Feed) { f.LastSubmitted, f.LastPulled = noon.Add(-9*time.Hour), noon.Add(-time.Hour) }, map[string]string{
			"max_submit_age": "pass error 1 h",
		}},
		"neither": {func(f *godatafeed.Feed) { f.LastSubmitted = time.Time{} }, map[string]string{"max_submit_age": "unknown error"}},
		"empty":   {func(f *godatafeed.Feed) { f.Total = 0 }, map[string]string{"empty": "fail error 0 items", "max_error_ratio": "unknown error"}},
		"no counts": {func(f *godatafeed.Feed) { f.Counts = nil }, map[string]string{
			"empty": "unknown error", "max_drop": "unknown error", "max_error_ratio": "unknown error", "item_allotment": "unknown warning",
		}},
		"errors at the limit": {func(f *godatafeed.Feed) { f.Errors = 5 }, map[string]string{"max_error_ratio": "pass error 5.0 %"}},
		"errors beyond it":    {func(f *godatafeed.Feed) { f.Errors = 6 }, map[string]string{"max_error_ratio": "fail error 6.0 %"}},
		"counts that don't add up": {func(f *godatafeed.Feed) { f.Valid, f.Warnings, f.Errors = 100, 90, 4 }, map[string]string{
			"max_error_ratio": "pass error 4.0 %", "empty": "pass error 100 items",
		}},
		"a total alone": {func(f *godatafeed.Feed) { f.NoValid, f.NoWarnings, f.NoErrors = true, true, true }, map[string]string{
			"empty": "pass error 100 items", "max_error_ratio": "unknown error", "max_warning_rise": "unknown warning",
		}},
		"all that is allowed": {func(f *godatafeed.Feed) { f.Total = 500 }, map[string]string{"item_allotment": "fail warning 500 items"}},
	} {
		f := feed("a", 100)
		test.change(&f)
		w := newWorld(t, everyRule, f)
		got := w.look()
		for rule, want := range test.want {
			if got["all|a|"+rule] != want {
				t.Errorf("%s: %s is %q, want %q", name, rule, got["all|a|"+rule], want)
			}
		}
	}
}

// One look in which a feed is not Completed is a warning, the next an error.
func TestTheSecondTimeRunning(t *testing.T) {
	f := feed("a", 100)
	w := newWorld(t, all, f)
	step := func(after time.Duration, status, want string) {
		t.Helper()
		w.now = w.now.Add(after)
		w.feeds[0].Status = status
		w.expect(w.look(), map[string]string{"all|a|status": want})
	}
	step(0, "Completed", "pass warning Completed")
	step(time.Hour, "Processing", "fail warning Processing")
	step(time.Minute, "Processing", "fail error Processing")
	step(time.Minute, "Failed", "fail error Failed")
	step(time.Hour, "Completed", "pass warning Completed")
	step(time.Hour, "Failed", "fail warning Failed")

	w.configure(`watch "all" {
  feeds    = "*"
  severity = { status = "warn" }
}`)
	step(time.Hour, "Failed", "fail warning Failed")
	w.configure(`watch "all" {
  feeds    = "*"
  severity = { FD01 = "off" }
}`)
	step(time.Hour, "Failed", "")
}

func TestAgainstTheMedianOfSeven(t *testing.T) {
	w := newWorld(t, all, feed("a", 1000))
	day := 0
	step := func(total int, drop, rise string) {
		t.Helper()
		day++
		w.now = noon.AddDate(0, 0, day)
		w.feeds[0] = compiled(w.feeds[0], w.now.Add(-time.Hour), total)
		w.expect(w.look(), map[string]string{"all|a|max_drop": drop, "all|a|max_rise": rise})
	}
	step(1000, "unknown error", "unknown warning")
	step(700, "pass error -30.0 %", "pass warning -30.0 %")
	step(594, "fail error -30.1 %", "pass warning -30.1 %") // against 850, of two
	step(1000, "pass error +42.9 %", "pass warning +42.9 %")
	step(1000, "pass error +17.6 %", "pass warning +17.6 %")
	step(1000, "pass error 0.0 %", "pass warning 0.0 %")
	step(1000, "pass error 0.0 %", "pass warning 0.0 %")
	step(2001, "pass error +100.1 %", "fail warning +100.1 %")
	// It fails as long as it is so, and is no observation of its own.
	w.expect(w.look(), map[string]string{"all|a|max_rise": "fail warning +100.1 %"})
	// A status that changes is not another compilation.
	w.feeds[0].Status = "Processing"
	w.now = w.now.Add(time.Hour)
	w.expect(w.look(), map[string]string{"all|a|max_rise": "fail warning +100.1 %"})
	w.now = w.now.Add(time.Hour)
	w.expect(w.look(), map[string]string{"all|a|max_rise": "fail warning +100.1 %"})
}

func TestAFeedThatDidNotChangeHasNotDropped(t *testing.T) {
	w := newWorld(t, all, feed("a", 1000))
	w.expect(w.look(), map[string]string{"all|a|max_drop": "unknown error", "all|a|max_warning_rise": "unknown warning"})
	w.expect(w.look(), map[string]string{"all|a|max_drop": "pass error 0.0 %", "all|a|max_warning_rise": "pass warning +0.0 points"})
}

func TestAFeedThatWasEmpty(t *testing.T) {
	w := newWorld(t, all, feed("a", 0))
	w.look()
	w.feeds[0] = compiled(w.feeds[0], noon, 50)
	w.expect(w.look(), map[string]string{"all|a|max_drop": "unknown error", "all|a|max_rise": "unknown warning", "all|a|max_warning_rise": "unknown warning"})
}

func TestWarningsRiseInPoints(t *testing.T) {
	f := feed("a", 200)
	f.Warnings = 20
	w := newWorld(t, all, f)
	w.look()
	w.feeds[0] = compiled(w.feeds[0], noon, 100)
	w.feeds[0].Warnings = 20 // 10 % before, 20 % now
	w.expect(w.look(), map[string]string{"all|a|max_warning_rise": "pass warning +10.0 points"})
	w.feeds[0] = compiled(w.feeds[0], noon.Add(time.Hour), 100)
	w.feeds[0].Warnings = 31
	w.expect(w.look(), map[string]string{"all|a|max_warning_rise": "fail warning +11.0 points"})
}

func TestSeveritiesAndPlaces(t *testing.T) {
	f := feed("a", 0)
	f.LastCompiled = noon.Add(-90 * time.Hour)
	w := newWorld(t, `watch "all" {
  feeds    = "*"
  max_age  = "3d"
  severity = { max_age = "warn", FD05 = "warn", gone = "off", FD06 = "off" }
}`, f)
	report := w.take().Report
	got := table(report.Results)
	w.expect(got, map[string]string{"all|a|max_age": "fail warning 3 d 18 h", "all|a|empty": "fail warning 0 items"})
	for _, r := range report.Results {
		line := 1
		if r.Rule == "max_age" {
			line = 3
		}
		if r.Rule == "gone" || r.ID == "FD06" || r.DefinedAt.Line != line || r.DefinedAt.File != "main.hcl" {
			t.Errorf("%+v", r)
		}
	}
}
