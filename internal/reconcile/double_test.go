package reconcile_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// The store goes away while a call is under way, for good as far as that machine knows,
// and no read shows the call for longer than read_lag. Another machine repeats it. When
// the first one is back, its next run tells of the double, once, and does not end well.
func TestARunThatLearnsOfADoubleIsNotComplete(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		api, err := sandbox.New(sandbox.Options{Orders: -1, Burst: -1, ReadLag: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		s.api = api
		s.processing("112-1")
		s.commit(s.head, shipments("112-1"))
		other := s.other()
		log := s.logs[sharedlog.State]
		s.deps.Transport = onWrite{s.shop, sync.OnceFunc(func() {
			log.SetFaults(func(c memlog.Call) memlog.Fault {
				if c.Method == "Append" {
					return memlog.Fault{Err: errors.New("away")}
				}
				return memlog.Fault{}
			})
		})}
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err == nil {
			t.Fatal("nothing failed")
		}
		log.SetFaults(nil)
		if done, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour}); err != nil || !done.Complete() {
			t.Fatalf("%v, %+v", err, done)
		}
		expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-1"}, s.sent())
		for run, doubles := range []int{1, 0} {
			done, err := s.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour})
			if err != nil || len(done.Doubles) != doubles || done.Complete() != (doubles == 0) {
				t.Errorf("run %d after it was back: %v, %+v", run+1, err, done)
			}
		}
	})
}

// A lease lasts as the accounts need it: others wait for the largest settle, and for
// the longest call.
func TestALeaseNamesTheLargestTimes(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		var accounts strings.Builder
		for name, settle := range map[string]string{"main": "3m", "second": "7m", "third": "30s"} {
			accounts.WriteString("account \"" + name + "\" {\n  endpoint = \"http://localhost\"\n  consumer_key = env.GDF_CONSUMER_KEY\n  settle = \"" + settle + "\"\n}\n")
		}
		s.commit(s.head, accounts.String())
		for name, do := range map[string]func() error{
			"apply": s.applyAll,
			"unlock": func() error {
				_, err := reconcile.Unlock(t.Context(), reconcile.UnlockRequest{Source: s.source(), Reason: "just in case"}, s.deps, s.observe)
				return err
			},
		} {
			if err := do(); err != nil {
				t.Fatal(name, err)
			}
			records := s.logs[sharedlog.State].Records()
			for i := len(records) - 1; ; i-- {
				if i == 0 {
					t.Fatalf("%s acquired no lease", name)
				}
				if !bytes.Contains(records[i].Data, []byte(`"kind":"acquire"`)) {
					continue
				}
				if !bytes.Contains(records[i].Data, []byte(`"call_ms":60000`)) || !bytes.Contains(records[i].Data, []byte(`"settle_ms":420000`)) {
					t.Errorf("%s: %s", name, records[i].Data)
				}
				break
			}
		}
	})
}
