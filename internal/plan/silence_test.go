package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// A release silences what the marketplace refused, from the first plan on. Once a run
// has seen it, other words are news again, until people give another reason.
func TestAReleaseSilencesARefusal(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: noon.Add(-3 * time.Hour)}
	known := []func(*state.Session) error{applied(a, live(1), order.Ship, shipped, 2*time.Hour)}
	look := func(reason, text string, remember bool) bool {
		t.Helper()
		l := live(1, func(l *order.Live) { l.Values, l.SyncError = shipped, text })
		other := want(a, byID(2), order.Values{Status: order.Acknowledged, OrderNumber: "O2"})
		in := input(t, &script{orders: []order.Live{l, live(2)}}, []spec.Wish{other}, stateOf(t, known...))
		if reason != "" {
			in.Wishes.Released = []spec.Release{{Account: a, Find: byID(1), Reason: reason}}
		}
		if remember {
			for seen := range plan.Observe(in) {
				known = append(known, func(x *state.Session) error {
					x.Observe(seen.State())
					return nil
				})
			}
		}
		return slices.Contains(outcome(mustBuild(t, in)), "error refused_later")
	}
	for _, c := range []struct {
		what, reason, text string
		remember           bool
		reported           bool
	}{
		{"refused", "", "no such carrier", false, true},
		{"released, and no run has seen it", "by phone", "no such carrier", false, false},
		{"released, and a run sees it", "by phone", "no such carrier", true, false},
		{"the same words later", "by phone", "no such carrier", false, false},
		{"other words", "by phone", "the address is wrong", true, true},
		{"other words, as long as nobody says that they are known", "by phone", "the address is wrong", true, true},
		{"another reason", "address corrected by phone", "the address is wrong", true, false},
		{"the first words again", "address corrected by phone", "no such carrier", false, true},
		{"no release any more", "", "the address is wrong", true, true},
		{"and a new one", "address corrected by phone", "no such carrier", false, false},
	} {
		if got := look(c.reason, c.text, c.remember); got != c.reported {
			t.Errorf("%s: reported %v, want %v", c.what, got, c.reported)
		}
	}
}
