package watch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

func feeds(n int) []godatafeed.Feed {
	list := make([]godatafeed.Feed, n)
	for i := range list {
		list[i] = feed(fmt.Sprintf("%03d", i), 10)
	}
	return list
}

func TestAListingThatIsShort(t *testing.T) {
	w := newWorld(t, all, feeds(20)...)
	w.look()
	w.called("list ", "list ") // does the server serve no larger pages?
	w.look()
	w.called("list ")
	w.feeds = w.feeds[:19]
	w.expect(w.look(), map[string]string{"all|019|gone": "fail error last seen less than a minute ago"})
	w.called("list ", "list ") // nothing is gone before it is looked for
	w.look()
	w.called("list ")
	w.feeds = feeds(30)
	w.look()
	w.called("list ", "list ")
}

func TestAServerOfSmallPages(t *testing.T) {
	w := newWorld(t, all, feeds(20)...)
	w.pageCap = 8
	if got := w.look(); len(got) != 20*8 {
		t.Errorf("%d results", len(got))
	}
	w.called("list ", "list ", "list ")
	w.feeds = w.feeds[:16]
	w.look()
	w.called("list ", "list ", "list ")
}

func TestTheFewestCalls(t *testing.T) {
	for _, test := range []struct {
		hcl  string
		want []string // at the second look
	}{
		{`watch "a" { feeds = "Feed 00*" }`, []string{"list Feed 00"}},
		{"watch \"a\" { feeds = \"Feed 00?\" }\nwatch \"b\" { feeds = \"*eed 01*\" }", []string{"list eed 0"}},
		{"watch \"a\" { feeds = \"Feed 00*\" }\nwatch \"b\" { feeds = \"*\" }", []string{"list "}},
		{`watch "a" { feed_id = "001" }`, []string{"get 001"}},
		{"watch \"a\" { feed_id = \"001\" }\nwatch \"b\" { feed_id = \"001\" }\nwatch \"c\" { feed_id = \"none\" }", []string{"get 001", "get none"}},
		{"watch \"a\" { feed_id = \"001\" }\nwatch \"b\" { feeds = \"Feed 00*\" }", []string{"list "}},
	} {
		w := newWorld(t, test.hcl, feeds(20)...)
		w.look()
		w.look()
		w.called(test.want...)
	}
}

func TestManyIdsAreListed(t *testing.T) {
	var hcl strings.Builder
	for i := range 4 {
		fmt.Fprintf(&hcl, "watch \"w%d\" { feed_id = \"00%d\" }\n", i, i)
	}
	w := newWorld(t, hcl.String(), feeds(20)...)
	if got := w.look(); got["w3|003|gone"] != "pass error no" {
		t.Error(got)
	}
	w.called("list ") // all were found, whatever may follow
}

func TestWhatIsGone(t *testing.T) {
	w := newWorld(t, "watch \"shop\" { feeds = \"Feed *\" }\nwatch \"one\" { feed_id = \"b\" }\nwatch \"all\" { feeds = \"*\" }", feed("a", 1), feed("b", 1), feed("c", 1))
	w.look()
	w.now = noon.Add(3 * time.Hour)
	w.feeds = []godatafeed.Feed{feed("a", 1), feed("c", 1)}
	w.feeds[1].Name = "Other"
	want := map[string]string{
		"shop|a|gone": "pass error no", "shop|b|gone": "fail error last seen 3 hours ago", "shop|c|gone": "fail error renamed",
		"one|b|gone": "fail error last seen 3 hours ago", "all|b|gone": "fail error last seen 3 hours ago", "all|c|gone": "pass error no",
		"shop|c|max_age": "", "shop|b|max_age": "",
	}
	w.expect(w.look(), want)
	w.expect(w.look(), want) // and it stays so
	if gone := w.history.Account(endpoint.Default, "default").Feeds["b"].GoneAt; !gone.Equal(w.now) {
		t.Errorf("gone since %s", gone)
	}
	w.feeds = []godatafeed.Feed{feed("a", 1), feed("b", 1), feed("c", 1)}
	w.expect(w.look(), map[string]string{"shop|b|gone": "pass error no", "shop|c|gone": "pass error no", "one|b|gone": "pass error no"})
}

func TestAWatchOfNothing(t *testing.T) {
	w := newWorld(t, "watch \"typo\" { feeds = \"Amzon *\" }\nwatch \"id\" { feed_id = \"none\" }", feed("a", 1))
	w.expect(w.look(), map[string]string{"typo||gone": "fail error 0 feeds", "id|none|gone": "fail error not found"})
}

