package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
)

const forgeToken = `fOrge-canary-5Rt3v~Zz`

// repository is a team whose configuration is on GitHub. The first machine is that of
// its author; planner and applier are those of the jobs of pull requests and of the
// branch.
type repository struct {
	*team
	planner, applier *world
	forge            *forges.World
	api              string // of the forge

	mu    sync.Mutex
	clock time.Time // the forge's
}

// newRepository begins one with a policy and these orders: ann writes, carol approves.
func newRepository(t *testing.T, policy string, orders []apiserver.Order) *repository {
	t.Helper()
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", fmt.Sprintf(teamAccount, shortLag)+shipBatch+policy)
	w.write(".gitignore", ".gdfctl/\n*.feeds.json\n")
	w.table("shipments/none.csv", shipColumns, nil)
	r := &repository{team: teamOf(w, homes["git"](t)), clock: time.Now().Add(-5 * time.Hour)}
	r.forge = &forges.World{
		Now: r.now, Tokens: map[string]forges.Login{forgeToken: {Name: "gdf-bot"}},
		Members: map[string]string{"ann": "admin", "carol": "write", "rita": "read"},
	}
	url, stop := forges.Serve(forges.GitHub(r.forge))
	t.Cleanup(stop)
	r.api, r.secrets = url+forges.GitHubPath, []string{forgeToken}
	r.git(r.world, "checkout", "-q", "-b", "main")
	r.commit("begin")
	r.git(r.world, "push", "-q", "origin", "main")
	r.planner, r.applier = r.machine(), r.machine()
	return r
}

// now is the forge's time, which goes on by a second with each question and by a minute
// with each step of a test.
func (r *repository) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(time.Second)
	return r.clock
}

func (r *repository) later() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(time.Minute)
}

func (r *repository) git(w *world, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_COMMITTER_NAME=ann", "GIT_COMMITTER_EMAIL=ann@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit commits what the author's machine has.
func (r *repository) commit(message string) string {
	r.t.Helper()
	r.git(r.world, "add", "-A")
	r.git(r.world, "commit", "-q", "-m", message)
	return r.git(r.world, "rev-parse", "HEAD")
}

// ships writes a table that ships orders of all.
func (r *repository) ships(name string, all []apiserver.Order, which ...int) {
	r.t.Helper()
	var rows [][]string
	for _, i := range which {
		rows = append(rows, shipRow(all[i], "", trackingOf(i), "UPS", ""))
	}
	r.table("shipments/"+name+".csv", shipColumns, rows)
}

// open makes a commit for each change on a new branch at main, and a pull request.
func (r *repository) open(number int, changes ...func()) *forges.Pull {
	r.t.Helper()
	base := r.git(r.world, "rev-parse", "main")
	r.git(r.world, "checkout", "-q", "-b", branchOf(number), "main")
	p := &forges.Pull{Number: number, Author: "ann", Base: base}
	for i, change := range changes {
		change()
		p.Head = r.commit(fmt.Sprintf("change %d of %d", i+1, number))
		p.Commits = append(p.Commits, forges.Commit{SHA: p.Head, Author: "ann", Committer: "ann"})
	}
	r.git(r.world, "push", "-q", "origin", branchOf(number))
	r.git(r.world, "checkout", "-q", "main")
	r.forge.Open(p)
	r.later()
	return p
}

func branchOf(number int) string { return fmt.Sprintf("pr%d", number) }

// job gives a machine the environment of a job of GitHub Actions.
func (r *repository) job(w *world, more ...string) {
	w.extra = append(slices.Clone(r.extra), append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_API_URL=" + r.api, "GITHUB_SERVER_URL=https://github.example", "GITHUB_REPOSITORY=shop/orders",
		"GITHUB_TOKEN=" + forgeToken, "GITHUB_ACTOR=ann", "GITHUB_RUN_ID=900",
	}, more...)...)
	w.secrets = r.secrets
}

