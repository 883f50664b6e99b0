package reconcile

import (
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// backends are the places where a state can be kept, by the label of the backend
// block. Another one is a package of its own, which joins the suite of
// internal/state/statetest, and a line here.
var backends = map[string]func(dir string, b spec.Backend) backend.Backend{
	"local": func(dir string, b spec.Backend) backend.Backend { return local.New(filepath.Join(dir, b.Path)) },
}

// storeOf is the state that a configuration names.
func (d Deps) storeOf(dir string, b spec.Backend) *state.Store {
	return state.NewStore(backends[b.Kind](dir, b), state.Options{Now: d.Now, Provenance: d.Provenance, Version: d.Version})
}

// memoryOf is what was learned beside a configuration. It is this machine's own,
// wherever the state is kept.
func memoryOf(dir string, b spec.Backend) memory.File {
	return memory.File(local.PathsFor(filepath.Join(dir, b.Path)).Feeds)
}
