package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/screen"
)

const forgeToken = "tOk-canary+/5Rt3v~Zz"

// pipeline is a repository on a forge with a pull request, number 5, and the
// environment of its jobs.
type pipeline struct {
	*forges.World
	t   *testing.T
	dir string
	env map[string]string
}

// onForges runs a test on GitHub and on GitLab, with the program as it is run.
func onForges(t *testing.T, test func(*testing.T, *pipeline)) {
	for _, name := range []string{"GitHub", "GitLab"} {
		t.Run(name, func(t *testing.T) {
			p := &pipeline{t: t, dir: t.TempDir(), env: map[string]string{"GDF_CACHE_DIR": t.TempDir()}}
			clock := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
			p.World = &forges.World{
				Now:    func() time.Time { clock = clock.Add(time.Minute); return clock },
				Tokens: map[string]forges.Login{forgeToken: {Name: "gdf-bot"}, "read-only": {Name: "gdf-bot", ReadOnly: true}},
				Pulls:  []*forges.Pull{{Number: 5, Author: "ann", Head: "c5", Merge: "m5"}},
			}
			if name == "GitHub" {
				url, stop := forges.Serve(forges.GitHub(p.World))
				t.Cleanup(stop)
				p.set("GITHUB_API_URL", url+forges.GitHubPath, "GITHUB_REPOSITORY", "shop/orders", "GITHUB_TOKEN", forgeToken, "GITHUB_EVENT_PATH", p.file("event.json", `{"pull_request":{"number":5,"head":{"sha":"c5"}}}`))
			} else {
				url, stop := forges.Serve(forges.GitLab(p.World, nil))
				t.Cleanup(stop)
				p.set("CI_API_V4_URL", url+forges.GitLabPath, "CI_PROJECT_ID", "7", "GITLAB_TOKEN", forgeToken, "CI_MERGE_REQUEST_IID", "5")
			}
			test(t, p)
		})
	}
}

func (p *pipeline) set(env ...string) {
	for i := 0; i < len(env); i += 2 {
		p.env[env[i]] = env[i+1]
	}
}

// run says which run of the pipeline the next commands belong to.
func (p *pipeline) run(number int) {
	p.set("GITHUB_RUN_ID", fmt.Sprint(number), "CI_PIPELINE_ID", fmt.Sprint(number))
}

func (p *pipeline) file(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// gdfctl runs a command and returns what it printed. Nothing may show the token.
func (p *pipeline) gdfctl(code int, stdin string, args ...string) (stdout, stderr string) {
	p.t.Helper()
	var out, errs bytes.Buffer
	prog := &program{Screen: screen.Screen{
		In: strings.NewReader(stdin), Out: &out, Err: &errs, Now: time.Now,
		Env: func(name string) string { return p.env[name] },
	}}
	if got := run(prog, args); got != code {
		p.t.Fatalf("gdfctl %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, out.String(), errs.String())
	}
	if what := canary.FindTraces(out.String()+errs.String(), forgeToken); what != "" {
		p.t.Errorf("gdfctl %s shows %s", strings.Join(args, " "), what)
	}
	return out.String(), errs.String()
}

// plan makes the plan of a configuration that cancels so many orders.
func (p *pipeline) plan(cancels int) (file string) {
	p.t.Helper()
	p.configure("shop", cancels)
	out, _ := p.gdfctl(exitDone, "", "plan", "--chdir", filepath.Join(p.dir, "shop"), "--format", "markdown")
	return p.file("plan.md", out)
}

// configure writes a configuration that cancels so many orders.
func (p *pipeline) configure(dir string, cancels int) {
	p.t.Helper()
	orders := []string{"eBay/06-08565-41227", "Amazon/112-1234567-1234567"}
	config := "account \"main\" {\n  endpoint = \"sandbox\"\n}\n"
	for i, order := range orders[:cancels] {
		source, number, _ := strings.Cut(order, "/")
		config += fmt.Sprintf("order \"o%d\" {\n  find   = { source = %q, source_order_number = %q }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", i, source, number)
	}
	p.file(dir+"/main.hcl", config)
}

// shown are who wrote the comments and, of those of plans, how many they cancel.
func (p *pipeline) shown() (all []string) {
	for _, c := range p.Shown(5) {
		text := strings.TrimSpace(c.Body)
		if strings.HasPrefix(text, "<!-- gdfctl:plan shop") && strings.Contains(text, "\n### Plan for shop") {
			text = fmt.Sprintf("plan, %d to cancel", strings.Count(text, "out of stock"))
		}
		all = append(all, c.Author+": "+text)
	}
	return all
}

func (p *pipeline) shows(want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.shown()); diff != "" {
		p.t.Errorf("comments (-want +got):\n%s", diff)
	}
}
