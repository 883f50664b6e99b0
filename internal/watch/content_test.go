package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
)

const everyContentRule = `
watch "all" {
  feeds = "*"
  content {
    required_columns = ["id", "title"]
    match_count      = true
    unique           = ["id"]
    required_values  = ["title", "id"]
    gtin             = true
    price            = true
    https            = true
  }
}
`

// rowsOf is a file that is well, of so many rows.
func rowsOf(n int) string {
	var b strings.Builder
	b.WriteString("id,title,price,gtin,link,image_link\n")
	for i := range n {
		fmt.Fprintf(&b, "s%d,Title %d,9.99 USD,4006381333931,https://x.example/%d,https://x.example/i\n", i, i, i)
	}
	return b.String()
}

func TestContentRules(t *testing.T) {
	htmlPage := page(t)
	for name, test := range map[string]struct {
		file  string
		fails error
		want  map[string]string
	}{
		"well": {file: rowsOf(1000), want: map[string]string{
			"file": "pass error 1,000 rows", "required_columns": "pass error 2 of 2", "header": "unknown warning", "match_count": "pass warning 1,000 rows",
			"unique": "pass error 0 duplicates", "required_values": "pass warning 0.0 %", "gtin": "pass warning 0 bad GTINs", "price": "pass warning 0.0 %",
			"https": "pass warning 0 links without https",
		}},
		"1 % too few":    {file: rowsOf(990), want: map[string]string{"match_count": "pass warning 990 rows"}},
		"more":           {file: rowsOf(989), want: map[string]string{"match_count": "fail warning 989 rows"}},
		"too many":       {file: rowsOf(1011), want: map[string]string{"match_count": "fail warning 1,011 rows"}},
		"4 blank":        {file: strings.Replace(blanked(1000, 4), "s999,", "s998,", 1), want: map[string]string{"required_values": "pass warning 0.4 % in title", "unique": "fail error 1 duplicate"}},
		"5 blank":        {file: blanked(1000, 5), want: map[string]string{"required_values": "fail warning 0.5 % in title"}},
		"49 blank":       {file: blanked(1000, 49), want: map[string]string{"required_values": "fail warning 4.9 % in title"}},
		"50 blank":       {file: blanked(1000, 50), want: map[string]string{"required_values": "fail error 5.0 % in title"}},
		"no title":       {file: strings.Replace(rowsOf(1000), "title", "name", 1), want: map[string]string{"required_columns": "fail error 1 of 2", "required_values": "fail error 100.0 % in title"}},
		"no price":       {file: strings.Replace(rowsOf(1000), "price", "cost", 1), want: map[string]string{"price": "fail error 100.0 %"}},
		"prices of zero": {file: strings.Replace(rowsOf(1000), "9.99", "0.00", 5), want: map[string]string{"price": "fail warning 0.5 %"}},
		"links":          {file: strings.Replace(strings.Replace(rowsOf(1000), "https://x.example/7", "http://x.example/7", 1), "https://x.example/i", "ftp://x", 2), want: map[string]string{"https": "fail warning 3 links without https"}},
		"no links":       {file: strings.Replace(rowsOf(1000), "link,image_link", "a,b", 1), want: map[string]string{"https": "fail warning 0 links without https"}},
		"GTINs":          {file: strings.Replace(rowsOf(1000), "4006381333931", "123", 3), want: map[string]string{"gtin": "fail warning 3 bad GTINs"}},
		"Latin-1":        {file: strings.Replace(rowsOf(1000), "Title 1,", "Stra\xdfe,", 1), want: map[string]string{"file": "fail error not UTF-8"}},
		"ragged":         {file: rowsOf(1000) + "a,b\n", want: map[string]string{"file": "fail error 1 ragged row"}},
		"damaged":        {file: rowsOf(1000) + "x,\"never closed", want: map[string]string{"file": "fail error 1 damaged row"}},
		"two faults":     {file: strings.Replace(rowsOf(1000), "Title 1,", "\xff,", 1) + "a\n", want: map[string]string{"file": "fail error not UTF-8, 1 ragged row"}},
		"header alone":   {file: rowsOf(0), want: map[string]string{"file": "pass error 0 rows", "match_count": "fail warning 0 rows", "required_values": "pass warning 0.0 %"}},
		"empty":          {file: "\n", want: map[string]string{"file": "fail error empty", "unique": "unknown error", "match_count": "unknown warning", "header": "unknown warning"}},
		"HTML":           {file: "<html><body>", want: map[string]string{"file": "fail error an HTML page", "unique": "unknown error"}},
		"a page":         {fails: htmlPage, want: map[string]string{"file": "fail error an HTML page", "unique": "unknown error"}},
		"no file":        {fails: notFound(t), want: map[string]string{"file": "unknown error", "unique": "unknown error", "https": "unknown warning"}},
		"cut off":        {fails: errors.New("download: cut off"), want: map[string]string{"file": "unknown error"}},
	} {
		w := newWorld(t, everyContentRule, feed("a", 1000))
		w.files["a"], w.fails["a"] = test.file, test.fails
		got := w.look()
		for rule, want := range test.want {
			if got["all|a|content."+rule] != want {
				t.Errorf("%s: %s is %q, want %q", name, rule, got["all|a|content."+rule], want)
			}
		}
	}
}

