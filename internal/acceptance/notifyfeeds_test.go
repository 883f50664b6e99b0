package acceptance

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

const (
	amazonFeed = "Amazon US - Clothing, Accessories & Luggage"
	googleFeed = "Google Shopping US"

	stale = 40*time.Hour + 30*time.Minute
)

// feedWorld is a world whose API is the program's own simulator, which has
// feeds that can be made to go wrong.
type feedWorld struct{ *world }

func newFeedWorld(t *testing.T) *feedWorld {
	t.Helper()
	w := newWorld(t, apiserver.Options{})
	p := w.start("sandbox", "--control", "--no-limit", "--consumer-key", w.key)
	var url string
	until(t, "the simulator answers", func() bool {
		_, rest, ok := strings.Cut(p.stdout.String(), "answers on ")
		url, _, _ = strings.Cut(rest, "\n")
		return ok && url != ""
	})
	w.endpoint = url
	w.write("main.hcl", unlimited+"watch \"all\" {\n  feeds = \"*\"\n}\n"+notifyOps)
	return &feedWorld{w}
}

// drift changes a feed behind the program's back.
func (w *feedWorld) drift(feed string, change map[string]any) {
	w.t.Helper()
	change["feed"] = feed
	body, err := json.Marshal(change)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.Post(w.endpoint+"/_sandbox/drift/feed", "application/json", strings.NewReader(string(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		w.t.Fatalf("the simulator answers %s", resp.Status)
	}
}

func (w *feedWorld) compiled(feed string, ago time.Duration) {
	w.drift(feed, map[string]any{"compiled": time.Now().Add(-ago).UTC()})
}

// A webhook that fails twice and then takes a message; checks that find the
// same; and the end of it.
func TestAFeedThatFailsIsToldOnceAndSoIsItsRecovery(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t)
	hook := w.told()
	w.run("feeds", "check").exits(0)
	hook.quiet()

	w.compiled(amazonFeed, stale)
	w.drift(googleFeed, map[string]any{"total": 0, "valid": 0, "warning": 0, "error": 0})
	hook.fail(2, 500)
	w.run("feeds", "check").exits(4)
	messages, attempts := hook.news()
	if len(messages) != 1 || attempts != 3 {
		t.Fatalf("%d messages in %d attempts, want one in three", len(messages), attempts)
	}
	seen := map[string]string{}
	for _, e := range messages[0].Events {
		if e.Type != "feed_failed" || e.Result != "fail" || e.Severity != "error" || e.Watch != "all" || e.Account != "main" || e.FeedID == "" || e.Message == "" || e.RunID == "" {
			t.Errorf("%+v", e)
		}
		seen[e.FeedName+": "+e.Rule] = e.Value
	}
	if !strings.HasPrefix(seen[amazonFeed+": max_age"], "40 h ") || seen[googleFeed+": empty"] != "0 items" || messages[0].Counts["feed_failed"] != len(seen) {
		t.Errorf("%v", seen)
	}

	for range 2 {
		w.run("feeds", "check").exits(4)
	}
	hook.quiet()

	w.compiled(amazonFeed, time.Hour)
	w.run("feeds", "check").exits(4)
	if e := hook.one(1).Events[0]; e.Type != "feed_recovered" || e.FeedName != amazonFeed || e.Rule != "max_age" || e.Result != "pass" {
		t.Errorf("%+v", e)
	}
}

func TestAWebhookThatIsDownChangesNoResult(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t)
	hook := w.told()
	w.compiled(amazonFeed, stale)
	hook.fail(1, 403)
	w.run("feeds", "check").exits(4).says(`notify "ops" (127.0.0.1:`, "the message could not be sent: it answered 403 Forbidden; it will be sent next time")
	w.compiled(amazonFeed, time.Hour)
	w.run("feeds", "check").exits(0)
	if m := hook.one(2); m.Events[0].Type != "feed_failed" || m.Events[1].Type != "feed_recovered" {
		t.Errorf("%+v", m)
	}
}

// Files for others than people: whole, whatever was there, and readable by a
// collector.
func TestAFeedsCheckIsWrittenForOthers(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t)
	w.told()
	w.compiled(amazonFeed, stale)
	w.write("feeds.prom", strings.Repeat("old ", 100_000))
	w.run("feeds", "check", "--junit", "feeds.xml", "--markdown", "feeds.md", "--prometheus", "feeds.prom").exits(4)

	var suites struct {
		Failures int `xml:"failures,attr"`
		Tests    int `xml:"tests,attr"`
	}
	if err := xml.Unmarshal([]byte(w.read("feeds.xml")), &suites); err != nil || suites.Failures != 1 || suites.Tests < 6 {
		t.Errorf("%v, %+v", err, suites)
	}
	if prom := w.read("feeds.prom"); strings.Contains(prom, "old") ||
		!strings.Contains(prom, `gdfctl_feed_rule_failed{account="main",watch="all",feed="`+amazonFeed+`"`) || !strings.HasSuffix(prom, "\n") {
		t.Errorf("%s", prom)
	}
	if md := w.read("feeds.md"); !strings.Contains(md, "#### ✗ Failed 1\n") || !strings.Contains(md, "it was last compiled at ") {
		t.Errorf("%s", md)
	}
	info, err := os.Stat(filepath.Join(w.dir, "feeds.xml"))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	entries, err := filepath.Glob(filepath.Join(w.dir, "*feeds.prom*"))
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}

	// One that can't be written is an error, and the others are there.
	w.run("feeds", "check", "--junit", "none/feeds.xml", "--markdown", "again.md").exits(4).says("none/feeds.xml can't be written: no such file or directory")
	w.compiled(amazonFeed, time.Hour)
	w.run("feeds", "check", "--junit", "none/feeds.xml", "--markdown", "again.md").exits(1)
	if !w.exists("again.md") {
		t.Error("one file that can't be written keeps the other from being written")
	}
}

// A watch that means no feed fails; that it means one again is told too.
func TestAWatchThatMeansFeedsAgainIsTold(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t)
	hook := w.told()
	w.write("main.hcl", unlimited+"watch \"new\" {\n  feeds = \"New *\"\n}\n"+notifyOps)
	w.run("feeds", "check").exits(4)
	if e := hook.one(1).Events[0]; e.Value != "0 feeds" {
		t.Fatalf("%+v", e)
	}
	w.drift(googleFeed, map[string]any{"name": "New feed"})
	w.run("feeds", "check").exits(0)
	if e := hook.one(1).Events[0]; e.Type != "feed_recovered" || e.Watch != "new" || e.Rule != "gone" || e.Value != "1 feed" {
		t.Errorf("%+v", e)
	}
}
