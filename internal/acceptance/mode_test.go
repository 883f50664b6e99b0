package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// private fails the test if others than the owner may read these files.
func (w *world) private(names ...string) {
	w.t.Helper()
	for _, name := range names {
		info, err := os.Stat(filepath.Join(w.dir, name))
		if err != nil {
			w.t.Error(err)
			continue
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			w.t.Errorf("%s has the mode %o, want 600", name, mode)
		}
	}
}

// quoted is a text as JSON writes it.
func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always can be
	return string(b)
}
