package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

// A marketplace confirms if its word followed one change, and does not if it followed
// none of 20 shipments for a day.
func TestWhichMarketplacesConfirm(t *testing.T) {
	a := mainAccount()
	sent := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	for name, c := range map[string]struct {
		reads  int
		age    time.Duration
		source order.Status
		before order.Status
		action order.Action
		known  map[string]bool
		want   map[string]bool
	}{
		"it followed one":             {1, time.Minute, order.Shipped, order.New, order.Ship, nil, map[string]bool{"amazon": true}},
		"silent on enough":            {20, 25 * time.Hour, order.New, order.New, order.Ship, nil, map[string]bool{"amazon": false}},
		"silent on too few":           {19, 25 * time.Hour, order.New, order.New, order.Ship, nil, nil},
		"silent for less than a day":  {20, 23 * time.Hour, order.New, order.New, order.Ship, nil, nil},
		"silent, but it is known":     {20, 25 * time.Hour, order.New, order.New, order.Ship, map[string]bool{"amazon": true}, nil},
		"it follows after all":        {1, time.Minute, order.Shipped, order.New, order.Ship, map[string]bool{"amazon": false}, map[string]bool{"amazon": true}},
		"its word said so before":     {1, time.Minute, order.Shipped, order.Shipped, order.Correct, nil, nil},
		"silent on acknowledgements":  {20, 25 * time.Hour, order.New, order.New, order.Acknowledge, nil, nil},
		"a read of before the change": {1, -time.Minute, order.Shipped, order.New, order.Ship, nil, nil},
	} {
		var found plan.Confirming
		for range c.reads {
			entry := &state.Entry{Applied: &state.Applied{Action: c.action, Before: order.Values{Status: c.before}, Values: sent, At: noon.Add(-c.age)}}
			found.Add(a, entry, live(1, func(l *order.Live) { l.Values, l.SourceStatus = sent, c.source }), noon)
		}
		if diff := cmp.Diff(c.want, found.Learned(plan.Learned{"main": memory.LearnedAccount{Confirms: c.known}})[a]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
