package html

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/browser"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/samples"
)

// agentPages are pages of agents, as people get to see them.
func agentPages() map[string]*report.AgentPage {
	return map[string]*report.AgentPage{
		"well": samples.AgentWell(), "empty": samples.AgentEmpty(), "away": samples.AgentAway(), "many": samples.AgentMany(), "trouble": samples.AgentTrouble(),
		"nasty": samples.AgentTrouble(hostile...), "workspace": samples.AgentWorkspace(), "open": opened(samples.AgentMany()), "day": dayOf(samples.AgentWorkspace()),
	}
}

func opened(p *report.AgentPage) *report.AgentPage {
	p.Asked.Open = true
	return p
}

func dayOf(p *report.AgentPage) *report.AgentPage {
	p.Asked.Day = "2026-11-27"
	return p
}

func still(p *report.AgentPage) *report.AgentPage {
	p.Asked.Still = true
	return p
}

// served serves a page with its policy, as the agent does.
func served(t testing.TB, p *report.AgentPage) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", AgentPolicy())
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := Agent(w, p); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	if w := p.Asked.Workspace; w != "" {
		return server.URL + "/workspace/x"
	}
	return server.URL + "/"
}

// examinedAgents are the pages of agents that axe-core looks at.
var examinedAgents = []string{"trouble-1280-light", "trouble-390-dark", "workspace-390-dark", "many-1280-light", "open-390-dark", "away-1280-light"}

// On every screen the page of an agent needs no moving sideways, loads nothing, complains of
// nothing, and nothing keeps people from using it: but for loading itself again, which a link
// stops.
func pagesOfAgents(t *testing.T, chromium *browser.Browser) {
	folder := os.Getenv("GDF_PICTURES")
	for name, p := range agentPages() {
		for _, s := range screens {
			if name != "trouble" && s != browser.Desk && s != browser.Phone.InTheDark() && folder == "" {
				continue
			}
			t.Run(name+"-"+s.String(), func(t *testing.T) {
				shown := chromium.Visit(t, served(t, still(p)), s)
				var is struct {
					Width, Needed int
					Wide          []string
					Scripts       int
					Handlers      []string
					Links         []string
				}
				shown.Eval(t, `({
					width: document.documentElement.clientWidth, needed: document.documentElement.scrollWidth, scripts: document.scripts.length,
					wide: [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 100)),
					handlers: [...document.querySelectorAll("*")].flatMap(e => [...e.attributes].filter(a => a.name.startsWith("on") || a.name === "style").map(a => e.tagName + " " + a.name)),
					links: [...document.links].map(a => a.href),
				})`, &is)
				if is.Width != s.Width || is.Needed > is.Width || len(is.Wide) > 0 {
					t.Errorf("the page is %d pixels wide, and needs %d: %q", is.Width, is.Needed, is.Wide)
				}
				if is.Scripts != 0 || len(is.Handlers) > 0 {
					t.Errorf("%d scripts, handlers %q", is.Scripts, is.Handlers)
				}
				requests := shown.Requests()
				origin, _, _ := strings.Cut(strings.TrimPrefix(requests[0], "http://"), "/")
				for _, link := range is.Links {
					if !strings.HasPrefix(link, "http://"+origin+"/") {
						t.Errorf("a link leads to %q", link)
					}
				}
				if slices.Contains(examinedAgents, name+"-"+s.String()) || folder != "" {
					for _, v := range shown.Violations(t) {
						t.Error(v)
					}
				}
				if requests = slices.DeleteFunc(requests, func(r string) bool { return strings.HasSuffix(r, "/favicon.ico") }); len(requests) != 1 {
					t.Errorf("it asked for %q", requests)
				}
				for _, problem := range shown.Problems() {
					if !strings.Contains(problem, "/favicon.ico") {
						t.Errorf("it complains: %q", problem)
					}
				}
				if folder != "" {
					shown.Picture(t, filepath.Join(folder, "agent-"+name+"-"+s.String()+".png"), 3600)
				}
			})
		}
	}
}

// The page loads itself again, unless somebody who listens to it asked it not to.
func TestAgentPagesLoadAgain(t *testing.T) {
	const again = `<meta http-equiv="refresh" content="30">`
	moving, standing := printedAgent(t, samples.AgentWorkspace()), printedAgent(t, still(samples.AgentWorkspace()))
	if !strings.Contains(moving, again) || !strings.Contains(moving, `<a href="?refresh=0">Stop that</a>`) {
		t.Error("it does not load again, or nothing stops that")
	}
	if strings.Contains(standing, again) || !strings.Contains(standing, `href="../workspace/shop"`) || !strings.Contains(standing, `href="../?refresh=0"`) {
		t.Error("it loads again, or its links do, or nothing starts that")
	}
}

func printedAgent(t testing.TB, p *report.AgentPage) string {
	t.Helper()
	var out strings.Builder
	if err := Agent(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Whatever schedules, workspaces, feeds and machines are called, a page of an agent has no
// element, no attribute and no address but its own.
func TestAgentPagesOfHostileTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := samples.AgentTrouble(samples.Hostile(r, "one"), samples.Hostile(r, "two"))
		if rapid.Bool().Draw(r, "workspace") {
			p.Asked.Workspace, p.Asked.Day = samples.Hostile(r, "asked"), "2026-11-27" // the server takes no other text
		}
		page := printed(r, func(w io.Writer) error { return Agent(w, p) })
		ours, page := between(r, page, "<style>", "</style>")
		if ours != style+agentStyle {
			r.Fatal("the style is not ours")
		}
		page = strings.TrimSuffix(strings.TrimPrefix(page, "<!doctype html>\n"), "\n")
		for tag := range tagsOf(r, page) {
			if !agentTag.MatchString(tag) || handler.MatchString(tag) {
				r.Fatalf("the tag %q", tag)
			}
			if m := hrefOfPage.FindStringSubmatch(tag); m != nil && !agentWay.MatchString(m[1]) {
				r.Fatalf("a link leads to %q", m[1])
			}
		}
		if strings.ContainsFunc(page, unseen) {
			r.Fatal("there is what nobody sees")
		}
	})
}
