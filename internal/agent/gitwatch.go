package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/gitsource"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// fetchedAtOnce bounds how many repositories are fetched at a time.
const fetchedAtOnce = 8

// watched is what this process knows of a workspace from git.
type watched struct {
	faulty string    // what went wrong last, as it was logged
	stale  bool      // people were told
	tried  string    // the commit that was refused last here
	at     time.Time // when
}

// Watch implements watching: each repository is looked at once a minute, for all of its
// workspaces, and no repository waits for another one.
func (m *Machine) Watch(ctx context.Context, db *agentdb.DB) {
	var all sync.WaitGroup
	all.Go(func() {
		for ctx.Err() == nil {
			m.tidy(time.Now())
			select {
			case <-ctx.Done():
			case <-time.After(24 * time.Hour):
			}
		}
	})
	for url, workspaces := range m.byURL() {
		all.Go(func() {
			for ctx.Err() == nil {
				m.visit(ctx, db, url, workspaces)
				select {
				case <-ctx.Done():
				case <-time.After(m.timing.fetch):
				}
			}
		})
	}
	all.Wait()
}

// tidy removes what this machine has of workspaces that are not in its file any more.
func (m *Machine) tidy(now time.Time) {
	var names, urls []string
	for i := range m.machine.Workspaces {
		if w := &m.machine.Workspaces[i]; w.FromGit() {
			names, urls = append(names, exportsOf(w)), append(urls, w.Git)
		}
	}
	removed, err := m.git.SweepOthers(names, urls, now)
	for _, dir := range removed {
		m.log.Info("files of a workspace that is not in the machine's file any more were removed", "directory", dir)
	}
	if err != nil {
		m.log.Warn("files of a workspace that is not in the machine's file any more can't be removed", "error", oneLine(err))
	}
}

func (m *Machine) byURL() map[string][]*machine.Workspace {
	all := map[string][]*machine.Workspace{}
	for i := range m.machine.Workspaces {
		if w := &m.machine.Workspaces[i]; w.FromGit() {
			all[w.Git] = append(all[w.Git], w)
		}
	}
	return all
}

// visit looks at one repository. What is in force is read before the repository is: so a
// tip that is older than it was brought there with force, and not read too early.
func (m *Machine) visit(ctx context.Context, db *agentdb.DB, url string, workspaces []*machine.Workspace) {
	select {
	case <-ctx.Done():
		return
	case m.busy <- struct{}{}:
	}
	defer func() { <-m.busy }()
	rows, err := db.Workspaces(ctx)
	if err != nil {
		m.faults(ctx, workspaces, err)
		return
	}
	r := m.git.Repository(url)
	var branches []string
	for _, w := range workspaces {
		branches = append(branches, w.Branch)
	}
	tips, err := r.Fetch(ctx, branches...)
	now := db.Now()
	if err == nil {
		err = fetched(ctx, db, workspaces, now)
	}
	used, usedErr := db.CommitsInUse(ctx)
	for _, w := range workspaces {
		row := rows[w.Name]
		if row == nil {
			row = &agentdb.Workspace{Name: w.Name}
		}
		failed := err
		if failed == nil {
			failed = m.advance(ctx, db, w, r, row, tips[w.Branch], now)
		} else if _, here := m.git.Exported(exportsOf(w), row.Commit); row.Commit != "" && !here {
			_, _ = m.bring(ctx, w, row.Commit) // it may be here, although the server is not
		}
		m.faults(ctx, []*machine.Workspace{w}, failed)
		m.aged(ctx, w, row, err, now)
		if usedErr == nil && failed == nil {
			inUse := func(commit string) bool { return used[commit] || commit == row.Commit }
			m.faults(ctx, []*machine.Workspace{w}, r.Sweep(ctx, exportsOf(w), inUse, m.of(w).tried, time.Now())) // the disk's times are the system's
		}
	}
}

