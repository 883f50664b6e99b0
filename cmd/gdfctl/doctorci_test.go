package main

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// checked is a pipeline whose state is on a branch of the repository.
type checked struct {
	*pipeline
	server *stores.Git
	clone  string
}

func newChecked(t *testing.T, p *pipeline) *checked {
	c := &checked{p, stores.NewGit(t), filepath.Join(p.dir, "clone")}
	c.git("", "init", "-q", "-b", "main", c.clone)
	c.git(c.clone, "remote", "add", "origin", c.server.URL())
	api, err := sandbox.New(sandbox.Options{Orders: -1, Burst: -1})
	if err != nil {
		t.Fatal(err)
	}
	serving := httptest.NewServer(api)
	t.Cleanup(serving.Close)
	p.set("GDF_ENDPOINT", serving.URL, "GDF_CONSUMER_KEY", sandbox.DefaultConsumerKey)
	config := "account \"main\" {\n  endpoint     = env.GDF_ENDPOINT\n  consumer_key = env.GDF_CONSUMER_KEY\n  rate_limit {\n    burst            = 1000\n    limit_per_second = 1000\n  }\n}\ngdfctl {\n  backend \"git\" {\n    state\n  }\n}\n"
	p.file("clone/main.hcl", strings.Replace(config, "state\n", "\n", 1))
	out, _ := p.gdfctl(exitDone, "", "state", "init", "--chdir", c.clone, "--json")
	state := regexp.MustCompile(`"state": "(\w+)"`).FindStringSubmatch(out)
	p.file("clone/main.hcl", strings.Replace(config, "state\n", "state = \""+state[1]+"\"\n", 1))
	p.file("clone/.gitignore", ".gdfctl\n*.json\n")
	c.git(c.clone, "add", "-A")
	c.git(c.clone, "-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "-q", "-m", "begin")
	c.git(c.clone, "push", "-q", "origin", "main")
	return c
}

func (c *checked) git(dir string, args ...string) {
	c.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// ofBranch makes the job one of the branch, and not of the pull request.
func (c *checked) ofBranch() {
	c.set("GITHUB_EVENT_PATH", "", "GITHUB_BASE_REF", "", "GITHUB_REF_NAME", "main",
		"CI_MERGE_REQUEST_IID", "", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "", "CI_COMMIT_BRANCH", "main", "CI_COMMIT_REF_PROTECTED", "true")
}

// examined are the results of all checks of the job, and of those of the state.
func (c *checked) examined(code int) (results map[string]string, remedies string) {
	c.t.Helper()
	out, _ := c.gdfctl(code, "", "doctor", "--ci", "--chdir", c.clone, "--json")
	type check struct{ Check, Result, Found, Remedy string }
	var doc struct{ Directory, CI []check }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		c.t.Fatal(err)
	}
	results = map[string]string{}
	for _, f := range append(doc.Directory, doc.CI...) {
		results[f.Check] = f.Result
		remedies += f.Check + ": " + f.Found + "\n  " + f.Remedy + "\n"
	}
	return results, remedies
}

// refusing is what a rule for the branches of the state looks like from the job of a
// pull request.
const refusing = `while read -r _ _ ref; do case $ref in refs/heads/gdfctl-state/*) echo "GH013: Repository rule violations found for $ref" >&2; exit 1;; esac; done`

func TestDoctorInAJob(t *testing.T) {
	t.Parallel()
	whole := forges.Guard{PullRequest: true, Approvals: 1, Dismissed: true, OtherPerson: true}
	onForges(t, func(t *testing.T, p *pipeline) {
		c := newChecked(t, p)
		c.set("GITHUB_BASE_REF", "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
		c.Environments = map[string]bool{"gdf-apply": true}
		c.Tokens[forgeToken] = forges.Login{Name: "gdf-bot", Scopes: []string{"api"}}
		c.Guards = map[string]forges.Guard{"main": whole, "gdfctl-state/main": {Restricted: true}}
		c.server.Hook("pre-receive", refusing)
		good := map[string]string{
			"state": "ok", "state_writes": "ok", "plans": "ok",
			"job": "ok", "token": "ok", "history": "ok", "branch_rule": "ok", "state_rule": "ok", "environment": "ok",
		}
		want := func(changes ...string) {
			t.Helper()
			expected, code := maps.Clone(good), exitDone
			for i := 0; i < len(changes); i += 2 {
				expected[changes[i]] = changes[i+1]
			}
			for _, result := range expected {
				if result == "problem" {
					code = exitError
				}
			}
			got, remedies := c.examined(code)
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("%s\n%s", diff, remedies)
			}
		}
		good["job"] = "warning" // the head of the event, c5, is no commit
		want()

		// Whoever can push a branch could write the state.
		c.server.RemoveHook("pre-receive")
		want("state_writes", "problem")
		if out := c.server.Git("for-each-ref", "refs/heads/gdfctl-state/"); strings.Count(out, "\n") != 0 {
			t.Errorf("the probe left %s", out)
		}
		c.server.Hook("pre-receive", refusing)

		// Rules that are missing.
		c.Guards = map[string]forges.Guard{"main": {PullRequest: true, Approvals: 1}}
		if c.forgeName() == "GitLab" {
			c.KeepsApprovalsOnPush, c.CommittersApprove = true, true
		}
		want("branch_rule", "warning", "state_rule", "warning")
		c.Guards["main"] = forges.Guard{}
		want("branch_rule", "problem", "state_rule", "warning")
		c.Guards = map[string]forges.Guard{"main": whole, "gdfctl-state/main": {Restricted: true}}
		c.KeepsApprovalsOnPush, c.CommittersApprove = false, false

		// Nothing of the API is needed: the job that applies.
		c.ofBranch()
		good["job"] = "ok"
		c.server.RemoveHook("pre-receive")
		want()
		c.server.Hook("pre-receive", refusing) // pushes keep to a pace, and what is refused is quick
		good["state_writes"] = "problem"
		want()

		if c.forgeName() == "GitHub" {
			c.Environments["gdf-apply"] = false
			want("environment", "problem")
			delete(c.Environments, "gdf-apply")
			want("environment", "unknown")
			c.Environments["gdf-apply"] = true

			c.set("GITHUB_WORKSPACE", c.clone, "GITHUB_WORKFLOW_REF", "shop/orders/.github/workflows/apply.yml@refs/heads/main")
			for text, result := range map[string]string{
				"on: push\n": "warning",
				"concurrency:\n  group: gdfctl\n  cancel-in-progress: true\n":                "warning",
				"concurrency:\n  group: gdfctl\n  cancel-in-progress: false\n":               "warning",
				"concurrency:\n  group: gdfctl\n  cancel-in-progress: false\n  queue: max\n": "ok",
			} {
				c.file("clone/.github/workflows/apply.yml", text)
				want("concurrency", result)
			}
			c.set("GITHUB_WORKFLOW_REF", "shop/orders/../../../etc/passwd@x")
			want()
		} else {
			c.set("CI_COMMIT_REF_PROTECTED", "false")
			want("environment", "problem")
			c.set("CI_COMMIT_REF_PROTECTED", "true")
			c.Tokens[forgeToken] = forges.Login{Name: "gdf-bot", Scopes: []string{"read_api"}}
			want("token", "problem")
			c.Tokens[forgeToken] = forges.Login{Name: "gdf-bot", Scopes: []string{"api"}}
		}

		// A shallow checkout.
		shallow := filepath.Join(c.dir, "shallow")
		c.git("", "clone", "-q", "--depth", "1", "-b", "main", c.server.URL(), shallow)
		c.git(c.clone, "-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "-q", "--allow-empty", "-m", "more")
		c.git(c.clone, "push", "-q", "origin", "main")
		c.git(shallow, "fetch", "-q", "--depth", "1")
		c.git(shallow, "reset", "-q", "--hard", "origin/main")
		c.clone = shallow
		want("history", "problem")
	})
}

func TestDoctorOutsideOfAJob(t *testing.T) {
	p := newExample(t, "../../examples/quickstart")
	p.expect(exitError, "problem    job            this is not a job of GitHub Actions or GitLab CI", "doctor", "--ci")
	p.expect(exitDone, "0 problems", "doctor")
}

func (p *pipeline) forgeName() string {
	if p.env["CI_API_V4_URL"] != "" {
		return "GitLab"
	}
	return "GitHub"
}
