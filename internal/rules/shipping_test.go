package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
)

func TestCheckShipment(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	live := func(change func(*order.Live)) order.Live {
		l := order.Live{
			Ref:    order.Ref{ID: "id-1", Source: "Amazon", SourceNumber: "112-1"},
			Values: order.Values{Status: order.New, OrderNumber: "SO1"}, CreatedInSource: now.Add(-3 * time.Hour), SyncStatus: "Enabled",
		}
		change(&l)
		return l
	}
	same := func(*order.Live) {}
	at := func(d time.Duration) order.Values {
		return order.Values{Status: order.Shipped, Tracking: "1Z1", ShippedAt: now.Add(d)}
	}
	tests := []struct {
		name     string
		shipment rules.Shipment
		want     []string // rule and severity
	}{
		{"nothing to say", rules.Shipment{Live: live(same), After: at(-time.Hour)}, nil},
		{"at the moment of sending", rules.Shipment{Live: live(same), After: order.Values{Tracking: "1Z1"}}, nil},
		{"before it was placed", rules.Shipment{Live: live(same), After: at(-4 * time.Hour)}, []string{"SHIP01 error"}},
		{"at the second it was placed", rules.Shipment{Live: live(same), After: at(-3 * time.Hour)}, nil},
		{"a date alone", rules.Shipment{Live: live(same), After: at(-time.Hour), DateOnly: true}, []string{"SHIP02 warning"}},
		{"in five minutes", rules.Shipment{Live: live(same), After: at(5 * time.Minute)}, nil},
		{"in the future", rules.Shipment{Live: live(same), After: at(5*time.Minute + time.Second)}, []string{"SHIP03 error"}},
		{"a day ago", rules.Shipment{Live: live(func(l *order.Live) { l.CreatedInSource = now.AddDate(0, 0, -3) }), After: at(-24*time.Hour - time.Second)}, []string{"SHIP04 warning"}},
		{"without a number", rules.Shipment{Live: live(same), After: order.Values{}}, []string{"SHIP05 warning"}},
		{"without a number at Walmart", rules.Shipment{Live: live(func(l *order.Live) { l.Source = "WALMART" }), After: order.Values{}}, []string{"SHIP05 error"}},
		{"without a number on purpose", rules.Shipment{Live: live(same), NoTracking: true}, nil},
		{"without a number at Walmart.com", rules.Shipment{Live: live(func(l *order.Live) { l.Source = "Walmart.com" }), After: order.Values{}}, []string{"SHIP05 error"}},
		{"without a number on purpose at Walmart", rules.Shipment{Live: live(func(l *order.Live) { l.Source = "Walmart" }), NoTracking: true}, []string{"SHIP05 error"}},
		{"the marketplace's own number", rules.Shipment{Live: live(same), After: order.Values{Tracking: "112-1"}}, []string{"SHIP07 error"}},
		{"the seller's own number", rules.Shipment{Live: live(same), After: order.Values{Tracking: "so1"}}, []string{"SHIP07 error"}},
		{"the API's own number", rules.Shipment{Live: live(same), After: order.Values{Tracking: "id-1"}}, []string{"SHIP07 error"}},
		{"an error before", rules.Shipment{Live: live(func(l *order.Live) { l.SyncError = "x" }), After: at(0)}, []string{"SHIP16 warning"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.shipment.Now = now
			var got []string
			for _, f := range rules.CheckShipment(tt.shipment) {
				got = append(got, f.Rule+" "+string(f.Severity))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
