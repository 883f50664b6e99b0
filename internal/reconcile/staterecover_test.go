package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

func yes[T any](context.Context, T) (bool, error) { return true, nil }

func (s *team) recover() (*reconcile.RecoverReport, error) {
	return reconcile.Recover(s.Context(), reconcile.RecoverRequest{
		Source: s.source(), Reason: "reset by mistake", LockTimeout: 5 * time.Minute, Approve: yes[*reconcile.RecoverReport],
	}, s.deps, s.observe)
}

func (s *team) applyAll() error {
	_, err := s.apply(s.Context(), reconcile.ApplyRequest{Approve: yes[*plan.Plan]})
	return err
}

// The log forgot that an order was shipped, and reads don't show it yet. Whatever the
// log ends with, the order is not shipped again.
func TestNothingIsSentTwiceAfterARollback(t *testing.T) {
	for name, lost := range map[string]func(records []sharedlog.Raw) int{
		"to its beginning": func(records []sharedlog.Raw) int { return len(records) - 1 },
		"to a release":     func(records []sharedlog.Raw) int { return len(records) - released(records) },
		"within the run":   func(records []sharedlog.Raw) int { return len(records) - released(records) - 1 },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				api, err := sandbox.New(sandbox.Options{Orders: -1, Burst: -1, ReadLag: 14 * time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				s.api = api
				s.processing("112-1", "112-2")
				s.commit(s.head, "")
				if _, err := reconcile.Unlock(t.Context(), reconcile.UnlockRequest{Source: s.source(), Reason: "a lease"}, s.deps, s.observe); err != nil {
					t.Fatal(err)
				}
				s.commit(s.head, shipments("112-1"))
				if err := s.applyAll(); err != nil {
					t.Fatal(err)
				}
				log := s.logs[sharedlog.State]
				log.Rollback(lost(log.Records()))
				rolledBack := (*sharedlog.RolledBackError)(nil)
				if err := s.applyAll(); !errors.As(err, &rolledBack) {
					t.Fatalf("not noticed: %v", err)
				}
				done, err := s.recover()
				if err != nil || done.Rollback == nil || done.Quiet < 18*time.Minute {
					t.Fatalf("%+v, %v", done, err)
				}
				recovered := time.Now()
				s.commit(s.head, shipments("112-1", "112-2"))
				s.appliesUntil("112-2")
				expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, s.sent())
				if quiet := s.api.Ledger()[1].ReceivedAt.Sub(recovered); quiet < 17*time.Minute {
					t.Errorf("the next write came after %s", quiet)
				}
				if done, err := s.recover(); err != nil || done.Rollback != nil {
					t.Errorf("recovered again: %+v, %v", done, err)
				}
			})
		})
	}
}

// appliesUntil applies until an order was sent.
func (s *team) appliesUntil(number string) {
	for range 5 {
		if err := s.applyAll(); err != nil {
			s.Log(err)
		}
		if slices.Contains(s.sent(), "Shipped "+number) {
			return
		}
		<-time.After(5 * time.Minute)
	}
	s.Errorf("%s was never sent", number)
}

// released is how many records there are up to the first release.
func released(records []sharedlog.Raw) int {
	for i, r := range records {
		if bytes.Contains(r.Data, []byte(`"kind":"release"`)) {
			return i + 1
		}
	}
	return len(records)
}

// A standby takes over without the records of a run, and reads don't show yet what that
// run did. A machine that knows nothing of it, as those of CI systems do, finds a log that
// says nothing of the run, and must not send it again.
func TestNothingIsSentTwiceAfterAFailover(t *testing.T) {
	for name, cutOff := range map[string]bool{"at once": false, "behind a run that was killed": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *team) {
				api, err := sandbox.New(sandbox.Options{Orders: -1, Burst: -1, ReadLag: 14 * time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				s.api = api
				s.processing("112-1", "112-2")
				s.commit(s.head, shipments("112-1"))
				log := s.logs[sharedlog.State]
				known := len(log.Records())
				if err := s.applyAll(); err != nil {
					t.Fatal(err)
				}
				log.Failover(len(log.Records()) - known)
				failed := time.Now()
				s.commit(s.head, shipments("112-1", "112-2"))
				if cutOff {
					log.SetFaults(func(c memlog.Call) memlog.Fault {
						if len(log.Records()) > known { // its acquire is the last that it does
							return memlog.Fault{Err: errors.New("away")}
						}
						return memlog.Fault{}
					})
					ended, end := context.WithTimeout(t.Context(), time.Minute)
					if _, err := s.other().apply(ended, reconcile.ApplyRequest{}); err == nil {
						t.Error("nothing failed")
					}
					end()
					log.SetFaults(nil)
				}
				other := s.other()
				for range 3 {
					if _, err := other.apply(t.Context(), reconcile.ApplyRequest{LockTimeout: time.Hour, Approve: yes[*plan.Plan]}); err != nil {
						t.Log(err)
					}
				}
				expect(t, "sent", []string{"Shipped 112-1", "Shipped 112-2"}, s.sent())
				if quiet := s.api.Ledger()[1].ReceivedAt.Sub(failed); quiet < 17*time.Minute {
					t.Errorf("the next write came after %s", quiet)
				}
			})
		})
	}
}