func blanked(rows, blank int) string {
	file := rowsOf(rows)
	for i := range blank {
		file = strings.Replace(file, fmt.Sprintf(",Title %d,", i), ", ,", 1)
	}
	return file
}

func TestAFileIsLookedAtOnceACompilation(t *testing.T) {
	w := newWorld(t, allWithContent, feed("a", 3))
	w.files["a"] = "id\n1\n2\n2\n"
	dup := map[string]string{"all|a|content.unique": "fail error 1 duplicate"}
	w.expect(w.look(), dup)
	w.called("list ", "list ", "download a")
	w.files["a"] = "id\n1\n2\n3\n"
	w.now = noon.Add(20 * time.Minute)
	w.expect(w.look(), dup) // as it was found, and not as it is now
	w.called("list ")

	w.feeds[0].LastCompiled = w.now
	w.expect(w.look(), map[string]string{"all|a|content.unique": "pass error 0 duplicates"})
	w.called("list ", "download a")

	// Something else is asked for.
	w.configure("watch \"all\" {\n  feeds = \"*\"\n  content {\n    unique = [\"id\"]\n    price = true\n  }\n}")
	w.look()
	w.called("list ", "download a")
	w.look()
	w.called("list ")

	// What a watch asks for by itself is no more than what is counted.
	w.configure("watch \"all\" {\n  feeds = \"*\"\n  severity = { unique = \"off\" }\n  content {\n    unique = [\"id\"]\n    price = true\n  }\n}")
	w.look()
	w.called("list ")
}

func TestAFeedWithoutDatesIsLookedAtWhenItsCountsChange(t *testing.T) {
	f := feed("a", 1)
	f.LastCompiled = time.Time{}
	w := newWorld(t, allWithContent, f)
	w.files["a"] = "id\n1\n"
	w.look()
	w.look()
	w.called("list ")
	w.feeds[0].Total = 2
	w.look()
	w.called("list ", "download a")
}

func TestAPageInPlaceOfAFileIsAskedForAgain(t *testing.T) {
	w := newWorld(t, allWithContent, feed("a", 1))
	w.fails["a"] = page(t)
	w.look()
	w.now = noon.Add(59 * time.Minute)
	w.look()
	w.called("list ")
	w.now = noon.Add(time.Hour)
	delete(w.fails, "a")
	w.files["a"] = "id\n1\n"
	w.expect(w.look(), map[string]string{"all|a|content.file": "pass error 1 row"})
	w.called("list ", "list ", "download a")
}

func TestDownloadsThatFailAreGivenUp(t *testing.T) {
	w := newWorld(t, allWithContent, feed("a", 1), feed("b", 1), feed("c", 1), feed("d", 1), feed("e", 1))
	for _, f := range w.feeds {
		w.fails[f.ID] = errDown
	}
	got := w.look()
	w.called("list ", "list ", "download a", "download b", "download c")
	w.expect(got, map[string]string{"all|a|content.file": "unknown error", "all|e|content.file": "unknown error", "all|e|max_age": "pass error 1 h"})
	clear(w.fails)
	for _, f := range w.feeds {
		w.files[f.ID] = "id\n1\n"
	}
	w.expect(w.look(), map[string]string{"all|e|content.file": "pass error 1 row"})
}

