package sandbox

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestShip(t *testing.T) {
	id := Samples()[0].ID
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		if got, err := a.ship(id, "1Z999AA10123456784"); err != nil || !got.Success || got.Message != "" {
			t.Fatalf("got %+v, %v", got, err)
		}
		want := OrderTruth{
			ID: id, Source: "Amazon", Number: "112-1234567-1234567", Status: "Shipped", SourceStatus: "Shipped",
			Tracking: "1Z999AA10123456784", Carrier: "UPS", ShippedAt: start.Add(-30 * time.Minute),
			Writes: map[Op]int{OpUpdateStatus: 1}, WriteCount: 1, Shown: true,
		}
		dates := cmpopts.IgnoreFields(OrderTruth{}, "CreatedInSource", "CreatedInDestination")
		if diff := cmp.Diff(want, a.truth(id), dates); diff != "" {
			t.Errorf("truth (-want +got):\n%s", diff)
		}
		o := a.get("/Orders/" + id).Orders[0]
		if o["OrderStatus"] != "Shipped" || o["DateShipped"] != "2026-11-20T11:30:00Z" || o["ShipmentTrackingNumber"] != "1Z999AA10123456784" {
			t.Errorf("reads show %v", o)
		}
		if diff := cmp.Diff([]Write{{
			Order: id, Op: OpUpdateStatus, ReceivedAt: start, At: start, Status: "SHIPPED",
			Tracking: "1Z999AA10123456784", Carrier: "UPS", DateShipped: "2026-11-20T11:30:00Z",
		}}, a.s.Ledger()); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
	})
}

func TestShipAgainOverwrites(t *testing.T) {
	a := inProcess(t, Options{})
	id := Samples()[0].ID
	a.ship(id, "1Z999AA10123456784")
	a.clock.pass(time.Hour)
	a.put("/Orders/"+id+"/UpdateStatus", `{"OrderStatus":"shipped","ShipmentTrackingNumber":null}`)
	got := a.truth(id)
	if got.WriteCount != 2 || !got.ShippedAt.Equal(start.Add(time.Hour)) || got.Tracking != "1Z999AA10123456784" {
		t.Errorf("after a second ship without a date: %+v", got)
	}
	a.put("/Orders/"+id+"/UpdateStatus", `{"OrderStatus":"shipped","ShipmentTrackingNumber":"9","DateShipped":"2026-11-19"}`)
	got = a.truth(id)
	if got.Tracking != "9" || !got.ShippedAt.Equal(time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("a date alone does not become midnight: %+v", got)
	}
}

func TestUpdateStatusRefusals(t *testing.T) {
	a := inProcess(t, Options{})
	id := Samples()[0].ID
	for body, message := range map[string]string{
		`{"OrderStatus":"PROCESSING"}`: onlyShippedOrCancelled,
		`{"OrderStatus":"New"}`:        onlyShippedOrCancelled,
		`{}`:                           onlyShippedOrCancelled,
		`{"OrderStatus":"Shipped","DateShipped":"11/20/2026"}`: "The parameter DateShipped is missing or invalid.",
		``:                  messages[400],
		`{"OrderStatus":7}`: messages[400],
	} {
		if got := a.put("/Orders/"+id+"/UpdateStatus", body); got.Status != 400 || got.Message != message {
			t.Errorf("%s: got %d %q, want 400 %q", body, got.Status, got.Message, message)
		}
	}
	if got := a.truth(id); got.Status != StatusNew || got.WriteCount != 0 {
		t.Errorf("a refused update changed the order: %+v", got)
	}
}

func TestCancel(t *testing.T) {
	for _, spelling := range []string{"CANCELED", "Cancelled"} {
		a := inProcess(t, Options{})
		id := Samples()[2].ID
		if got := a.put("/Orders/"+id+"/UpdateStatus", `{"OrderStatus":"`+spelling+`"}`); !got.Success {
			t.Errorf("%s: %s", spelling, got.Message)
		}
		if got := a.truth(id); got.Status != StatusCanceled || got.SourceStatus != StatusCanceled {
			t.Errorf("%s: %+v", spelling, got)
		}
	}
}

func TestAcknowledge(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		id := Samples()[0].ID
		for _, query := range []string{"", "?orderDestinationOrderNumber="} {
			if got := a.put("/Orders/"+id+"/AcknowledgeOrder"+query, ""); got.Status != 400 {
				t.Errorf("%q: got %d, want 400", query, got.Status)
			}
		}
		before := a.get("/Orders/count?status=NEW&" + everything).Count
		if got := a.put("/Orders/"+id+"/acknowledgeorder?orderDestinationOrderNumber=O%2012%2B3", ""); !got.Success {
			t.Fatal(got.Message)
		}
		if got := a.truth(id); got.Status != StatusProcessing || got.SourceStatus != StatusProcessing || got.OrderNumber != "O 12+3" {
			t.Errorf("truth: %+v", got)
		}
		if after := a.get("/Orders/count?status=NEW&" + everything).Count; after != before-1 {
			t.Errorf("%d new orders, before %d", after, before)
		}
	})
}

func TestLateWritesAndLaggingReads(t *testing.T) {
	late := time.Minute
	a := inProcess(t, Options{
		ReadLag: 10 * time.Second, SourceLag: time.Hour,
		ExecuteLate: func() time.Duration { return late },
	})
	id := Samples()[0].ID
	type view struct {
		True, Source, Read string
		New, Pending       int
	}
	look := func() view {
		truth := a.truth(id)
		return view{
			truth.Status, truth.SourceStatus, a.get("/Orders/" + id).Orders[0]["OrderStatus"].(string),
			a.get("/Orders/count?status=NEW&" + everything).Count, a.s.Truth().Pending,
		}
	}
	n := look().New
	if got, err := a.ship(id, "1Z"); err != nil || !got.Success {
		t.Fatal(got, err)
	}
	var got []view
	for _, d := range []time.Duration{0, 59 * time.Second, time.Second, 9 * time.Second, time.Second, time.Hour} {
		a.clock.pass(d)
		got = append(got, look())
	}
	if diff := cmp.Diff([]view{
		{"New", "New", "New", n, 1},
		{"New", "New", "New", n, 1},
		{"Shipped", "New", "New", n, 0},
		{"Shipped", "New", "New", n, 0},
		{"Shipped", "New", "Shipped", n - 1, 0},
		{"Shipped", "Shipped", "Shipped", n - 1, 0},
	}, got); diff != "" {
		t.Errorf("views (-want +got):\n%s", diff)
	}
	if w := a.s.Ledger(); len(w) != 1 || !w[0].At.Equal(start.Add(time.Minute)) || !w[0].ReceivedAt.Equal(start) {
		t.Errorf("ledger: %+v", w)
	}

	// Two writes can change places, as with a real server.
	other := Samples()[1].ID
	a.ship(other, "first")
	late = time.Second
	a.ship(other, "second")
	a.clock.pass(time.Hour)
	if got := a.truth(other); got.Tracking != "first" || got.WriteCount != 2 {
		t.Errorf("the write received first took effect last, but the order is %+v", got)
	}
}
