package forge

import (
	"context"
	"net/http"
	"net/url"
)

// gitHubRule is a rule of a ruleset. Everybody who can read the repository can read
// them; the older branch protections need a right to its administration.
type gitHubRule struct {
	Type       string `json:"type"`
	Parameters struct {
		Approvals   int  `json:"required_approving_review_count"`
		Dismissed   bool `json:"dismiss_stale_reviews_on_push"`
		OtherPerson bool `json:"require_last_push_approval"`
	} `json:"parameters"`
}

func (g *gitHub) rules(ctx context.Context, branch string) ([]gitHubRule, error) {
	rules, _, err := list[gitHubRule](ctx, g.c, g.c.job.path("rules", "branches", branch), nil, mostPages)
	return rules, unlessHidden(err) // servers that know no rulesets have none
}

func (g *gitHub) guard(ctx context.Context, branch string) (Guard, error) {
	rules, err := g.rules(ctx, branch)
	if err != nil {
		return Guard{}, err
	}
	found := Guard{PullRequest: No, Approval: No, Dismissed: No, OtherPerson: No}
	for _, r := range rules {
		if r.Type == "pull_request" {
			found.add(r.Parameters.Approvals, r.Parameters.Dismissed, r.Parameters.OtherPerson)
		}
	}
	if found == (Guard{Yes, Yes, Yes, Yes}) {
		return found, nil
	}
	if protected, err := g.protected(ctx, branch); err != nil || !protected {
		return found, err
	}
	var older struct {
		Reviews *struct {
			Approvals   int  `json:"required_approving_review_count"`
			Dismissed   bool `json:"dismiss_stale_reviews"`
			OtherPerson bool `json:"require_last_push_approval"`
		} `json:"required_pull_request_reviews"`
	}
	err = g.c.call(ctx, http.MethodGet, g.c.job.path("branches", branch, "protection"), nil, nil, &older)
	switch {
	case err != nil:
		found.unread()
	case older.Reviews != nil:
		found.add(older.Reviews.Approvals, older.Reviews.Dismissed, older.Reviews.OtherPerson)
	}
	return found, unlessHidden(err)
}

// add is one more rule: the strictest of all counts.
func (g *Guard) add(approvals int, dismissed, otherPerson bool) {
	g.PullRequest = Yes
	g.Approval = max(g.Approval, answer(approvals > 0))
	g.Dismissed = max(g.Dismissed, answer(dismissed))
	g.OtherPerson = max(g.OtherPerson, answer(otherPerson))
}

// unread is a protection that may hold people to more than is known.
func (g *Guard) unread() {
	for _, a := range []*Answer{&g.PullRequest, &g.Approval, &g.Dismissed, &g.OtherPerson} {
		if *a == No {
			*a = Unread
		}
	}
}

// protected reports whether a branch has a protection, of either kind.
func (g *gitHub) protected(ctx context.Context, branch string) (bool, error) {
	var b struct {
		Protection struct {
			Enabled bool `json:"enabled"`
		} `json:"protection"`
	}
	err := g.c.call(ctx, http.MethodGet, g.c.job.path("branches", branch), nil, nil, &b)
	return b.Protection.Enabled, unlessHidden(err)
}

func (g *gitHub) restricted(ctx context.Context, branch string) (Answer, error) {
	rules, err := g.rules(ctx, branch)
	if err != nil {
		return Unread, err
	}
	for _, r := range rules {
		if r.Type == "update" {
			return Yes, nil
		}
	}
	protected, err := g.protected(ctx, branch)
	if protected { // by whom it can be pushed to is for administrators to read
		return Unread, err
	}
	return No, err
}

// access reads a list that needs a permission for pull requests. Whether the token may
// write shows with the first comment: GitHub says it of no token of a job.
func (g *gitHub) access(ctx context.Context) (Access, error) {
	if err := g.ping(ctx); err != nil {
		return Access{}, err
	}
	err := g.c.call(ctx, http.MethodGet, g.c.job.path("pulls"), url.Values{"per_page": {"1"}}, nil, nil)
	if IsDenied(err) {
		return Access{Comments: No}, nil
	}
	return Access{}, err
}

func (g *gitHub) oneBranch(ctx context.Context, environment string) (Answer, error) {
	var found struct {
		Policy *struct {
			Protected bool `json:"protected_branches"`
			Custom    bool `json:"custom_branch_policies"`
		} `json:"deployment_branch_policy"`
	}
	err := g.c.call(ctx, http.MethodGet, g.c.job.path("environments", environment), nil, nil, &found)
	if err != nil {
		return Unread, unlessHidden(err)
	}
	return answer(found.Policy != nil && (found.Policy.Protected || found.Policy.Custom)), nil
}
