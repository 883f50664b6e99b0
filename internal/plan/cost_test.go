package plan_test

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// An apply finds out what happened to a call without an answer, and no sooner than
// settle allows: an estimate of a second would be wrong.
func TestTheEstimateIncludesSettling(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	api := &script{orders: lives(3)}
	wishes := []spec.Wish{want(a, byID(1), shipped), want(a, byID(2), shipped)}
	before := mustBuild(t, input(t, api, wishes, stateOf(t)))
	after := mustBuild(t, input(t, api, wishes, stateOf(t, begun(a, live(1), order.Ship, shipped))))
	if before.ETA() >= a.Settle || after.ETA() != a.Settle {
		t.Errorf("%s, and with an open call %s; settle is %s", before.ETA(), after.ETA(), a.Settle)
	}
	if before.Calls().Check != 0 || after.Calls().Check != 1 {
		t.Errorf("%d calls to read again, and with an open call %d", before.Calls().Check, after.Calls().Check)
	}
	if other := mustBuild(t, input(t, api, wishes, stateOf(t, begun(&spec.Account{Name: "other", Endpoint: a.Endpoint}, live(1), order.Ship, shipped)))); other.ETA() >= time.Minute {
		t.Errorf("a call of another account: %s", other.ETA())
	}
}
