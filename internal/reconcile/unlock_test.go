package reconcile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// Another run may take the state between the two records of an unlock. The lock was
// removed all the same, and that is what is said.
func TestAnUnlockThatAnotherRunFollowsAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2")
		s.applied("112-2")
		log := s.logs[sharedlog.State]
		records := log.Records()
		last := records[len(records)-1]
		appendLine := func(line string) { // a run that is alive and does nothing
			prev := log.Records()[len(log.Records())-1]
			line = strings.NewReplacer("@n", fmt.Sprint(prev.N+1), "@prev", sharedlog.HashOf(prev.Data)).Replace(line)
			if err := log.Place("stuck").Append(t.Context(), sharedlog.Position{N: prev.N, Hash: sharedlog.HashOf(prev.Data)}, sharedlog.Raw{N: prev.N + 1, Data: []byte(line + "\n"), Timeline: last.Timeline}); err != nil {
				t.Fatal(err)
			}
		}
		acquire := `{"n":@n,"prev":"@prev","id":"x","epoch":@n,"kind":"acquire","at":"2026-11-27T10:00:00Z","by":{"id":"WHO","who":"WHO","host":"h","pid":1,"operation":"apply","since":"2026-11-27T10:00:00Z"},"timeline":"` + last.Timeline + `","terms":{"lease_ms":180000,"call_ms":60000,"settle_ms":120000}}`
		appendLine(strings.ReplaceAll(acquire, "WHO", "stuck"))
		broken := false
		log.SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method == "Append" && c.Record.Kind == "acquire" && !broken {
				broken = true
				appendLine(strings.ReplaceAll(acquire, "WHO", "next")) // comes first
			}
			return memlog.Fault{}
		})
		warnings := s.watchWarnings()
		r, err := reconcile.Unlock(t.Context(), reconcile.UnlockRequest{Source: s.source(), Reason: "it hangs"}, s.deps, s.observe)
		if err != nil || r.Holder.Who != "stuck" {
			t.Fatalf("%v, %+v", err, r)
		}
		if told := strings.Join(*warnings, "\n"); !strings.Contains(told, "next@h") {
			t.Errorf("people are told %q", told)
		}
	})
}
