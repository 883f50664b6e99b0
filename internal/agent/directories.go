package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// Directories are workspaces whose configurations are in directories of this machine.
type Directories struct {
	all   []*Workspace
	known map[string]Version
	next  int // the one that is looked at next
}

// NewDirectories makes them, with the names that they have.
func NewDirectories(all ...*Workspace) *Directories {
	return &Directories{all: all, known: map[string]Version{}}
}

// Directory is a single one, which is named after its folder.
func Directory(s reconcile.Source, d reconcile.Deps) (*Directories, error) {
	absolute, err := filepath.Abs(s.Dir)
	if err != nil {
		return nil, err
	}
	return NewDirectories(&Workspace{Name: filepath.Base(absolute), Source: s, Deps: d}), nil
}

// Names implements Workspaces.
func (d *Directories) Names() []string {
	var names []string
	for _, w := range d.all {
		names = append(names, w.Name)
	}
	return names
}

// lookedAt is how many directories a look reads: a thousand have their turn in a minute and
// a half. What a run reads is of its own time.
const lookedAt = 64

// Refresh implements Workspaces.
func (d *Directories) Refresh(context.Context, *agentdb.DB, time.Time) (map[string]Version, error) {
	first := len(d.known) == 0
	for n := range d.all {
		if n == lookedAt && !first {
			break
		}
		w := d.all[d.next]
		d.next = (d.next + 1) % len(d.all)
		d.known[w.Name] = Version{Files: w.files()}
	}
	return d.known, nil
}

// At implements Workspaces.
func (d *Directories) At(_ context.Context, name, commit string) (*Workspace, error) {
	for _, w := range d.all {
		if w.Name == name && w.Commit == commit {
			return w, nil
		}
	}
	return nil, &UnknownWorkspaceError{name}
}

// files is what the files of the configuration are like. It changes when one of them does.
func (w *Workspace) files() string {
	names, err := filepath.Glob(filepath.Join(w.Source.Dir, "*.hcl"))
	if err != nil {
		return ""
	}
	var all strings.Builder
	for _, name := range append(names, w.Source.VarFiles...) {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&all, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return all.String()
}
