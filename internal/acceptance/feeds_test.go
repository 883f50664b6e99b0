package acceptance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// feedsDocument is `feeds check --json`. Every member that is printed must be
// here.
type feedsDocument struct {
	FormatVersion string    `json:"format_version"`
	At            time.Time `json:"at"`
	Feeds         int       `json:"feeds"`
	Calls         int       `json:"calls"`
	Summary       struct {
		Failed  int `json:"failed"`
		Warned  int `json:"warned"`
		Unknown int `json:"unknown"`
		Passed  int `json:"passed"`
	} `json:"summary"`
	Watches  []feedResult `json:"watches"`
	Problems []struct {
		Account string `json:"account"`
		Message string `json:"message"`
	} `json:"problems"`
	ExitCode int `json:"exit_code"`
}

type feedResult struct {
	Watch     string    `json:"watch"`
	Account   string    `json:"account"`
	FeedID    string    `json:"feed_id"`
	FeedName  string    `json:"feed_name"`
	Rule      string    `json:"rule"`
	ID        string    `json:"id"`
	Result    string    `json:"result"`
	Severity  string    `json:"severity"`
	Value     string    `json:"value"`
	Message   string    `json:"message"`
	DefinedAt planPlace `json:"defined_at"`
}

func (w *world) feedsJSON(code int) feedsDocument {
	w.t.Helper()
	r := w.run("feeds", "check", "--json").exits(code)
	var d feedsDocument
	strict(w.t, r.stdout, &d)
	if d.ExitCode != code {
		w.t.Errorf("exit_code %d, and it exits %d", d.ExitCode, code)
	}
	return d
}

// table is the result of each feed's rule, as "outcome severity value".
func (d feedsDocument) table() map[string]string {
	t := map[string]string{}
	for _, r := range d.Watches {
		t[r.Watch+"|"+r.FeedID+"|"+r.Rule] = r.Result + " " + r.Severity + " " + r.Value
	}
	return t
}

// feedFileOf is a healthy file of so many rows.
func feedFileOf(rows int) string {
	var b strings.Builder
	b.WriteString("id\ttitle\tlink\tprice\tgtin\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "SKU-%05d\t\"A \"\"fine\"\" thing\"\thttps://shop.example/%d\t9.99 USD\t4006381333931\r\n", i, i)
	}
	return b.String()
}

// healthyFeeds are all well, and were compiled some hours ago.
func healthyFeeds(n int) []apiserver.Feed {
	now := time.Now().UTC().Truncate(time.Second)
	feeds := make([]apiserver.Feed, n)
	for i := range feeds {
		id := fmt.Sprintf("ZmVlZA%05d==", i)
		if i%7 == 3 {
			id = []string{"a/../b", "x+y=", "%2e%2e", "q?r&s", "p#q r"}[i/7%5] + fmt.Sprintf("%05d", i)
		}
		name := fmt.Sprintf("Shop US - Feed %03d & Co (100%%)", i)
		if i >= 40 {
			name = fmt.Sprintf("Other - Feed %03d", i)
		}
		feeds[i] = apiserver.Feed{
			ID: id, Name: name, Status: "Completed", FileName: "f.txt", Compiled: now.Add(-3*time.Hour - time.Duration(i)*time.Second),
			Submitted: now.Add(-150 * time.Minute), Total: 20 + i%5, Valid: 10, Warnings: 2, Errors: 0, File: feedFileOf(20 + i%5),
		}
	}
	return feeds
}

const watchEverything = `
watch "all" {
  feeds = "*"
}

watch "shop" {
  feeds          = "Shop US - *"
  max_submit_age = "1d"
  item_allotment = 1000
  content {
    required_columns = ["id", "title"]
    match_count      = true
    unique           = ["id"]
    required_values  = ["title"]
    gtin             = true
    price            = true
    https            = true
  }
  rule "score" {
    severity  = "warning"
    condition = feed.score == 0 || feed.score >= 80
    message   = "score is ${feed.score}"
  }
}
`

