package state

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

func TestOneWriter(t *testing.T) {
	dir := t.TempDir()
	first := mustLock(t, newTestStore(dir, disk.OS{}))
	second := newTestStore(dir, disk.OS{})
	_, err := second.Lock(t.Context(), LockRequest{Operation: "apply", Wait: 5 * time.Millisecond})
	var locked *backend.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("a second writer: %v", err)
	}
	if h := locked.Holder; h.Who != "ann" || h.Host != "build-7" || h.PID != os.Getpid() || h.Operation != "apply" || h.Since.IsZero() {
		t.Errorf("%+v", h)
	}
	if h, ok := second.Holder(); !ok || h != locked.Holder {
		t.Errorf("Holder: %+v", h)
	}
	if _, _, err := second.ForceUnlock(t.Context(), LockRequest{Reason: "in a hurry"}, ""); !errors.As(err, &locked) {
		t.Errorf("ForceUnlock: %v", err)
	}
	must(t, first.Close())
	if _, ok := second.Holder(); ok {
		t.Error("a released lock has a holder")
	}
	if x := mustLock(t, second); len(x.Notices()) > 0 {
		t.Errorf("notices: %v", x.Notices())
	}
}

func TestLockWaits(t *testing.T) {
	dir := t.TempDir()
	first := mustLock(t, newTestStore(dir, disk.OS{}))
	waiting := make(chan error)
	go func() {
		x, err := newTestStore(dir, disk.OS{}).Lock(t.Context(), LockRequest{Operation: "apply", Wait: time.Minute})
		if err == nil {
			err = x.Close()
		}
		waiting <- err
	}()
	must(t, first.Close())
	must(t, <-waiting)
}

func TestLockGivesUpWithItsContext(t *testing.T) {
	dir := t.TempDir()
	mustLock(t, newTestStore(dir, disk.OS{}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newTestStore(dir, disk.OS{}).Lock(ctx, LockRequest{Operation: "apply", Wait: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestManyWritersOneAtATime(t *testing.T) {
	dir := t.TempDir()
	const writers = 8
	errs := make(chan error, writers)
	for n := range writers {
		go func() {
			x, err := newTestStore(dir, hastyOS{}).Lock(t.Context(), LockRequest{Operation: "apply", Wait: time.Minute})
			if err != nil {
				errs <- err
				return
			}
			id, err := x.Intend(shipping(n))
			errs <- errors.Join(err, x.RecordOutcome(IntentID{x.runID(), id}, Outcome{Result: order.Done}), x.Commit(), x.Close())
		}()
	}
	for range writers {
		must(t, <-errs)
	}
	got, _, err := newTestStore(dir, disk.OS{}).Read()
	must(t, err)
	if got.Len() != writers || got.Serial() != writers {
		t.Errorf("%d entries, serial %d", got.Len(), got.Serial())
	}
}

const holderVariable = "GDFCTL_TEST_HOLD_LOCK"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holderVariable); dir != "" {
		holdLock(dir)
	}
	os.Exit(m.Run())
}

// holdLock is another process: it begins a call and waits to be killed.
func holdLock(dir string) {
	x, err := newTestStore(dir, disk.OS{}).Lock(context.Background(), LockRequest{Operation: "apply"})
	if err == nil {
		err = x.Begin(Run{ID: "run-killed", Command: "apply"})
	}
	if err == nil {
		_, err = x.Intend(shipping(1))
	}
	fmt.Println("held", err)
	select {}
}

func TestADeadHoldersLockIsFree(t *testing.T) {
	dir := t.TempDir()
	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	other.Env = append(os.Environ(), holderVariable+"="+dir)
	output, err := other.StdoutPipe()
	must(t, err)
	must(t, other.Start())
	said, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || said != "held <nil>\n" {
		t.Fatalf("the other process said %q, %v", said, err)
	}
	s := newTestStore(dir, disk.OS{})
	var locked *backend.LockedError
	if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); !errors.As(err, &locked) || locked.Holder.PID != other.Process.Pid {
		t.Errorf("while it lives: %v", err)
	}
	must(t, other.Process.Kill())
	_ = other.Wait() // it was killed

	x := mustLock(t, s)
	if !noticed(x.Notices(), "did not end properly; its lock was freed") || !noticed(x.Notices(), "run-killed") {
		t.Errorf("notices: %v", x.Notices())
	}
	if e, ok := x.State().Entry(testKey(1)); !ok || len(e.Intents) != 1 {
		t.Errorf("its open call: %+v", e)
	}
}

func TestForceUnlock(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	left := backend.Holder{ID: "gone", Who: "bob", Host: "laptop", PID: 1, Operation: "apply", Since: noon}
	leaveHolder(t, s, left)
	cleared, _, err := s.ForceUnlock(t.Context(), LockRequest{Reason: "bob's laptop fell into the sea"}, "")
	must(t, err)
	if cleared.Holder != left {
		t.Errorf("cleared %+v", cleared)
	}
	if _, ok := s.Holder(); ok {
		t.Error("the lock still has a holder")
	}
	for r, err := range s.AuditList(audit.Filter{Action: audit.Unlock}) {
		must(t, err)
		if r.Reason != "bob's laptop fell into the sea" || !strings.Contains(r.Message, "bob@laptop") || r.Who != "ann" {
			t.Errorf("%+v", r)
		}
	}
	if cleared, _, err := s.ForceUnlock(t.Context(), LockRequest{Reason: "again"}, ""); cleared.Holder.ID != "" || err != nil {
		t.Errorf("nothing to clear: %+v, %v", cleared, err)
	}
	if head, err := s.VerifyAudit(""); head.Lines != 1 || err != nil {
		t.Errorf("audit: %v, %v", head, err)
	}
}

// Whoever loses the lock finds out before the next call.
func TestAFencedSessionStops(t *testing.T) {
	for name, takeAway := range map[string]func(t *testing.T, s *Store){
		"the file was removed": func(t *testing.T, s *Store) { must(t, os.Remove(files(s).Lockfile)) },
		"the file is another's": func(t *testing.T, s *Store) {
			must(t, os.Rename(files(s).Lockfile, files(s).Lockfile+".old"))
			must(t, os.WriteFile(files(s).Lockfile, nil, 0o600))
			mustLock(t, newTestStore(filepath.Dir(files(s).Lockfile), disk.OS{}))
		},
		"the content is another's": func(t *testing.T, s *Store) {
			leaveHolder(t, s, backend.Holder{ID: "other", Who: "bob"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestStore(t.TempDir(), disk.OS{})
			x := mustLock(t, s)
			must(t, x.Begin(Run{ID: "run-1"}))
			id := mustIntend(t, x, shipping(1))
			takeAway(t, s)
			audit, _ := os.ReadFile(files(s).Audit)
			var fenced *backend.FencedError
			if _, err := x.Intend(shipping(2)); !errors.As(err, &fenced) {
				t.Errorf("Intend: %v", err)
			}
			if err := x.RecordOutcome(id, Outcome{Result: order.Done}); !errors.As(err, &fenced) {
				t.Errorf("Settle: %v", err)
			}
			if err := x.Commit(); !errors.As(err, &fenced) {
				t.Errorf("Commit: %v", err)
			}
			if now, _ := os.ReadFile(files(s).Audit); string(now) != string(audit) {
				t.Error("a fenced session wrote into the audit log")
			}
			if e, _ := x.State().Entry(testKey(1)); e == nil || e.Applied == nil {
				t.Error("its own state forgot what it learned")
			}
			must(t, x.Close())
		})
	}
}
