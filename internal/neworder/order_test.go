package neworder_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/neworder"
)

func readTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, errors.New("must be a time")
	}
	return t, nil
}

func text(s string) neworder.Value { return neworder.Value{Text: s} }

// row is an order of Ada Quill, who is made up.
func row(change ...func(neworder.Row)) neworder.Row {
	r := neworder.Row{
		"OrderSource": text("Phone"), "OrderSourceOrderNumber": text("P-1"), "DateCreatedInOrderSource": text("2026-11-20T10:00:00-05:00"),
		"BuyerEmailAddress": text("ada@example.com"), "BuyerPhoneNumber": text("555"), "ShipToCompanyName": text(""),
		"FirstName": text("Ada"), "LastName": text("Quill"), "Street1": text(" 1 Inkwell <Lane> "), "City": text("Papertown"), "StateOrProvince": text("MA"),
		"Country": text("US"), "PostalCode": text("02901"), "ShippingMethod": text("Ground"), "GrandTotal": text("100.10"), "SubTotal": text("25.10"),
		"OrderItems": {List: []neworder.Row{{"Sku": text("A"), "Name": text("Pen"), "Quantity": text("2"), "UnitPrice": text("12.55")}}},
	}
	for _, c := range change {
		c(r)
	}
	return r
}

func TestBody(t *testing.T) {
	o, faults := neworder.Read(row(func(r neworder.Row) {
		r["OrderStatus"], r["DateShipped"] = text(" "), neworder.Value{} // as exports have them, and the API's own example
		r["OrderId"], r["DateCreatedInDestination"], r["SyncUserErrorMessage"] = text(""), neworder.Value{}, neworder.Value{}
		r["OrderItems"].List[0]["OrderItemId"] = text("")
		r["Street2"], r["OrderDestinationOrderNumber"] = text(""), text("SO-1")
	}), readTime)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := `{"OrderSource":"Phone","OrderSourceOrderNumber":"P-1","DateCreatedInOrderSource":"2026-11-20T15:00:00Z","OrderDestinationOrderNumber":"SO-1",` +
		`"BuyerEmailAddress":"ada@example.com","BuyerPhoneNumber":"555","FirstName":"Ada","LastName":"Quill","ShipToCompanyName":"","Street1":"1 Inkwell <Lane>",` +
		`"City":"Papertown","StateOrProvince":"MA","Country":"US","PostalCode":"02901","ShippingMethod":"Ground","GrandTotal":100.1,"SubTotal":25.1,` +
		`"OrderItems":[{"Sku":"A","Name":"Pen","Quantity":2,"UnitPrice":12.55}]}`
	if diff := cmp.Diff(want, string(o.Body())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, shown := range []string{fmt.Sprint(o), fmt.Sprintf("%+v", o), fmt.Sprintf("%#v", o)} {
		if strings.Contains(shown, "Quill") || strings.Contains(shown, "Ink") {
			t.Errorf("an order is printed with its buyer: %s", shown)
		}
	}
	if found := o.Warnings(); len(found) > 0 {
		t.Error(found)
	}
}

func TestFaults(t *testing.T) {
	long := strings.Repeat("x", 256)
	for want, change := range map[string]func(neworder.Row){
		"OrderSourceOrderNumber looks like an e-mail address: the columns may have slipped": func(r neworder.Row) {
			r["OrderSourceOrderNumber"] = text("ada@example.com")
		},
		"OrderSource looks like an e-mail address: the columns may have slipped": func(r neworder.Row) { r["OrderSource"] = text("ada@example.com") },
		"City is required and empty":                                    func(r neworder.Row) { r["City"] = text("  ") },
		"FirstName is required and empty":                               func(r neworder.Row) { delete(r, "FirstName") },
		"ShipToCompanyName is required; it may be empty":                func(r neworder.Row) { delete(r, "ShipToCompanyName") },
		"Adress1 is not a field of a new order (did you mean Street1?)": func(r neworder.Row) { r["Adress1"] = text("x") },
		"Strete1 is not a field of a new order (did you mean Street1?)": func(r neworder.Row) { r["Strete1"] = text("x") },
		"OrderStatus must be empty: a new order is new; a batch ships it once it is there": func(r neworder.Row) {
			r["OrderStatus"] = text("Shipped")
		},
		"ShipmentTrackingNumber must be empty: a batch ships the order once it is there": func(r neworder.Row) {
			r["ShipmentTrackingNumber"] = text("1Z")
		},
		"DateShipped must be empty: a batch ships the order once it is there": func(r neworder.Row) { r["DateShipped"] = text("2026-11-20") },
		"DateCreatedInOrderSource must be a time":                             func(r neworder.Row) { r["DateCreatedInOrderSource"] = text("yesterday") },
		"City is longer than 255 characters":                                  func(r neworder.Row) { r["City"] = text(long) },
		"City has a line break or another control character":                  func(r neworder.Row) { r["City"] = text("a\nb") },
		"City must be a text or a number":                                     func(r neworder.Row) { r["City"] = neworder.Value{Other: true} },
		"GrandTotal must be an amount like 25 or 100.95, from 0 on, with at most 4 decimals and no currency": func(r neworder.Row) {
			r["GrandTotal"] = text("$100")
		},
		"SubTotal must be an amount like 25 or 100.95, from 0 on, with at most 4 decimals and no currency": func(r neworder.Row) {
			r["SubTotal"] = text("1e9")
		},
		"ShippingTotal must be an amount like 25 or 100.95, from 0 on, with at most 4 decimals and no currency": func(r neworder.Row) {
			r["ShippingTotal"] = text("-1")
		},
		"OrderItems must have at least one item": func(r neworder.Row) { r["OrderItems"] = neworder.Value{List: []neworder.Row{}} },
		"OrderItems must be a JSON list of objects, each with Sku, Name, Quantity and UnitPrice": func(r neworder.Row) {
			r["OrderItems"] = neworder.Value{Other: true}
		},
		"OrderItems, item 1: Quantity must be a whole number from 1 to 1000000": func(r neworder.Row) {
			r["OrderItems"].List[0]["Quantity"] = text("1.5")
		},
		"OrderItems, item 1: OrderItemId must be empty: the API gives the item its ID": func(r neworder.Row) {
			r["OrderItems"].List[0]["OrderItemId"] = text("x")
		},
		"SyncUserErrorMessage must be empty: the API says what went wrong with the order": func(r neworder.Row) {
			r["SyncUserErrorMessage"] = text("x")
		},
		"OrderItems, item 1: Sku is required and empty": func(r neworder.Row) { delete(r["OrderItems"].List[0], "Sku") },
		"OrderItems, item 1: Price is not a field of an item: there are Sku, Name, Quantity, UnitPrice": func(r neworder.Row) {
			r["OrderItems"].List[0]["Price"] = text("1")
		},
	} {
		o, faults := neworder.Read(row(change), readTime)
		if len(faults) != 1 || faults[0].String() != want {
			t.Errorf("%v, want %s", faults, want)
		}
		if o.Number != "P-1" && !strings.HasPrefix(want, neworder.Number) || o.Body() != nil {
			t.Errorf("%s: number %q, body of %d bytes", want, o.Number, len(o.Body()))
		}
	}
}

// Whatever stands in a row, no message about it has any of it.
func TestFaultsHoldNoValue(t *testing.T) {
	const mark = "Qxz7"
	rapid.Check(t, func(t *rapid.T) {
		r := row()
		for name := range r {
			if name != "OrderItems" && rapid.Bool().Draw(t, name) {
				r[name] = text(mark + rapid.StringMatching(`[a-z0-9\n.,-]{0,300}`).Draw(t, name+" value"))
			}
		}
		_, faults := neworder.Read(r, readTime)
		for _, f := range faults {
			if strings.Contains(f.String(), mark) {
				t.Errorf("%s", f)
			}
		}
	})
}

// Amounts keep every digit: what is sent is what the row says, as a decimal.
func TestAmountsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Uint64Range(0, 999_999_999_999).Draw(t, "whole")
		cents := rapid.IntRange(0, 9999).Draw(t, "decimals")
		written := fmt.Sprintf("%d.%04d", whole, cents)
		o, faults := neworder.Read(row(func(r neworder.Row) { r["GrandTotal"] = text(written) }), readTime)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		var sent struct{ GrandTotal json.Number }
		if err := json.Unmarshal(o.Body(), &sent); err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSuffix(strings.TrimRight(written, "0"), "."); sent.GrandTotal.String() != want {
			t.Errorf("%s is sent as %s", written, sent.GrandTotal)
		}
	})
}

