package reconcile_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

const (
	forgeHost  = "forge.example.com"
	forgeToken = "tOk-canary+/5Rt3v~Zz"
)

// pulls is a team whose repository is on GitHub: its jobs have a token, and reach the
// forge through the same transport as the API.
type pulls struct {
	*team
	world *forges.World
	env   map[string]string // of jobs, beside the shop's
	files int

	pushed   map[string]time.Time // when each head was
	warnings []string
}

// deny makes the forge refuse the calls whose paths have a part.
func (s *pulls) deny(part string) {
	s.world.Intercept = func(r *http.Request, _ int) (int, http.Header) {
		if strings.Contains(r.URL.Path, part) {
			return http.StatusForbidden, nil
		}
		return 0, nil
	}
}

// policyDir is a directory with a policy.
func (s *pulls) policyDir(policy string) string {
	s.Helper()
	dir := s.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(policy), 0o600); err != nil {
		s.Fatal(err)
	}
	return dir
}

// jobOnGitHub and jobOnGitLab are what the environment of a job says.
func jobOnGitHub() map[string]string {
	return map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_API_URL": "https://" + forgeHost + forges.GitHubPath, "GITHUB_SERVER_URL": "https://github.example",
		"GITHUB_REPOSITORY": "shop/orders", "GITHUB_REF_NAME": "main", "GITHUB_TOKEN": forgeToken, "GITHUB_RUN_ID": "900",
	}
}

func jobOnGitLab() map[string]string {
	return map[string]string{
		"GITLAB_CI": "true", "CI_API_V4_URL": "https://" + forgeHost + forges.GitLabPath, "CI_PROJECT_ID": "7", "CI_COMMIT_BRANCH": "main", "GITLAB_TOKEN": forgeToken,
	}
}

// onGitHub runs a test with such a team: ann writes, bob, carol and dave may approve.
// least is its min_approvals.
func onGitHub(t *testing.T, least int, test func(t *testing.T, s *pulls)) {
	t.Helper()
	onForge(t, least, jobOnGitHub(), func(s *pulls) http.Handler { return forges.GitHub(s.world) }, test)
}

// onGitLab is onGitHub on GitLab.
func onGitLab(t *testing.T, least int, test func(t *testing.T, s *pulls)) {
	t.Helper()
	onForge(t, least, jobOnGitLab(), func(s *pulls) http.Handler { return forges.GitLab(s.world, s.pushed) }, test)
}

func onForge(t *testing.T, least int, job map[string]string, answer func(*pulls) http.Handler, test func(t *testing.T, s *pulls)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &pulls{team: newTeam(t), env: job, pushed: map[string]time.Time{}}
		s.world = &forges.World{
			Now: time.Now, Tokens: map[string]forges.Login{forgeToken: {Name: "gdf-bot"}}, Runs: map[string]forges.Run{},
			Members: map[string]string{"ann": "admin", "bob": "write", "carol": "write", "dave": "admin", "rita": "read", "helper[bot]": "write"},
		}
		api, env := s.deps.Transport, s.deps.Env
		handler := forges.Transport{Handler: answer(s)}
		s.deps.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == forgeHost {
				return handler.RoundTrip(r)
			}
			return api.RoundTrip(r)
		})
		s.deps.Env = func(name string) string {
			if value, ok := s.env[name]; ok {
				return value
			}
			return env(name)
		}
		s.seen = func(e reconcile.Event) {
			if w, ok := e.(reconcile.Warned); ok {
				s.warnings = append(s.warnings, w.Text)
			}
		}
		s.head += fmt.Sprintf("policy {\n  min_approvals = %d\n}\n", least)
		s.commit(s.head)
		s.settled()
		test(t, s)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// settled applies what is there, so that only what comes later is looked at.
func (s *pulls) settled() {
	s.Helper()
	if done, err := s.reviewed(reconcile.ReviewedRequest{}); err != nil || !done.Complete() {
		s.Fatalf("%v, %+v", err, done)
	}
}

// open begins a branch at main with a commit of the configuration, and a pull request of
// it by ann.
func (s *pulls) open(number int, parts ...string) *forges.Pull {
	s.Helper()
	base := s.git("rev-parse", "main")
	s.git("checkout", "-q", "-B", fmt.Sprintf("pr%d", number), "main")
	p := &forges.Pull{Number: number, Author: "ann", Base: base}
	s.push(p, parts...)
	s.world.Open(p)
	return p
}

// push adds a commit by ann to the branch that is checked out.
func (s *pulls) push(p *forges.Pull, parts ...string) {
	s.Helper()
	s.pushBy("ann", "ann", p, parts...)
}

func (s *pulls) pushBy(author, committer string, p *forges.Pull, parts ...string) {
	s.Helper()
	p.Head = s.commit(append([]string{s.head}, parts...)...)
	s.pushed[p.Head] = time.Now()
	p.Commits = append(p.Commits, forges.Commit{SHA: p.Head, Author: author, Committer: committer})
	s.passMinute()
}

// publishFor publishes what the job of a pull request plans, on a test merge that
// vanishes.
func (s *pulls) publishFor(p *forges.Pull) *reconcile.PlanReport {
	s.Helper()
	s.git("checkout", "-q", fmt.Sprintf("pr%d", p.Number))
	s.files++
	event := filepath.Join(s.TempDir(), fmt.Sprintf("event%d.json", s.files))
	text := fmt.Sprintf(`{"pull_request": {"number": %d, "head": {"sha": %q}, "base": {"sha": %q}}}`, p.Number, p.Head, p.Base)
	if err := os.WriteFile(event, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
	before := maps.Clone(s.env)
	defer func() { s.env = before }()
	s.env["GITHUB_EVENT_PATH"], s.env["GITHUB_SHA"] = event, strings.Repeat("ab", 20)
	s.env["CI_MERGE_REQUEST_IID"], s.env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] = strconv.Itoa(p.Number), p.Head
	made := s.publish()
	s.passMinute()
	return made
}

// says adds a review of the pull request's present head.
func (s *pulls) says(p *forges.Pull, login, state string) {
	s.saysOf(p, p.Head, login, state)
}

func (s *pulls) saysOf(p *forges.Pull, commit, login, state string) {
	s.world.Review(p.Number, forges.Review{Login: login, State: state, Commit: commit, At: time.Now()})
	s.passMinute()
}

// merge merges the pull request with a merge commit.
func (s *pulls) merge(p *forges.Pull) {
	s.Helper()
	s.git("checkout", "-q", "main")
	s.git("merge", "-q", "--no-ff", "-m", "merge", fmt.Sprintf("pr%d", p.Number))
	s.world.Merge(p.Number, s.git("rev-parse", "HEAD"))
	s.passMinute()
}

// passMinute keeps what happens apart: the forge's times are whole seconds.
func (s *pulls) passMinute() { time.Sleep(time.Minute) }

func (s *pulls) passDays(n int) { time.Sleep(time.Duration(n) * 24 * time.Hour) }
