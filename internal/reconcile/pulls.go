package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/words"
)

// permissions says what the token needs, where the forge can't be read.
const permissions = "The token needs `contents: read` and `pull-requests: read` on GitHub, and the scope `read_api` on GitLab"

// readMerged asks the forge which pull requests were merged since the last complete
// apply, before anything else is read: who lacks a permission finds out at once.
func (a *applying) readMerged(ctx context.Context) error {
	r := a.review
	var ofRun []forge.Review
	var err error
	if r.rule.environment {
		if ofRun, err = r.forge.RunApprovals(ctx, r.head); err != nil && r.rule.least > 0 {
			return fmt.Errorf("nothing was sent: %w", err)
		} else if err != nil {
			a.warnf("%s", err)
		}
	}
	if a.req.Reviewed.Hash != "" {
		r.merged, err = a.pullOf(ctx, &r.plans[0], ofRun)
	} else {
		r.merged, err = a.mergedSince(ctx, ofRun)
	}
	switch {
	case ctx.Err() != nil:
		return ErrInterrupted
	case err != nil || r.merged == nil:
		return err
	}
	for _, pr := range r.merged.PullRequests {
		switch {
		case pr.Uncounted == nil:
		case r.rule.least > 0:
			return fmt.Errorf("nothing was sent: %w", pr.Uncounted)
		default:
			a.warnf("%s", pr.Uncounted)
			pr.Reviews = nil
		}
	}
	return nil
}

// mergedSince are the pull requests that a plan may have been reviewed in which is not
// too old yet.
func (a *applying) mergedSince(ctx context.Context, ofRun []forge.Review) (*forge.Merged, error) {
	mainline, err := a.review.commits.Mainline(ctx, a.knownCommit(ctx))
	if err != nil {
		return nil, err
	}
	commits := make([]forge.Commit, len(mainline))
	for i, c := range mainline {
		commits[i] = forge.Commit(c)
	}
	since := a.Now().Add(-maxReviewAge(a.policies).most - 24*time.Hour) // two clocks differ
	merged, err := a.review.forge.Merged(ctx, commits, since, ofRun)
	if err != nil {
		return nil, fmt.Errorf("nothing was sent, because it is not known what was reviewed: %w\n%s", err, permissions)
	}
	return merged, nil
}

// pullOf is the pull request that a plan was published for. Which one it is, its
// publisher said; that it was merged and is in this checkout, the forge and git say.
func (a *applying) pullOf(ctx context.Context, e *published.Entry, ofRun []forge.Review) (*forge.Merged, error) {
	r := a.review
	var pr *forge.PullRequest
	err := error(&forge.RefusedError{What: "it names no pull request: it was published without the forge's token"})
	if e.Number > 0 {
		pr, err = r.forge.PullRequest(ctx, e.Number, ofRun)
	}
	if err == nil {
		var here bool
		if here, err = r.commits.Contains(ctx, cmp.Or(pr.Merge, pr.Head)); err == nil && !here {
			err = &forge.RefusedError{What: fmt.Sprintf("pull request %s is not in this checkout", pr.Name)}
		}
	}
	_, refused := errors.AsType[*forge.RefusedError](err)
	switch {
	case err == nil:
		return &forge.Merged{PullRequests: []*forge.PullRequest{pr}}, nil
	case refused && r.rule.least == 0:
		return nil, nil // its publisher is believed, as without a forge
	case refused:
		return nil, fmt.Errorf("nothing was sent, because %s, and nobody can have approved plan %s: %w", r.rule, words.ShortHash(e.Hash), err)
	}
	return nil, fmt.Errorf("nothing was sent, because it is not known who approved plan %s: %w\n%s", words.ShortHash(e.Hash), err, permissions)
}

// chooseMerged finds for each pull request the one plan of it that was reviewed.
func (a *applying) chooseMerged(ctx context.Context) error {
	r := a.review
	for _, pr := range r.merged.PullRequests {
		if err := a.choosePull(ctx, pr); err != nil {
			return err
		}
	}
	if r.rule.least == 0 { // as without a forge
		for _, e := range choosePublished(r.plans, r.merged.Direct, "") {
			a.countEntry(ctx, e, nil, "")
		}
	}
	return nil
}

