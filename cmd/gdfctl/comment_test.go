package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/screen"
)

// Run 2 ends before run 1: the plan of run 2 stays.
func TestTheNewestPlanStays(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.run(1)
		first := p.plan(1)
		p.run(2)
		text, err := os.ReadFile(first)
		if err != nil {
			t.Fatal(err)
		}
		first = p.file("first.md", string(text))
		p.gdfctl(exitDone, "", "comment", p.plan(2))
		p.run(1)
		out, _ := p.gdfctl(exitDone, "", "comment", first)
		if !strings.Contains(out, "Kept the comment on pull request 5: it is of a later run.") {
			t.Error(out)
		}
		p.shows("gdf-bot: plan, 2 to cancel")
		p.run(3)
		p.gdfctl(exitDone, "", "comment", p.plan(1))
		p.shows("gdf-bot: plan, 1 to cancel")
	})
}

// A comment of somebody else that holds our mark is not edited, and neither of
// 120 others, nor is one more made for each push.
func TestForeignCommentsAreNotEdited(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.run(2)
		file := p.plan(1)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p.Say(5, "mallory", string(text)+"\nmine")
		p.gdfctl(exitDone, "", "comment", file)
		for i := range 120 {
			p.Say(5, "ann", fmt.Sprintf("comment %d", i))
		}
		before := p.Shown(5)
		p.run(3)
		calls := len(p.Calls())
		out, _ := p.gdfctl(exitDone, "", "comment", p.plan(2))
		if !strings.Contains(out, "Updated the comment on pull request 5.") || len(p.Calls())-calls > 6 {
			t.Errorf("%s%d calls", out, len(p.Calls())-calls)
		}
		after := p.Shown(5)
		if len(after) != len(before) {
			t.Fatalf("%d comments became %d", len(before), len(after))
		}
		for i := range after {
			if after[i].Author != "gdf-bot" && after[i] != before[i] {
				t.Errorf("the comment of %s became %q", after[i].Author, after[i].Body)
			}
		}
		if !strings.HasPrefix(after[1].Body, "<!-- gdfctl:plan shop number=3 plan=") {
			t.Errorf("%.100q", after[1].Body)
		}
	})
}

// A forge that refuses or is busy costs no job.
func TestAForgeThatRefusesCostsNoJob(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		header      http.Header
		says, warns string
		result      string
	}{
		"403":              {403, nil, "Not commented: the token of this job may not write comments", "", "not_permitted"},
		"403, for an hour": {403, http.Header{"Retry-After": {"3600"}}, "", "its limit of calls is reached", "failed"},
		"401":              {401, nil, "", "the token is not valid or has expired", "failed"},
		"500":              {500, nil, "", "it answered 500", "failed"},
		"a redirect":       {307, http.Header{"Location": {"https://evil.example/"}}, "", "redirects are not followed", "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			onForges(t, func(t *testing.T, p *pipeline) {
				p.run(1)
				p.gdfctl(exitDone, "", "comment", p.plan(2))
				p.run(2)
				file := p.plan(1)
				p.Intercept = func(*http.Request, int) (int, http.Header) { return c.status, c.header }
				out, errs := p.gdfctl(exitDone, "", "comment", file)
				if !strings.Contains(out, c.says) || !strings.Contains(errs, c.warns) || (c.warns == "") != (errs == "") {
					t.Errorf("%s%s", out, errs)
				}
				p.gdfctl(exitError, "", "comment", "--strict", file)
				out, _ = p.gdfctl(exitDone, "", "comment", "--json", file)
				var doc struct{ Result string }
				if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Result != c.result {
					t.Errorf("%v: %s", err, out)
				}
				p.shows("gdf-bot: plan, 2 to cancel")
			})
		})
	}
}

// The token of a fork can read and can't write.
func TestTheTokenOfAForkIsANote(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.set("GITHUB_TOKEN", "read-only", "GITLAB_TOKEN", "read-only")
		out, errs := p.gdfctl(exitDone, "", "comment", p.plan(1))
		if !strings.Contains(out, "as in pull requests from forks") || errs != "" {
			t.Errorf("%s%s", out, errs)
		}
		p.shows()
	})
}