// fetched says so of all workspaces of a repository.
func fetched(ctx context.Context, db *agentdb.DB, workspaces []*machine.Workspace, now time.Time) error {
	return db.In(ctx, func(tx *agentdb.Tx) error {
		for _, w := range workspaces {
			if err := tx.Fetched(ctx, w.Name, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// faults logs what went wrong, once.
func (m *Machine) faults(ctx context.Context, workspaces []*machine.Workspace, err error) {
	if err == nil || ctx.Err() != nil {
		if err == nil {
			for _, w := range workspaces {
				m.of(w).faulty = ""
			}
		}
		return
	}
	for _, w := range workspaces {
		if s := m.of(w); s.faulty != oneLine(err) {
			s.faulty = oneLine(err)
			m.log.Error("the configuration could not be taken from git, and the one before stays in force", "workspace", w.Name, "error", s.faulty)
		}
	}
}

// of is what is known of a workspace. Only the goroutine of its repository changes it.
func (m *Machine) of(w *machine.Workspace) *watched {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state[w.Name] == nil {
		m.state[w.Name] = &watched{}
	}
	return m.state[w.Name]
}

// aged tells people, once, that nothing can be fetched any more, and that it can again.
func (m *Machine) aged(ctx context.Context, w *machine.Workspace, row *agentdb.Workspace, fetch error, now time.Time) {
	s := m.of(w)
	old := !row.FetchedAt.IsZero() && now.Sub(row.FetchedAt) > m.timing.stale
	news := reconcile.ConfigNews{Workspace: w.Name}
	switch {
	case row.Commit == "" || ctx.Err() != nil:
		return
	case fetch != nil && old && !s.stale:
		s.stale, news.Stale, news.Why = true, row.FetchedAt, oneLine(fetch)
		m.log.Warn("the configuration could not be fetched for an hour", "workspace", w.Name, "since", row.FetchedAt.Format(time.RFC3339))
	case fetch == nil && (old || s.stale):
		s.stale = false
		m.log.Info("the configuration can be fetched again", "workspace", w.Name)
	case fetch != nil && !old: // another agent can fetch it, and says so
		s.stale = false
		return
	default:
		return
	}
	m.tell(ctx, w, row.Commit, news, reconcile.ConfigStale)
}

// tell sends a message to the notify blocks of the commit in force.
func (m *Machine) tell(ctx context.Context, w *machine.Workspace, commit string, news reconcile.ConfigNews, send func(context.Context, reconcile.ConfigNews, reconcile.Deps, reconcile.Observer)) {
	if commit == "" {
		return // nothing says who is to get it
	}
	at, err := m.At(ctx, w.Name, commit)
	if err != nil {
		m.log.Warn("no message was sent about the configuration", "workspace", w.Name, "error", oneLine(err))
		return
	}
	news.Source = at.Source
	send(ctx, news, at.Deps, func(e reconcile.Event) {
		if warned, is := e.(reconcile.Warned); is {
			m.log.Warn(oneLine(errors.New(warned.Text)), "workspace", w.Name)
		}
	})
}

// bring is the folder of a commit, which is fetched and exported if need be.
func (m *Machine) bring(ctx context.Context, w *machine.Workspace, commit string) (dir string, err error) {
	if dir, here := m.git.Exported(exportsOf(w), commit); here {
		return dir, nil
	}
	r := m.git.Repository(w.Git)
	if err := r.Bring(ctx, commit, w.Branch); err != nil {
		return "", err
	}
	return m.export(ctx, w, r, commit)
}

// export exports a commit whose signature is good, where that is asked for.
func (m *Machine) export(ctx context.Context, w *machine.Workspace, r *gitsource.Repository, commit string) (dir string, err error) {
	if w.Signers != "" {
		if err := r.Verify(ctx, commit, w.Signers); err != nil {
			return "", err
		}
	}
	return r.Export(ctx, commit, w.Path, exportsOf(w))
}

// exportsOf is the name of what was exported for a workspace. A workspace whose repository or
// folder is corrected in the machine's file must not go on with files of the former one.
func exportsOf(w *machine.Workspace) string {
	sum := sha256.Sum256([]byte(w.Git + "\n" + w.Path))
	return w.Name + "." + hex.EncodeToString(sum[:4])
}
