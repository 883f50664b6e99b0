package forge

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// gitLabProtection is a protected branch, or a pattern of names.
type gitLabProtection struct {
	Name string `json:"name"`
	Push []struct {
		AccessLevel int    `json:"access_level"`
		User        *int64 `json:"user_id"`
		Group       *int64 `json:"group_id"`
		Key         *int64 `json:"deploy_key_id"`
	} `json:"push_access_levels"`
	Force bool `json:"allow_force_push"`
}

// nobody reports whether no one pushes to the branch.
func (p *gitLabProtection) nobody() bool {
	for _, l := range p.Push {
		if l.AccessLevel != 0 || l.User != nil || l.Group != nil || l.Key != nil {
			return false
		}
	}
	return !p.Force
}

// developers reports whether everybody who can write to the repository pushes to it.
func (p *gitLabProtection) developers() bool {
	for _, l := range p.Push {
		if l.AccessLevel == developer && l.User == nil && l.Group == nil && l.Key == nil {
			return true
		}
	}
	return false
}

// protections are those of a branch. read is false if this token may not see them.
func (g *gitLab) protections(ctx context.Context, branch string) (of []gitLabProtection, read bool, err error) {
	all, _, err := list[gitLabProtection](ctx, g.c, g.c.job.path("protected_branches"), nil, mostPages)
	if err != nil {
		return nil, false, unlessHidden(err)
	}
	return slices.DeleteFunc(all, func(p gitLabProtection) bool { return !matches(p.Name, branch) }), true, nil
}

func (g *gitLab) guard(ctx context.Context, branch string) (Guard, error) {
	found := Guard{}
	protections, read, err := g.protections(ctx, branch)
	if err != nil {
		return found, err
	}
	if read { // of several patterns, the most permissive counts
		found.PullRequest = answer(len(protections) > 0 && !slices.ContainsFunc(protections, func(p gitLabProtection) bool { return !p.nobody() }))
	}
	var settings struct {
		ResetOnPush  bool `json:"reset_approvals_on_push"`
		NoCommitters bool `json:"merge_requests_disable_committers_approval"`
	}
	err = g.c.call(ctx, http.MethodGet, g.c.job.path("approvals"), nil, nil, &settings)
	if err != nil {
		return found, unlessHidden(err) // a version of GitLab without approval rules
	}
	found.Dismissed, found.OtherPerson = answer(settings.ResetOnPush), answer(settings.NoCommitters)
	type rule struct {
		Approvals int `json:"approvals_required"`
	}
	rules, _, err := list[rule](ctx, g.c, g.c.job.path("approval_rules"), nil, mostPages)
	if err != nil {
		return found, unlessHidden(err)
	}
	found.Approval = answer(slices.ContainsFunc(rules, func(r rule) bool { return r.Approvals > 0 }))
	return found, nil
}

func (g *gitLab) restricted(ctx context.Context, branch string) (Answer, error) {
	protections, read, err := g.protections(ctx, branch)
	if err != nil || !read {
		return Unread, err
	}
	return answer(len(protections) > 0 && !slices.ContainsFunc(protections, func(p gitLabProtection) bool { return p.developers() })), nil
}

func (g *gitLab) access(ctx context.Context) (Access, error) {
	if err := g.ping(ctx); err != nil {
		return Access{}, err
	}
	var token struct {
		Scopes []string `json:"scopes"`
	}
	if err := g.c.call(ctx, http.MethodGet, "/personal_access_tokens/self", nil, nil, &token); err != nil {
		return Access{}, unlessHidden(err)
	}
	return Access{Comments: answer(slices.Contains(token.Scopes, "api")), Scopes: safetext.Line(strings.Join(token.Scopes, ", "))}, nil
}

// oneBranch is not asked: GitLab gives a protected variable to protected branches only,
// and says in the job whether it is of one.
func (g *gitLab) oneBranch(context.Context, string) (Answer, error) { return Unread, nil }
