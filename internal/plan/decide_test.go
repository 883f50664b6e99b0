package plan

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// The table of the product, row by row.
func TestDecisionTable(t *testing.T) {
	acknowledged := order.Values{Status: order.Acknowledged, OrderNumber: "n"}
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	shippedNumber := order.Values{Status: order.Shipped, Tracking: "1Z1", OrderNumber: "n"}
	shippedBare := order.Values{Status: order.Shipped}
	cancelled := order.Values{Status: order.Cancelled}
	live := func(s order.Status, number, tracking string) order.Live {
		return order.Live{Values: order.Values{Status: s, OrderNumber: number, Tracking: tracking}}
	}
	bySource := live(order.New, "", "")
	bySource.SourceStatus = order.Cancelled
	shippedAtSource := live(order.New, "", "")
	shippedAtSource.SourceStatus = order.Shipped
	partlySent := live(order.Processing, "", "")
	partlySent.SourceStatus, partlySent.SourceWord = order.ParseSourceStatus("PartiallyShipped")

	const ack, ship, correct, cancel = order.Acknowledge, order.Ship, order.Correct, order.Cancel
	tests := []struct {
		name    string
		want    order.Values
		live    order.Live
		actions []order.Action
		held    Code
		note    string
	}{
		{"acknowledge a new order", acknowledged, live(order.New, "", ""), []order.Action{ack}, "", ""},
		{"acknowledge one that is processing without a number", acknowledged, live(order.Processing, "", ""), []order.Action{ack}, "", ""},
		{"acknowledge: processing with the number", acknowledged, live(order.Processing, "n", ""), nil, "", ""},
		{"acknowledge: shipped with the number", acknowledged, live(order.Shipped, "n", "1Z9"), nil, "", ""},
		{"acknowledge: another number", acknowledged, live(order.Processing, "m", ""), nil, OrderNumberDiffers, ""},
		{"acknowledge: new, with another number", acknowledged, live(order.New, "m", ""), nil, OrderNumberDiffers, ""},
		{"acknowledge: shipped with another number", acknowledged, live(order.Shipped, "m", ""), nil, OrderNumberDiffers, ""},
		{"acknowledge: shipped without a number", acknowledged, live(order.Shipped, "", "1Z9"), nil, "", "shipped_without_number"},
		{"acknowledge: cancelled", acknowledged, live(order.Cancelled, "", ""), nil, AlreadyCancelled, ""},
		{"acknowledge: cancelled at its source", acknowledged, bySource, nil, AlreadyCancelled, ""},

		{"ship a new order", shipped, live(order.New, "", ""), []order.Action{ship}, "", ""},
		{"ship one that is processing", shipped, live(order.Processing, "n", ""), []order.Action{ship}, "", ""},
		{"ship, acknowledge first", shippedNumber, live(order.New, "", ""), []order.Action{ack, ship}, "", ""},
		{"ship, the number is there", shippedNumber, live(order.Processing, "n", ""), []order.Action{ship}, "", ""},
		{"ship, another number is there", shippedNumber, live(order.Processing, "m", ""), nil, OrderNumberDiffers, ""},
		{"ship: shipped with the tracking number", shipped, live(order.Shipped, "", "1Z1"), nil, "", ""},
		{"ship: the same number in other letters", shipped, live(order.Shipped, "", "1z1 "), nil, "", ""},
		{"ship: no tracking number is wanted", shippedBare, live(order.Shipped, "", "1Z9"), nil, "", ""},
		{"ship: shipped with another tracking number", shipped, live(order.Shipped, "", "1Z9"), []order.Action{correct}, "", "SHIP21"},
		{"ship: shipped without a tracking number", shipped, live(order.Shipped, "", ""), []order.Action{correct}, "", ""},
		{"ship: shipped, no order number there", shippedNumber, live(order.Shipped, "", "1Z1"), nil, "", "shipped_without_number"},
		{"ship: cancelled", shipped, live(order.Cancelled, "", ""), nil, AlreadyCancelled, ""},
		{"ship: cancelled at its source", shipped, bySource, nil, AlreadyCancelled, ""},

		{"cancel a new order", cancelled, live(order.New, "", ""), []order.Action{cancel}, "", ""},
		{"cancel one that is processing", cancelled, live(order.Processing, "n", ""), []order.Action{cancel}, "", ""},
		{"cancel: cancelled", cancelled, live(order.Cancelled, "", ""), nil, "", ""},
		{"cancel: cancelled at its source", cancelled, bySource, nil, "", ""},
		{"cancel: shipped at its source", cancelled, shippedAtSource, nil, AlreadyShipped, ""},
		{"cancel: shipped in part at its source", cancelled, partlySent, nil, AlreadyShipped, ""},
		{"cancel: shipped", cancelled, live(order.Shipped, "", "1Z9"), nil, AlreadyShipped, ""},

		{"a status that nobody knows", shipped, live(order.ParseStatus("On Hold"), "", ""), nil, UnknownStatus, ""},
		{"cancel with a status that nobody knows", cancelled, live(order.ParseStatus(""), "", ""), nil, UnknownStatus, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := decide(&spec.Wish{Want: tt.want}, tt.live, history{})
			if diff := cmp.Diff(tt.actions, d.actions); diff != "" {
				t.Errorf("actions (-want +got):\n%s", diff)
			}
			if d.held != tt.held {
				t.Errorf("held = %q, want %q", d.held, tt.held)
			}
			note := ""
			if len(d.notes) > 0 {
				note = d.notes[0].Rule
			}
			if note != tt.note {
				t.Errorf("note = %q, want %q", note, tt.note)
			}
		})
	}
}

