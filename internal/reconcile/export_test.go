package reconcile

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// InMemory makes "memory" the label of a backend whose logs are made by open, until
// the test ends.
func InMemory(t *testing.T, open func(sharedlog.Block) sharedlog.Place) {
	backends["memory"] = kindOfBackend{attributes: []string{"name"}, log: func(b sharedlog.Block) (sharedlog.Place, *backend.Mistake) {
		return open(b), nil
	}}
	t.Cleanup(func() { delete(backends, "memory") })
}
