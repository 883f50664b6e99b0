package reconcile_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// team is a shop whose state several machines share, with its configuration in git.
type team struct {
	*shop
	logs map[sharedlog.Log]*memlog.Store
	head string // the backend block

	numbers map[string]string // of orders, by their ids
}

// processing adds orders that wait to be shipped, in this order.
func (s *team) processing(numbers ...string) {
	s.Helper()
	for i, number := range numbers {
		id, err := s.api.AddOrder(sandbox.NewOrder{
			Source: "Amazon", Number: number, Status: sandbox.StatusProcessing, OrderNumber: "SO-" + number, CreatedInSource: time.Now().Add(time.Duration(i)*time.Second - time.Hour),
		})
		if err != nil {
			s.Fatal(err)
		}
		s.numbers[id] = number
	}
}

// newTeam begins a state and commits a configuration without orders.
func newTeam(t *testing.T) *team {
	t.Helper()
	logs := map[sharedlog.Log]*memlog.Store{sharedlog.State: memlog.New(), sharedlog.Plans: memlog.New()}
	reconcile.InMemory(t, func(b sharedlog.Block) sharedlog.Place { return logs[b.Log].Place("a") })
	s := &team{shop: newShop(t, "gdfctl {\n  backend \"memory\" {}\n}\n"), logs: logs, numbers: map[string]string{}}
	begun, err := reconcile.InitState(t.Context(), s.source(), s.deps, s.observe)
	if err != nil {
		t.Fatal(err)
	}
	s.head = "gdfctl {\n  backend \"memory\" {\n    state = \"" + begun.State + "\"\n  }\n}\n"
	s.git("init", "-q", "-b", "main")
	s.commit(s.head)
	return s
}

// commit makes the configuration of these parts a commit, and returns it.
func (s *team) commit(parts ...string) string {
	s.Helper()
	s.write("main.hcl", strings.Join(parts, "\n"))
	s.write(".gitignore", "cache\n.gdfctl\n*.feeds.json\n")
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", "change")
	return s.git("rev-parse", "HEAD")
}

func (s *team) git(args ...string) string {
	s.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// publish plans what is checked out, and publishes the plan.
func (s *team) publish() *reconcile.PlanReport {
	s.Helper()
	made, err := s.plan(reconcile.PlanRequest{Publish: true})
	if err != nil {
		s.Fatal(err)
	}
	return made
}

// reviewed applies what was reviewed.
func (s *team) reviewed(req reconcile.ReviewedRequest) (*reconcile.ApplyReport, error) {
	return s.apply(s.Context(), reconcile.ApplyRequest{Reviewed: &req, Approve: func(context.Context, *plan.Plan) (bool, error) {
		s.Error("asked about reviewed changes")
		return false, nil
	}})
}

// mustReview is reviewed, without an error.
func (s *team) mustReview() *reconcile.ApplyReport {
	s.Helper()
	done, err := s.reviewed(reconcile.ReviewedRequest{})
	if err != nil {
		s.Fatal(err)
	}
	return done
}

// sent lists the writes that reached the marketplace: the action and the number.
func (s *team) sent() []string {
	var all []string
	for _, w := range s.api.Ledger() {
		all = append(all, w.Status+" "+s.numbers[w.Order])
	}
	return all
}

// other is another machine with the same configuration.
func (s *team) other() *team {
	s.Helper()
	dir := s.TempDir()
	text, err := os.ReadFile(filepath.Join(s.dir, "main.hcl"))
	if err != nil {
		s.Fatal(err)
	}
	sh := *s.shop
	sh.dir = dir
	o := &team{shop: &sh, logs: s.logs, head: s.head, numbers: s.numbers}
	o.deps.Transport = o.shop
	o.write("main.hcl", string(text))
	return o
}

// forge publishes an altered copy of a plan, with its checksum made again.
func (s *team) forge(made *reconcile.PlanReport, alter func(*plan.Plan)) {
	s.Helper()
	var saved bytes.Buffer
	if _, err := made.Plan.Encode(&saved); err != nil {
		s.Fatal(err)
	}
	p, _, err := plan.Decode(&saved)
	if err != nil {
		s.Fatal(err)
	}
	alter(p)
	var forged bytes.Buffer
	hash, err := p.Encode(&forged)
	if err != nil {
		s.Fatal(err)
	}
	e := *made.Published
	if e.Hash = hash; !e.ForgeAt.IsZero() {
		e.ForgeAt = time.Now()
	}
	if err := published.New(s.logs[sharedlog.Plans].Place("mallory"), s.deps.Now).Publish(s.Context(), e, forged.Bytes()); err != nil {
		s.Fatal(err)
	}
}

// notReviewed lists the orders of changes that no reviewed plan had.
func notReviewed(r *reconcile.ApplyReport) []string {
	var all []string
	for _, item := range r.Result.Items {
		if item.Result == apply.NotReviewed {
			all = append(all, string(item.Action)+" "+item.Order.SourceNumber)
		}
	}
	return all
}
