package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// A run that may only acknowledge gives way, and the run that went first is stopped in
// the middle of a ship: the next turn does not find that out, since it would have to
// repeat it.
func TestATurnTakesUpNoCallThatItMayNotMake(t *testing.T) {
	inBubble(t, func(t *testing.T, s *team) {
		var config strings.Builder
		for i := range 600 {
			number := fmt.Sprintf("113-%d", i)
			id, err := s.api.AddOrder(sandbox.NewOrder{
				Source: "Amazon", Number: number, Status: sandbox.StatusNew, CreatedInSource: time.Now().Add(time.Duration(i)*time.Second - time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
			s.numbers[id] = number
			fmt.Fprintf(&config, "order %q {\n  find = { source = \"Amazon\", source_order_number = %[1]q }\n  status = \"acknowledged\"\n  order_number = \"SO-%[1]s\"\n}\n", number)
		}
		s.processing("119-1")
		s.commit(s.head, config.String())
		other := s.other()
		other.write("main.hcl", s.head+shipments("119-1"))
		ctx, stop := context.WithCancel(t.Context())
		other.seen = func(e reconcile.Event) {
			switch p := e.(type) {
			case reconcile.Planned: // it has the state now
				s.fault(sandbox.Fault{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Times: 1})
			case reconcile.Progressed:
				if p.Type == apply.ChangeUnknown {
					stop()
				}
			}
		}
		done := make(chan error, 1)
		go func() {
			<-time.After(10 * time.Second)
			_, err := other.apply(ctx, reconcile.ApplyRequest{LockTimeout: time.Hour})
			done <- err
		}()
		r, err := s.apply(t.Context(), reconcile.ApplyRequest{Only: []order.Action{order.Acknowledge}})
		if err := errors.Join(err, <-done); err != nil {
			t.Fatal(err)
		}
		if n := r.Result.Counts[apply.Applied]; n == 0 || n == 600 || !strings.Contains(r.Result.Stopped, "1 order to ship, and an agent may only acknowledge") {
			t.Errorf("%+v", r.Result)
		}
		for _, w := range s.sent() {
			if strings.HasPrefix(w, "Shipped") {
				t.Errorf("%s was sent", w)
			}
		}
	})
}
