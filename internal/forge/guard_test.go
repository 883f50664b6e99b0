package forge_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/forge"
)

// intercepting answers calls whose path ends like this with a status.
func intercepting(w *forges.World, status map[string]int) *forges.World {
	w.Intercept = func(r *http.Request, _ int) (int, http.Header) { return status[r.URL.Path], nil }
	return w
}

// What guards a branch is what the forge says of it, and what this token may not see
// is not known: neither a rule nor its absence.
func TestGuard(t *testing.T) {
	const repo, project = forges.GitHubPath + "/repos/shop/orders/", forges.GitLabPath + "/projects/7/"
	all := forges.Guard{PullRequest: true, Approvals: 1, Dismissed: true, OtherPerson: true}
	older := all
	older.Older = true
	yes, no := forge.Guard{PullRequest: forge.Yes, Approval: forge.Yes, Dismissed: forge.Yes, OtherPerson: forge.Yes}, forge.Guard{PullRequest: forge.No, Approval: forge.No, Dismissed: forge.No, OtherPerson: forge.No}
	for name, test := range map[string]struct {
		guard  forges.Guard
		status map[string]int
		want   forge.Guard
	}{
		"nothing":                          {forges.Guard{}, nil, no},
		"a whole ruleset":                  {all, nil, yes},
		"half a ruleset":                   {forges.Guard{PullRequest: true, Approvals: 1}, nil, forge.Guard{PullRequest: forge.Yes, Approval: forge.Yes, Dismissed: forge.No, OtherPerson: forge.No}},
		"pull request only":                {forges.Guard{PullRequest: true}, nil, forge.Guard{PullRequest: forge.Yes, Approval: forge.No, Dismissed: forge.No, OtherPerson: forge.No}},
		"an older protection":              {older, nil, yes},
		"an older protection, not visible": {older, map[string]int{repo + "branches/main/protection": 403}, forge.Guard{}},
		"a server without rulesets":        {older, map[string]int{repo + "rules/branches/main": 404}, yes},
	} {
		t.Run("GitHub/"+name, func(t *testing.T) {
			w := intercepting(newWorld(), test.status)
			w.Guards = map[string]forges.Guard{"main": test.guard}
			got, err := gitHubJob(t, forges.GitHub(w)).Guard(t.Context(), "main")
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	for name, test := range map[string]struct {
		guards map[string]forges.Guard
		adjust func(*forges.World)
		status map[string]int
		want   forge.Guard
	}{
		"nothing":                 {nil, func(w *forges.World) { w.KeepsApprovalsOnPush, w.CommittersApprove = true, true }, nil, no},
		"everything":              {map[string]forges.Guard{"main": all}, nil, nil, yes},
		"a pattern":               {map[string]forges.Guard{"m*n": all}, nil, nil, yes},
		"another branch":          {map[string]forges.Guard{"mainly": all}, nil, nil, forge.Guard{PullRequest: forge.No, Approval: forge.Yes, Dismissed: forge.Yes, OtherPerson: forge.Yes}},
		"developers push":         {map[string]forges.Guard{"main": {}}, nil, nil, forge.Guard{PullRequest: forge.No, Approval: forge.No, Dismissed: forge.Yes, OtherPerson: forge.Yes}},
		"the laxer of two":        {map[string]forges.Guard{"main": all, "*": {}}, nil, nil, forge.Guard{PullRequest: forge.No, Approval: forge.Yes, Dismissed: forge.Yes, OtherPerson: forge.Yes}},
		"a free version":          {map[string]forges.Guard{"main": all}, nil, map[string]int{project + "approvals": 404}, forge.Guard{PullRequest: forge.Yes}},
		"protections not visible": {map[string]forges.Guard{"main": all}, nil, map[string]int{project + "protected_branches": 403}, forge.Guard{Approval: forge.Yes, Dismissed: forge.Yes, OtherPerson: forge.Yes}},
	} {
		t.Run("GitLab/"+name, func(t *testing.T) {
			w := intercepting(newWorld(), test.status)
			w.Guards = test.guards
			if test.adjust != nil {
				test.adjust(w)
			}
			got, err := gitLabJob(t, forges.GitLab(w, nil)).Guard(t.Context(), "main")
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	if _, err := gitHubJob(t, forges.GitHub(intercepting(newWorld(), map[string]int{repo + "rules/branches/main": 500}))).Guard(t.Context(), "main"); err == nil {
		t.Error("a forge that fails guards a branch")
	}
}

func TestRestricted(t *testing.T) {
	const branch = "gdfctl-state/main"
	for name, test := range map[string]struct {
		guards map[string]forges.Guard
		want   forge.Answer
	}{
		"nothing":              {nil, forge.No},
		"a rule":               {map[string]forges.Guard{branch: {Restricted: true}}, forge.Yes},
		"a rule without that":  {map[string]forges.Guard{branch: {}}, forge.No},
		"a rule of another":    {map[string]forges.Guard{"main": {Restricted: true}}, forge.No},
		"an older protection":  {map[string]forges.Guard{branch: {Restricted: true, Older: true}}, forge.Unread},
		"a pattern, on GitLab": {map[string]forges.Guard{"gdfctl-state/*": {Restricted: true}}, forge.Yes},
	} {
		w := newWorld()
		w.Guards = test.guards
		if name != "an older protection" { // GitLab has none
			got, err := gitLabJob(t, forges.GitLab(w, nil)).Restricted(t.Context(), branch)
			if got != test.want || err != nil {
				t.Errorf("GitLab, %s: %v %v", name, got, err)
			}
		}
		if name != "a pattern, on GitLab" {
			got, err := gitHubJob(t, forges.GitHub(w)).Restricted(t.Context(), branch)
			if got != test.want || err != nil {
				t.Errorf("GitHub, %s: %v %v", name, got, err)
			}
		}
	}
}

func TestAccess(t *testing.T) {
	w := newWorld()
	if got, err := gitHubJob(t, forges.GitHub(w)).Access(t.Context()); got.Comments != forge.Unread || err != nil {
		t.Error(got, err)
	}
	intercepting(w, map[string]int{forges.GitHubPath + "/repos/shop/orders/pulls": 403})
	if got, err := gitHubJob(t, forges.GitHub(w)).Access(t.Context()); got.Comments != forge.No || err != nil {
		t.Error(got, err)
	}
	if _, err := gitHubJob(t, forges.GitHub(w), "GITHUB_TOKEN=wrong").Access(t.Context()); err == nil {
		t.Error("a wrong token has access")
	}
	for scope, want := range map[string]forge.Answer{"api": forge.Yes, "read_api": forge.No} {
		w := newWorld()
		w.Tokens = map[string]forges.Login{token: {Name: "gdf-bot", Scopes: []string{scope}}}
		if got, err := gitLabJob(t, forges.GitLab(w, nil)).Access(t.Context()); got != (forge.Access{Comments: want, Scopes: scope}) || err != nil {
			t.Error(got, err)
		}
	}
	w = newWorld()
	w.Environments = map[string]bool{"gdf-apply": true, "gdf-plan": false}
	for environment, want := range map[string]forge.Answer{"gdf-apply": forge.Yes, "gdf-plan": forge.No, "none": forge.Unread} {
		if got, err := gitHubJob(t, forges.GitHub(w)).OneBranch(t.Context(), environment); got != want || err != nil {
			t.Errorf("%s: %v %v", environment, got, err)
		}
	}
}
