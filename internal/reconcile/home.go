package reconcile

import (
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// backend is that of the state. It touches nothing of it.
func (h *home) backend() (backend.Backend, error) {
	if !h.shared() {
		return h.files, nil
	}
	place, err := h.place(sharedlog.State)
	if err != nil {
		return nil, err
	}
	return shared.New(place, shared.Options{Dir: h.dir, Lineage: h.state}), nil
}
