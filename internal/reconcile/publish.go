package reconcile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/published"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/words"
)

// keptAfterReview is how long a published plan is kept after it became too old to be
// applied.
const keptAfterReview = 30 * 24 * time.Hour

// plans is the store of published plans.
func (d Deps) plans(h *home) (*published.Store, error) {
	if !h.shared() {
		return nil, errors.New("plans are published beside a state that machines share, and this one is kept in files: write a backend \"git\", \"s3\" or \"postgres\" block into the configuration")
	}
	place, err := h.place(sharedlog.Plans)
	if err != nil {
		return nil, err
	}
	return published.New(place, d.Now), nil
}

// publication is what publishing a plan needs beside the plan. What it was made from is
// let go by then.
type publication struct {
	Deps
	source    Source
	observe   Observer
	home      *home
	reviewAge time.Duration // the least of the policies
	rule      approvalRule
	dirty     bool // the commit does not hold what it was made from
}

// dirty reports whether the plan is made from files that the commit does not hold, as
// far as git can tell. Reviewers of the commit would be shown another thing than it
// holds: that is an error, unless it is allowed.
func (w *workspace) dirty(ctx context.Context, allowed bool) (bool, error) {
	changed, err := checkout.At(w.source.dir()).Changed(ctx, ".hcl")
	if err != nil || len(changed) == 0 {
		return false, nil //nolint:nilerr // no checkout: publishing says that there is no commit
	}
	if allowed {
		return true, nil
	}
	const most = 3
	names := make([]string, 0, most)
	for _, name := range changed[:min(most, len(changed))] {
		names = append(names, safetext.Line(name))
	}
	list := strings.Join(names, ", ")
	if more := len(changed) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return false, fmt.Errorf("the plan was not published, because changes are not committed: %s. Reviewers would see another plan than the commit makes\n"+
		"Commit or undo the changes, and publish again. With --allow-dirty, the plan is published for no commit", list)
}

// publish keeps a plan where whoever applies it later finds it, and returns the entry.
func (u *publication) publish(ctx context.Context, made *PlanReport) (*published.Entry, error) {
	store, err := u.plans(u.home)
	if err != nil {
		return nil, err
	}
	defer u.observe.closing(store.Close)
	p := made.Plan
	var saved bytes.Buffer
	if _, err := p.Encode(&saved); err != nil {
		return nil, err
	}
	planned := provenance.DetectPlanned(u.Env, os.ReadFile)
	switch {
	case u.dirty:
		planned.Head = ""
	case planned.Head == "": // on a person's machine
		if planned.Head, err = checkout.At(u.source.dir()).Head(ctx); err != nil {
			u.observe.warnf("the plan is published without a commit, which is known neither from the environment (GDF_COMMIT) nor from git: %s", err)
		}
	}
	s := p.Summary()
	e := published.Entry{
		Hash: made.Hash, ConfigHash: p.ConfigHash, Version: p.Version, Lineage: p.Lineage, Made: p.CreatedAt,
		Who: u.Provenance.Who, Head: planned.Head, Base: planned.Base, PullRequest: u.Provenance.PullRequest,
		Changes: len(p.Changes), Counts: published.Counts{Acknowledge: s.Acknowledge, Ship: s.Ship, Correct: s.Correct, Cancel: s.Cancel, Insert: s.Insert}, Partial: len(p.Partial)+len(p.Missing) > 0,
	}
	u.dated(ctx, &e)
	if err := store.Publish(ctx, e, saved.Bytes()); err != nil {
		return nil, err
	}
	if err := store.Trim(ctx, u.Now().Add(-u.reviewAge-keptAfterReview)); err != nil {
		u.observe.warnf("old published plans were not removed: %s", err)
	}
	return &e, nil
}

// Numbered is which plan of its pull request one is, and what the one before it was.
type Numbered struct {
	Number int // from 1 on; 0: it is not known
	Last   forge.Shown
}

// number counts the plans that were published for this pull request. Who may publish
// can say anything there, so it is for words alone.
func (u *publication) number(ctx context.Context, hash string) (n Numbered) {
	pull := u.Provenance.PullRequest
	store, err := u.plans(u.home)
	if err != nil || pull == "" {
		return n // publishing reports what is wrong
	}
	defer u.observe.closing(store.Close)
	plans, err := store.List(ctx)
	if err != nil {
		return n
	}
	n.Number = 1
	for _, e := range plans {
		if e.PullRequest == pull && e.Hash != hash {
			n.Number++
			n.Last = forge.Shown{Acknowledge: e.Counts.Acknowledge, Ship: e.Counts.Ship, Correct: e.Counts.Correct, Cancel: e.Counts.Cancel, Insert: e.Counts.Insert}
		}
	}
	return n
}

// dated adds what only the forge knows: its time, with which it will date approvals,
// and the pull request of this job.
func (u *publication) dated(ctx context.Context, e *published.Entry) {
	job, err := u.job()
	if err == nil {
		e.Number = job.PullRequest
		e.ForgeAt, err = u.forge(job, u.observe).Time(ctx)
	}
	if err != nil && (u.rule.least > 0 || !noForge(err)) {
		u.observe.warnf("the plan is published without the forge's time, so no approval can count for it: %s", err)
	}
}

// closing ends a connection that is not used any more.
func (o Observer) closing(end func() error) {
	if err := end(); err != nil {
		o.warnf("%s", err)
	}
}

// openPublished reads a published plan, and compares it with its name: nothing that is
// kept there is trusted.
func openPublished(ctx context.Context, store *published.Store, e published.Entry) (*plan.Plan, error) {
	saved, err := store.Open(ctx, e)
	if err != nil {
		return nil, err
	}
	p, hash, err := plan.Decode(bytes.NewReader(saved))
	if err == nil && hash != e.Hash {
		err = fmt.Errorf("it is another plan, %s", words.ShortHash(hash))
	}
	if err != nil {
		return nil, fmt.Errorf("the published plan %s: %w", words.ShortHash(e.Hash), err)
	}
	return p, nil
}
