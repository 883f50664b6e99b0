package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
)

// A read that does not show the last applied change yet is overlaid with it;
// one that shows something new is taken at its word.
func TestEffective(t *testing.T) {
	fresh := order.Live{Values: order.Values{Status: order.New}}
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1", OrderNumber: "n"}
	applied := func(action order.Action, after order.Values) *state.Entry {
		return &state.Entry{Applied: &state.Applied{Action: action, Values: after, Attempt: 1}}
	}
	corrected := applied(order.Correct, order.Values{Status: order.Shipped, Tracking: "1Z2"})
	corrected.Observed = &state.Observed{Values: shipped}
	cancelledAtSource := fresh
	cancelledAtSource.SourceStatus = order.Cancelled
	odd := order.Live{Values: order.Values{Status: order.ParseStatus("On Hold")}}
	tests := []struct {
		name    string
		entry   *state.Entry
		live    order.Live
		attempt int
		want    order.Values
		lags    bool
	}{
		{"nothing is known", nil, fresh, 1, fresh.Values, false},
		{"nothing was applied", &state.Entry{}, fresh, 1, fresh.Values, false},
		{"a ship that does not show", applied(order.Ship, shipped), fresh, 1, shipped, true},
		{"a ship that shows", applied(order.Ship, shipped), order.Live{Values: shipped}, 1, shipped, false},
		{
			"a ship, shown with another number", applied(order.Ship, shipped),
			order.Live{Values: order.Values{Status: order.Shipped, Tracking: "1Z9"}},
			1,
			order.Values{Status: order.Shipped, Tracking: "1Z9"},
			false,
		},
		{"a ship, cancelled since", applied(order.Ship, shipped), order.Live{Values: order.Values{Status: order.Cancelled}}, 1, order.Values{Status: order.Cancelled}, false},
		{"a ship, cancelled at the marketplace", applied(order.Ship, shipped), cancelledAtSource, 1, fresh.Values, false},
		{"a ship, and a status that nobody knows", applied(order.Ship, shipped), odd, 1, odd.Values, false},
		{"another attempt is asked for", applied(order.Ship, shipped), fresh, 2, fresh.Values, false},
		{
			"an acknowledge that does not show", applied(order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "n"}), fresh, 1,
			order.Values{Status: order.Processing, OrderNumber: "n"},
			true,
		},
		{"a cancel that does not show", applied(order.Cancel, order.Values{Status: order.Cancelled}), fresh, 1, order.Values{Status: order.Cancelled}, true},
		{"a correct that does not show", corrected, order.Live{Values: shipped}, 1, order.Values{Status: order.Shipped, Tracking: "1Z2"}, true},
		{
			"a correct, shown with a third number", corrected,
			order.Live{Values: order.Values{Status: order.Shipped, Tracking: "1Z3"}},
			1,
			order.Values{Status: order.Shipped, Tracking: "1Z3"},
			false,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, lags := Effective(tt.entry, tt.live, tt.attempt)
			if diff := cmp.Diff(tt.want, got.Values); diff != "" || lags != tt.lags {
				t.Errorf("lags %t, want %t; values (-want +got):\n%s", lags, tt.lags, diff)
			}
		})
	}
}
