package agent

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// UnknownScheduleError says that a name on the command line stands for nothing, or for more
// than one thing.
type UnknownScheduleError struct {
	Name string
	Why  string
}

func (e *UnknownScheduleError) Error() string { return e.Why }

// target is what a name on the command line stands for: a schedule, or, without one, all of
// a workspace.
type target struct{ workspace, schedule string }

// named finds what a name stands for. SCHEDULE is enough where one workspace has it.
func (a *agent) named(ctx context.Context, name string) (target, error) {
	rows, err := a.db.Schedules(ctx)
	if err != nil {
		return target{}, err
	}
	if found := a.matches(rows, name); len(found) > 1 {
		var all []string
		for _, t := range found {
			all = append(all, t.String())
		}
		return target{}, &UnknownScheduleError{name, fmt.Sprintf("%q can be %s: write which one", name, strings.Join(all, " or "))}
	} else if len(found) == 1 {
		return found[0], nil
	}
	switch {
	case a.db.Shared() && len(rows) == 0:
		return target{}, &UnknownScheduleError{name, fmt.Sprintf("no agent has read any schedule yet: start one with %s", a.Deps.Command("agent"))}
	case len(a.names) == 1 && !a.db.Shared():
		return target{}, &UnknownScheduleError{name, fmt.Sprintf("the configuration has no schedule %q.%s", name, a.meant(rows, name))}
	}
	return target{}, &UnknownScheduleError{name, fmt.Sprintf("no agent has read a schedule or workspace %q.%s Write SCHEDULE, WORKSPACE or WORKSPACE/SCHEDULE as %s shows them", name, a.meant(rows, name), a.Deps.Command("agent", "status"))}
}

// meant asks whether a name is a typo of one that stands for something.
func (a *agent) meant(rows []*agentdb.Schedule, name string) string {
	names := slices.Clone(a.names)
	for _, row := range rows {
		names = append(names, row.Name, target{row.Workspace, row.Name}.String())
	}
	return nearest.Question(name, names)
}

// String is how people write it.
func (t target) String() string { return t.workspace + "/" + t.schedule }

// matches are the targets that a name can stand for.
func (a *agent) matches(rows []*agentdb.Schedule, name string) (found []target) {
	if slices.Contains(a.names, strings.TrimSuffix(name, "/")) {
		found = append(found, target{workspace: strings.TrimSuffix(name, "/")})
	}
	for _, row := range rows {
		t := target{row.Workspace, row.Name}
		switch {
		case name == t.String():
			return []target{t}
		case name == row.Name && len(a.names) == 1 && row.Workspace == a.names[0]: // its folder may have any name
			return []target{t}
		case name == row.Name:
			found = append(found, t)
		case strings.TrimSuffix(name, "/") == row.Workspace && !slices.Contains(found, target{workspace: row.Workspace}): // of another machine
			found = append(found, target{workspace: row.Workspace})
		}
	}
	return found
}

// openFor opens the database for a command about what a name stands for.
func openFor(ctx context.Context, o Options, name string) (*agent, target, error) {
	a, err := open(ctx, o)
	if err != nil {
		return nil, target{}, err
	}
	var t target
	if err = a.know(ctx); err == nil {
		t, err = a.named(ctx, name)
	}
	if err != nil {
		a.close()
	}
	return a, t, err
}

// Nameable are the names that a command line can have of workspaces and their schedules. Nothing is asked of a
// database or of a network: of git, the commit counts that came to this machine last.
func (m *Machine) Nameable() (workspaces, schedules []string) {
	for i := range m.machine.Workspaces {
		w := &m.machine.Workspaces[i]
		workspaces = append(workspaces, w.Name)
		source := reconcile.Source{Dir: w.Dir}
		if w.FromGit() {
			if source.Dir, _ = m.git.Exported(exportsOf(w), m.git.Latest(exportsOf(w))); source.Dir == "" {
				continue
			}
		}
		if one, err := m.at(w, source, ""); err == nil {
			for _, schedule := range reconcile.ReadNames(one.Source, one.Deps).Schedules {
				schedules = append(schedules, target{w.Name, schedule}.String())
			}
		}
	}
	return workspaces, schedules
}
