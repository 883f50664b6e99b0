package forge_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// at is so many minutes after noon.
func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func review(login, state, commit string, minutes int) forges.Review {
	return forges.Review{Login: login, State: state, Commit: commit, At: at(minutes)}
}

func published(hash, commit, config, changes string, minutes int) forge.Published {
	return forge.Published{Hash: hash, Commit: commit, Config: config, Changes: changes, At: at(minutes)}
}

// caseOfApproval is one merged pull request. Its author is ann, its commits c1
// and c2 are hers, and c2 is its head. A plan p1 was published for c1, at 1, and
// p2 for c2, at 11.
type caseOfApproval struct {
	reviews  []forges.Review
	plans    []forge.Published // besides or, with all, instead of p1 and p2
	all      bool
	commits  []forges.Commit // added
	more     int             // commits that are only counted
	branch   string          // that it was merged to
	ask      string          // a commit; empty: the merge
	deny     string          // the call to answer with 403, by a part of its path
	least    int             // 0: one
	settings func(*forges.World)

	plan string // approved
	by   string // who approved
	why  map[string]forge.Reason
	err  string // a part of the error
}

func comments(n int) (all []forges.Review) {
	for range n {
		all = append(all, review("bob", "COMMENTED", "c2", 13))
	}
	return all
}

