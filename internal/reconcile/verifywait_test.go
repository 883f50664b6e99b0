package reconcile_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// reads are the times, since a moment, at which a verify that waits read, and what it
// came to.
func (s *shop) reads(wait time.Duration) (at []string, words string) {
	s.Helper()
	began := time.Now()
	var calls []time.Duration
	s.called = func() {
		if n := len(calls); n == 0 || time.Since(began)-calls[n-1] > time.Minute {
			calls = append(calls, time.Since(began))
		}
	}
	defer func() { s.called = nil }()
	r := s.verify(wait)
	for _, c := range calls {
		at = append(at, c.Round(time.Minute).String())
	}
	var all []string
	for _, o := range r.Orders {
		all = append(all, string(o.Result.Word))
	}
	return at, strings.Join(all, " ")
}

// A verify that waits reads when a read can decide something: at the end of take_time,
// and then once in a cycle of the marketplace. It ends as soon as nothing is waited for,
// or no read within its time can decide anything.
func TestVerifyWaits(t *testing.T) {
	const hour = "account \"main\" {\n  take_time = \"1h\"\n}\n"
	shipped := sandbox.StatusShipped
	for name, c := range map[string]struct {
		config string
		wait   time.Duration
		after  time.Duration // when something happens to the order; 0: nothing does
		drift  sandbox.Drift
		reads  []string
		words  string
	}{
		"the marketplace's word comes in time": {hour, 75 * time.Minute, 0, sandbox.Drift{}, []string{"0s", "15m0s", "30m0s", "45m0s", "1h0m0s"}, "verified"},
		"no read in time can decide":           {hour, 10 * time.Minute, 0, sandbox.Drift{}, []string{"0s"}, "pending"},
		"it is refused while it waits":         {hour, 5 * time.Hour, 20 * time.Minute, sandbox.Drift{SyncError: new("Carrier not supported")}, []string{"0s", "15m0s", "30m0s"}, "refused_later"},
		"it is changed by others":              {hour, 5 * time.Hour, 20 * time.Minute, sandbox.Drift{Status: &shipped, Tracking: new("1Z999AA10123456793")}, []string{"0s", "15m0s", "30m0s"}, "drifted"},
		"it does not wait":                     {hour, 0, 0, sandbox.Drift{}, []string{"0s"}, "pending"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, c.config+shipments("112-1"))
				s.processing("112-1")
				if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
					t.Fatal(err)
				}
				if c.after > 0 {
					c.drift.Order = "112-1"
					time.AfterFunc(c.after, func() {
						if err := s.api.Drift(c.drift); err != nil {
							t.Error(err)
						}
					})
				}
				reads, words := s.reads(c.wait)
				if diff := cmp.Diff(c.reads, reads); diff != "" || words != c.words {
					t.Errorf("%s, read at (-want +got):\n%s", words, diff)
				}
			})
		})
	}
}

// The moment at which a read can decide something may come while the orders are read: they are read once more.
func TestVerifyReadsAgainWhatItReadTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "account \"main\" {\n  take_time = \"1s\"\n}\n"+shipments("112-1"))
		s.processing("112-1")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		s.called = func() { time.Sleep(2 * time.Second) }
		defer func() { s.called = nil }()
		if r := s.verify(time.Minute); len(r.Orders) != 1 || !r.Orders[0].Result.Done {
			t.Errorf("%+v", r.Orders)
		}
	})
}

// However many changes there are, each with its own moment, a read is for all of them.
func TestVerifyReadsOnceForMomentsThatAreClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "account \"main\" {\n  take_time = \"10m\"\n}\n"+shipments("112-1"))
		s.processing("112-1", "112-2", "112-3")
		for _, numbers := range [][]string{{"112-1"}, {"112-1", "112-2"}, {"112-1", "112-2", "112-3"}} {
			s.write("main.hcl", "account \"main\" {\n  take_time = \"10m\"\n}\n"+shipments(numbers...))
			if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
		}
		reads, words := s.reads(time.Hour)
		if len(reads) != 2 || words != "verified verified verified" {
			t.Errorf("%s, read at %q", words, reads)
		}
	})
}

// An interrupt ends the waiting at once, and the state is free for others.
func TestAnInterruptEndsTheWaitingOfVerify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, shipments("112-1"))
		s.processing("112-1")
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		began := time.Now()
		time.AfterFunc(100*time.Second, stop)
		_, err := reconcile.VerifyChanges(ctx, reconcile.VerifyChangesRequest{Source: s.source(), Wait: 24 * time.Hour}, s.deps, s.observe)
		if !errors.Is(err, reconcile.ErrInterrupted) || time.Since(began) != 100*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if _, words := s.reads(0); words != "pending" {
			t.Errorf("afterwards: %s", words)
		}
	})
}
