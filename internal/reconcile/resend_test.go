package reconcile_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// While a person decides what is sent again, nobody waits. What another machine sent
// again meanwhile is not sent a third time; the rest is.
func TestOthersSendAgainWhileAPersonDecides(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		s.processing("112-0", "112-1")
		s.applied("112-0")
		s.commit(s.head, shipments("112-0", "112-1"))
		if _, err := s.apply(t.Context(), reconcile.ApplyRequest{}); err != nil {
			t.Fatal(err)
		}
		other := s.other()
		again := func(addresses ...string) *reconcile.ResendRequest {
			return &reconcile.ResendRequest{Addresses: addresses, Reason: "again", EvenIfShown: true}
		}
		asked := 0
		done, err := s.apply(t.Context(), reconcile.ApplyRequest{
			Asks: true, Resend: again("112-0", "112-1"),
			Approve: func(_ context.Context, p *plan.Plan) (bool, error) {
				if asked++; len(p.Changes) != 2 {
					t.Errorf("asked about %d changes", len(p.Changes))
				}
				if r, err := other.apply(t.Context(), reconcile.ApplyRequest{Resend: again("112-1")}); err != nil || !r.Sent || !r.Complete() {
					t.Errorf("the other machine: %v, %+v", err, r)
				}
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				return true, nil
			},
		})
		if err != nil || asked != 1 {
			t.Fatalf("%v, asked %d times", err, asked)
		}
		expect(t, "sent", []string{"Shipped 112-0", "Shipped 112-1", "Shipped 112-1", "Shipped 112-0"}, s.sent())
		if done.Complete() || done.Result.Counts[apply.Skipped] != 1 || done.Result.Counts[apply.Applied] != 1 {
			t.Errorf("%+v", done.Result)
		}
	})
}
