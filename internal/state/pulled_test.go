package state

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// A pulled state without an open call, or with an altered one, is not pushed: only
// that call keeps its order from being changed twice.
func TestAPushKeepsOpenCalls(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x, err := s.Lock(t.Context(), LockRequest{Operation: "apply"})
	must(t, err)
	_, err = x.Intend(Intent{Key: Key{"https://api.example.com", "main", "o1"}, Action: "ship"})
	must(t, err)
	must(t, errors.Join(x.Commit(), x.Close()))
	pulled, _, err := s.Pull(t.Context(), "")
	must(t, err)
	var text bytes.Buffer
	must(t, pulled.Encode(&text))
	for what, change := range map[string][2]string{
		"no call is open":   {text.String()[strings.Index(text.String(), `"orders": {`):], `"orders": {}` + "\n}\n"},
		"another attempt":   {`"attempt":1`, `"attempt":2`},
		"a call of its own": {`"seq":1`, `"seq":7`},
	} {
		if !strings.Contains(text.String(), change[0]) {
			t.Fatalf("%s: %s", what, text.String())
		}
		changed, err := DecodePulled(strings.NewReader(strings.Replace(text.String(), change[0], change[1], 1)))
		must(t, err)
		x, err := s.Lock(t.Context(), LockRequest{Operation: "state push"})
		must(t, err)
		if d, err := x.Push(changed, "by hand"); err == nil || !strings.Contains(err.Error(), "open call") {
			t.Errorf("%s: pushed %+v, %v", what, d, err)
		}
		must(t, x.Close())
	}
	same, err := DecodePulled(&text)
	must(t, err)
	must(t, s.StillAt(t.Context(), same.Position))
}
