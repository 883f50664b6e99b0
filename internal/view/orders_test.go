package view_test

import (
	stdcsv "encoding/csv"
	stdjson "encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

func hostileOrder() report.LiveOrder {
	return report.LiveOrder{OrderDetails: godatafeed.OrderDetails{
		Live: order.Live{
			Ref:             order.Ref{ID: "id1", Source: "::error::Amazon\n", SourceNumber: "=1+1"},
			Values:          order.Values{Status: order.New, Tracking: "1Z\x1b[2J"},
			CreatedInSource: time.Date(2026, 11, 20, 12, 0, 0, 5, time.UTC),
			SyncError:       "call ann@example.com " + strings.Repeat("x", 300),
		},
		GrandTotal: decimal.RequireFromString("-5.5"),
	}}
}

// buyer has no value that stands anywhere else in an order.
var buyer = godatafeed.Buyer{
	Email: "p-email@example.com", Phone: "p-phone", UserID: "p-user", FirstName: "p-first", LastName: "p-last", Company: "p-company",
	Street1: "p-street1", Street2: "p-street2", City: "p-city", State: "p-state", PostalCode: "p-postal", Country: "p-country",
	PaymentType: "p-payment", PaymentTransaction: "p-transaction",
}

func TestOrdersShowBuyersOnlyWhenGiven(t *testing.T) {
	for _, format := range []report.Format{report.Text, report.JSON, report.CSV} {
		t.Run(string(format), func(t *testing.T) {
			var without, with, single strings.Builder
			o := hostileOrder()
			if err := printOrders(&without, format, []report.LiveOrder{o}, false); err != nil {
				t.Fatal(err)
			}
			o.Buyer = &buyer
			if err := printOrders(&with, format, []report.LiveOrder{o}, true); err != nil {
				t.Fatal(err)
			}
			if err := printOrder(&single, format, o); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(without.String(), "p-") || strings.Contains(without.String(), "buyer") {
				t.Errorf("a buyer in\n%s", without.String())
			}
			for _, value := range []string{buyer.Email, buyer.FirstName, buyer.Street1, buyer.City} {
				if !strings.Contains(with.String(), value) || !strings.Contains(single.String(), value) {
					t.Errorf("no %s in\n%s%s", value, with.String(), single.String())
				}
			}
		})
	}
}

func TestOrdersEscapeForeignText(t *testing.T) {
	for _, format := range []report.Format{report.Text, report.JSON, report.CSV} {
		t.Run(string(format), func(t *testing.T) {
			var out strings.Builder
			if err := printOrders(&out, format, []report.LiveOrder{hostileOrder()}, false); err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"\x1b", "ann@example.com", "\n::"} {
				if strings.Contains(out.String(), bad) {
					t.Errorf("%q in\n%s", bad, out.String())
				}
			}
		})
	}
}

func TestOrdersCSVIsSafeAndWhole(t *testing.T) {
	var out strings.Builder
	if err := printOrders(&out, report.CSV, []report.LiveOrder{hostileOrder()}, false); err != nil {
		t.Fatal(err)
	}
	records, err := stdcsv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	row := map[string]string{}
	for i, name := range records[0] {
		row[name] = records[1][i]
	}
	for name, want := range map[string]string{
		"id": "id1", "source_order_number": "'=1+1", "grand_total": "-5.50", "created_at": "2026-11-20T12:00:00Z", "status": "new", "carrier": "",
	} {
		if row[name] != want {
			t.Errorf("%s is %q, want %q", name, row[name], want)
		}
	}
}

func TestOrdersJSONOfNone(t *testing.T) {
	var out strings.Builder
	if err := printOrders(&out, report.JSON, nil, false); err != nil {
		t.Fatal(err)
	}
	var doc struct{ Orders []any }
	if err := stdjson.Unmarshal([]byte(out.String()), &doc); err != nil || doc.Orders == nil {
		t.Errorf("%v in %s", err, out.String())
	}
}

func printOrders(w io.Writer, format report.Format, orders []report.LiveOrder, withBuyers bool) error {
	list := report.Orders(orders, withBuyers)
	switch format {
	case report.JSON:
		return json.Object(w, list)
	case report.CSV:
		return csv.Orders(w, list)
	}
	return text.Orders(w, text.Style{}, list)
}

func printOrder(w io.Writer, format report.Format, o report.LiveOrder) error {
	single := report.OneOrder(o)
	switch format {
	case report.JSON:
		return json.Object(w, single)
	case report.CSV:
		return csv.Order(w, single)
	}
	return text.Order(w, text.Style{}, single)
}