func TestOneDownloadServesAllWatches(t *testing.T) {
	w := newWorld(t, `
watch "a" {
  feeds = "*"
  content {
    unique = ["id"]
  }
}
watch "b" {
  feed_id = "a"
  content {
    unique = ["id", "sku"]
  }
}
watch "c" {
  feeds = "*"
}
`, feed("a", 1))
	w.files["a"] = "id,sku\n1,x\n2,x\n"
	got := w.look()
	w.called("list ", "list ", "download a")
	w.expect(got, map[string]string{"a|a|content.unique": "pass error 0 duplicates", "b|a|content.unique": "fail error 1 duplicate", "c|a|content.unique": ""})
}

// A column that one watch names is not counted twice by another that means all
// columns of links, nor one that is no column of links by it.
func TestLinksOfTwoWatches(t *testing.T) {
	for _, watches := range [][2]string{{`true`, `["link", "photo"]`}, {`["link", "photo"]`, `true`}} {
		w := newWorld(t, fmt.Sprintf("watch \"a\" {\n  feeds = \"*\"\n  content {\n    https = %s\n  }\n}\nwatch \"b\" {\n  feeds = \"*\"\n  content {\n    https = %s\n  }\n}\n", watches[0], watches[1]), feed("a", 2))
		w.files["a"] = "id,link,image_link,photo\n1,https://a,https://a,https://a\n2,http://a,https://a,http://a\n"
		all, named := "a|a|content.https", "b|a|content.https"
		if watches[1] == `true` {
			all, named = named, all
		}
		w.expect(w.look(), map[string]string{all: "fail warning 1 link without https", named: "fail warning 2 links without https"})
	}
}

func TestTheHeaderAgainstTheCompilationBefore(t *testing.T) {
	w := newWorld(t, allWithContent, feed("a", 1))
	step := func(file, want string) {
		t.Helper()
		w.files["a"] = file
		w.now = w.now.Add(time.Hour)
		w.feeds[0].LastCompiled = w.now
		w.expect(w.look(), map[string]string{"all|a|content.header": want})
	}
	step("id,title\n1,2\n", "unknown warning")
	step("title,id\n1,2\n", "pass warning 2 columns") // moved
	step("id,title,x\n1,2,3\n", "fail warning 3 columns")
	w.expect(w.look(), map[string]string{"all|a|content.header": "fail warning 3 columns"})
	step("id,title,x\n1,2,3\n", "pass warning 3 columns")
	step("", "unknown warning")
	step("id\n1\n", "fail warning 1 column") // against the latest file that had one
}