func TestWarnings(t *testing.T) {
	o, _ := neworder.Read(row(func(r neworder.Row) {
		r["SubTotal"] = text("25")
		r["OrderSource"], r["OrderSourceOrderNumber"] = text("Amazon US"), text("AMZ000003")
	}), readTime)
	var rules []string
	for _, w := range o.Warnings() {
		rules = append(rules, w.Rule)
	}
	if diff := cmp.Diff([]string{"INS02", "INS03"}, rules); diff != "" {
		t.Error(diff)
	}
	other, _ := neworder.Read(row(), readTime)
	if o.Digest() == other.Digest() {
		t.Error("two contents have one digest")
	}
}

func TestItemsOfAText(t *testing.T) {
	got, ok := neworder.ItemsOf(`[{"Sku":"A","Quantity":2,"UnitPrice":12.550,"Name":null,"x":{}}]`)
	want := []neworder.Row{{"Sku": text("A"), "Quantity": text("2"), "UnitPrice": text("12.550"), "Name": {}, "x": {Other: true}}}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("%v %s", ok, diff)
	}
	for _, bad := range []string{"", "null", "{}", `[1]`, `[{}] x`, `[{}`, "Pen"} {
		if _, ok := neworder.ItemsOf(bad); ok {
			t.Errorf("%q is a list of items", bad)
		}
	}
}
