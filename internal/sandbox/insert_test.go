package sandbox

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// phoneOrder is the reference's example with what its table requires besides.
func phoneOrder() map[string]any {
	return map[string]any{
		"OrderId": "", "BuyerEmailAddress": "buyeremail@marketplace.amazon.com", "BuyerPhoneNumber": "1234567890",
		"DateShipped": nil, "OrderSource": "Amazon", "OrderSourceOrderNumber": "AMZ000003", "OrderStatus": " ",
		"DateCreatedInOrderSource": "2026-11-20T11:02:07Z", "GrandTotal": 100, "ShipmentTrackingNumber": nil,
		"OrderDestinationOrderNumber": nil, "DateCreatedInDestination": nil,
		"OrderItems":        []any{map[string]any{"OrderItemId": "", "Sku": "SKU01", "Name": "sku description", "Quantity": 4, "UnitPrice": "25.00"}},
		"ShipToCompanyName": "", "FirstName": "Sam", "LastName": "Matthews", "Street1": "123 city garden lane", "Street2": " ",
		"City": "Providence", "StateOrProvince": "MA", "Country": "US", "PostalCode": "02901",
		"ShippingServiceName": "First Class Email", "ShippingServiceValue": "First Class Email", "ShippingMethod": "Two Day",
		"SubTotal": 100.95, "ShippingTotal": 4.95, "ShippingTaxTotal": 0.6, "SyncUserErrorMessage": nil,
		"GiftWrapTotal": 4.99, "GiftWrapTaxTotal": 2.99, "BuyerUserId": nil, "PaymentTransactionId": "1022222-1454538-0354615",
	}
}

func (a *api) insert(o map[string]any) answer {
	a.t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.put("/Orders/InsertOrder", string(body))
}

func TestInsert(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		if got := a.insert(phoneOrder()); !got.Success {
			t.Fatal(got.Status, got.Message)
		}
		truth := a.truth("Amazon AMZ000003")
		if truth.Status != StatusNew || truth.WriteCount != 1 || !truth.CreatedInDestination.Equal(start) {
			t.Errorf("truth: %+v", truth)
		}
		o := a.get("/Orders/" + truth.ID).Orders[0]
		got := map[string]any{}
		for _, k := range []string{"FirstName", "BuyerEmailAddress", "PaymentTransactionId", "GrandTotal", "SubTotal", "ShippingMethod", "DateCreatedInOrderSource"} {
			got[k] = o[k]
		}
		if diff := cmp.Diff(map[string]any{
			"FirstName": "Sam", "BuyerEmailAddress": "buyeremail@marketplace.amazon.com", "PaymentTransactionId": "1022222-1454538-0354615",
			"GrandTotal": 100.0, "SubTotal": 100.95, "ShippingMethod": "Two Day", "DateCreatedInOrderSource": "2026-11-20T11:02:07Z",
		}, got); diff != "" {
			t.Errorf("reads (-want +got):\n%s", diff)
		}
		if w := a.s.Ledger(); len(w) != 1 || w[0].SourceNumber != "AMZ000003" {
			t.Errorf("ledger: %+v", w)
		}
	})
}

func TestInsertRefusals(t *testing.T) {
	a := inProcess(t, Options{})
	changed := func(key string, value any) map[string]any {
		o := maps.Clone(phoneOrder())
		o[key] = value
		return o
	}
	required := strings.Fields(`BuyerEmailAddress BuyerPhoneNumber OrderSource OrderSourceOrderNumber DateCreatedInOrderSource
		ShipToCompanyName FirstName LastName Street1 City StateOrProvince Country PostalCode ShippingMethod GrandTotal SubTotal OrderItems`)
	for _, field := range required {
		if got := a.insert(changed(field, nil)); got.Status != 400 || !strings.Contains(got.Message, field) {
			t.Errorf("without %s: got %d %q", field, got.Status, got.Message)
		}
	}
	item := func(key string, value any) []any {
		it := map[string]any{"Sku": "S", "Name": "N", "Quantity": 1, "UnitPrice": 1}
		it[key] = value
		return []any{it}
	}
	for _, test := range []struct {
		key   string
		value any
		want  string
	}{
		{"FirstName", "  ", "FirstName"},
		{"FirstName", 7, "FirstName"},
		{"OrderStatus", "lost", "OrderStatus"},
		{"DateCreatedInOrderSource", "yesterday", "DateCreatedInOrderSource"},
		{"DateShipped", "yesterday", "DateShipped"},
		{"GrandTotal", "1e9", "1e9"},
		{"GrandTotal", "007", "007"},
		{"OrderItems", []any{}, "OrderItems"},
		{"OrderItems", item("Sku", nil), "OrderItems - Sku"},
		{"OrderItems", item("Name", ""), "OrderItems - Name"},
		{"OrderItems", item("Quantity", 0), "OrderItems - Quantity"},
		{"OrderItems", item("UnitPrice", nil), "OrderItems - UnitPrice"},
	} {
		if got := a.insert(changed(test.key, test.value)); got.Status != 400 || !strings.Contains(got.Message, test.want) {
			t.Errorf("%s = %v: got %d %q, want it to name %s", test.key, test.value, got.Status, got.Message, test.want)
		}
	}
	if n := len(a.s.Ledger()); n != 0 {
		t.Errorf("%d refused inserts took effect", n)
	}
}

func TestInsertTwice(t *testing.T) {
	a := inProcess(t, Options{})
	a.insert(phoneOrder())
	if got := a.insert(phoneOrder()); !got.Success {
		t.Errorf("a duplicate was refused: %s", got.Message)
	}
	if got := a.get("/Orders/count?" + everything).Count; got != DefaultOrders+2 {
		t.Errorf("%d orders, want %d", got, DefaultOrders+2)
	}
	strict := inProcess(t, Options{RefuseDuplicates: true})
	strict.insert(phoneOrder())
	if got := strict.insert(phoneOrder()); got.Status != 400 || got.Success {
		t.Errorf("a duplicate is answered with %d, want 400", got.Status)
	}
}

func TestLateInsertIsHiddenUntilShown(t *testing.T) {
	a := inProcess(t, Options{ReadLag: time.Minute, ExecuteLate: func() time.Duration { return time.Minute }})
	a.insert(phoneOrder())
	var got []int
	for range 3 {
		got = append(got, a.get("/Orders/count?"+everything).Count, len(a.s.Ledger()))
		a.clock.pass(time.Minute)
	}
	if diff := cmp.Diff([]int{40, 0, 40, 1, 41, 1}, got); diff != "" {
		t.Errorf("orders shown and ledger, by minute (-want +got):\n%s", diff)
	}
}