func utf16File(text string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

// Each oddity is what one feed turns into between two checks, and the results
// that differ from those of a feed that is well.
var oddFeeds = []struct {
	name   string
	change func(*apiserver.Feed)
	want   map[string]string // rule → outcome, severity, value; of the watch shop
}{
	{"stale", func(f *apiserver.Feed) { f.Compiled = time.Now().Add(-31*time.Hour - 30*time.Second) }, map[string]string{"max_age": "fail error 31 h"}},
	{"failed", func(f *apiserver.Feed) { f.Status = "Failed" }, map[string]string{"status": "fail warning Failed"}},
	{"shrunk", func(f *apiserver.Feed) { f.Total, f.File = 11, feedFileOf(11) }, map[string]string{"max_drop": "fail error -45.0 %", "empty": "pass error 11 items"}},
	{"risen", func(f *apiserver.Feed) { f.Total, f.File = 63, feedFileOf(63) }, map[string]string{"max_rise": "fail warning +200.0 %"}},
	{"empty", func(f *apiserver.Feed) { f.Total, f.Warnings, f.File = 0, 0, "id\ttitle\tlink\tprice\tgtin\n" }, map[string]string{
		"empty": "fail error 0 items", "max_drop": "fail error -100.0 %", "max_error_ratio": "unknown error ", "max_warning_rise": "unknown warning ",
	}},
	{"null dates", func(f *apiserver.Feed) { f.Compiled, f.Submitted = time.Time{}, time.Time{} }, map[string]string{"max_age": "unknown error ", "max_submit_age": "unknown error "}},
	{"pulled", func(f *apiserver.Feed) {
		f.Submitted, f.Pulled = time.Now().Add(-50*time.Hour), time.Now().Add(-2*time.Hour-30*time.Second)
	}, map[string]string{"max_submit_age": "pass error 2 h"}},
	{"not submitted", func(f *apiserver.Feed) { f.Submitted = time.Now().Add(-73*time.Hour - 30*time.Second) }, map[string]string{"max_submit_age": "fail error 3 d 1 h"}},
	{"errors", func(f *apiserver.Feed) { f.Total, f.Errors, f.File = 25, 5, feedFileOf(20) }, map[string]string{"max_error_ratio": "fail error 20.0 %"}},
	{"warnings", func(f *apiserver.Feed) { f.Total, f.Warnings = 20, 8 }, map[string]string{"max_warning_rise": "fail warning +30.0 points"}},
	{"no counts", func(f *apiserver.Feed) { f.Uncounted = true }, map[string]string{
		"empty": "unknown error ", "max_drop": "unknown error ", "max_rise": "unknown warning ", "max_error_ratio": "unknown error ",
		"max_warning_rise": "unknown warning ", "item_allotment": "unknown warning ", "content.match_count": "unknown warning ",
	}},
	{"allotment", func(f *apiserver.Feed) { f.Total, f.File = 1000, feedFileOf(1000) }, map[string]string{"item_allotment": "fail warning 1,000 items", "max_rise": "fail warning"}},
	{"bad score", func(f *apiserver.Feed) { f.Score = 72 }, map[string]string{"rule score": "fail warning feed.score = 72"}},
	{"good score", func(f *apiserver.Feed) { f.Score = 80 }, map[string]string{"rule score": "pass warning feed.score = 80"}},
	{"HTML", func(f *apiserver.Feed) {
		f.File, f.ContentType = "<!DOCTYPE html><html><body>Sign in</body></html>", "text/html"
	}, noTable("an HTML page")},
	{"an empty file", func(f *apiserver.Feed) { f.File = "" }, noTable("empty")},
	{"ragged", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "\t9.99 USD", "", 1) }, map[string]string{"content.file": "fail error 1 ragged row"}},
	{"Latin-1", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "thing", "caf\xe9", 1) }, map[string]string{"content.file": "fail error not UTF-8"}},
	{"a byte order mark", func(f *apiserver.Feed) { f.File = "\xef\xbb\xbf" + f.File }, nil},
	{"UTF-16", func(f *apiserver.Feed) { f.File = utf16File(f.File) }, nil},
	{"commas", func(f *apiserver.Feed) { f.File = strings.ReplaceAll(f.File, "\t", ",") }, nil},
	{"duplicated", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "SKU-00007", "SKU-00003", 1) }, map[string]string{"content.unique": "fail error 1 duplicate"}},
	{"a header without title", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "title", "name", 1) }, map[string]string{
		"content.required_columns": "fail error 1 of 2", "content.header": "fail warning 5 columns", "content.required_values": "fail error 100.0 %",
	}},
	{"blank titles", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, `"A ""fine"" thing"`, "", 1) }, map[string]string{"content.required_values": "fail error"}},
	{"a bad GTIN", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "4006381333931", "4006381333932", 1) }, map[string]string{"content.gtin": "fail warning 1 bad GTIN"}},
	{"no prices", func(f *apiserver.Feed) { f.File = strings.ReplaceAll(f.File, "9.99 USD", "0.00 USD") }, map[string]string{"content.price": "fail error 100.0 %"}},
	{"plain links", func(f *apiserver.Feed) { f.File = strings.Replace(f.File, "https://", "http://", 2) }, map[string]string{"content.https": "fail warning 2 links without https"}},
	{"cut off in the file", func(f *apiserver.Feed) { f.File = feedFileOf(10) }, map[string]string{"content.match_count": "fail warning 10 rows"}},
	{"cut off on the way", func(f *apiserver.Feed) { f.Cut = true }, withoutFile()},
	{"gone", nil, nil},
	{"renamed", func(f *apiserver.Feed) { f.Name = "Renamed" }, nil},
}

