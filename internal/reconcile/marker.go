package reconcile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// The marker is where this machine last wrote the state of a directory, as a Where. A
// configuration that names another place is noticed by it: what was done is not known
// there. With it, the former place can be opened again.

func (h *home) folder() string     { return filepath.Join(h.dir, hiddenFolder) }
func (h *home) markerPath() string { return filepath.Join(h.folder(), "backend.json") }

// readMarker returns nil where there is none that can be read.
func (h *home) readMarker() *backend.Where {
	text, err := os.ReadFile(h.markerPath())
	m := &backend.Where{}
	if err != nil || json.Unmarshal(text, m) != nil || m.Backend == "" {
		return nil
	}
	return m
}

// mark notes where the state was written. Files in the directory itself are found
// without that.
func (w *workspace) mark() error {
	h := w.home
	if !h.shared() && !strings.ContainsRune(filepath.ToSlash(h.where().Place), '/') {
		if was := h.readMarker(); was != nil && was.Backend == h.label {
			return h.unmark()
		}
		return nil
	}
	text, err := json.Marshal(h.where())
	if was, readErr := os.ReadFile(h.markerPath()); err == nil && readErr == nil && bytes.Equal(bytes.TrimSpace(was), text) {
		return nil
	}
	if err == nil {
		err = disk.MakeFolder(h.folder())
	}
	if err == nil {
		err = disk.Replace(disk.OS{}, h.markerPath(), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("%s can't be written, which says where the state is: %w", h.markerPath(), err)
	}
	return nil
}

// unmark forgets where the state was.
func (h *home) unmark() error {
	if err := os.Remove(h.markerPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// blockOf is the block of a place that was noted. env has the values that come from the
// environment.
func blockOf(w backend.Where, env func(string) string) spec.Backend {
	b := spec.Backend{Label: w.Backend}
	if w.State != "" {
		b.Attributes = append(b.Attributes, spec.BackendAttribute{Name: stateAttribute, Value: w.State, Known: true})
	}
	for _, a := range w.Attributes {
		said := spec.BackendAttribute{Name: a.Name, Value: a.Value, From: a.From, Known: true}
		if a.From != "" {
			said.Value = env(a.From)
		}
		b.Attributes = append(b.Attributes, said)
	}
	return b
}

// wasAt is where this machine wrote the state before, if another place is no mistake
// for certain: the state can have moved, and its log says so when it is read. Nil: no
// such place is known.
func (h *home) wasAt() *backend.Where {
	if !h.shared() || h.state == "" {
		return nil
	}
	was := h.readMarker()
	if was == nil {
		if left, err := h.filesLeft(); err == nil && left != "" {
			was = local.MovedTo(left)
		}
	}
	if was == nil || was.State != h.state {
		return nil
	}
	return was
}

// name is what messages call the place of a shared home.
func (h *home) name() string {
	place, err := h.place(sharedlog.State)
	if err != nil {
		return h.label
	}
	return place.String()
}

// expected closes and refuses a workspace whose state is kept at another place than
// before: the configuration names it, and the state was not carried there.
func (d Deps) expected(w *workspace) (*workspace, error) {
	if err := cmp.Or(w.unplaced, w.brought(), w.unexpected()); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workspace) unexpected() error {
	h := w.home
	if h.wasAt() != nil { // the log is asked
		return nil
	}
	if m := h.readMarker(); m != nil {
		if m.Backend == h.label && (!h.shared() || m.Place == h.name() && h.state == "") {
			return nil
		}
		return w.elsewhere(placeOf(*m))
	}
	if !h.shared() {
		return nil
	}
	left, err := h.filesLeft()
	if err != nil || left == "" {
		return err
	}
	return w.elsewhere(left)
}

// placeOf is what messages call a place that was noted.
func placeOf(w backend.Where) string {
	if w.State == "" {
		return w.Place
	}
	return fmt.Sprintf("%s (state %s)", w.Place, w.State)
}

// elsewhere is the error for a state that was kept at another place.
func (d Deps) elsewhere(where string) error {
	return &ElsewhereError{Text: fmt.Sprintf(
		"the state of this directory is kept at %s, and the configuration names another place: what was done is not known there. Nothing was sent\n"+
			"To take the state along, run `%s`. To go on as before, put the backend block back as it was",
		safetext.Line(where), d.command("state", "migrate"))}
}

// ElsewhereError is a configuration that names another place for a state than the one
// where it is.
type ElsewhereError struct{ Text string }

func (e *ElsewhereError) Error() string { return e.Text }

// filesLeft names a state that is kept in files of the directory, though the
// configuration names another place. What a state left that moved away comes last.
func (h *home) filesLeft() (string, error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return "", err
	}
	moved, behind := "", map[string]bool{}
	for _, e := range entries {
		if path := filepath.Join(h.dir, e.Name()); strings.HasSuffix(path, stateFileEnd) && local.MovedTo(path) != nil {
			moved = path
			for _, name := range local.New(path).Files() {
				behind[name] = true
			}
		}
	}
	for _, end := range []string{stateFileEnd, stateFileEnd + ".journal", ".audit.jsonl"} {
		for _, e := range entries {
			if path := filepath.Join(h.dir, e.Name()); !behind[path] && strings.HasSuffix(path, end) {
				return path, nil
			}
		}
	}
	return moved, nil
}

// otherFiles names the state files in the directory that are not the block's own: those
// that hold a state, and those of states that moved away.
func (h *home) otherFiles() (here, moved []string, err error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".journal")
		path := filepath.Join(h.dir, name)
		switch {
		case !strings.HasSuffix(name, stateFileEnd) || slices.Contains(here, name) || !h.shared() && name == h.where().Place:
		case local.MovedTo(path) != nil:
			moved = append(moved, name)
		default:
			here = append(here, name)
		}
	}
	return here, moved, nil
}

// stateFileEnd is how the name of a state file ends.
const stateFileEnd = ".state.json"

// keepsState refuses to begin a state by itself in files of a CI job: they are gone
// after it, or the one that there was before is kept elsewhere.
func (w *workspace) keepsState() error {
	if w.home.shared() || w.Provenance.CI == "" || w.store.Left() != "" {
		return nil
	}
	return fmt.Errorf("nothing was sent: there is no state at %s, and the files of a CI job are gone after it\n"+
		"If the state is kept elsewhere, the backend block that names that place is missing. To share one between jobs, write a backend \"git\", \"s3\" or \"postgres\" block. "+
		"If these files are kept from one job to the next, begin the state on purpose, once: %s", w.store.Name(), w.command("state", "init"))
}
