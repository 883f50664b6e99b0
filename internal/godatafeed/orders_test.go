package godatafeed

import (
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/order"
)

// answering returns a client that is always given the same answer.
func answering(t *testing.T, body string) *Client {
	t.Helper()
	return clientOf(t, func(*http.Request) (*http.Response, error) { return respond(200, body), nil }, quickly)
}

func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestReferenceOrder(t *testing.T) {
	// The sample of the reference, to the letter.
	const id = "tHbuSCBLMHNXP0VIYiycumodmWyfG6pj"
	c := answering(t, sample(t, "orders.json"))
	live := order.Live{
		Ref: order.Ref{ID: id, Source: "Amazon", SourceNumber: "123-1234567-1234567"},
		Values: order.Values{
			Status: order.Shipped, OrderNumber: "O12345", Tracking: "12345678901234567890123456", Carrier: "UPS",
			ShippedAt: time.Date(2017, 1, 2, 16, 28, 0, 0, time.UTC),
		},
		SourceStatus:         order.Shipped,
		CreatedInSource:      time.Date(2017, 1, 1, 0, 44, 32, 0, time.UTC),
		CreatedInDestination: time.Date(2017, 1, 1, 1, 44, 59, 75393200, time.UTC),
		SyncStatus:           "Enabled",
	}
	money := decimal.RequireFromString
	details := OrderDetails{
		Live:       live,
		GrandTotal: money("12.98"), SubTotal: money("9.99"), ShippingTotal: money("2.99"),
		ShippingMethod: "MFNStandard", ShippingService: "Standard Ground", ShippingServiceValue: "UPS",
		Items: []Item{{
			ID: "1uTXxLgsfP6kmKpkDGqQhSjkcPJZfsel", SKU: "ABC123", Name: "My Great Product",
			Quantity: money("1"), UnitPrice: money("9.99"), Discount: money("0.00"),
		}},
	}
	withBuyer := OrderWithBuyer{OrderDetails: details, Buyer: Buyer{
		Email: "custom@er.com", Phone: "1234567890", FirstName: "Customer", LastName: "Customers",
		Street1: "123 Fake Lane", City: "Miami", State: "FL", PostalCode: "33172", Country: "US",
	}}

	ctx := t.Context()
	lives, err := c.ListOrders(ctx, someDay, 1, 1)
	compare(t, []order.Live{live}, lives, err)
	one, err := c.GetOrder(ctx, id)
	compare(t, live, one, err)
	list, err := c.ListOrderDetails(ctx, someDay, 1, 1)
	compare(t, []OrderDetails{details}, list, err)
	detail, err := c.GetOrderDetails(ctx, id)
	compare(t, details, detail, err)
	buyers, err := c.ListOrdersWithBuyer(ctx, someDay, 1, 1)
	compare(t, []OrderWithBuyer{withBuyer}, buyers, err)
	buyer, err := c.GetOrderWithBuyer(ctx, id)
	compare(t, withBuyer, buyer, err)

	if shown := fmt.Sprintf("%v %+v %#v", buyer, buyer.Buyer, buyer.Buyer); strings.Contains(shown, "custom@er.com") {
		t.Errorf("printing shows the buyer: %s", shown)
	}
}