var contentRules = []string{
	"content.file", "content.required_columns", "content.header", "content.match_count", "content.unique",
	"content.required_values", "content.gtin", "content.price", "content.https",
}

var contentErrors = []string{"content.file", "content.required_columns", "content.unique"}

func withoutFile() map[string]string {
	want := map[string]string{}
	for _, rule := range contentRules {
		want[rule] = "unknown warning "
		if slices.Contains(contentErrors, rule) {
			want[rule] = "unknown error "
		}
	}
	return want
}

func noTable(value string) map[string]string {
	want := withoutFile()
	want["content.file"] = "fail error " + value
	return want
}

func TestOfFiveHundredFeedsEachGetsItsResult(t *testing.T) {
	t.Parallel()
	feeds := healthyFeeds(500)
	for i := range oddFeeds {
		feeds[i].Total, feeds[i].File = 20, feedFileOf(20)
		if oddFeeds[i].name == "risen" {
			feeds[i].Total, feeds[i].File = 21, feedFileOf(21)
		}
	}
	w := newWorld(t, apiserver.Options{Feeds: feeds})
	w.write("main.hcl", unlimited+watchEverything)

	first := w.feedsJSON(0)
	if first.Feeds != 500 || first.Summary.Failed != 0 || first.Summary.Warned != 0 {
		t.Errorf("first look: %d feeds, %+v", first.Feeds, first.Summary)
	}
	for _, r := range first.Watches {
		if compares := slices.Contains([]string{"max_drop", "max_rise", "max_warning_rise", "content.header"}, r.Rule); compares != (r.Result == "unknown") {
			t.Errorf("at the first look %s of %s is %s", r.Rule, r.FeedName, r.Result)
		}
		if (r.Result == "unknown") != (r.Message != "") || (r.Value == "") != (r.Result == "unknown") {
			t.Errorf("%+v", r)
		}
	}
	// 500 feeds of pages of 1000: a first look sees that no more follow.
	w.callsWere(2, 40)
	if calls := w.api.Total() - w.api.Calls(apiserver.Authorize); first.Calls != calls {
		t.Errorf("it says %d calls, and made %d", first.Calls, calls)
	}

	well := w.feedsJSON(0)
	w.callsWere(3, 40) // one listing, and no download of what was not compiled anew
	if well.Summary.Unknown != 0 || well.Summary.Failed+well.Summary.Warned != 0 {
		t.Errorf("second look: %+v", well.Summary)
	}

	w.api.Configure(func(o *apiserver.Options) { o.Feeds = changedFeeds(o.Feeds) })
	odd := w.feedsJSON(4)
	checkOddFeeds(t, feeds, well.table(), odd)
	// The listing once more, since a feed is missing; of the 31 odd feeds 2 have
	// no file to look at, the page is asked for again and so is what is cut off.
	lists := w.api.Calls(apiserver.ListFeeds)
	if lists != 5 {
		t.Errorf("%d listings, want 2 more than 3", lists)
	}

	downloads := w.api.Calls(apiserver.Download)
	w.run("feeds", "check").exits(4)
	if again := w.api.Calls(apiserver.Download) - downloads; again == 0 || again > 4 {
		t.Errorf("%d downloads at the look after that: only what was cut off is tried again", again)
	}
	w.run("plan").exits(0).says("Feeds, as seen", "max_age 31 h")
	if w.api.Calls(apiserver.ListFeeds) != lists+1 {
		t.Error("a plan looked at feeds")
	}
	if history := w.read("gdfctl.feeds.json"); strings.Contains(history, "SKU-") || strings.Contains(history, "9.99 USD") || strings.Contains(history, "shop.example") {
		t.Error("the history holds cells of a file")
	}
}

// changedFeeds turns the first feeds odd; each that is still compiled was so
// since.
func changedFeeds(feeds []apiserver.Feed) []apiserver.Feed {
	var kept []apiserver.Feed
	for i, f := range feeds {
		if i < len(oddFeeds) {
			f.Compiled = f.Compiled.Add(time.Hour)
			if oddFeeds[i].change == nil {
				continue
			}
			oddFeeds[i].change(&f)
		}
		kept = append(kept, f)
	}
	return kept
}