var casesOfApproval = map[string]caseOfApproval{
	"approved":                             {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
	"nobody looked":                        {},
	"a user who may only read":             {reviews: []forges.Review{review("rita", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"rita": forge.MayNotWrite}},
	"somebody from outside":                {reviews: []forges.Review{review("otto", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"otto": forge.MayNotWrite}},
	"a bot":                                {reviews: []forges.Review{review("helper[bot]", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"helper[bot]": forge.IsBot}},
	"the author":                           {reviews: []forges.Review{review("ann", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"ann": forge.IsAuthor}},
	"the author, in capitals":              {reviews: []forges.Review{review("ANN", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"ANN": forge.IsAuthor}},
	"who wrote a commit":                   {commits: []forges.Commit{{SHA: "c0", Author: "bob", Committer: "ann"}}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"bob": forge.IsCommitter}},
	"who committed one":                    {commits: []forges.Commit{{SHA: "c0", Author: "ann", Committer: "Bob"}}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"bob": forge.IsCommitter}},
	"a commit of an unknown address":       {commits: []forges.Commit{{SHA: "c0"}}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
	"dismissed":                            {reviews: []forges.Review{review("bob", "DISMISSED", "c2", 12)}, why: map[string]forge.Reason{"bob": forge.WasDismissed}},
	"approved, and dismissed later":        {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("bob", "DISMISSED", "c2", 13)}, why: map[string]forge.Reason{"bob": forge.WasDismissed}},
	"approved, then changes requested":     {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("bob", "CHANGES_REQUESTED", "c2", 13)}, why: map[string]forge.Reason{"bob": forge.NotApproved}},
	"changes requested, then approved":     {reviews: []forges.Review{review("bob", "CHANGES_REQUESTED", "c2", 12), review("bob", "APPROVED", "c2", 13)}, plan: "p2", by: "bob"},
	"a comment after the approval":         {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("bob", "COMMENTED", "c2", 13)}, plan: "p2", by: "bob"},
	"an earlier head":                      {reviews: []forges.Review{review("bob", "APPROVED", "c1", 2)}, why: map[string]forge.Reason{"bob": forge.AnotherCommit}},
	"an earlier head that did the same":    {all: true, plans: []forge.Published{published("p1", "c1", "g", "h", 1), published("p2", "c2", "g", "h", 11)}, reviews: []forges.Review{review("bob", "APPROVED", "c1", 2)}, plan: "p1", by: "bob"},
	"an earlier head, other configuration": {all: true, plans: []forge.Published{published("p1", "c1", "f", "h", 1), published("p2", "c2", "g", "h", 11)}, reviews: []forges.Review{review("bob", "APPROVED", "c1", 2)}, why: map[string]forge.Reason{"bob": forge.AnotherCommit}},
	"an earlier head, other changes":       {all: true, plans: []forge.Published{published("p1", "c1", "g", "k", 1), published("p2", "c2", "g", "h", 11)}, reviews: []forges.Review{review("bob", "APPROVED", "c1", 2)}, why: map[string]forge.Reason{"bob": forge.AnotherCommit}},
	"an earlier head, no plan for the last": {
		all: true, plans: []forge.Published{published("p1", "c1", "g", "h", 1)}, reviews: []forges.Review{review("bob", "APPROVED", "c1", 2)},
		why: map[string]forge.Reason{"bob": forge.AnotherCommit},
	},
	"before the plan":                  {reviews: []forges.Review{review("bob", "APPROVED", "c2", 10)}, why: map[string]forge.Reason{"bob": forge.NoPlan}},
	"in the second of the plan":        {reviews: []forges.Review{review("bob", "APPROVED", "c2", 11)}, why: map[string]forge.Reason{"bob": forge.NoPlan}},
	"no plan was published":            {all: true, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, why: map[string]forge.Reason{"bob": forge.NoPlan}},
	"planned again after the approval": {plans: []forge.Published{published("p3", "c2", "g2", "h2", 14)}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
	"planned differently after it":     {plans: []forge.Published{published("p3", "c2", "g2", "k", 14)}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
	"each approved another plan":       {plans: []forge.Published{published("p3", "c2", "g2", "k", 14)}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("cleo", "APPROVED", "c2", 15)}, least: 2},
	"the newest of two approved plans": {plans: []forge.Published{published("p3", "c2", "g2", "k", 14)}, reviews: []forges.Review{review("cleo", "APPROVED", "c2", 15), review("bob", "APPROVED", "c2", 12)}, plan: "p3", by: "cleo"},
	"two of two":                       {plans: []forge.Published{published("p3", "c2", "g2", "h2", 14)}, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("cleo", "APPROVED", "c2", 15)}, least: 2, plan: "p3", by: "bob cleo"},
	"one of two":                       {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("rita", "APPROVED", "c2", 12)}, least: 2, why: map[string]forge.Reason{"rita": forge.MayNotWrite}},
	"twice by one person":              {reviews: []forges.Review{review("bob", "APPROVED", "c2", 12), review("Bob", "APPROVED", "c2", 13)}, least: 2},
	"a direct push":                    {ask: "dddd", err: "without one: [dddd"},
	"merged to another branch":         {branch: "dev", reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, err: "without one: [m5"},
	"page 2: approved":                 {reviews: append(comments(100), review("bob", "APPROVED", "c2", 14)), plan: "p2", by: "bob"},
	"page 2: changes requested":        {reviews: append(append([]forges.Review{review("bob", "APPROVED", "c2", 12)}, comments(100)...), review("bob", "CHANGES_REQUESTED", "c2", 14)), why: map[string]forge.Reason{"bob": forge.NotApproved}},
	"403: a permission can't be read":  {deny: "/collaborators/", reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, err: "pull request #5 don't count: the permission of a person who approved can't be read (the forge: it answered 403 Forbidden: the token lacks a permission): give the token that permission"},
	"403: reviews can't be read":       {deny: "/reviews", err: "who reviewed it can't be read (the forge: it answered 403 Forbidden"},
	"403: commits can't be read":       {deny: "/5/commits", err: "who wrote its commits can't be read (the forge: it answered 403 Forbidden"},
	"more commits than can be read":    {more: 249, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, err: "it has 251 commits, and the authors of at most 250 can be read"},
	"as many commits as can be read":   {more: 248, reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
	"a commit of it, not the merge":    {ask: "c1", reviews: []forges.Review{review("bob", "APPROVED", "c2", 12)}, plan: "p2", by: "bob"},
}

// asked is the pull request of a commit with its approvals, as an apply asks for it.
func asked(ctx context.Context, client *forge.Client, commit string, plans []forge.Published) (*forge.Reviewed, error) {
	merged, err := client.Merged(ctx, []forge.Commit{{Hash: commit}, {Hash: commit}}, time.Time{}, nil)
	switch {
	case err != nil:
		return nil, err
	case len(merged.PullRequests) != 1:
		return nil, fmt.Errorf("%d pull requests, without one: %v", len(merged.PullRequests), merged.Direct)
	case merged.PullRequests[0].Uncounted != nil:
		return nil, merged.PullRequests[0].Uncounted
	}
	return merged.PullRequests[0].Approved(plans)
}

func TestApprovalsOnGitHub(t *testing.T) {
	for name, c := range casesOfApproval {
		t.Run(name, func(t *testing.T) {
			w := c.world()
			c.check(t, w, gitHubJob(t, forges.GitHub(w), "GITHUB_REF_NAME=main"))
		})
	}
}

var casesOnGitLab = map[string]caseOfApproval{
	"approved":                      {reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, plan: "p2", by: "bob"},
	"nobody":                        {},
	"a user who may only read":      {reviews: []forges.Review{review("rita", "APPROVED", "", 12)}, why: map[string]forge.Reason{"rita": forge.MayNotWrite}},
	"somebody from outside":         {reviews: []forges.Review{review("otto", "APPROVED", "", 12)}, why: map[string]forge.Reason{"otto": forge.MayNotWrite}},
	"a bot":                         {reviews: []forges.Review{review("helper[bot]", "APPROVED", "", 12)}, why: map[string]forge.Reason{"helper[bot]": forge.IsBot}},
	"the author":                    {reviews: []forges.Review{review("ann", "APPROVED", "", 12)}, why: map[string]forge.Reason{"ann": forge.IsAuthor}},
	"an earlier version":            {reviews: []forges.Review{review("bob", "APPROVED", "", 9)}, why: map[string]forge.Reason{"bob": forge.AnotherCommit}},
	"before any version":            {reviews: []forges.Review{review("bob", "APPROVED", "", -5)}, why: map[string]forge.Reason{"bob": forge.NoPlan}},
	"before the plan":               {reviews: []forges.Review{review("bob", "APPROVED", "", 11)}, why: map[string]forge.Reason{"bob": forge.NoPlan}},
	"without the time of approvals": {settings: func(w *forges.World) { w.NoApprovalTimes = true }, reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, err: "this GitLab does not say when somebody approved"},
	"approvals that stay on a push": {settings: func(w *forges.World) { w.KeepsApprovalsOnPush = true }, reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, err: "approvals stay when somebody pushes"},
	"committers may approve":        {settings: func(w *forges.World) { w.CommittersApprove = true }, reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, err: "people who add commits can approve"},
	"a direct push":                 {ask: "dddd", err: "without one: [dddd"},
	"403: settings":                 {deny: "/projects/7/approvals", err: "the approval settings of the project can't be read"},
	"403: the permission":           {deny: "/members/", reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, err: "the permission of a person who approved can't be read"},
	"403: the person":               {deny: "/users/", reviews: []forges.Review{review("bob", "APPROVED", "", 12)}, err: "a person who approved can't be read"},
	"403: versions":                 {deny: "/versions", err: "the versions of the merge request can't be read"},
}

func TestApprovalsOnGitLab(t *testing.T) {
	for name, c := range casesOnGitLab {
		t.Run(name, func(t *testing.T) {
			w := c.world()
			if c.settings != nil {
				c.settings(w)
			}
			c.check(t, w, gitLabJob(t, forges.GitLab(w, map[string]time.Time{"c1": at(0), "c2": at(10)}), "CI_COMMIT_BRANCH=main"))
		})
	}
}

func (c *caseOfApproval) world() *forges.World {
	pull := &forges.Pull{
		Number: 5, Author: "ann", Branch: c.branch, Head: "c2", Merge: "m5", Merged: true, Reviews: c.reviews,
		Commits: append(c.commits, forges.Commit{SHA: "c1", Author: "ann", Committer: "web-flow"}, forges.Commit{SHA: "c2", Author: "ann", Committer: "ann"}),
	}
	for i := range c.more {
		pull.Commits = append(pull.Commits, forges.Commit{SHA: fmt.Sprintf("more%d", i), Author: "ann", Committer: "ann"})
	}
	w := newWorld(pull)
	w.Members = map[string]string{"ann": "admin", "bob": "write", "cleo": "admin", "rita": "read", "helper[bot]": "write"}
	w.Intercept = func(r *http.Request, _ int) (int, http.Header) {
		if c.deny != "" && strings.Contains(r.URL.Path, c.deny) {
			return http.StatusForbidden, nil
		}
		return 0, nil
	}
	return w
}

func (c *caseOfApproval) check(t *testing.T, w *forges.World, client *forge.Client) {
	t.Helper()
	plans := c.plans
	if !c.all {
		plans = append([]forge.Published{published("p1", "c1", "g1", "h1", 1), published("p2", "c2", "g2", "h2", 11)}, plans...)
	}
	ask := c.ask
	if ask == "" {
		ask = "m5"
	}
	least := max(c.least, 1)
	reviewed, err := asked(t.Context(), client, ask, plans)
	if c.err != "" {
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Fatalf("%v, want %q", err, c.err)
		}
		if refused, ok := errors.AsType[*forge.RefusedError](err); strings.Contains(c.err, "don't count") && (!ok || refused.What == "") {
			t.Errorf("%v is not a RefusedError", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	plan, by, err := reviewed.Plan(least)
	if refused, ok := errors.AsType[*forge.RefusedError](err); ok == (c.plan != "") || err != nil && !ok {
		t.Errorf("%v", err)
	} else if ok {
		for login, why := range c.why {
			if !strings.Contains(refused.What, login+" "+string(why)) {
				t.Errorf("%q does not say that %s %s", refused.What, login, why)
			}
		}
	}
	var names []string
	for _, a := range by {
		names = append(names, a.Login)
	}
	if plan != c.plan || strings.Join(names, " ") != c.by {
		t.Errorf("%q is approved by %q, want %q by %q", plan, names, c.plan, c.by)
	}
	why := map[string]forge.Reason{}
	for _, a := range reviewed.Approvals {
		if a.Why != "" {
			why[a.Login] = a.Why
		}
		if (a.Why == "") != (a.Plan != "") {
			t.Errorf("%+v counts and doesn't", a)
		}
	}
	if c.why == nil {
		c.why = map[string]forge.Reason{}
	}
	if diff := cmp.Diff(c.why, why); diff != "" {
		t.Errorf("why others don't count (-want +got):\n%s", diff)
	}
	pr := reviewed.PullRequest
	if pr.Number != 5 || pr.Author != "ann" || pr.Head != "c2" || pr.Base != "base" || pr.Merge != "m5" || pr.Merger != "merger" || pr.MergedAt.IsZero() || !strings.HasSuffix(pr.URL, "/5") {
		t.Errorf("%+v", pr)
	}
}

func TestWhyAPullRequestIsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		want string
	}{
		{"nobody looked", "pull request #5 needs 1 approval of one plan (min_approvals): nobody reviewed it. Have it approved by other people with write permission, and apply again"},
		{"one of two", "pull request #5 needs 2 approvals of one plan (min_approvals): bob approved plan p2; rita has no write permission. Have it approved by other people with write permission, and apply again"},
		{"each approved another plan", "pull request #5 needs 2 approvals of one plan (min_approvals): bob approved plan p2; cleo approved plan p3. Have it approved by other people with write permission, and apply again"},
	} {
		one := casesOfApproval[c.name]
		plans := append([]forge.Published{published("p2", "c2", "g2", "h2", 11)}, one.plans...)
		reviewed, err := asked(t.Context(), gitHubJob(t, forges.GitHub(one.world())), "m5", plans)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := reviewed.Plan(max(one.least, 1)); err == nil || err.Error() != c.want {
			t.Errorf("%v", err)
		}
	}
}