func compare(t *testing.T, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnlyWithBuyerReadsPersonalFields(t *testing.T) {
	personal := map[string]bool{}
	for _, name := range []string{
		"BuyerEmailAddress", "BuyerPhoneNumber", "BuyerUserId", "BuyerUserID", "FirstName", "LastName", "ShipToCompanyName",
		"Street1", "Street2", "City", "PostalCode", "PaymentTransactionId", "PaymentTransactionID", "PaymentType",
	} {
		personal[name] = true
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[wireOrder](), reflect.TypeFor[wireDetails](), reflect.TypeFor[wireItem]()} {
		for _, f := range reflect.VisibleFields(typ) {
			if personal[f.Name] || personal[f.Tag.Get("json")] {
				t.Errorf("%s reads %s", typ, f.Name)
			}
		}
	}
}

func TestTolerance(t *testing.T) {
	at := func(h, m, s, ns int) time.Time { return time.Date(2017, 1, 1, h, m, s, ns, time.UTC) }
	tests := map[string]struct {
		fields string
		want   order.Live
	}{
		"nothing":           {``, order.Live{Values: order.Values{Status: "unknown:"}}},
		"canceled":          {`"OrderStatus":"CANCELED"`, order.Live{Values: order.Values{Status: order.Cancelled}}},
		"other case":        {`"orderstatus":"pRoCessing"`, order.Live{Values: order.Values{Status: order.Processing}}},
		"unknown status":    {`"OrderStatus":" Pending "`, order.Live{Values: order.Values{Status: "unknown:Pending"}}},
		"source status":     {`"OrderStatus":"New","SourceOrderStatus":"Cancelled"`, order.Live{Values: order.Values{Status: order.New}, SourceStatus: order.Cancelled}},
		"its own word":      {`"OrderStatus":"New","SourceOrderStatus":"Unfulfilled"`, order.Live{Values: order.Values{Status: order.New}, SourceStatus: "unknown:Unfulfilled"}},
		"a buyer's source":  {`"OrderStatus":"New","SourceOrderStatus":"Canceled by Ada Quill ada@example.com"`, order.Live{Values: order.Values{Status: order.New}, SourceStatus: "unknown:Canceled by …"}},
		"a tagged source":   {`"OrderStatus":"New","SourceOrderStatus":"<Ada>shipped"`, order.Live{Values: order.Values{Status: order.New}, SourceStatus: "unknown:shipped"}},
		"blank source":      {`"OrderStatus":"New","SourceOrderStatus":" "`, order.Live{Values: order.Values{Status: order.New}}},
		"nulls":             {`"OrderStatus":"New","OrderDestinationOrderNumber":null,"DateShipped":null,"SyncStatus":null`, order.Live{Values: order.Values{Status: order.New}}},
		"number as number":  {`"OrderStatus":"New","OrderDestinationOrderNumber":12345678901234567890`, order.Live{Values: order.Values{Status: order.New, OrderNumber: "12345678901234567890"}}},
		"outer space":       {`"OrderStatus":"New","ShipmentTrackingNumber":" 1Z 9 "`, order.Live{Values: order.Values{Status: order.New, Tracking: "1Z 9"}}},
		"unknown fields":    {`"OrderStatus":"New","Later":{"a":[1]}`, order.Live{Values: order.Values{Status: order.New}}},
		"no zone":           shippedAt(`"2017-01-01T16:28:05"`, at(16, 28, 5, 0)),
		"seven digits":      shippedAt(`"2017-01-01T16:28:05.0753932"`, at(16, 28, 5, 75393200)),
		"date only":         shippedAt(`"2017-01-01"`, at(0, 0, 0, 0)),
		"with zone":         shippedAt(`"2017-01-01T16:28:05-05:00"`, at(21, 28, 5, 0)),
		"with space":        shippedAt(`"2017-01-01 16:28:05"`, at(16, 28, 5, 0)),
		"no date":           shippedAt(`"soon"`, time.Time{}),
		"epoch":             shippedAt(`1483288085`, time.Time{}),
		"year one":          shippedAt(`"0001-01-01T00:00:00"`, time.Time{}),
		"year zero":         shippedAt(`"0000-12-31T23:59:59+10:00"`, time.Time{}),
		"year ten thousand": shippedAt(`"9999-12-31T23:59:59-12:00"`, time.Time{}),
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.want.ID = "x"
			fields := `"OrderId":"x"`
			if tt.fields != "" {
				fields += "," + tt.fields
			}
			got, err := answering(t, `{"Success":true,"Orders":[{`+fields+`}]}`).ListOrders(t.Context(), someDay, 1, 1)
			compare(t, []order.Live{tt.want}, got, err)
		})
	}
}

func shippedAt(value string, want time.Time) struct {
	fields string
	want   order.Live
} {
	return struct {
		fields string
		want   order.Live
	}{`"OrderStatus":"New","DateShipped":` + value, order.Live{Values: order.Values{Status: order.New, ShippedAt: want}}}
}

func TestMoney(t *testing.T) {
	tests := map[string]string{
		`12.98`: "12.98", `"12.98"`: "12.98", `"0.00"`: "0", `-3`: "-3", `null`: "0", `""`: "0", `1e3`: "1000",
		`1e999999999`: "", `"1e999999999"`: "", `"a"`: "", `"12,98"`: "", `{}`: "", `true`: "",
		`0.` + strings.Repeat("1", 60): "",
	}
	for value, want := range tests {
		got, err := answering(t, `{"Orders":[{"OrderId":"x","GrandTotal":`+value+`}]}`).GetOrderDetails(t.Context(), "x")
		switch {
		case want == "" && err == nil:
			t.Errorf("%s: %s, want an error", value, got.GrandTotal)
		case want != "" && (err != nil || got.GrandTotal.String() != want):
			t.Errorf("%s: %s, %v, want %s", value, got.GrandTotal, err, want)
		}
	}
}

