package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// ReviewedRequest asks for only those changes that reviewers were shown.
type ReviewedRequest struct {
	Hash  string // of the one published plan that counts; empty: those of the commits since the last apply
	Older bool   // also from a commit that came before the one applied last
}

// ReviewedPlan is a published plan that counts as reviewed.
type ReviewedPlan struct {
	published.Entry
	Review *provenance.Review // as the forge says; nil: it was not asked
	Name   string             // of the pull request, as the forge calls it: #17
}

// review is what an apply of reviewed changes knows beside its plan.
type review struct {
	store   *published.Store
	plans   []published.Entry // all that are published, oldest first
	commits checkout.Checkout
	head    string
	shown   []plan.ReviewedPlan // those that count, oldest first

	rule       approvalRule
	forge      *forge.Client                 // nil: there is none to ask
	merged     *forge.Merged                 // nil: the forge was not asked
	reviews    map[string]*provenance.Review // of those that count, as the forge says, by their hashes
	planless   []string                      // pull requests of which no plan was published
	unapproved []unapproved
	pending    bool // one of these can still be approved
}

// openReview reads what is published, before there is a lease.
func (a *applying) openReview(ctx context.Context) (*review, error) {
	r := &review{commits: checkout.At(a.source.dir()), rule: approvalsOf(a.policies), reviews: map[string]*provenance.Review{}}
	var err error
	if r.forge, err = a.forgeOf(r.rule, a.observe); err != nil {
		return nil, err
	}
	if r.head, err = r.commits.Head(ctx); err == nil {
		err = r.commits.Whole(ctx)
	}
	if errors.Is(err, checkout.ErrShallow) {
		return nil, fmt.Errorf("nothing was sent: %w, so it is not known which plans were reviewed\nFetch the whole history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 for GitLab, or `git fetch --unshallow`", err)
	}
	if err != nil {
		return nil, fmt.Errorf("nothing was sent, because it is not known which commit this is: %w", err)
	}
	if r.store, err = a.plans(a.home); err != nil {
		return nil, err
	}
	if want := a.req.Reviewed.Hash; want != "" {
		e, err := r.store.Find(ctx, want)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("nothing was sent: %w\n`%s` shows what is published", err, a.command("plans", "list")), r.store.Close())
		}
		r.plans = []published.Entry{e}
		return r, nil
	}
	if r.plans, err = r.store.List(ctx); err != nil {
		return nil, errors.Join(err, r.store.Close())
	}
	return r, nil
}

// takeReviewed plans under the lease, and keeps of that what was reviewed.
func (a *applying) takeReviewed(ctx context.Context) error {
	r := a.review
	defer a.observe.closing(r.store.Close)
	if want := a.req.Reviewed.Hash; want != "" {
		if run, done := a.session.State().PlanDone(r.plans[0].Hash); done {
			a.report.Plan, a.report.Hash, a.report.DoneBefore = &plan.Plan{}, r.plans[0].Hash, run
			return nil
		}
	}
	if err := a.notOlder(ctx); err != nil {
		return err
	}
	if r.forge != nil {
		if err := a.readMerged(ctx); err != nil {
			return err
		}
	}
	made, in, err := a.makePlan(ctx, a.req.Scope, a.policies, a.session.State(), nil)
	if err != nil {
		return err
	}
	if err := a.choose(ctx, made.Plan.ConfigHash); err != nil {
		return err
	}
	a.passForged(in.Wishes, made.Plan)
	a.session.ApplyCommit(r.head, false) // however the run ends
	kept, rest := plan.Reviewed(made.Plan, r.shown)
	if len(rest) > 0 {
		a.explain(rest)
		a.tellUncounted()
	}
	for _, n := range rest {
		a.passed = append(a.passed, apply.Passed{Change: n.Change, Result: apply.NotReviewed, Message: n.Why})
	}
	made.Plan, made.Violations = kept, checkPolicies(kept, a.policies)
	if err := a.planned(made, a.session.State()); err != nil {
		return err
	}
	for seen := range plan.Observe(in) {
		a.remember(seen)
	}
	a.rememberParcels(kept)
	return nil
}