// choosePull counts the plan of a pull request that enough people approved.
func (a *applying) choosePull(ctx context.Context, pr *forge.PullRequest) error {
	r := a.review
	entries, plans := a.publishedFor(ctx, pr)
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	if len(plans) == 0 {
		r.planless = append(r.planless, pr.Name)
		return nil
	}
	reviewed, err := pr.Approved(plans)
	if err != nil && r.rule.least == 0 {
		a.warnf("%s", err)
		reviewed, err = pr.WithoutReviews(plans), nil
	}
	hash, by := "", []forge.Approval(nil)
	switch want := a.req.Reviewed.Hash; {
	case err != nil:
	case want != "":
		hash = r.plans[0].Hash
		by, err = reviewed.Approve(hash, r.rule.least)
	default:
		hash, by, err = reviewed.Plan(r.rule.least)
	}
	if err != nil {
		a.warnf("%s", err)
		a.notApproved(ctx, entries[plans[len(plans)-1].Hash], err)
		return nil
	}
	if e, ok := entries[hash]; ok {
		a.countEntry(ctx, e, reviewOf(pr, by), pr.Name)
	} else {
		r.planless = append(r.planless, pr.Name)
	}
	return nil
}

// mostPlansOf is how many plans of one commit are looked at, the newest ones: anybody
// may publish.
const mostPlansOf = 50

// publishedFor are the plans that were published for the commits of a pull request
// about which somebody decided, oldest first, by their hashes and as approvals see
// them.
func (a *applying) publishedFor(ctx context.Context, pr *forge.PullRequest) (map[string]published.Entry, []forge.Published) {
	room := map[string]int{pr.Head: mostPlansOf}
	for _, review := range pr.Reviews {
		room[review.Commit] = mostPlansOf
	}
	entries := map[string]published.Entry{}
	var plans []forge.Published
	for _, e := range slices.Backward(a.review.plans) {
		if e.Head == "" || room[e.Head] == 0 || e.Lineage != "" && e.Lineage != a.session.State().Lineage() {
			continue
		}
		room[e.Head]--
		p, err := openPublished(ctx, a.review.store, e)
		if err != nil {
			a.warnf("%s; it does not count as reviewed", err)
			continue
		}
		entries[e.Hash] = e
		plans = append(plans, forge.Published{Hash: e.Hash, Commit: e.Head, Config: p.ConfigHash, Changes: p.ChangesHash(), At: e.ForgeAt})
	}
	slices.Reverse(plans)
	return entries, plans
}

// unapproved is a plan that would count if people had approved it.
type unapproved struct {
	plan.ReviewedPlan
	why string
}

// notApproved remembers the newest plan of a pull request that not enough people
// approved: its changes are told with the reason, and as long as somebody can approve
// it, this run is not the last one to ask.
func (a *applying) notApproved(ctx context.Context, newest published.Entry, why error) {
	p, err := openPublished(ctx, a.review.store, newest)
	if err != nil || len(p.Changes) == 0 {
		return
	}
	a.review.unapproved = append(a.review.unapproved, unapproved{plan.ReviewedPlan{Plan: p, Hash: newest.Hash}, why.Error()})
	a.review.pending = a.review.pending || a.notCounted(newest, p) == ""
}

// explain says of changes that no reviewed plan has if the order is in one that not
// enough people approved.
func (a *applying) explain(rest []plan.NotReviewed) {
	for _, u := range a.review.unapproved {
		changes := map[orderName]bool{}
		for i := range u.Changes {
			changes[orderName{u.Changes[i].Account, u.Changes[i].Order.ID}] = true
		}
		for i := range rest {
			if c := rest[i].Change; changes[orderName{c.Account, c.Order.ID}] {
				rest[i].Why = fmt.Sprintf("plan %s changes this order, and does not count: %s", words.ShortHash(u.Hash), u.why)
			}
		}
	}
}

// reviewOf is what is kept of a pull request with each change that it brought.
func reviewOf(pr *forge.PullRequest, by []forge.Approval) *provenance.Review {
	review := provenance.Review{PullRequest: pr.URL, Author: pr.Author, Merger: pr.Merger}
	for _, c := range []struct {
		from string
		to   *string
	}{{pr.Head, &review.Head}, {pr.Base, &review.Base}, {pr.Merge, &review.Merge}} {
		if checkout.IsCommit(c.from) {
			*c.to = c.from
		}
	}
	for _, approval := range by {
		review.Approvers = append(review.Approvers, approval.Login)
	}
	slices.SortFunc(review.Approvers, strings.Compare)
	return review.Kept()
}
