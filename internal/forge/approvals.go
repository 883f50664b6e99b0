package forge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

const (
	// mostPages bounds lists. Three pages hold the commits of a pull request.
	mostPages = 10
	// mostFactCalls bounds what finding out approvals costs.
	mostFactCalls = 1000
)

// Reviewed is a merged pull request with what its reviews are worth.
type Reviewed struct {
	PullRequest
	Approvals []Approval
	plans     []Published
}

// Approvals finds out who approved which plan of the pull requests that these
// commits came with, to a branch if it is not empty. Pull requests are in the
// order in which their commits are. A commit without a pull request, and
// whatever can't be read, is an error.
func (c *Client) Approvals(ctx context.Context, commits []string, branch string, plans []Published) ([]Reviewed, error) {
	var all []Reviewed
	seen := map[int]bool{}
	for _, commit := range commits {
		numbers, err := c.host.pullRequestsOf(ctx, commit, branch)
		if err != nil {
			return nil, fmt.Errorf("the pull request of commit %s can't be read: %w", shortHash(commit), err)
		}
		if len(numbers) == 0 {
			return nil, &RefusedError{fmt.Sprintf("commit %s came with no pull request, so nobody approved it: merge changes with pull requests, or remove min_approvals", shortHash(commit))}
		}
		for _, number := range numbers {
			if seen[number] {
				continue
			}
			seen[number] = true
			pr, err := c.host.facts(ctx, number)
			if err != nil {
				return nil, fmt.Errorf("pull request %d can't be read: %w", number, err)
			}
			approvals, err := Approved(pr, plans)
			if err != nil {
				return nil, err
			}
			all = append(all, Reviewed{*pr, approvals, plans})
		}
	}
	return all, nil
}

// Plan is the newest plan of the pull request that at least so many people
// approved, and their approvals. Plans that do the same count together. If there
// is none, the error is a RefusedError that says why each review does not count.
func (r *Reviewed) Plan(least int) (hash string, by []Approval, err error) {
	var newest *Published
	for _, approval := range r.Approvals {
		p := r.published(approval.Plan)
		if p == nil {
			continue
		}
		same := slices.DeleteFunc(slices.Clone(r.Approvals), func(a Approval) bool { return !p.same(r.published(a.Plan)) })
		if len(same) >= max(least, 1) && (newest == nil || p.At.After(newest.At)) {
			newest, hash, by = p, p.Hash, same
		}
	}
	if newest == nil {
		return "", nil, r.refused(least)
	}
	return hash, by, nil
}

func (r *Reviewed) refused(least int) error {
	var why []string
	for _, a := range r.Approvals {
		switch {
		case a.Why != "":
			why = append(why, safetext.Line(a.Login)+" "+string(a.Why))
		default:
			why = append(why, safetext.Line(a.Login)+" approved plan "+shortHash(a.Plan))
		}
	}
	if len(why) == 0 {
		why = []string{"nobody reviewed it"}
	}
	return &RefusedError{fmt.Sprintf("pull request %d needs %s of one plan: %s. Have it approved by other people with write permission, and apply again",
		r.Number, words.Count(max(least, 1), "approval", "approvals"), strings.Join(why, "; "))}
}

func (r *Reviewed) published(hash string) *Published {
	for i := range r.plans {
		if r.plans[i].Hash == hash && hash != "" {
			return &r.plans[i]
		}
	}
	return nil
}

// whole is an error for a list that has more than can be read.
func whole(complete bool, what string) error {
	if complete {
		return nil
	}
	return &Error{what: fmt.Sprintf("it has more than %d %s", mostPages*pageSize, what)}
}

// unreadable is an error for what approvals depend on.
func unreadable(number int, what string, err error) error {
	return refusef(number, "%s can't be read (%s): give the token that permission, or remove min_approvals", what, err)
}