// Whoever approved a plan hears that another one took its place.
func TestAnApprovedPlanThatChanges(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.run(1)
		p.gdfctl(exitDone, "", "comment", p.plan(1))
		p.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: p.Now()})
		p.run(2)
		p.gdfctl(exitDone, "", "comment", p.plan(1))
		p.shows("gdf-bot: plan, 1 to cancel")
		p.run(3)
		out, _ := p.gdfctl(exitDone, "", "comment", p.plan(2))
		if !strings.Contains(out, "the plan differs from the one that was approved") {
			t.Error(out)
		}
		shown := p.shown()
		if len(shown) != 2 || shown[0] != "gdf-bot: plan, 2 to cancel" || !strings.HasPrefix(shown[1], "gdf-bot: Plan `") || !strings.HasSuffix(shown[1], "` differs from the plan that was approved: 1 more cancel.") {
			t.Errorf("%q", shown)
		}
	})
}

// Reports of all kinds have comments of their own; standard input will do.
func TestEachKindHasItsComment(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.gdfctl(exitDone, "", "comment", p.plan(1))
		feeds, _ := p.gdfctl(exitDone, "", "feeds", "check", "--chdir", filepath.Join(p.dir, "shop"), "--format", "markdown")
		p.gdfctl(exitDone, feeds, "comment", "-")
		p.gdfctl(exitDone, "# Status\n", "comment", "--kind", "status", "--chdir", filepath.Join(p.dir, "shop"), "-")
		applied, _ := p.gdfctl(exitDone, "", "apply", "--chdir", filepath.Join(p.dir, "shop"), "--auto-approve", "--format", "markdown")
		out, _ := p.gdfctl(exitDone, applied, "comment", "--json", "-")
		verified := filepath.Join(p.dir, "verify.md")
		p.gdfctl(exitChanges, "", "verify", "--chdir", filepath.Join(p.dir, "shop"), "--markdown", verified)
		p.gdfctl(exitDone, "", "comment", verified)
		if !strings.Contains(out, `"result": "created"`) || !strings.Contains(out, `"pull_request": 5`) || !strings.Contains(out, `"workspace": "shop"`) {
			t.Error(out)
		}
		var marks []string
		for _, c := range p.Shown(5) {
			marks = append(marks, strings.Fields(c.Body)[1])
		}
		if diff := cmp.Diff([]string{"gdfctl:plan", "gdfctl:feeds", "gdfctl:status", "gdfctl:apply", "gdfctl:verify"}, marks); diff != "" {
			t.Error(diff)
		}
	})
}

// The job of a push has no pull request of its own: the result goes into the one that
// was merged, as a reply. Of a direct push there is none, which costs no job.
func TestTheResultIsAReplyInTheMergedPullRequest(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.run(1)
		p.gdfctl(exitDone, "", "comment", p.plan(2))
		p.Pulls[0].Merged = true
		p.run(2)
		p.set("GITHUB_EVENT_PATH", p.file("push.json", `{"ref":"refs/heads/main"}`), "GITHUB_SHA", "m5", "GITHUB_REF_NAME", "main", "CI_MERGE_REQUEST_IID", "", "CI_COMMIT_SHA", "m5", "CI_COMMIT_BRANCH", "main")
		report := filepath.Join(p.dir, "apply.md")
		p.gdfctl(exitDone, "", "apply", "--chdir", filepath.Join(p.dir, "shop"), "--auto-approve", "--markdown", report)
		calls := len(p.Calls())
		out, _ := p.gdfctl(exitDone, "", "comment", report)
		if !strings.Contains(out, "Commented on pull request 5.") || len(p.Calls())-calls > 6 {
			t.Errorf("%s%d calls", out, len(p.Calls())-calls)
		}
		shown := p.shown()
		if len(shown) != 2 || shown[0] != "gdf-bot: plan, 2 to cancel" || !strings.Contains(shown[1], "\n### Apply for shop") || !strings.Contains(shown[1], "Apply done: 2 applied.") {
			t.Errorf("%q", shown)
		}
		p.set("GITHUB_SHA", "direct", "CI_COMMIT_SHA", "direct")
		if out, errs := p.gdfctl(exitDone, "", "comment", report); !strings.Contains(out, "There is nothing to comment on") || errs != "" || len(p.shown()) != 2 {
			t.Errorf("%s%s%q", out, errs, p.shown())
		}
	})
}