func checkOddFeeds(t *testing.T, feeds []apiserver.Feed, well map[string]string, odd feedsDocument) {
	t.Helper()
	got := odd.table()
	for i, o := range oddFeeds {
		prefix := "shop|" + feeds[i].ID + "|"
		if result := got[prefix+"gone"]; o.name == "gone" && !strings.HasPrefix(result, "fail error last seen ") || o.name == "renamed" && result != "fail error renamed" {
			t.Errorf("%s: %q", o.name, result)
		}
		for key, was := range well {
			rule, ofThis := strings.CutPrefix(key, prefix)
			if !ofThis || o.name == "gone" || o.name == "renamed" {
				continue
			}
			want, named := o.want[rule]
			if !named {
				want = strings.Fields(was)[0] // its value may be another
			}
			if !strings.HasPrefix(got[key], want) {
				t.Errorf("%s: %s is %q, want %q", o.name, rule, got[key], want)
			}
		}
	}
	// What is well stays as it was.
	unchanged := map[string]bool{}
	for _, f := range feeds[len(oddFeeds):] {
		unchanged[f.ID] = true
	}
	for key, was := range well {
		if id := strings.Split(key, "|")[1]; unchanged[id] && !strings.HasSuffix(key, "age") && got[key] != was {
			t.Errorf("%s was %q and is %q", key, was, got[key])
		}
	}
}

// callsWere fails unless so many listings and downloads were made by now.
func (w *world) callsWere(lists, downloads int) {
	w.t.Helper()
	if l, d, g := w.api.Calls(apiserver.ListFeeds), w.api.Calls(apiserver.Download), w.api.Calls(apiserver.GetFeed)+w.api.Calls(apiserver.CountFeeds); l != lists || d != downloads || g != 0 {
		w.t.Errorf("%d listings, %d downloads and %d others, want %d and %d", l, d, g, lists, downloads)
	}
}

func TestWatchesAskForWhatTheyNeed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hcl         string
		pageCap     int
		lists, gets int
	}{
		"one pattern is filtered":          {hcl: `watch "a" { feeds = "Shop US - *" }`, lists: 1},
		"two patterns share a filter":      {hcl: "watch \"a\" { feeds = \"Shop US - Feed 00*\" }\nwatch \"b\" { feeds = \"* Feed 01*\" }", lists: 1},
		"an id alone":                      {hcl: `watch "a" { feed_id = "ZmVlZA00001==" }`, gets: 1},
		"an id beside a pattern":           {hcl: "watch \"a\" { feed_id = \"ZmVlZA00001==\" }\nwatch \"b\" { feeds = \"Shop*\" }", lists: 1},
		"a server that serves small pages": {hcl: `watch "a" { feeds = "*" }`, pageCap: 40, lists: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, apiserver.Options{Feeds: healthyFeeds(100), PageCap: test.pageCap})
			w.write("main.hcl", unlimited+test.hcl)
			w.feedsJSON(0)
			lists, gets := w.api.Calls(apiserver.ListFeeds), w.api.Calls(apiserver.GetFeed)
			d := w.feedsJSON(0)
			lists, gets = w.api.Calls(apiserver.ListFeeds)-lists, w.api.Calls(apiserver.GetFeed)-gets
			if lists != test.lists || gets != test.gets || d.Calls != lists+gets {
				t.Errorf("%d listings and %d single reads, want %d and %d; it says %d", lists, gets, test.lists, test.gets, d.Calls)
			}
		})
	}
}

func TestAnOutageIsAnErrorAndNoResult(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apiserver.Options{Feeds: healthyFeeds(3)})
	w.write("main.hcl", unlimited+`watch "a" { feeds = "*" }`)
	w.feedsJSON(0)
	before := w.read("gdfctl.feeds.json")
	w.api.Configure(func(o *apiserver.Options) {
		o.Intercept = func(apiserver.Call) *apiserver.Fault { return &apiserver.Fault{Status: 403} }
	})
	d := w.feedsJSON(1)
	if len(d.Problems) != 1 || len(d.Watches) != 0 {
		t.Errorf("%+v", d)
	}
	var one, two struct{ Watched, History json.RawMessage }
	decoded(t, before, &one)
	decoded(t, w.read("gdfctl.feeds.json"), &two)
	if string(one.History) != string(two.History) || string(one.Watched) != string(two.Watched) {
		t.Error("an outage is in the history")
	}
	if r := w.run("feeds", "check").exits(1); r.stdout != "" {
		t.Errorf("an outage has counts: %s", r.stdout)
	}
	w.run("plan").exits(0).says("0 fail, 0 warnings, 3 partly unknown")
}