func TestCorrectKeepsTheLiveShipDate(t *testing.T) {
	at := time.Date(2026, 11, 20, 16, 28, 0, 0, time.UTC)
	live := order.Live{Values: order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: at}}
	d := decide(&spec.Wish{Want: order.Values{Status: order.Shipped, Tracking: "1Z2"}}, live, history{})
	want := order.Values{Status: order.Shipped, Tracking: "1Z2", Carrier: "UPS", ShippedAt: at}
	if diff := cmp.Diff(want, d.after); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
}

func TestCarrierOrDateAloneIsANote(t *testing.T) {
	at := time.Date(2026, 11, 20, 16, 28, 0, 0, time.UTC)
	live := order.Live{Values: order.Values{Status: order.Shipped, Tracking: "1Z", Carrier: "United Parcel Service", ShippedAt: at}}
	tests := map[string]struct {
		want  order.Values
		notes int
	}{
		"the same carrier by another name": {order.Values{Status: order.Shipped, Tracking: "1Z", Carrier: "UPS"}, 0},
		"another carrier":                  {order.Values{Status: order.Shipped, Tracking: "1Z", Carrier: "FedEx"}, 1},
		"another date":                     {order.Values{Status: order.Shipped, Tracking: "1Z", ShippedAt: at.Add(time.Hour)}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := decide(&spec.Wish{Want: tt.want}, live, history{})
			if len(d.actions) != 0 || len(d.notes) != tt.notes {
				t.Errorf("actions %v, notes %v; want no action and %d notes", d.actions, d.notes, tt.notes)
			}
		})
	}
}

func statuses() *rapid.Generator[order.Status] {
	return rapid.SampledFrom([]order.Status{order.New, order.Processing, order.Shipped, order.Cancelled, "unknown:Odd"})
}

func anyLive() *rapid.Generator[order.Live] {
	return rapid.Custom(func(t *rapid.T) order.Live {
		return order.Live{
			Values: order.Values{
				Status: statuses().Draw(t, "status"), OrderNumber: rapid.SampledFrom([]string{"", "n", "m"}).Draw(t, "number"),
				Tracking: rapid.SampledFrom([]string{"", "1Z1", "1Z2"}).Draw(t, "tracking"),
			},
			SourceStatus: rapid.SampledFrom([]order.Status{"", order.New, order.Shipped, order.Cancelled}).Draw(t, "source"),
		}
	})
}

func anyWish() *rapid.Generator[*spec.Wish] {
	return rapid.Custom(func(t *rapid.T) *spec.Wish {
		w := &spec.Wish{Want: order.Values{Status: rapid.SampledFrom([]order.Status{order.Acknowledged, order.Shipped, order.Cancelled}).Draw(t, "want")}}
		if w.Want.Status != order.Cancelled {
			w.Want.OrderNumber = rapid.SampledFrom([]string{"", "n"}).Draw(t, "wanted number")
		}
		if w.Want.Status == order.Acknowledged {
			w.Want.OrderNumber = "n"
		}
		if w.Want.Status == order.Shipped {
			w.Want.Tracking = rapid.SampledFrom([]string{"", "1Z1"}).Draw(t, "wanted tracking")
		}
		return w
	})
}

// Doing what was decided leaves nothing to do.
func TestDecidingAgainAfterTheChangeDecidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, live := anyWish().Draw(t, "wish"), anyLive().Draw(t, "live")
		d := decide(w, live, history{})
		if d.held != "" {
			if len(d.actions) > 0 {
				t.Fatal("held back and acted on")
			}
			return
		}
		if len(d.actions) > 0 {
			live.Values = d.after
		}
		again := decide(w, live, history{})
		if len(again.actions) > 0 || again.held != "" {
			t.Fatalf("after %v to %+v it wants %v, held %q", d.actions, d.after, again.actions, again.held)
		}
	})
}

// Whatever a change leads to is recognised as its effect, and nothing that a
// change rests on is mistaken for it.
func TestShowsAndUnchangedNeverBothHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, live := anyWish().Draw(t, "wish"), anyLive().Draw(t, "live")
		d := decide(w, live, history{})
		if len(d.actions) == 0 {
			return
		}
		last := d.actions[len(d.actions)-1]
		if uptake.Shows(last, d.after, live) {
			t.Fatalf("%s shows before it was done: %+v", last, live)
		}
		if !Unchanged(live.Values, live) {
			t.Fatal("an order differs from itself")
		}
		done := live
		done.Values = d.after
		if !uptake.Shows(last, d.after, done) {
			t.Fatalf("%s does not show after it was done: %+v", last, done)
		}
	})
}