// orderName is how two plans are compared.
type orderName struct{ account, id string }

// passForged tells of changes of a published plan that says that it was made from
// this very configuration, and that this configuration does not ask for: somebody
// altered it. They are not in the present plan, so nothing would be said of them.
func (a *applying) passForged(wishes *spec.Wishes, now *plan.Plan) {
	told := map[orderName]bool{} // by the comparison with the present plan
	for i := range now.Changes {
		told[orderName{now.Changes[i].Account, now.Changes[i].Order.ID}] = true
	}
	policy := spec.Strictest(a.policies)
	for _, shown := range a.review.shown {
		if _, done := a.session.State().PlanDone(shown.Hash); done || shown.ConfigHash != now.ConfigHash {
			continue
		}
		_, unasked := plan.Asked(shown.Plan, plan.Asking{Wishes: wishes, Seal: seal, Accounts: a.cfg.Accounts, State: a.session.State(), Policy: policy, Now: shown.CreatedAt})
		for _, u := range unasked {
			if u.Change != nil && !u.Held && !told[orderName{u.Change.Account, u.Change.Order.ID}] {
				a.passed = append(a.passed, apply.Passed{Change: u.Change, Result: apply.NotReviewed, Message: fmt.Sprintf(
					"the published plan %s has it, and the configuration that it names does not ask for it: %s", words.ShortHash(shown.Hash), u.Why)})
			}
		}
	}
}

// notOlder refuses a checkout that lacks the commit which was applied last: an old job
// that is run again.
func (a *applying) notOlder(ctx context.Context) error {
	last := a.session.State().Commits().Last
	if last == "" {
		return nil
	}
	contained, err := a.review.commits.Contains(ctx, last)
	switch {
	case err != nil:
		return err
	case contained:
		return nil
	case a.req.Reviewed.Older:
		reason := fmt.Sprintf("this checkout (%.12s) does not contain the commit that was applied last (%.12s)", a.review.head, last)
		a.warnf("%s", reason)
		return a.session.RecordOlder(reason)
	}
	return fmt.Errorf("nothing was sent: this checkout (%.12s) does not contain the commit that was applied last (%.12s), as when an old job is run again\n"+
		"Check out the tip of the branch. If this commit is the right one, use --older", a.review.head, last)
}

// choose opens the published plans that count.
func (a *applying) choose(ctx context.Context, configHash string) error {
	r := a.review
	switch {
	case r.merged != nil:
		if err := a.chooseMerged(ctx); err != nil {
			return err
		}
	case a.req.Reviewed.Hash != "":
		a.countEntry(ctx, r.plans[0], nil, "")
	default:
		commits, err := r.commits.Since(ctx, a.knownCommit(ctx))
		if err != nil {
			return err
		}
		for _, e := range choosePublished(r.plans, commits, configHash) {
			a.countEntry(ctx, e, nil, "")
		}
	}
	return nil
}

// knownCommit is the commit of the last complete apply, if this checkout knows it.
// Without it, the plans of all commits count: what they hold is compared anyway.
func (a *applying) knownCommit(ctx context.Context) string {
	complete := a.session.State().Commits().Complete
	if known, err := a.review.commits.Contains(ctx, complete); err != nil || !known {
		return ""
	}
	return complete
}

// finished remembers which commit was applied, and the plans of which nothing is left.
func (r *review) finished(a *applying, result *apply.Result) {
	rest := *result
	rest.Counts = map[apply.ItemResult]int{}
	for kind, n := range result.Counts {
		if kind != apply.NotReviewed { // no reviewed plan has them
			rest.Counts[kind] = n
		}
	}
	// What an account that was not read, or a stopped batch, should have is still to do.
	if pl := a.report.Plan; !rest.Complete() || !rest.Clean() || len(pl.Missing)+len(pl.Stopped) > 0 {
		return
	}
	if a.req.Reviewed.Hash == "" && len(a.req.partial()) == 0 && !r.pending {
		a.session.ApplyCommit(r.head, true)
	}
	for _, shown := range r.shown {
		a.session.FinishPlan(shown.Hash, a.report.RunID, countsOf(shown.Plan))
	}
}
