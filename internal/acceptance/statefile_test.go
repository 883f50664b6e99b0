package acceptance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

const stateName = "gdfctl.state.json"

// stateHead is what a state says of itself.
type stateHead struct {
	Lineage string `json:"lineage"`
	Serial  uint64 `json:"serial"`
}

// stateHolds fails the test unless the state file is whole: its last member is
// the SHA-256 of everything before it. No file is whole too.
func (w *world) stateHolds() stateHead {
	w.t.Helper()
	var head stateHead
	if !w.exists(stateName) {
		return head
	}
	text := w.read(stateName)
	body, tail, found := strings.Cut(text, `  "checksum": "sha256:`)
	sum := sha256.Sum256([]byte(body))
	if !found || tail != hex.EncodeToString(sum[:])+"\"\n}\n" {
		w.t.Errorf("the state file does not fit its checksum")
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil {
		w.t.Errorf("the state file is not JSON: %s", err)
	}
	return head
}

// remove takes files of the configuration's directory away.
func (w *world) remove(names ...string) {
	w.t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
	}
}
