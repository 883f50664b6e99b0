package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/gitsource"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/words"
)

// advance brings the tip of a workspace's branch into force, or says why not. Of agents
// that do so at once, one does it.
func (m *Machine) advance(ctx context.Context, db *agentdb.DB, w *machine.Workspace, r *gitsource.Repository, row *agentdb.Workspace, tip string, now time.Time) error {
	s := m.of(w)
	switch {
	case tip != "" && tip == row.Commit:
		if _, err := m.bring(ctx, w, tip); err != nil {
			return err
		}
		return m.accepted(ctx, db, w, row)
	case tip == s.tried && tip == row.RefusedCommit && row.RefusedWhy != "" && now.Sub(s.at) < m.timing.again:
		return nil
	}
	before := row.Commit
	if !gitsource.IsCommit(before) {
		before = "" // gdfctl has not written that: nothing can come after it, and it is no text for a command
	}
	err := m.takeable(ctx, w, r, before, tip)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	why := refusal(err)
	switch {
	case err != nil && why == "":
		return err
	case why != "":
		s.tried, s.at = tip, now
		return m.refused(ctx, db, w, row, tip, why, now)
	}
	moved, err := db.Advance(ctx, w.Name, row.Commit, tip, now)
	if err != nil || !moved {
		return err
	}
	m.log.Info("another commit is in force", "workspace", w.Name, "commit", tip, "before", row.Commit)
	if row.RefusedWhy != "" {
		m.tell(ctx, w, tip, reconcile.ConfigNews{Workspace: w.Name}, reconcile.ConfigRefused)
	}
	row.Commit = tip
	return nil
}

// accepted forgets that a tip was refused: the branch is back at the commit in force.
func (m *Machine) accepted(ctx context.Context, db *agentdb.DB, w *machine.Workspace, row *agentdb.Workspace) error {
	if row.RefusedWhy == "" {
		return nil
	}
	if err := db.Accept(ctx, w.Name); err != nil {
		return err
	}
	m.tell(ctx, w, row.Commit, reconcile.ConfigNews{Workspace: w.Name}, reconcile.ConfigRefused)
	return nil
}

// refused keeps the commit before in force, and reports the tip once.
func (m *Machine) refused(ctx context.Context, db *agentdb.DB, w *machine.Workspace, row *agentdb.Workspace, tip, why string, now time.Time) error {
	news, err := db.Refuse(ctx, w.Name, tip, why, now)
	if err != nil || !news {
		return err
	}
	m.log.Error("a commit does not come into force, and the one before stays", "workspace", w.Name, "commit", tip, "in_force", row.Commit, "why", why)
	m.tell(ctx, w, row.Commit, reconcile.ConfigNews{Workspace: w.Name, Refused: tip, Why: why}, reconcile.ConfigRefused)
	return nil
}

// takeable returns nil if a tip may come into force behind the commit before it.
func (m *Machine) takeable(ctx context.Context, w *machine.Workspace, r *gitsource.Repository, before, tip string) error {
	if tip == "" {
		return &gitsource.RefusedError{Reason: fmt.Sprintf("the repository has no branch %q", w.Branch), Remedy: "Push it, or correct branch in the machine's file."}
	}
	if err := r.Arrived(ctx, tip); err != nil {
		return err
	}
	if before != "" {
		follows, err := r.Follows(ctx, tip, before)
		if err != nil {
			return err
		}
		if !follows {
			return &gitsource.RefusedError{ // in the same words whether this machine has that commit or not: it is one message
				Reason: fmt.Sprintf("commit %s does not come after %s, which is in force: the branch was pushed with force", words.ShortHash(tip), words.ShortHash(before)),
				Remedy: fmt.Sprintf("Merge the commit in force into the branch, and push: git merge -s ours %s. If the machine's file names another repository than before, give the workspace another name.", before),
			}
		}
	}
	dir, err := m.export(ctx, w, r, tip)
	if err != nil {
		return err
	}
	at, err := m.fromGit(w, dir, tip)
	if err != nil {
		return err
	}
	return at.runnable(ctx)
}

// runnable refuses a configuration from git that no agent can run.
func (w *Workspace) runnable(ctx context.Context) error {
	found, err := reconcile.ReadRunnable(ctx, w.Source, nil, w.Deps, func(reconcile.Event) {})
	if err != nil {
		return err
	}
	return w.fits(found)
}

// fits refuses what the machine does not allow.
func (w *Workspace) fits(found *reconcile.Runnable) error {
	if w.Commit != "" && !found.Shared {
		return &reconcile.LocalStateError{Backend: found.Backend}
	}
	return w.often(found.Schedules)
}

// refusal is what is wrong with a commit; empty: the error says nothing of it, and the next
// try may end otherwise.
func refusal(err error) string {
	if err != nil && (reconcile.ForGood(err) || errors.As(err, new(*gitsource.RefusedError)) || errors.As(err, new(*OftenError))) {
		return oneLine(err)
	}
	return ""
}
