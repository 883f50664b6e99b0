package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDrift(t *testing.T) {
	a := inProcess(t, Options{ReadLag: time.Minute})
	id := Samples()[0].ID
	a.ship(id, "1Z")
	if err := a.s.Drift(Drift{Order: "112-1234567-1234567", SourceStatus: new("Cancelled"), SyncError: new("Refused: contact buyer@mail.example")}); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"OrderStatus": "Shipped", "SourceOrderStatus": "Canceled", "SyncUserErrorMessage": "Refused: contact buyer@mail.example"}
	for range 2 { // at once, and after the ship would have been shown
		o := a.get("/Orders/" + id).Orders[0]
		got := map[string]any{}
		for k := range want {
			got[k] = o[k]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("reads (-want +got):\n%s", diff)
		}
		a.clock.pass(time.Hour)
	}
	if err := a.s.Drift(Drift{Order: id, Status: new("OnHold"), Tracking: new(""), ShippedAt: new(time.Time{})}); err != nil {
		t.Fatal(err)
	}
	if got := a.truth(id); got.Status != "OnHold" || got.SourceStatus != "OnHold" || got.Tracking != "" || !got.ShippedAt.IsZero() || got.WriteCount != 1 {
		t.Errorf("truth: %+v", got)
	}
	if err := a.s.Drift(Drift{Order: "none"}); err == nil {
		t.Error("an order that is not there was changed")
	}
}

func TestAddOrder(t *testing.T) {
	a := inProcess(t, Options{Orders: -1})
	id, err := a.s.AddOrder(NewOrder{Source: "Walmart", Number: "7", Status: "PROCESSING", OrderNumber: "O7", CreatedInSource: start.Add(-48 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.get("/Orders?page=1&pageSize=10&status=PROCESSING&" + everything); len(got.Orders) != 1 || got.ids()[0] != id {
		t.Errorf("listed %v", got.ids())
	}
	if got := a.truth("walmart 7"); got.OrderNumber != "O7" || !got.CreatedInSource.Equal(start.Add(-48*time.Hour)) || got.WriteCount != 0 {
		t.Errorf("truth: %+v", got)
	}
}

func TestControlOverHTTP(t *testing.T) {
	a := overSocket(t, Options{Control: true})
	for _, test := range []struct {
		method, path, body string
		want               int
		contains           string
	}{
		{"POST", "faults", "count_feeds:status=503:nth=1\n\n any:hang:nth=99\n", 200, ""},
		{"POST", "faults", "count_feeds:boom", 400, `unknown kind \"boom\"`},
		{"GET", "faults", "", 200, `["count_feeds:status=503:nth=1","any:hang:nth=99"]`},
		{"DELETE", "faults", "", 200, ""},
		{"GET", "faults", "", 200, "[]"},
		{"POST", "drift", `{"order":"112-1234567-1234567","status":"CANCELLED"}`, 200, ""},
		{"POST", "drift", `{"order":"none"}`, 400, "no order"},
		{"POST", "drift", `{"ordr":"none"}`, 400, "unknown field"},
		{"GET", "orders/112-1234567-1234567", "", 200, `"status":"Canceled"`},
		{"GET", "orders/Amazon%20112-1234567-1234567", "", 200, `"status":"Canceled"`},
		{"GET", "orders/none", "", 404, "no order"},
		{"POST", "orders", `{"source":"eBay","number":"1-2"}`, 200, `"id":"`},
		{"POST", "arrivals", "", 200, `"id":"`},
		{"POST", "drift/feed", `{"feed":"Google Shopping US","status":"Failed"}`, 200, ""},
		{"GET", "truth", "", 200, `"calls":{"authorize":1}`},
		{"GET", "calls", "", 200, `"call_count":1`},
		{"DELETE", "tokens", "", 200, ""},
		{"GET", "nothing", "", 404, ""},
		{"GET", "drift", "", 405, ""},
	} {
		got := a.must(test.method, "/_sandbox/"+test.path, test.body)
		if got.Status != test.want || !strings.Contains(got.Raw, test.contains) {
			t.Errorf("%s %s: got %d %s, want %d with %s", test.method, test.path, got.Status, got.Raw, test.want, test.contains)
		}
	}
	if got := a.get("/feeds/count"); got.Status != 401 {
		t.Errorf("an expired token is answered with %d", got.Status)
	}
}

func TestCallsAreCounted(t *testing.T) {
	a := inProcess(t, Options{Burst: 4})
	for range 4 {
		a.get("/Orders/x")
	}
	a.get("/nothing")
	got := a.s.Truth()
	if diff := cmp.Diff(map[Op]int{OpAuthorize: 1, OpGetOrder: 4, OpUnknown: 1}, got.Calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got.CallCount != 6 || got.Throttled != 2 {
		t.Errorf("%d calls, %d refused, want 6 and 2", got.CallCount, got.Throttled)
	}
}
