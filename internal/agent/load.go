package agent

import (
	"context"
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// loaded is a workspace whose schedules this agent has read.
type loaded struct {
	version Version
	configuration
	faulty string // what is wrong with the version, as it was logged
}

// configuration is what a workspace has in force: of the last version without mistakes.
type configuration struct {
	schedules []*spec.Schedule // nil: there was none
	commit    string
	accounts  []string      // nil: that is not known
	minEvery  time.Duration // as the machine's file says
}

// schedule is the one of a name; nil: there is none.
func (l *loaded) schedule(name string) *spec.Schedule {
	if l != nil {
		for _, s := range l.schedules {
			if s.Name == name {
				return s
			}
		}
	}
	return nil
}

// reload reads the schedules of workspaces of which another version is in force. One
// with mistakes changes nothing: the schedules before stay in force, and their runs say
// what is wrong.
func (a *agent) reload(ctx context.Context) error {
	versions, err := a.Workspaces.Refresh(ctx, a.db, a.now())
	for _, name := range a.names {
		version, there := versions[name]
		if l := a.loaded[name]; !there || l != nil && l.version == version {
			continue
		}
		_, failed := a.load(ctx, name, version)
		err = errors.Join(err, failed)
	}
	return err
}

// load reads the schedules of a version of a workspace. Its mistakes are not what failed.
func (a *agent) load(ctx context.Context, name string, version Version) (mistakes, failed error) {
	l := &loaded{version: version}
	if before := a.loaded[name]; before != nil {
		l.configuration = before.configuration
	}
	read, mistakes := a.read(ctx, name, version.Commit)
	if mistakes != nil {
		l.faulty = oneLine(mistakes)
		if before := a.loaded[name]; before == nil || before.faulty != l.faulty {
			a.log.Error("the configuration can't be used, and the schedules before stay in force", "workspace", name, "error", l.faulty)
		}
	} else {
		if err := a.adopt(ctx, name, &read, true); err != nil {
			return nil, err
		}
		l.configuration = read
	}
	a.loaded[name] = l
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faulty[name] = l.faulty
	return mistakes, nil
}

// read reads the configuration of a workspace at a commit.
func (a *agent) read(ctx context.Context, name, commit string) (configuration, error) {
	w, err := a.Workspaces.At(ctx, name, commit)
	if err != nil {
		return configuration{}, err
	}
	found, err := a.configured(w)
	if err == nil {
		err = w.often(found.Schedules)
	}
	if err != nil {
		return configuration{}, err
	}
	read := configuration{commit: commit, accounts: found.Accounts, minEvery: w.MinEvery}
	for _, s := range found.Schedules {
		own := *s
		own.Times = s.Times.In(name)
		read.schedules = append(read.schedules, &own)
	}
	return read, nil
}

// adopt puts schedules of a workspace into the table; if these are all of them, others
// retire. A new one is due at once, unless it does not catch up: so, if the database is lost,
// each schedule runs once. So is one that comes back: of the time when the configuration
// did not have it, it missed nothing.
func (a *agent) adopt(ctx context.Context, workspace string, c *configuration, all bool) error {
	now := a.now()
	return a.db.In(ctx, func(tx *agentdb.Tx) error {
		if c.commit == "" { // which of git was in force before, if it ever was one of git, doesn't matter
			if err := tx.Leave(ctx, workspace); err != nil {
				return err
			}
		} else if late, err := tx.Behind(ctx, workspace, c.commit); err != nil || late {
			return err // another agent knows better, and this one will at its next look
		}
		if err := tx.Listed(ctx, workspace, c.accounts, now); err != nil {
			return err
		}
		known, err := tx.Known(ctx, workspace)
		if err != nil {
			return err
		}
		before := map[string]*agentdb.Schedule{}
		for _, k := range known {
			before[k.Name] = k
		}
		not, err := tooSoon(ctx, tx, workspace, c, known, now)
		if err != nil {
			return err
		}
		if all {
			if err := tx.Retire(ctx, workspace); err != nil {
				return err
			}
		}
		for _, s := range c.schedules {
			row := &agentdb.Schedule{Workspace: workspace, Name: s.Name, Rule: s.Times.String(), Run: string(s.Run), NextDue: s.Times.Next(now), RuledAt: now}
			k, moved, last := before[s.Name], true, s.Times.Last(now)
			if k != nil && k.Rule == row.Rule {
				if !k.RuledAt.IsZero() && !k.RuledAt.After(now) {
					row.RuledAt = k.RuledAt
				}
				moved = k.RuledAt.IsZero() && !k.NextDue.After(now)
			}
			switch {
			case k != nil && a.beyond(k, s, now, c.minEvery):
				moved = true
			case (k == nil || k.Rule == row.Rule) && s.CatchUp && !last.IsZero():
				row.NextDue = last
			}
			next := row.NextDue
			if !moved {
				next = k.NextDue
			}
			if from := not.before(s, k); next.Before(from) && !next.IsZero() {
				row.NextDue, moved = s.Times.Next(from.Add(-time.Nanosecond)), true
			}
			if err := tx.Adopt(ctx, row, moved); err != nil {
				return err
			}
		}
		return nil
	})
}
