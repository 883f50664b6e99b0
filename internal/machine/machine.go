package machine

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Machine is what the file says.
type Machine struct {
	Database   string // the URL of PostgreSQL; empty: SQLite in Directory
	Directory  string // for what the agent keeps on this machine; absolute
	Workspaces []Workspace

	MostRepository int64 // bytes of each repository on this machine; 0: as many as are usual

	// Files has the source, for the lines that are shown with diagnostics.
	Files map[string]*diag.Source
}

// Workspace is one configuration that an agent runs. It is a directory of this machine,
// or a folder of a branch in git.
type Workspace struct {
	Name string

	Dir string // absolute; empty: it comes from git

	Git     string // the URL, or an absolute path
	Branch  string
	Path    string // in the repository, with slashes; "." is its root
	Signers string // the file of allowed signers; empty: signatures are not looked at

	EnvFile   string // the variables that it sees; empty: those of the process
	PolicyDir string // a second policy, of the machine; empty: there is none

	Allow        []order.Action // never empty
	MinEvery     time.Duration  // its schedules can't be due more often; 0: as often as they want
	MaxConfigAge time.Duration  // without a fetch for longer, its runs stop; 0: they go on
}

// Workspace is the one of that name, nil if there is none.
func (m *Machine) Workspace(name string) *Workspace {
	for i := range m.Workspaces {
		if m.Workspaces[i].Name == name {
			return &m.Workspaces[i]
		}
	}
	return nil
}

// FromGit reports whether a workspace comes from git.
func (w *Workspace) FromGit() bool { return w.Git != "" }
