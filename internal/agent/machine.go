package agent

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/gitsource"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Machine is the workspaces of a machine's file: directories, and branches in git.
type Machine struct {
	machine *machine.Machine
	dir     string         // where it keeps what it knows
	deps    reconcile.Deps // of the process
	log     *slog.Logger
	dirs    *Directories
	git     *gitsource.Store
	timing  timing

	busy chan struct{} // has a place for each repository that is fetched at a time

	mu    sync.Mutex           // guards what is below
	old   map[string]time.Time // since when nothing was fetched, of those whose runs don't begin for that
	state map[string]*watched
}

// NewMachine makes them of a file without mistakes.
func NewMachine(m *machine.Machine, d reconcile.Deps, log *slog.Logger) *Machine {
	return keptIn(m.Directory, m, d, log)
}

// keptIn are those of a machine that keeps in a folder what it knows of workspaces from git.
func keptIn(dir string, m *machine.Machine, d reconcile.Deps, log *slog.Logger) *Machine {
	all := &Machine{
		machine: m, dir: dir, deps: d, log: log, git: gitsource.New(dir, m.MostRepository), timing: newTiming(), busy: make(chan struct{}, fetchedAtOnce),
		old: map[string]time.Time{}, state: map[string]*watched{},
	}
	var dirs []*Workspace
	for i := range m.Workspaces {
		if w := &m.Workspaces[i]; !w.FromGit() {
			dirs = append(dirs, &Workspace{Name: w.Name, Source: reconcile.Source{Dir: w.Dir}})
		}
	}
	all.dirs = NewDirectories(dirs...)
	return all
}

// Names implements Workspaces.
func (m *Machine) Names() []string {
	var names []string
	for i := range m.machine.Workspaces {
		names = append(names, m.machine.Workspaces[i].Name)
	}
	return names
}

// Refresh implements Workspaces. A commit is in force here when it is on this machine.
func (m *Machine) Refresh(ctx context.Context, db *agentdb.DB, now time.Time) (map[string]Version, error) {
	versions, err := m.dirs.Refresh(ctx, db, now)
	if err != nil || len(m.dirs.all) == len(m.machine.Workspaces) {
		return versions, err
	}
	rows, err := db.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(versions)
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, row := range rows {
		w := m.machine.Workspace(name)
		if w == nil || !w.FromGit() {
			continue
		}
		delete(m.old, name)
		if w.MaxConfigAge > 0 && !row.FetchedAt.IsZero() && now.Sub(row.FetchedAt) > w.MaxConfigAge {
			m.old[name] = row.FetchedAt
		}
		if _, here := m.git.Exported(exportsOf(w), row.Commit); here && row.Commit != "" {
			all[name] = Version{Commit: row.Commit}
		}
	}
	return all, nil
}

// At implements Workspaces.
func (m *Machine) At(ctx context.Context, name, commit string) (*Workspace, error) {
	w := m.machine.Workspace(name)
	if w == nil || w.FromGit() != (commit != "") {
		return nil, &UnknownWorkspaceError{name}
	}
	if !w.FromGit() {
		return m.at(w, reconcile.Source{Dir: w.Dir}, "")
	}
	dir, err := m.bring(ctx, w, commit)
	if err != nil {
		return nil, fmt.Errorf("commit %s of workspace %s is not on this machine: %w", words.ShortHash(commit), name, err)
	}
	return m.fromGit(w, dir, commit)
}

// fromGit is a workspace at a commit that was exported.
func (m *Machine) fromGit(w *machine.Workspace, dir, commit string) (*Workspace, error) {
	home, err := m.home(w.Name)
	if err != nil {
		return nil, err
	}
	one, err := m.at(w, reconcile.Source{Dir: dir, Home: home}, commit)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	fetched, old := m.old[w.Name]
	m.mu.Unlock()
	if old {
		one.Stopped = fmt.Sprintf("the configuration could not be fetched from git since %s, which is longer than max_config_age: nothing was sent. `gdfctl agent --config FILE --check` says what is wrong",
			fetched.UTC().Format(time.RFC3339))
	}
	return one, nil
}

// Command is a command line about a workspace: in its directory, or, if it is in git, in a
// checkout, wherever people have one.
func (m *Machine) Command(workspace string, words ...string) string {
	words = append([]string{"gdfctl"}, words...)
	if w := m.machine.Workspace(workspace); w != nil && !w.FromGit() {
		words = append(words, "--chdir", filepath.ToSlash(w.Dir))
	}
	return console.CommandLine(words...)
}

// at is a workspace with what the machine's file says of it.
func (m *Machine) at(w *machine.Workspace, s reconcile.Source, commit string) (*Workspace, error) {
	d := m.deps
	d.Command = func(words ...string) string { return m.Command(w.Name, words...) }
	if w.EnvFile != "" {
		variables, err := w.Variables()
		if err != nil {
			return nil, err
		}
		d.Env, d.Environ = m.tenant(variables)
	}
	if w.FromGit() {
		d.Provenance.Commit, d.Premises = commit, m.machine.Directory
	}
	one := &Workspace{Name: w.Name, Source: s, Deps: d, Commit: commit, Allow: w.Allow, MinEvery: w.MinEvery}
	if w.PolicyDir != "" {
		one.PolicyDirs = []string{w.PolicyDir}
	}
	return one, nil
}

// cacheVariable is the one variable that is the machine's whatever a workspace sees: the
// levels of call limits are for all that use a key.
const cacheVariable = "GDF_CACHE_DIR"

// tenant is what a workspace sees that has variables of its own: these alone.
func (m *Machine) tenant(variables map[string]string) (env func(string) string, environ []string) {
	cache := m.deps.Env(cacheVariable)
	if cache == "" {
		cache = filepath.Join(m.machine.Directory, "cache")
	}
	environ = []string{}
	for name, value := range variables {
		environ = append(environ, fmt.Sprintf("%s=%s", name, value))
	}
	return func(name string) string {
		if name == cacheVariable {
			return cache
		}
		return variables[name]
	}, environ
}

// home is where this machine keeps what it knows of a workspace from git. It is made when
// it is needed first.
func (m *Machine) home(name string) (string, error) {
	dir := filepath.Join(m.dir, "data", name)
	return dir, os.MkdirAll(dir, 0o700)
}
