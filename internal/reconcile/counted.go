package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/words"
)

// choosePublished are the plans that reviewers of these commits were shown: the newest
// one of each commit, and the newest one of this very configuration, if it is given, as
// after a squash merge. They stay in the order in which they were published.
func choosePublished(all []published.Entry, commits []string, configHash string) []published.Entry {
	newest := map[string]int{}
	same := -1
	for i, e := range all {
		newest[e.Head] = i
		if e.ConfigHash == configHash && configHash != "" {
			same = i
		}
	}
	counts := map[int]bool{}
	for _, commit := range commits {
		if i, ok := newest[commit]; ok {
			counts[i] = true
		}
	}
	var chosen []published.Entry
	for i, e := range all {
		if counts[i] || i == same {
			chosen = append(chosen, e)
		}
	}
	return chosen
}

// notCounted says why a published plan is not what was reviewed, or nothing.
func (a *applying) notCounted(e published.Entry, p *plan.Plan) string {
	now := a.Now()
	made := slices.MinFunc([]time.Time{e.At, p.CreatedAt}, time.Time.Compare)
	if !e.ForgeAt.IsZero() && e.ForgeAt.Before(made) {
		made = e.ForgeAt
	}
	st := a.session.State()
	switch {
	case p.Lineage != "" && p.Lineage != st.Lineage():
		return "it was made against another state"
	case p.Position != nil && p.Position.N > a.store.Position().N:
		return fmt.Sprintf("it was made from record %d of the state, which ends at record %d here", p.Position.N, a.store.Position().N)
	case p.CreatedAt.Sub(now) > mostAhead:
		return "it is dated ahead: one of the two clocks is wrong"
	}
	limit := maxReviewAge(a.policies)
	if why := limit.exceeded(now.Sub(made)); why != "" {
		return "it is " + why + ". " + limit.raise()
	}
	return ""
}

// countEntry counts a published plan as reviewed, unless it is too old or not of this
// state. review and name are of its pull request, if the forge knows it.
func (a *applying) countEntry(ctx context.Context, e published.Entry, review *provenance.Review, name string) {
	p, err := openPublished(ctx, a.review.store, e)
	if err != nil {
		a.warnf("%s; it does not count as reviewed", err)
		return
	}
	if why := a.notCounted(e, p); why != "" {
		a.warnf("the published plan %s does not count as reviewed: %s", words.ShortHash(e.Hash), why)
		return
	}
	a.review.shown = append(a.review.shown, plan.ReviewedPlan{Plan: p, Hash: e.Hash})
	if review != nil {
		a.review.reviews[e.Hash] = review
	}
	a.report.Reviewed = append(a.report.Reviewed, ReviewedPlan{Entry: e, Review: review, Name: name})
}

// tellUncounted says why there can be changes that no reviewed plan has.
func (a *applying) tellUncounted() {
	r := a.review
	if len(r.planless) > 0 {
		a.warnf("no plan was published for %s before the merge: what they bring counts as not reviewed", strings.Join(r.planless, ", "))
	}
	if r.merged != nil && len(r.merged.Direct) > 0 && r.rule.least > 0 {
		a.warnf("%s came with no pull request (%.12s), so nobody approved what is in it: what no pull request shows is not sent, and appears in the next plan. Merge changes with pull requests",
			words.Count(len(r.merged.Direct), "commit", "commits"), r.merged.Direct[0])
	}
	if len(r.shown) == 0 {
		a.warnf("no published plan counts as reviewed for this commit (%.12s): `%s` shows what is published", r.head, a.command("plans", "list"))
	}
}
