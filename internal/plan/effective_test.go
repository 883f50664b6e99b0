package plan

import (
	"testing"
	"time"

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
	shownAs := func(tracking string) order.Live {
		return order.Live{Values: order.Values{Status: order.Shipped, Tracking: tracking, OrderNumber: "n"}}
	}
	corrected := applied(order.Correct, order.Values{Status: order.Shipped, Tracking: "1Z2"})
	corrected.Applied.Before = shipped
	verified := *corrected
	verified.Verified = time.Unix(1, 0)
	// shipped as 1Z1, changed to 1Z7 by other hands, corrected to 1Z2 and to 1Z3
	often := applied(order.Correct, shownAs("1Z3").Values)
	often.Applied.Before = shownAs("1Z2").Values
	often.Earlier = []state.Applied{
		{Action: order.Ship, Before: fresh.Values, Values: shipped},
		{Action: order.Correct, Before: shownAs("1Z7").Values, Values: shownAs("1Z2").Values},
	}
	closed := &state.Entry{Closed: &state.ClosedEntry{Wanted: shipped}}
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
		{
			"an acknowledge that shows its number alone", applied(order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "n"}),
			order.Live{Values: order.Values{Status: order.New, OrderNumber: "n"}},
			1,
			order.Values{Status: order.Processing, OrderNumber: "n"},
			true,
		},
		{
			"an acknowledge, and another number", applied(order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "n"}),
			order.Live{Values: order.Values{Status: order.New, OrderNumber: "m"}},
			1,
			order.Values{Status: order.New, OrderNumber: "m"},
			false,
		},
		{"a ship that shows its status alone", applied(order.Ship, shipped), shownAs(""), 1, shipped, true},
		{"a number that is gone after it showed", &verified, shownAs(""), 1, shownAs("").Values, false},
		{"a cancel that does not show", applied(order.Cancel, order.Values{Status: order.Cancelled}), fresh, 1, order.Values{Status: order.Cancelled}, true},
		{"a correct that does not show", corrected, order.Live{Values: shipped}, 1, order.Values{Status: order.Shipped, Tracking: "1Z2"}, true},
		{"a correct, undone by other hands after it showed", &verified, order.Live{Values: shipped}, 1, shipped, false},
		{"a correct, whose ship does not show either", corrected, fresh, 1, corrected.Applied.Values, true},
		{"several, and the number of the first", often, shownAs("1Z1"), 1, often.Applied.Values, true},
		{"several, and the number of other hands in between", often, shownAs("1Z7"), 1, often.Applied.Values, true},
		{"several, and the number before the last", often, shownAs("1Z2"), 1, often.Applied.Values, true},
		{"several, and the last", often, shownAs("1Z3"), 1, often.Applied.Values, false},
		{"several, and a number that none of them had", often, shownAs("1Z9"), 1, shownAs("1Z9").Values, false},
		{"several, and none shows", often, fresh, 1, often.Applied.Values, true},
		{"a closed order, read as before", closed, fresh, 1, shipped, true},
		{"a closed order, read as another one", closed, shownAs("1Z9"), 1, shownAs("1Z9").Values, false},
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
