package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// people is a forge that a script tells what they do: ann writes, bob approves.
type people struct {
	*forges.World
	pulls map[int]*forges.Pull

	mu     sync.Mutex
	passed time.Duration // each look at the clock takes two seconds, as the times of answers are whole ones
}

func newPeople() *people {
	p := &people{pulls: map[int]*forges.Pull{}, passed: -time.Hour}
	p.World = &forges.World{
		Now: func() time.Time {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.passed += 2 * time.Second
			return time.Now().Add(p.passed)
		},
		Tokens:  map[string]forges.Login{forgeToken: {Name: "gdf-bot"}},
		Members: map[string]string{"ann": "admin", "bob": "write"},
		Guards: map[string]forges.Guard{
			"main": {PullRequest: true, Approvals: 1, Dismissed: true, OtherPerson: true}, "gdfctl-state/main": {Restricted: true},
		},
		Environments: map[string]bool{"gdf-apply": true},
	}
	return p
}

// ServeHTTP is told what a person did.
func (p *people) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	said := r.URL.Query().Get
	number, _ := strconv.Atoi(said("number"))
	commit := func(sha string) forges.Commit { return forges.Commit{SHA: sha, Author: "ann", Committer: "ann"} }
	switch r.URL.Path {
	case "/open":
		p.pulls[number] = &forges.Pull{Number: number, Author: "ann", Head: said("head"), Base: said("base"), Commits: []forges.Commit{commit(said("head"))}}
		p.Open(p.pulls[number])
	case "/push":
		p.pulls[number].Head = said("head")
		p.pulls[number].Commits = append(p.pulls[number].Commits, commit(said("head")))
	case "/approve":
		p.Review(number, forges.Review{Login: "bob", State: "APPROVED", Commit: said("commit"), At: p.Now()})
	case "/merge":
		p.Merge(number, said("commit"))
	case "/clock":
		hours, _ := strconv.Atoi(said("hours"))
		p.mu.Lock()
		p.passed += time.Duration(hours) * time.Hour
		p.mu.Unlock()
	}
}

// Pull requests go from the plan to the apply, with people, a forge, and two jobs on two
// machines: examples/ci/shell/pipeline.sh, which fails where something ends otherwise
// than it should. What was really sent is in the ledger of the API, and what people were
// shown is on the forge.
func TestPullRequestsFromPlanToApply(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "git", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs " + program)
		}
	}
	api, err := sandbox.New(sandbox.Options{Orders: -1, Burst: -1, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sandbox.Samples() {
		if _, err := api.AddOrder(sandbox.NewOrder{Source: s.Source, Number: s.Number, Status: s.Status, CreatedInSource: time.Now().AddDate(0, 0, -1)}); err != nil {
			t.Fatal(err)
		}
	}
	orders := httptest.NewServer(api)
	t.Cleanup(orders.Close)
	p := newPeople()
	forge, stop := forges.Serve(forges.GitHub(p.World))
	t.Cleanup(stop)
	control := httptest.NewServer(p)
	t.Cleanup(control.Close)

	home := t.TempDir()
	cmd := exec.Command("bash", "../../examples/ci/shell/pipeline.sh")
	cmd.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+home, "NO_COLOR=1", "GORACE=atexit_sleep_ms=10",
		"GDF_ENDPOINT="+orders.URL, "GDF_CONSUMER_KEY="+sandbox.DefaultConsumerKey, "FORGE_CONTROL="+control.URL,
		"GITHUB_API_URL="+forge+forges.GitHubPath, "GITHUB_SERVER_URL=https://github.example", "GITHUB_REPOSITORY=shop/orders", "GITHUB_TOKEN="+forgeToken)
	text, err := cmd.CombinedOutput()
	out := string(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if what := canary.FindTraces(out, forgeToken); what != "" {
		t.Errorf("it shows %s", what)
	}

	var sent []string
	for _, w := range api.Ledger() {
		o, _ := api.Order(w.Order)
		sent = append(sent, strings.TrimSpace(o.Source+" "+o.Number+" "+w.Status+" "+w.Tracking))
	}
	slices.Sort(sent[:3]) // of one run
	slices.Sort(sent[3:5])
	if diff := cmp.Diff([]string{
		"Amazon 112-7654321-7654321 Shipped 1Z999AA10123456793",
		"Amazon 113-2468013-5791357 Shipped 1Z999AA10123456784",
		"Walmart 200012233445567 Shipped 9400111899223857102040",
		"Amazon 114-1357913-2468024 Shipped 794201688433", // and not the number that was forged
		"eBay 07-22334-45566 Shipped 1Z999AA10123456819",  // pushed past the review, and shown in the next plan
		"Walmart 200011223344556 CANCELLED",               // and never shipped
		"eBay 07-11223-34455 Shipped 1Z999AA10123456846",
		"eBay 07-33445-56677 Shipped 1Z999AA10123456864", // once it was approved
	}, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s\n%s", diff, out)
	}
	shown := map[int]string{}
	for n := range p.pulls {
		for _, c := range p.Shown(n) {
			kind, _, _ := strings.Cut(strings.TrimPrefix(c.Body, "<!-- gdfctl:"), " ")
			shown[n] += kind + " "
			if strings.Contains(c.Body, "differs from the plan that was approved") {
				shown[n] += "differs "
			}
		}
	}
	if diff := cmp.Diff(map[int]string{1: "plan apply ", 2: "plan apply ", 3: "plan apply ", 4: "plan apply ", 5: "plan Plan differs apply ", 6: "plan apply ", 7: "plan apply "}, shown); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	for _, said := range []string{
		"GH013: Repository rule violations found for refs/heads/gdfctl-state/", // the job of a pull request writes no state
		"this job of a pull request can't write it, as it should be",
		"reviewed in #1, approved by bob",
		"3 verified\n", // by a job on a schedule, once the marketplaces had their time
		"Nothing needs you, and nothing waits.",
		"was already carried out",
		"bob approved an earlier commit, whose plan was another one",
		"it is 8 d 8 h old, and the policy's max_review_age is 7 d",
		"max_acknowledgements: 1 order would be acknowledged; the limit is 0 (main.hcl:",
		"this raises max_acknowledgements from 0 to 500",
		"The audit log is intact",
	} {
		if !strings.Contains(out, said) {
			t.Errorf("no %q in what it says:\n%s", said, out)
		}
	}
	noLeaks(t, home)
}