// publish plays the job of a pull request: it plans a test merge that vanishes.
func (r *repository) publish(p *forges.Pull, change ...func(w *world)) string {
	r.t.Helper()
	w := r.planner
	event := filepath.Join(w.root, "event.json")
	text := fmt.Sprintf(`{"pull_request": {"number": %d, "head": {"sha": %q}, "base": {"sha": %q}}}`, p.Number, p.Head, p.Base)
	if err := os.WriteFile(event, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.git(w, "fetch", "-q", "origin")
	r.git(w, "checkout", "-q", "-f", "--detach", "origin/"+branchOf(p.Number))
	for _, c := range change {
		c(w)
		r.git(w, "add", "--all")
		r.git(w, "commit", "-q", "-m", "what nobody sees") // the job says that it is the pull request's head
	}
	r.job(w, "GITHUB_EVENT_PATH="+event, "GITHUB_SHA="+strings.Repeat("ab", 20), fmt.Sprintf("GITHUB_REF=refs/pull/%d/merge", p.Number), "GITHUB_REF_NAME="+fmt.Sprintf("%d/merge", p.Number))
	said := w.run("plan", "--publish").exits(0)
	_, rest, found := strings.Cut(said.stdout, "Published plan ")
	if !found {
		r.t.Fatal(said.all())
	}
	r.later()
	return rest[:12]
}

// review adds a review of the head.
func (r *repository) review(p *forges.Pull, login, state string) {
	r.forge.Review(p.Number, forges.Review{Login: login, State: state, Commit: p.Head, At: r.now()})
	r.later()
}

// merges are the ways in which a forge merges pull requests.
var merges = map[string]func(r *repository, pulls ...*forges.Pull){
	"merge commit": (*repository).merge,
	"squash": func(r *repository, pulls ...*forges.Pull) {
		for _, p := range pulls {
			r.forge.Merge(p.Number, r.squash(p))
			r.pushMain()
		}
	},
	"rebase": func(r *repository, pulls ...*forges.Pull) {
		for _, p := range pulls {
			before := r.git(r.world, "rev-parse", "main")
			r.git(r.world, "cherry-pick", "--no-ff", p.Base+".."+p.Head) // no-ff: with new names
			became := strings.Fields(r.git(r.world, "rev-list", before+"..main"))
			r.forge.Merge(p.Number, became[0], became[1:]...)
			r.pushMain()
		}
	},
	"merge queue": func(r *repository, pulls ...*forges.Pull) {
		for _, p := range pulls {
			r.forge.Merge(p.Number, r.squash(p))
		}
		r.pushMain() // of all of them at once
	},
}

// merge merges pull requests with merge commits.
func (r *repository) merge(pulls ...*forges.Pull) {
	r.t.Helper()
	for _, p := range pulls {
		r.git(r.world, "merge", "-q", "--no-ff", "-m", "merge", branchOf(p.Number))
		r.forge.Merge(p.Number, r.git(r.world, "rev-parse", "main"))
		r.pushMain()
	}
}

func (r *repository) squash(p *forges.Pull) string {
	r.t.Helper()
	r.git(r.world, "merge", "-q", "--squash", branchOf(p.Number))
	return r.commit("squashed")
}

func (r *repository) pushMain() {
	r.t.Helper()
	r.git(r.world, "push", "-q", "origin", "main")
	r.later()
}

// applies plays the job of the branch, at its tip or at another commit.
func (r *repository) applies(at string, more ...string) result {
	r.t.Helper()
	w := r.applier
	r.git(w, "fetch", "-q", "origin")
	r.git(w, "checkout", "-q", "-f", "--detach", at)
	r.job(w, "GITHUB_REF=refs/heads/main", "GITHUB_REF_NAME=main", "GITHUB_SHA="+r.git(w, "rev-parse", "HEAD"))
	defer r.later()
	return w.run(append([]string{"apply", "--published"}, more...)...)
}

const tip = "origin/main"
