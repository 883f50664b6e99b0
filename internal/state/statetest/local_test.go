package statetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

func TestLocal(t *testing.T) {
	Run(t, func(t *testing.T) Place {
		path := filepath.Join(t.TempDir(), "gdfctl.state.json")
		lockfile := local.PathsFor(path).Lockfile
		return Place{
			Open: func() backend.Backend { return local.New(path) },
			TakeAway: func(t *testing.T) {
				if err := os.Rename(lockfile, lockfile+".taken"); err != nil {
					t.Fatal(err)
				}
				// A run has been here, and nobody holds it.
				if err := os.WriteFile(lockfile, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			},
			Leave: func(t *testing.T, h backend.Holder) {
				data, err := json.Marshal(h)
				if err == nil {
					err = os.WriteFile(lockfile, data, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}
