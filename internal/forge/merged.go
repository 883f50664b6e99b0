package forge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

const (
	// mostPages bounds lists. Three pages hold the commits of a pull request.
	mostPages = 10
	// mostFactCalls bounds what finding out approvals costs.
	mostFactCalls = 1000
)

// Commit is one of a branch, with the time that it says itself.
type Commit struct {
	Hash string
	At   time.Time
}

// Merged is what was merged into a branch.
type Merged struct {
	PullRequests []*PullRequest // in the order in which they were merged
	Direct       []string       // commits that came with none
}

// Merged finds the pull requests with which the commits of this job's branch came;
// the newest commit is the first. It stops where they were merged before a time.
// Who approved this run, if that counts, approved what it would do. Whatever can't
// be read is an error, except for what only decides about approvals: that is in the
// pull request.
func (c *Client) Merged(ctx context.Context, commits []Commit, since time.Time, ofRun []Review) (*Merged, error) {
	m := &Merged{}
	known, seen := map[string]bool{}, map[int]bool{}
	for _, commit := range commits {
		if known[commit.Hash] {
			continue
		}
		found, err := c.host.pullRequestsOf(ctx, commit.Hash, c.job.Branch)
		if err != nil {
			return nil, fmt.Errorf("the pull request of commit %s can't be read: %w", shortHash(commit.Hash), err)
		}
		if len(found) == 0 {
			if commit.At.Before(since) {
				break
			}
			m.Direct = append(m.Direct, commit.Hash)
		}
		young := len(found) == 0
		for _, f := range found {
			if f.mergedAt.Before(since) {
				continue
			}
			young = true
			if seen[f.number] {
				continue
			}
			seen[f.number] = true
			pr, err := c.host.facts(ctx, f.number, ofRun)
			if err != nil {
				return nil, fmt.Errorf("pull request %s can't be read: %w", c.job.name(f.number), err)
			}
			for _, own := range pr.Commits {
				known[own] = true
			}
			m.PullRequests = append(m.PullRequests, pr)
		}
		if !young {
			break
		}
	}
	slices.Reverse(m.PullRequests)
	return m, nil
}

// PullRequest reads one that was merged, whichever commits came with it.
func (c *Client) PullRequest(ctx context.Context, number int, ofRun []Review) (*PullRequest, error) {
	pr, err := c.host.facts(ctx, number, ofRun)
	switch {
	case err != nil:
		return nil, fmt.Errorf("pull request %s can't be read: %w", c.job.name(number), err)
	case pr.MergedAt.IsZero() || c.job.Branch != "" && pr.Branch != c.job.Branch:
		return nil, &RefusedError{fmt.Sprintf("pull request %s was not merged into this branch", pr.Name)}
	}
	return pr, nil
}

// RunApprovals are the approvals of this very run, which must be for that commit.
func (c *Client) RunApprovals(ctx context.Context, commit string) ([]Review, error) {
	return c.host.runApprovals(ctx, commit)
}

// found is a pull request with which a commit came.
type found struct {
	number   int
	mergedAt time.Time
}

// Reviewed is a merged pull request with what its reviews are worth.
type Reviewed struct {
	*PullRequest
	Approvals []Approval
	plans     []Published
}

// Plan is the newest plan of the pull request that at least so many people
// approved, and their approvals. Plans that do the same count together. If there
// is none, the error is a RefusedError that says why each review does not count.
// Where no approval is needed and nobody approved one, it is the plan that was there
// when the pull request was merged, or none.
func (r *Reviewed) Plan(least int) (hash string, by []Approval, err error) {
	var newest *Published
	for _, approval := range r.Approvals {
		p := r.published(approval.Plan)
		if p == nil || newest != nil && !p.At.After(newest.At) {
			continue
		}
		if same := r.approving(p); len(same) >= max(least, 1) {
			newest, hash, by = p, p.Hash, same
		}
	}
	switch {
	case newest != nil:
		return hash, by, nil
	case least > 0:
		return "", nil, r.refused(least)
	}
	if last := r.atMerge(r.plans, true); last != nil {
		hash = last.Hash
	}
	return hash, nil, nil
}

// Approve is for one plan what Plan is for all: who approved it, or one that does the
// same.
func (r *Reviewed) Approve(hash string, least int) ([]Approval, error) {
	var by []Approval
	if p := r.published(hash); p != nil {
		by = r.approving(p)
	}
	if len(by) < least {
		return nil, r.refused(least)
	}
	return by, nil
}

// WithoutReviews is a pull request of which no approval is counted.
func (pr *PullRequest) WithoutReviews(plans []Published) *Reviewed {
	return &Reviewed{PullRequest: pr, plans: plans}
}

// approving are the approvals of what a plan does, one of each person.
func (r *Reviewed) approving(p *Published) (all []Approval) {
	seen := map[string]bool{}
	for _, a := range r.Approvals {
		if login := fold(a.Login); !seen[login] && p.same(r.published(a.Plan)) {
			seen[login] = true
			all = append(all, a)
		}
	}
	return all
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
	return &RefusedError{fmt.Sprintf("pull request %s needs %s of one plan (min_approvals): %s. Have it approved by other people with write permission, and apply again",
		r.Name, words.Count(max(least, 1), "approval", "approvals"), strings.Join(why, "; "))}
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
func (pr *PullRequest) unreadable(what string, err error) error {
	if _, refused := errors.AsType[*RefusedError](err); refused {
		return err // which says more
	}
	return pr.refusef("%s can't be read (%s): give the token that permission, or remove min_approvals", what, err)
}