func TestListsThatCantBeReliedUpon(t *testing.T) {
	// An error, never an empty page.
	for name, body := range map[string]string{
		"empty object":     `{}`,
		"null":             `null`,
		"null list":        `{"Orders":null}`,
		"no id":            `{"Success":true,"Orders":[{"OrderId":"a"},{"OrderStatus":"New"}]}`,
		"null id":          `{"Success":true,"Orders":[{"OrderId":null}]}`,
		"blank id":         `{"Success":true,"Orders":[{"OrderId":" "}]}`,
		"null order":       `{"Success":true,"Orders":[null]}`,
		"object":           `{"Success":true,"Orders":{"OrderId":"a"}}`,
		"id is an object":  `{"Success":true,"Orders":[{"OrderId":{}}]}`,
		"half":             `{"Success":true,"Orders":[{"OrderId":"a"}`,
		"two values":       `{"Success":true,"Orders":[]}{}`,
		"success is false": `{"Success":false,"Message":"no","Orders":[{"OrderId":"a"}]}`,
		"a contradiction":  `{"Success":true,"Orders":[{"OrderId":"a","OrderStatus":"New"},{"OrderId":"b"},{"OrderId":"a","OrderStatus":"Cancelled"}]}`,
		"page":             `<html>`,
		"empty":            ``,
		"too deep":         `{"Success":true,"Orders":` + strings.Repeat("[", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := answering(t, body).ListOrders(t.Context(), someDay, 1, 1); err == nil {
				t.Errorf("no error, but %v", got)
			}
		})
	}
}

// An answer that says two things about one order says nothing about it. One that
// says the same twice does no harm.
func TestAnAnswerThatContradictsItself(t *testing.T) {
	const as = `{"OrderId":"a","OrderStatus":"New","OrderSourceOrderNumber":"1"}`
	for name, c := range map[string]struct {
		other string
		good  bool
	}{
		"the same":       {as, true},
		"buyers differ":  {`{"OrderId":"a","OrderStatus":"New","OrderSourceOrderNumber":"1","FirstName":"Ann"}`, true}, // not read
		"another status": {`{"OrderId":"a","OrderStatus":"Cancelled","OrderSourceOrderNumber":"1"}`, false},
		"another number": {`{"OrderId":"a","OrderStatus":"New","OrderSourceOrderNumber":"2"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			c1 := answering(t, `{"Success":true,"Orders":[`+as+`,`+c.other+`]}`)
			_, err := c1.ListOrders(t.Context(), someDay, 1, 10)
			if (err == nil) != c.good || err != nil && !strings.Contains(err.Error(), "order a twice") {
				t.Errorf("ListOrders: %v", err)
			}
			if _, err := c1.GetOrder(t.Context(), "a"); (err == nil) != c.good {
				t.Errorf("GetOrder: %v", err)
			}
		})
	}
}

func TestEmptyPage(t *testing.T) {
	for _, body := range []string{`{"Success":true,"Orders":[]}`, `{"Orders":[]}`, `{"Success":true,"Orders":null}`, `{"Success":true}`} {
		got, err := answering(t, body).ListOrders(t.Context(), someDay, 1, 1)
		if err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v, want an empty page", body, got, err)
		}
	}
}

func TestGetOrderIdentity(t *testing.T) {
	tests := map[string]struct {
		body         string
		found, other bool
	}{
		"found":            {`{"Success":true,"Orders":[{"OrderId":"Ab"}]}`, true, false},
		"among others":     {`{"Success":true,"Orders":[{"OrderId":"x"},{"OrderId":"Ab"}]}`, true, false},
		"none":             {`{"Success":true,"Orders":[]}`, false, false},
		"absent":           {`{"Success":true}`, false, false},
		"another":          {`{"Success":true,"Orders":[{"OrderId":"x"}]}`, false, true},
		"in another case":  {`{"Success":true,"Orders":[{"OrderId":"aB"}]}`, false, true},
		"with outer space": {`{"Success":true,"Orders":[{"OrderId":" Ab"}]}`, false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, tt.body).GetOrder(t.Context(), "Ab")
			if (err == nil) != tt.found || IsNotFound(err) != (!tt.found && !tt.other) {
				t.Errorf("%v, not found %t", err, IsNotFound(err))
			}
		})
	}
	for _, status := range []int{404, 410} {
		c := clientOf(t, func(*http.Request) (*http.Response, error) { return respond(status, ""), nil })
		if _, err := c.GetOrder(t.Context(), "Ab"); !IsNotFound(err) {
			t.Errorf("%d: %v, want not found", status, err)
		}
	}
}

func TestCounts(t *testing.T) {
	for body, want := range map[string]int{
		`{"Success":true,"Count":118}`: 118, `{"count":"7"}`: 7, `{"Count":0}`: 0, `{"Count":3.0}`: 3,
		`{"Count":-1}`: -1, `{"Count":1.5}`: -1, `{"Count":null}`: -1, `{"Success":true}`: -1, `{"Count":1e300}`: -1,
		`{"Count":"NaN"}`: -1,
	} {
		got, err := answering(t, body).CountOrders(t.Context(), someDay)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%s: %d, %v, want %d (below zero: an error)", body, got, err, want)
		}
	}
}