// What is remembered holds counts and the configuration's own words.
func TestNothingOfAFileIsRemembered(t *testing.T) {
	w := newWorld(t, everyContentRule, feed("a", 1))
	w.files["a"] = "id,title,secret_link,price\nPRIVATE,PRIVATE,http://PRIVATE,-1\nPRIVATE,,http://PRIVATE,x\n"
	l := w.take()
	if err := l.Remember(w.history); err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(w.history.Account("https://api.godatafeed.com", "default"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(kept), string(w.history.Watched()), fmt.Sprintf("%+v", l.Report)} {
		if strings.Contains(text, "PRIVATE") || strings.Contains(text, "secret_link") {
			t.Errorf("it holds words of the file: %s", text)
		}
	}
}

func TestOwnRules(t *testing.T) {
	w := newWorld(t, `
watch "all" {
  feeds = "*"
  content {
    unique = ["id"]
  }
  rule "score" {
    severity  = "warn"
    condition = feed.score == 0 || feed.score >= 80
    message   = "score is ${feed.score}"
  }
  rule "grown" {
    condition = feed.total >= previous.total
    message   = "${previous.total} before"
  }
  rule "rows" {
    when      = feed.total > 0
    condition = content.rows == feed.total && content.duplicates == 0
    message   = "${content.rows} rows"
  }
}
`, feed("a", 2), feed("b", 0))
	w.feeds[0].Score = 79.5
	w.files["a"], w.files["b"] = "id\n1\n1\n", "id\n"
	w.expect(w.look(), map[string]string{
		"all|a|rule score": "fail warning feed.score = 79.5", "all|a|rule grown": "unknown error", "all|b|rule rows": "",
		"all|a|rule rows": "fail error content.rows = 2, feed.total = 2, content.duplicates = 1",
	})
	w.feeds[0] = compiled(w.feeds[0], noon, 1)
	w.fails["a"] = errDown
	report := w.take().Report
	w.expect(table(report.Results), map[string]string{"all|a|rule grown": "fail error feed.total = 1, previous.total = 2", "all|a|rule rows": "unknown error"})
	for _, r := range report.Results {
		if r.Rule == "rule grown" && r.FeedID == "a" && r.Message != "2 before" {
			t.Errorf("message %q", r.Message)
		}
	}
}

// A look that was overtaken by a later one, of another process, takes nothing
// back.
func TestTwoLooksAtOnce(t *testing.T) {
	w := newWorld(t, all, feed("a", 1))
	early := w.take()
	w.now = noon.Add(time.Minute)
	w.feeds[0] = compiled(w.feeds[0], w.now, 2)
	late := w.take()
	for _, l := range []*Look{late, early} {
		if err := l.Remember(w.history); err != nil {
			t.Fatal(err)
		}
	}
	r := w.history.Account("https://api.godatafeed.com", "default").Feeds["a"]
	if newest := r.Observations[len(r.Observations)-1]; newest.Counts.Total != 2 || len(r.Observations) != 1 {
		t.Errorf("%+v", r.Observations)
	}
}

func TestContentOfAnotherCompilationIsNotTaken(t *testing.T) {
	f := godatafeed.Feed{ID: "a", LastCompiled: noon}
	w := newWorld(t, allWithContent, f)
	w.history.Account("https://api.godatafeed.com", "default").Record("a").Content = &memory.FeedContent{Of: "", HTML: true}
	w.files["a"] = "id\n1\n"
	w.expect(w.look(), map[string]string{"all|a|content.file": "pass error 1 row"})
}

// Feeds whose downloads always fail don't keep the others from being looked at.
func TestDownloadsThatFailedComeLast(t *testing.T) {
	w := newWorld(t, allWithContent, feeds(6)...)
	for i := range w.feeds {
		w.files[w.feeds[i].ID] = "id\n1\n"
	}
	for _, id := range []string{"000", "001", "002"} {
		w.fails[id] = errDown
	}
	w.expect(w.look(), map[string]string{"all|003|content.file": "unknown error"})
	w.expect(w.look(), map[string]string{"all|003|content.file": "pass error 1 row", "all|005|content.file": "pass error 1 row", "all|000|content.file": "unknown error"})
	delete(w.fails, "000")
	w.expect(w.look(), map[string]string{"all|000|content.file": "pass error 1 row"})
	if at := w.history.Account(endpoint.Default, "default").Feeds["000"].UnreadAt; !at.IsZero() {
		t.Errorf("it is still remembered as not read at %s", at)
	}
}

// One reading serves all watches: what only one of them says of the file holds
// for all, and of two that disagree the first decides.
func TestHowAFileIsWrittenIsSaidOnce(t *testing.T) {
	watch := func(name, content string) string {
		return fmt.Sprintf("watch %q {\n  feeds = \"*\"\n  content {\n%s\n    unique = \"id\"\n  }\n}\n", name, content)
	}
	w := newWorld(t, watch("a", "header_line = 2")+watch("b", "")+watch("c", "header_line = 3")+watch("d", "delimiter = \",\""), feed("a", 2))
	w.files["a"] = "Template\nid,title\n1,x\n1,y\n"
	w.expect(w.look(), map[string]string{
		"a|a|content.file": "pass error 2 rows", "a|a|content.unique": "fail error 1 duplicate",
		"b|a|content.file": "pass error 2 rows", "b|a|content.unique": "fail error 1 duplicate",
		"c|a|content.file": "unknown error", "c|a|content.unique": "unknown error",
		"d|a|content.file": "pass error 2 rows", "d|a|content.unique": "fail error 1 duplicate",
	})
}

func TestWhatIsNoTableIsSaid(t *testing.T) {
	for name, test := range map[string]struct{ content, file, want string }{
		"XML":           {"", "<?xml version=\"1.0\"?><rss/>", "unknown error an XML document"},
		"an archive":    {`compression = "gzip"`, "id\n1\n", "fail error not unpacked"},
		"swallowed":     {"", "id\tt\n1\t\"a\n2\tb\n3\tc\"\n", "fail error 2 swallowed rows"},
		"nothing below": {"header_line = 9", "id\n1\n", "fail error empty"},
	} {
		w := newWorld(t, "watch \"all\" {\n  feeds = \"*\"\n  content {\n"+test.content+"\n  }\n}", feed("a", 1))
		w.files["a"] = test.file
		if got := w.look()["all|a|content.file"]; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
