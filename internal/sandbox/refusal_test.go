package sandbox

import (
	"testing"
	"time"
)

// A marketplace refuses a carrier an hour after the API accepted it, unless somebody
// sends another one before.
func TestAMarketplaceRefusesLater(t *testing.T) {
	a := inProcess(t, Options{Refuses: []string{"ups"}, RefuseAfter: time.Hour})
	refused, mended := Samples()[0].ID, Samples()[1].ID
	for _, id := range []string{refused, mended} {
		a.put("/Orders/"+id+"/UpdateStatus", `{"OrderStatus":"SHIPPED","ShipmentTrackingNumber":"1","DestinationShippingCarrier":"UPS"}`)
	}
	if got := a.truth(refused); got.Status != StatusShipped || got.SourceStatus == StatusShipped || got.SyncError != "" {
		t.Errorf("at once: %+v", got)
	}
	a.put("/Orders/"+mended+"/UpdateStatus", `{"OrderStatus":"SHIPPED","ShipmentTrackingNumber":"1","DestinationShippingCarrier":"USPS"}`)
	a.clock.pass(time.Hour)
	if got := a.truth(refused); got.SyncError == "" || got.SourceStatus == StatusShipped {
		t.Errorf("an hour later: %+v", got)
	}
	if got := a.truth(mended); got.SyncError != "" || got.SourceStatus != StatusShipped {
		t.Errorf("it was mended: %+v", got)
	}
	a.put("/Orders/"+refused+"/UpdateStatus", `{"OrderStatus":"SHIPPED","ShipmentTrackingNumber":"1","DestinationShippingCarrier":"USPS"}`)
	if got := a.truth(refused); got.SyncError != "" || got.SourceStatus != StatusShipped {
		t.Errorf("it is mended: %+v", got)
	}
}

func TestASilentMarketplace(t *testing.T) {
	a := inProcess(t, Options{Silent: []string{"AMAZON"}})
	id := Samples()[0].ID
	a.ship(id, "1Z999AA10123456784")
	a.clock.pass(48 * time.Hour)
	if got := a.truth(id); got.Status != StatusShipped || got.SourceStatus == StatusShipped {
		t.Errorf("%+v", got)
	}
}
