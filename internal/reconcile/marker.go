package reconcile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// marker is where this machine last wrote the state of a directory. A configuration
// that names another place is noticed by it: what was done is not known there.
type marker struct {
	Backend string `json:"backend"`
	Place   string `json:"place"`
	State   string `json:"state"`
}

func (h *home) folder() string     { return filepath.Join(h.dir, hiddenFolder) }
func (h *home) markerPath() string { return filepath.Join(h.folder(), "backend.json") }

// readMarker returns nil where there is none that can be read.
func (h *home) readMarker() *marker {
	text, err := os.ReadFile(h.markerPath())
	m := &marker{}
	if err != nil || json.Unmarshal(text, m) != nil || m.Backend == "" {
		return nil
	}
	return m
}

// mark notes where the state was written. Files of this machine are found by
// themselves.
func (w *workspace) mark() error {
	h := w.home
	if !h.shared() {
		return nil
	}
	m := marker{Backend: h.label, Place: h.name(), State: h.state}
	if was := h.readMarker(); was != nil && *was == m {
		return nil
	}
	text, err := json.Marshal(m)
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
	if m := h.readMarker(); m != nil {
		here := marker{Backend: h.label, State: h.state}
		if h.shared() {
			here.Place, here.State = h.name(), cmp.Or(h.state, m.State)
		}
		if *m != here {
			return w.elsewhere(fmt.Sprintf("%s (state %s)", m.Place, m.State), "remove "+h.markerPath())
		}
		return nil
	}
	if !h.shared() {
		return nil
	}
	left, err := h.filesLeft()
	if err != nil || left == "" {
		return err
	}
	return w.elsewhere(left, "move that file and the others of the state out of the directory")
}

// elsewhere is the error for a state that was kept at another place. leave is what
// makes room for a new one.
func (w *workspace) elsewhere(where, leave string) error {
	return &ElsewhereError{Text: fmt.Sprintf(
		"the state of this directory is kept at %s, and the configuration names another place: what was done is not known there. Nothing was sent\n"+
			"To go on as before, put the backend block back as it was. This version of gdfctl can't move a state to another place. "+
			"To begin a new one on purpose, apply with the former block until `%s` shows no order that is unknown, pending or applied. "+
			"Then %s, run `%s`, and look at the plan before the first apply",
		safetext.Line(where), w.command("state", "list"), safetext.Line(leave), w.command("state", "init"))}
}

// ElsewhereError is a configuration that names another place for a state than the one
// where it is.
type ElsewhereError struct{ Text string }

func (e *ElsewhereError) Error() string { return e.Text }

// filesLeft names a state that is kept in files of the directory, though the
// configuration names another place.
func (h *home) filesLeft() (string, error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if slices.ContainsFunc([]string{".state.json", ".audit.jsonl", ".state.json.journal"}, func(end string) bool { return strings.HasSuffix(e.Name(), end) }) {
			return filepath.Join(h.dir, e.Name()), nil
		}
	}
	return "", nil
}

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
