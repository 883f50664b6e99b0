package html

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gdfctl/gdfctl/internal/browser"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

var screens = []browser.Screen{browser.Desk, browser.Desk.InTheDark(), browser.Phone, browser.Phone.InTheDark()}

// examined are the pages that axe-core looks at: between them they have all that a page
// can have, on all screens. It takes seconds.
var examined = []string{"failing-1280-dark", "applied-1280-light", "failing-390-light", "applied-390-dark", "empty-1280-light", "verified-1280-dark", "verified-390-light"}

// What a browser shows of pages. They share one, which takes a second to start.
func TestInABrowser(t *testing.T) {
	chromium := browser.Open(t)
	for name, test := range map[string]func(*testing.T, *browser.Browser){
		"pages": pages, "policy": thePolicyHolds, "50,000 orders": fiftyThousandOrders, "keyboard": theKeyboard, "more": moreThanFit, "paper": onPaper, "agents": pagesOfAgents,
	} {
		t.Run(name, func(t *testing.T) { test(t, chromium) })
	}
}

// On every screen a page loads nothing but itself, complains of nothing, and needs no
// moving sideways; and nothing keeps people from using it.
func pages(t *testing.T, chromium *browser.Browser) {
	for name, v := range states() {
		if name == "large" {
			continue // it is opened below
		}
		page := file(t, v)
		for _, s := range append(screens, browser.Paper) {
			if name != "day" && name != "failing" && name != "verified" && s != browser.Desk && s != browser.Phone.InTheDark() {
				continue
			}
			t.Run(name+"-"+s.String(), func(t *testing.T) {
				shown := chromium.Show(t, page, s)
				var is struct {
					Width, Needed, Rows int
					Scripts             []string
					Handlers            []string
					Links               []string
				}
				shown.Eval(t, `({
					width: document.documentElement.clientWidth, needed: document.documentElement.scrollWidth, rows: document.querySelectorAll("#table .body .row").length,
					scripts: [...document.scripts].map(s => s.type + s.src),
					handlers: [...document.querySelectorAll("*")].flatMap(e => [...e.attributes].filter(a => a.name.startsWith("on") || a.name === "style" && e !== document.documentElement && !e.closest("#table")).map(a => e.tagName + " " + a.name)),
					links: [...document.links].map(a => a.href),
				})`, &is)
				if is.Width != s.Width || is.Needed > is.Width {
					t.Errorf("the page is %d pixels wide, and needs %d", is.Width, is.Needed)
				}
				if is.Rows == 0 && name != "empty" && name != "quiet" || is.Rows > 150 {
					t.Errorf("%d rows are drawn", is.Rows)
				}
				if len(is.Scripts) != 1 || len(is.Handlers) > 0 {
					t.Errorf("scripts %q, handlers %q", is.Scripts, is.Handlers)
				}
				for _, link := range is.Links {
					if !strings.HasPrefix(link, "https://example.test/") && !strings.Contains(link, "report.html#orders") {
						t.Errorf("a link leads to %q", link)
					}
				}
				if slices.Contains(examined, name+"-"+s.String()) {
					for _, v := range shown.Violations(t) {
						t.Error(v)
					}
				}
				if requests := shown.Requests(); len(requests) != 1 || requests[0] != "file://"+page {
					t.Errorf("it asked for %q", requests)
				}
				if problems := shown.Problems(); len(problems) > 0 {
					t.Errorf("it complains: %q", problems)
				}
			})
		}
	}
}

// The policy of the page runs and loads nothing that is not its own, whatever should
// ever get into it.
func thePolicyHolds(t *testing.T, chromium *browser.Browser) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	shown := chromium.Show(t, file(t, planOf(samples.Few())), browser.Desk)
	var ran bool
	shown.Eval(t, fmt.Sprintf(`(async () => {
		const add = (tag, key, value) => new Promise(done => {
			const e = document.createElement(tag);
			e.onload = e.onerror = done;
			e[key] = value;
			if (tag === "link") e.rel = "stylesheet";
			document.body.append(e);
			setTimeout(done, 200);
		});
		const url = %q;
		await Promise.all([
			add("script", "textContent", "window.ran = true"), add("script", "src", url), add("img", "src", url), add("link", "href", url), add("iframe", "src", url),
			fetch(url, { mode: "no-cors" }).catch(() => {}),
		]);
		return window.ran === true;
	})()`, server.URL+"/x"), &ran)
	if ran || asked.Load() > 0 {
		t.Errorf("a script ran: %v; requests: %d", ran, asked.Load())
	}
}
