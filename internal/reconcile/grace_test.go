package reconcile_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// killed is how long after the first signal CI runners kill.
const killed = 8 * time.Second

// stopped applies with a signal after a while. From then on the store does what appends
// says. It returns how long the run took to end.
func (s *team) stopped(after time.Duration, appends func(n int) memlog.Fault) (took time.Duration, err error) {
	s.Helper()
	ctx, stop := context.WithCancel(s.Context())
	defer stop()
	var signal time.Time
	go func() {
		time.Sleep(after)
		n := 0
		s.logs[sharedlog.State].SetFaults(func(c memlog.Call) memlog.Fault {
			if c.Method != "Append" {
				return memlog.Fault{}
			}
			n++
			return appends(n)
		})
		time.Sleep(100 * time.Millisecond) // an append is under way
		signal = time.Now()
		stop()
	}()
	_, err = s.apply(ctx, reconcile.ApplyRequest{})
	return time.Since(signal), err
}

// watchWarnings collects the warnings of the last use case.
func (s *team) watchWarnings() *[]string {
	var all []string
	s.seen = func(e reconcile.Event) {
		if n, ok := e.(reconcile.Warned); ok {
			all = append(all, n.Text)
		}
	}
	return &all
}

// A store that does not answer doesn't keep a run past the signal that ends it. What
// could not be recorded stays on this machine, which says so, and is recorded by the
// next run: nothing is sent twice.
func TestASignalEndsARunWhoseStoreHangs(t *testing.T) {
	for name, fault := range map[string]memlog.Fault{
		"nothing arrives": {Before: 10 * time.Hour},
		"no answer comes": {After: 10 * time.Hour},
		"it fails":        {Err: errors.New("the store is away")},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				s.manyOrders()
				warnings := s.watchWarnings()
				took, err := s.stopped(40*time.Second, func(int) memlog.Fault { return fault })
				if took > killed {
					t.Errorf("it ended %s after the signal", took)
				}
				if err == nil || strings.Contains(err.Error(), "context ") {
					t.Errorf("the error is %v", err)
				}
				left, _ := filepath.Glob(filepath.Join(s.dir, ".gdfctl", "state-*", "unsaved-*"))
				if told := strings.Join(*warnings, "\n"); len(left) != 1 || !strings.Contains(told, "They are kept in "+left[0]) || strings.Contains(told, "context ") {
					t.Errorf("%v is kept here, and people are told:\n%s", left, told)
				}
				synctest.Wait()
				s.logs[sharedlog.State].SetFaults(nil)
				if r, err := s.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour}); err != nil || !r.Complete() {
					t.Errorf("the next run: %v", err)
				}
				if left, _ := filepath.Glob(filepath.Join(s.dir, ".gdfctl", "state-*", "unsaved-*")); len(left) > 0 {
					t.Errorf("%v is kept still", left)
				}
				if sent := len(s.api.Ledger()); sent != 601 {
					t.Errorf("%d orders were shipped", sent)
				}
			})
		})
	}
}

// A store that is slow, and may be appended to only now and then, has all there is to
// record before the run is killed: the next run need not wait for anything.
func TestASignalLeavesTimeToRecordAndRelease(t *testing.T) {
	for after := 10 * time.Second; after < 50*time.Second; after += 16 * time.Second {
		inBubble(t, func(t *testing.T, s *team) {
			s.logs[sharedlog.State].Paced = 10 * time.Second
			s.manyOrders()
			warnings := s.watchWarnings()
			took, err := s.stopped(after, func(int) memlog.Fault {
				return memlog.Fault{Before: 700 * time.Millisecond, After: 700 * time.Millisecond}
			})
			if err != nil || took > killed {
				t.Errorf("after %s: it ended %s after the signal: %v", after, took, err)
			}
			if len(*warnings) > 0 {
				t.Errorf("after %s: %q", after, *warnings)
			}
			if left := s.held(); left != "" {
				t.Errorf("after %s: the lease is still that of %s", after, left)
			}
		})
	}
}

// held says who has the lease of the state, as another machine reads it.
func (s *team) held() string {
	s.Helper()
	log := sharedlog.Open(s.logs[sharedlog.State].Place("onlooker"), func() string { return "x" })
	entries, _, err := log.From(s.Context(), 0)
	if err != nil {
		s.Fatal(err)
	}
	for i := len(entries) - 1; i >= 0; i-- {
		switch e := entries[i]; e.Kind {
		case sharedlog.Release:
			return ""
		case sharedlog.Acquire:
			return e.By.Who
		}
	}
	return ""
}
