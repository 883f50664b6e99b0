package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state"
)

func (s *team) pull() string {
	s.Helper()
	var out bytes.Buffer
	if _, err := reconcile.Pull(s.Context(), reconcile.PullRequest{Source: s.source(), To: &out}, s.deps, s.observe); err != nil {
		s.Fatal(err)
	}
	return out.String()
}

func (s *team) push(text string) (*reconcile.PushReport, error) {
	s.Helper()
	return s.pushIn(s.Context(), text)
}

func (s *team) pushIn(ctx context.Context, text string) (*reconcile.PushReport, error) {
	s.Helper()
	path := filepath.Join(s.TempDir(), "kept.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
	return reconcile.Push(ctx, reconcile.PushRequest{
		Source: s.source(), File: path, Reason: "by hand", LockTimeout: time.Hour, Approve: func(context.Context, *state.Difference) (bool, error) { return true, nil },
	}, s.deps, s.observe)
}

// In a state that machines share, a push goes by the position of the log: leases that
// changed nothing don't matter, and anything else that was done since does.
func TestAPushGoesByThePositionOfTheLog(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-1", "112-2")
		s.commit(s.head, shipments("112-1", "112-2"))
		s.publish()
		s.mustReview()
		pulled := s.pull()
		unlock := reconcile.UnlockRequest{Source: s.source(), Reason: "just in case"}
		if _, err := reconcile.Unlock(t.Context(), unlock, s.deps, s.observe); err != nil { // it takes a lease, and changes nothing
			t.Fatal(err)
		}
		changed := strings.Replace(pulled, `"carrier":"UPS"`, `"carrier":"USPS"`, 1)
		done, err := s.other().push(changed)
		if err != nil || len(done.Difference.Changed) != 1 || done.Difference.Len() != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		if again := s.pull(); !strings.Contains(again, `"carrier":"USPS"`) {
			t.Error(again)
		}
		moved := (*state.ChangedError)(nil)
		if _, err := s.push(strings.Replace(pulled, `"serial": `, `"serial": 9`, 1)); !errors.As(err, &moved) {
			t.Errorf("a file from before was pushed: %v", err)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, s.sent())
	})
}
