package reconcile

import (
	"fmt"
	"path/filepath"
	"sync"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// home is where a configuration keeps its state, as its backend block says.
type home struct {
	label string
	dir   string
	kind  kindOfBackend
	block sharedlog.Block
	said  []backend.Attribute // of the block, but for which state it is
	state string              // which state it is; empty if that is not said, and for files
	files backend.Backend     // nil for a log
	unset string              // an environment variable that the block needs, and that is not set
	// unnamed is the mistake of a block that does not say which state it is. All but
	// the command that begins one refuse it.
	unnamed *diag.Diagnostic
}

// shared reports whether other machines can write the state too.
func (h *home) shared() bool { return h.kind.log != nil }

// place is that of one of the logs of a shared home.
func (h *home) place(log sharedlog.Log) (sharedlog.Place, error) {
	if h.unset != "" {
		return nil, fmt.Errorf("%s is not set in the environment, and the backend block takes from it where the state is", h.unset)
	}
	block := h.block
	block.Log = log
	place, mistake := h.kind.log(block)
	if mistake != nil { // Configured knew better
		return nil, fmt.Errorf("%s: %s", mistake.Summary, mistake.Detail)
	}
	return place, nil
}

// backendOf is that of the state. It touches nothing of it. If this machine wrote the
// state elsewhere before, it must have come from there.
func (d Deps) backendOf(h *home) (backend.Backend, error) {
	if !h.shared() {
		return h.files, nil
	}
	place, err := h.place(sharedlog.State)
	if err != nil {
		return nil, err
	}
	o := shared.Options{Dir: h.dir, Lineage: h.state, Key: sync.OnceValue(d.machineKey)}
	if was := h.wasAt(); was != nil && was.Place != place.String() {
		o.Former, o.Stray = was.Place, d.elsewhere(placeOf(*was))
	}
	return shared.New(place, o), nil
}

// where is the place in the words of its block.
func (h *home) where() backend.Where {
	w := backend.Where{Backend: h.label, State: h.state, Attributes: h.said}
	if h.shared() {
		w.Place = h.name()
		return w
	}
	w.Place = h.files.Name(backend.Snapshot)
	if inside, err := filepath.Rel(h.dir, w.Place); err == nil {
		w.Place = inside // whichever directory this was started in
	}
	return w
}

// is reports whether two blocks name one place.
func (h *home) is(other *home) bool {
	if h.label != other.label || h.shared() != other.shared() {
		return false
	}
	if h.shared() {
		return h.name() == other.name()
	}
	one, err := filepath.Abs(h.files.Name(backend.Snapshot))
	two, otherErr := filepath.Abs(other.files.Name(backend.Snapshot))
	return err == nil && otherErr == nil && one == two
}

func (h *home) configure() (mistake *backend.Mistake) {
	if h.shared() {
		_, mistake = h.kind.log(h.block)
		return mistake
	}
	h.files, mistake = h.kind.files(h.dir, h.block.Attributes)
	return mistake
}

// tooSlow warns of a backend that can't write down as many calls as the accounts
// allow.
func (h *home) tooSlow(b spec.Backend, accounts []*spec.Account) diag.List {
	var perSecond float64
	for _, a := range accounts {
		perSecond += a.PerSecond
	}
	if h == nil || h.kind.perSecond == 0 || perSecond <= h.kind.perSecond {
		return nil
	}
	return diag.List{{
		Severity: diag.Warning, Range: b.At, Summary: fmt.Sprintf("The backend %q is slower than the API", h.label),
		Detail: fmt.Sprintf("Calls are written down before they are sent, here at most %g in a second, and the accounts allow %g. An apply takes longer than it could: keep the state in \"s3\" or \"postgres\" if that matters.",
			h.kind.perSecond, perSecond),
	}}
}
