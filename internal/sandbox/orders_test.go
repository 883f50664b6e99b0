package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOrderLooksLikeTheReference(t *testing.T) {
	sample := Samples()[0]
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		got := a.get("/Orders/" + sample.ID)
		if len(got.Orders) != 1 {
			t.Fatalf("got %d orders: %s", len(got.Orders), got.Raw)
		}
		o := got.Orders[0]
		var keys []string
		for k := range o {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		want := []string{
			"BuyerEmailAddress", "BuyerPhoneNumber", "BuyerUserId", "City", "Country", "DateCreatedInDestination",
			"DateCreatedInOrderSource", "DateShipped", "DestinationShippingCarrier", "FirstName", "GiftWrapTaxTotal",
			"GiftWrapTotal", "GrandTotal", "IsAmazonPrime", "LastName", "OrderDestinationOrderNumber", "OrderId", "OrderItems",
			"OrderSource", "OrderSourceCustomerOrderNumber", "OrderSourceOrderNumber", "OrderStatus", "PaymentTransactionId",
			"PaymentType", "PostalCode", "ShipToCompanyName", "ShipmentTrackingNumber", "ShippingMethod", "ShippingServiceName",
			"ShippingServiceValue", "ShippingTaxTotal", "ShippingTotal", "SourceOrderStatus", "StateOrProvince", "Street1",
			"Street2", "SubTotal", "SyncStatus", "SyncUserErrorMessage",
		}
		if diff := cmp.Diff(want, keys); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		values := map[string]any{}
		for _, k := range []string{"OrderSource", "OrderSourceOrderNumber", "OrderStatus", "SourceOrderStatus", "DateCreatedInOrderSource", "DateShipped"} {
			values[k] = o[k]
		}
		if diff := cmp.Diff(map[string]any{
			"OrderSource": "Amazon", "OrderSourceOrderNumber": "112-1234567-1234567", "OrderStatus": "New", "SourceOrderStatus": "New",
			"DateCreatedInOrderSource": "2026-11-20T10:00:00Z", "DateShipped": nil,
		}, values); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	})
}

func TestListByPages(t *testing.T) {
	for _, o := range []Options{{}, {NewestFirst: true}, {PageCap: 7}, {PageCap: 7, NewestFirst: true}, {DateField: DateDestination}} {
		t.Run(fmt.Sprintf("%+v", o.PageCap), func(t *testing.T) {
			a := inProcess(t, o)
			all := a.get("/Orders?page=1&pageSize=1000&" + everything).ids()
			if o.PageCap > 0 && len(all) != o.PageCap {
				t.Fatalf("the first page has %d orders, the cap is %d", len(all), o.PageCap)
			}
			var listed []string
			dates := []string{}
			for page := 1; ; page++ {
				got := a.get(fmt.Sprintf("/Orders?page=%d&pageSize=11&%s", page, everything))
				if len(got.Orders) == 0 {
					break
				}
				listed = append(listed, got.ids()...)
				for _, o := range got.Orders {
					dates = append(dates, o["DateCreatedInOrderSource"].(string))
				}
			}
			if len(listed) != DefaultOrders || len(slices.Compact(slices.Sorted(slices.Values(listed)))) != DefaultOrders {
				t.Errorf("pages hold %d orders, want each of %d once", len(listed), DefaultOrders)
			}
			if o.NewestFirst {
				slices.Reverse(dates)
			}
			if o.DateField == "" && !slices.IsSorted(dates) {
				t.Errorf("not in order: %v", dates)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	a := inProcess(t, Options{})
	count := func(query string) int {
		t.Helper()
		got := a.get("/Orders/count?" + query)
		if list := a.get("/Orders?page=1&pageSize=1000&" + query); len(list.Orders) != got.Count {
			t.Errorf("%s: counted %d, listed %d", query, got.Count, len(list.Orders))
		}
		return got.Count
	}
	sum := 0
	for _, status := range []string{"NEW", "processing", "Shipped", "CANCELED"} {
		sum += count("status=" + status + "&" + everything)
	}
	if sum != DefaultOrders || count(everything) != DefaultOrders {
		t.Errorf("the statuses sum up to %d, want %d", sum, DefaultOrders)
	}
	// Both ends are inclusive: the first sample is exactly 2 hours old.
	for query, want := range map[string]int{
		"fromDate=2026-11-20T10:00:00&toDate=2026-11-20T10:00:00":                   1,
		"fromDate=2026-11-20T10:00:01&toDate=2026-11-20T10:00:02":                   0,
		"fromDate=2026-11-20T12:00:00%2B02:00&toDate=2026-11-20T10:00:00Z":          1,
		"fromDate=2026-11-20T09:00:00&toDate=2026-11-20T10:00:00":                   2,
		"fromDate=2026-11-20T10:00:00&toDate=2026-11-20T09:00:00":                   0,
		"fromDate=2026-11-20T09:00:00&toDate=2026-11-20T10:00:00&status=NEW":        2,
		"fromDate=2026-11-20T07:00:00&toDate=2026-11-20T07:00:00&status=NEW":        0,
		"fromDate=2026-11-20T07:00:00&toDate=2026-11-20T07:00:00&status=processing": 1,
	} {
		if got := count(query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
}

func TestDateFieldDestination(t *testing.T) {
	a := inProcess(t, Options{DateField: DateDestination})
	o := a.get("/Orders/" + Samples()[0].ID).Orders[0]
	at := o["DateCreatedInDestination"].(string)
	if got := a.get("/Orders/count?fromDate=" + at + "&toDate=" + at); got.Count != 1 {
		t.Errorf("the order's own date of arrival finds %d orders, want 1", got.Count)
	}
	if got := a.get("/Orders/count?fromDate=2026-11-20T10:00:00Z&toDate=2026-11-20T10:00:00Z"); got.Count != 0 {
		t.Errorf("the date of the source finds %d orders, want 0", got.Count)
	}
}

func TestStyleOther(t *testing.T) {
	a := inProcess(t, Options{Style: StyleOther})
	got := a.get("/Orders?page=1&pageSize=100&status=CANCELLED&" + everything)
	if len(got.Orders) == 0 {
		t.Fatal("no cancelled orders")
	}
	o := got.Orders[0]
	if o["OrderStatus"] != "CANCELLED" {
		t.Errorf("status %v, want CANCELLED", o["OrderStatus"])
	}
	if _, err := time.Parse("2006-01-02T15:04:05", o["DateCreatedInOrderSource"].(string)); err != nil {
		t.Errorf("a time with a zone: %v", err)
	}
	if _, ok := o["GrandTotal"].(string); !ok {
		t.Errorf("GrandTotal is %T, want text", o["GrandTotal"])
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(got.Raw), &fields); err != nil || fields["CorrelationId"] == nil || o["Tags"] == nil {
		t.Errorf("unknown fields are missing: %v", fields)
	}
}

func TestArrivals(t *testing.T) {
	a := inProcess(t, Options{Arrivals: 2, NewestFirst: true})
	var sizes []int
	for range 4 {
		sizes = append(sizes, len(a.get("/Orders?page=1&pageSize=100&"+everything).Orders))
		a.clock.pass(time.Minute)
	}
	if diff := cmp.Diff([]int{40, 41, 41, 42}, sizes); diff != "" {
		t.Errorf("sizes of listings (-want +got):\n%s", diff)
	}
}