// Of several configurations there is one comment, with a line for each.
func TestSeveralWorkspacesShareAComment(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		p.set("GITHUB_WORKSPACE", p.dir, "CI_PROJECT_DIR", p.dir)
		plans := func(cancels map[string]int) (files []string) {
			for _, name := range []string{"b", "a", "c", "d", "e", "f"} {
				p.configure("shops/"+name, cancels[name])
				out, _ := p.gdfctl(exitDone, "", "plan", "--chdir", filepath.Join(p.dir, "shops", name), "--format", "markdown")
				files = append(files, p.file(name+".md", out))
			}
			return files
		}
		p.run(1)
		p.gdfctl(exitDone, "", append([]string{"comment"}, plans(map[string]int{"a": 1})...)...)
		p.Review(5, forges.Review{Login: "bob", State: "APPROVED", At: p.Now()})
		p.run(2)
		files, calls := plans(map[string]int{"a": 2, "f": 1}), len(p.Calls())
		out, _ := p.gdfctl(exitDone, "", append([]string{"comment"}, files...)...)
		if n := len(p.Calls()) - calls; n > 6 {
			t.Errorf("%d calls", n)
		}
		if !strings.Contains(out, "Updated the comment on pull request 5.\nAdded a comment") {
			t.Error(out)
		}
		shown := p.Shown(5)
		if len(shown) != 2 || !strings.HasSuffix(shown[1].Body, "2 more cancels.\n") {
			t.Fatalf("%+v", shown)
		}
		mark, body, _ := strings.Cut(shown[0].Body, "\n")
		want := "## Plan: 6 workspaces\n\n| Workspace | Result |\n|---|---|\n" +
			"| `shops/a` | **2 to cancel** · About 1 s to apply |\n" +
			"| `shops/b` | **No changes** |\n"
		if !strings.HasPrefix(mark, "<!-- gdfctl:plan all-workspaces number=2 plan=") || !strings.HasPrefix(body, want) {
			t.Errorf("%s\n%s", mark, body)
		}
		for _, bad := range [][]string{{"a.md", "a.md"}, {"a.md", "plain.md"}, {"a.md", "feeds.md"}} {
			p.file("plain.md", "hello\n")
			p.file("feeds.md", "<!-- gdfctl:feeds shops/a -->\n## Feeds\n")
			args := []string{"comment", filepath.Join(p.dir, bad[0]), filepath.Join(p.dir, bad[1])}
			var errs bytes.Buffer
			prog := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: io.Discard, Err: &errs, Now: time.Now, Env: func(name string) string { return p.env[name] }}}
			if code := run(prog, args); code == exitDone {
				t.Errorf("%q are taken: %s", bad, errs.String())
			}
		}
	})
}

func TestCommentsThatCantBeMade(t *testing.T) {
	onForges(t, func(t *testing.T, p *pipeline) {
		file := p.plan(1)
		for _, c := range []struct {
			code  int
			stdin string
			says  string
			args  []string
		}{
			{exitUsage, "", "--kind feeds is for another report", []string{"--kind", "feeds", file}},
			{exitUsage, "", "--kind must be plan, apply, verify, status or feeds", []string{"--kind", "x", file}},
			{exitUsage, "# Hi\n", "--kind is needed", []string{"-"}},
			{exitError, "", "the report is empty", []string{"-"}},
			{exitError, "", "can't be read", []string{filepath.Join(p.dir, "none.md")}},
			{exitError, strings.Repeat("x", 60_001), "more than 60,000 bytes", []string{"--kind", "plan", "-"}},
		} {
			if _, errs := p.gdfctl(c.code, c.stdin, append([]string{"comment"}, c.args...)...); !strings.Contains(errs, c.says) {
				t.Errorf("%q: %s", c.args, errs)
			}
		}
		p.set("GITHUB_TOKEN", "", "GITLAB_TOKEN", "")
		if _, errs := p.gdfctl(exitDone, "", "comment", file); !strings.Contains(errs, "Warning: not commented: there is no token for the forge") {
			t.Error(errs)
		}
		p.set("GITHUB_API_URL", "", "CI_API_V4_URL", "")
		if _, errs := p.gdfctl(exitError, "", "comment", file); !strings.Contains(errs, "this is not a job of GitHub Actions or GitLab CI") {
			t.Error(errs)
		}
		p.shows()
	})
}

// A configuration can't send the forge's token anywhere.
func TestNoConfigurationReadsTheTokenOfTheForge(t *testing.T) {
	p := &pipeline{t: t, dir: t.TempDir(), env: map[string]string{"GDF_CACHE_DIR": t.TempDir()}}
	for _, variable := range []string{"GITHUB_TOKEN", "GITLAB_TOKEN", "GDF_COMMENT_TOKEN"} {
		p.env[variable] = forgeToken
		p.file("shop/main.hcl", "account \"main\" {\n  endpoint     = \"http://127.0.0.1:1\"\n  consumer_key = env."+variable+"\n}\norder \"a\" {\n  status = \"cancelled\"\n  reason = \"lost\"\n}\n")
		if _, errs := p.gdfctl(exitError, "", "plan", "--chdir", filepath.Join(p.dir, "shop")); !strings.Contains(errs, "is not set in the environment") {
			t.Error(errs)
		}
	}
}
