package statetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/pglog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A standby takes over in the middle of a run, without the run's last records. The
// run begins no call any more, and the next one has what was recorded before.
func TestAFailoverInARun(t *testing.T) {
	pair := stores.PostgresPair(t)
	url := pair.Database(t).Through(pair.Proxy.Address)
	p := sharedPlace(t, func() sharedlog.Place {
		place, mistake := pglog.Configured(sharedlog.Block{Attributes: map[string]string{"url": url}, Log: sharedlog.State})
		if mistake != nil {
			t.Fatal(mistake.Detail)
		}
		t.Cleanup(func() { _ = place.Close() })
		return place
	})
	x := p.begin(t, "run-1")
	ship(t, x, "run-1", 1)
	pair.Disconnect(t)
	for n := 2; n <= 4; n++ {
		id := intend(t, x, "run-1", shipping(n))
		must(t, x.RecordOutcome(id, state.Outcome{Result: order.Done}))
	}
	pair.Promote(t)

	var fenced *backend.FencedError
	if _, err := x.Intend(shipping(5)); !errors.As(err, &fenced) || !strings.Contains(err.Error(), "failed over") {
		t.Errorf("another call is begun: %v", err)
	}
	_ = x.Close()
	var rolledBack *sharedlog.RolledBackError
	if err := p.Open().Refresh(t.Context()); !errors.As(err, &rolledBack) {
		t.Errorf("a machine that appended what is lost goes on: %v", err)
	}
	p.Recover(t)
	p.TakeAway(t)
	next := p.lock(t).State()
	if !applied(next, 1) {
		t.Error("what was done before the failover is forgotten")
	}
	if applied(next, 5) {
		t.Error("a call that was not begun counts as done")
	}
}