func TestAnAccountThatCantBeRead(t *testing.T) {
	const two = `
account "default" {
  default = true
}
account "other" {
  endpoint = "sandbox"
}
watch "all" { feeds = "*" }
watch "others" {
  account = "other"
  feeds   = "*"
}
`
	w := newWorld(t, two, feed("a", 1))
	w.look()
	failing := &world{t: t, down: errDown}
	l, err := Take(context.Background(), Request{Watches: w.watches, APIs: map[string]API{"default": w, "other": failing}, History: w.history, Now: func() time.Time { return noon.Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	if unread := l.Report.Unread(); len(unread) != 1 || unread[0].Name != "other" || !errors.Is(unread[0].Err, errDown) {
		t.Errorf("not read: %v", unread)
	}
	if l.Report.Feeds != 1 || len(l.Report.Results) != 8 {
		t.Errorf("%+v", l.Report)
	}
	if err := l.Remember(w.history); err != nil {
		t.Fatal(err)
	}
	latest, ok := Latest(w.history.Watched())
	if !ok || len(latest.Results) != 16 || !latest.At.Equal(noon.Add(time.Hour)) {
		t.Errorf("%d results are remembered, of %s", len(latest.Results), latest.At)
	}
	if a := latest.Accounts; len(a) != 1 || a[0].Name != "other" || a[0].Err == nil {
		t.Errorf("accounts that could not be read: %v", a)
	}
	if checked := w.history.Account("sandbox", "other").CheckedAt; !checked.Equal(noon) {
		t.Errorf("an account that could not be read was checked at %s", checked)
	}
}

// An account without a key doesn't keep the others from being looked at, and
// where none can be read, what is known keeps its age.
func TestAnAccountThatIsBarred(t *testing.T) {
	w := newWorld(t, all, feed("a", 1))
	w.look()
	l, err := Take(context.Background(), Request{Watches: w.watches, Barred: map[string]error{"default": errDown}, History: w.history, Now: func() time.Time { return noon.Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	if unread := l.Report.Unread(); len(unread) != 1 || !errors.Is(unread[0].Err, errDown) {
		t.Errorf("not read: %v", unread)
	}
	if err := l.Remember(w.history); err != nil {
		t.Fatal(err)
	}
	latest, _ := Latest(w.history.Watched())
	if !latest.At.Equal(noon) || len(latest.Results) != 8 || len(latest.Accounts) != 0 {
		t.Errorf("remembered: %+v", latest)
	}
}

func TestAnInterruptEndsALook(t *testing.T) {
	w := newWorld(t, all, feed("a", 1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Take(ctx, Request{Watches: w.watches, APIs: map[string]API{"default": w}, History: w.history, Now: func() time.Time { return noon }}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A listing that is filtered by the common text shows each feed that a watch
// means.
func TestTheFilterLosesNoFeed(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		part := rapid.StringMatching(`[ab ]{0,4}[*?]?[ab *?]{0,4}`)
		var hcl strings.Builder
		for i := range rapid.IntRange(1, 3).Draw(rt, "watches") {
			glob := strings.TrimSpace(part.Draw(rt, "glob") + "a")
			fmt.Fprintf(&hcl, "watch \"w%d\" { feeds = %q }\n", i, glob)
		}
		watches := watchesOf(rt, dir, hcl.String())
		filter := commonText(watches)
		name := rapid.StringMatching(`[ab ]{0,9}`).Draw(rt, "name")
		for _, w := range watches {
			if w.Matches("", name) && !strings.Contains(name, filter) {
				rt.Fatalf("%q is meant by %q, and not found by %q", name, w.Feeds, filter)
			}
		}
	})
}

// A page that was the whole listing may be one that the server cuts at that size.
func TestASizeOfPagesIsNotBelievedForEver(t *testing.T) {
	w := newWorld(t, all, feeds(20)...)
	w.pageCap = 20
	w.look()
	w.feeds = feeds(21)
	w.now = w.now.Add(wholeAgain)
	if got := w.look(); got["all|020|gone"] != "pass error no" {
		t.Errorf("the feed behind the first page was not found: %d results", len(got))
	}
	w.called("list ", "list ")
}

// In pages that are read one after the other, a feed that is deleted meanwhile
// hides another one.
func TestAFeedThatSlipsToAnEarlierPageIsNotGone(t *testing.T) {
	w := newWorld(t, all, feeds(20)...)
	w.pageCap = 8
	w.look()
	w.listed = func(page int) {
		if page == 1 {
			w.feeds, w.listed = append(feeds(3), feeds(20)[4:]...), nil
		}
	}
	w.expect(w.look(), map[string]string{"all|008|gone": "pass error no"})
	w.called("list ", "list ", "list ", "get 008")
	w.expect(w.look(), map[string]string{"all|008|gone": "pass error no", "all|003|gone": "fail error last seen less than a minute ago"})
	w.called("list ", "list ", "list ", "get 003")
	w.look()
	w.called("list ", "list ", "list ") // what is known to be gone is not asked for again
}

// A filter hides a feed whose new name doesn't hold its text.
func TestANameThatTheFilterHides(t *testing.T) {
	w := newWorld(t, `watch "shop" { feeds = "Feed *" }`, feeds(20)...)
	w.look()
	w.feeds[3].Name = "Other"
	want := map[string]string{"shop|003|gone": "fail error renamed"}
	w.expect(w.look(), want)
	w.called("list Feed", "list Feed", "get 003")
	w.expect(w.look(), want) // it is remembered
	w.called("list Feed")
	w.feeds = append(w.feeds[:7], w.feeds[8:]...)
	w.expect(w.look(), map[string]string{"shop|003|gone": "fail error renamed", "shop|007|gone": "fail error last seen less than a minute ago"})
	w.feeds[3].Name = "Feed 3"
	w.expect(w.look(), map[string]string{"shop|003|gone": "pass error no"})
	if renamed := w.history.Account(endpoint.Default, "default").Feeds["003"].Renamed; renamed != "" {
		t.Errorf("it is still known as %q", renamed)
	}
}

// An answer without any feed, once, doesn't make all of them gone.
func TestAListingThatIsEmptyOnce(t *testing.T) {
	w := newWorld(t, all, feeds(20)...)
	w.look()
	w.listed = func(int) { w.feeds, w.listed = feeds(20), nil }
	w.feeds = nil
	w.expect(w.look(), map[string]string{"all|000|gone": "pass error no"})
	w.called("list ", "list ")
	w.feeds = nil
	w.expect(w.look(), map[string]string{"all|000|gone": "fail error last seen less than a minute ago"})
	w.called("list ", "list ")
	w.look()
	w.called("list ")
}
