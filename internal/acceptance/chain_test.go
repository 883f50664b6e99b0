package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
)

var lineHash = regexp.MustCompile(`,"hash":"([0-9a-f]{64})"}$`)

// auditHolds verifies the audit record twice: by the program, and by the rule
// that its documents give: the hash of a line is the SHA-256 of the line
// without its hash, and each line names the hash of the one before it.
func (w *world) auditHolds() {
	w.t.Helper()
	w.run("audit", "verify").exits(0)
	previous := strings.Repeat("0", 64)
	number := 0
	for line := range bytes.Lines([]byte(w.read("gdfctl.audit.jsonl"))) {
		number++
		line = bytes.TrimSuffix(line, []byte("\n"))
		found := lineHash.FindSubmatchIndex(line)
		if found == nil {
			w.t.Fatalf("line %d of the audit record has no hash: %s", number, line)
		}
		sum := sha256.Sum256(append(bytes.Clone(line[:found[0]]), '}'))
		if hash := hex.EncodeToString(sum[:]); hash != string(line[found[2]:found[3]]) {
			w.t.Errorf("line %d of the audit record does not fit its hash", number)
		}
		var link struct {
			Line int
			Prev string
		}
		if err := json.Unmarshal(line, &link); err != nil || link.Line != number || link.Prev != previous {
			w.t.Errorf("line %d of the audit record does not follow from the one before it", number)
		}
		previous = string(line[found[2]:found[3]])
	}
}
