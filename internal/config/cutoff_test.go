package config_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// problemsOf are the places of problems with wishes, and what they are.
func problemsOf(wishes *spec.Wishes) string {
	var all string
	for _, w := range wishes.Orders {
		if w.Problem != nil {
			all += w.Problem.Place.String() + " " + w.Problem.Message
		}
	}
	return all
}

// What loses its end can still name a parcel or an order, another one. So the last cell
// of a file that ends in the middle of a line is used only if it is certainly whole.
func TestACellThatMayBeCutOff(t *testing.T) {
	const held = "the file ends without a line break"
	for name, c := range map[string]struct {
		table string // id is the order, t its number, c the carrier
		held  string // what is wrong with the last order
		warns string
	}{
		"a number without a check digit":        {"id,c,t\na,X,12345678\nb,X,123456", `t.csv:3:5 ` + held, ""},
		"a number whose check digit is right":   {"id,c,t\na,USPS,9400111899223197428404\nb,UPS,1Z999AA10123456784", "", ""},
		"a number of another carrier":           {"id,c,t\na,USPS,9400111899223197428404\nb,FedEx,1Z999AA10123456784", `t.csv:3:9 ` + held, ""},
		"a number whose check digit is wrong":   {"id,c,t\na,USPS,9400111899223197428404\nb,UPS,1Z999AA10123456785", `t.csv:3:7 ` + held, ""},
		"an order number":                       {"c,t,id\nUPS,1Z1,aaa\nUPS,1Z2,b", `t.csv:3:9 ` + held, ""},
		"a carrier":                             {"id,t,c\na,1Z1,UPS\nb,1Z2,UP", "", `under "c", may be cut off`},
		"an empty number":                       {"id,c,t\na,UPS,1Z1\nb,UPS,", "", `under "t", may be cut off`},
		"a column that is not read":             {"id,t,c,note\na,1Z1,UPS,careful\nb,1Z2,UPS,car", "", ""},
		"with a line break":                     {"id,c,t\na,X,12345678\nb,X,123456\n", "", ""},
		"a row that has something wrong anyway": {"id,c,t\na,X,12345678\n,X,123456", "t.csv:3:1 find: id is empty", ""},
	} {
		t.Run(name, func(t *testing.T) {
			wishes, diags := mustLoad(t, files{"t.csv": c.table, "main.hcl": groupBatch(`csv("t.csv")`, "")}, world{}).Wishes(context.Background())
			got := problemsOf(wishes)
			if (c.held == "") != (got == "") || !strings.Contains(got, c.held) {
				t.Errorf("held back: %q, want %q", got, c.held)
			}
			if text := said(diags); (c.warns == "") != (text == "") || !strings.Contains(text, c.warns) {
				t.Errorf("said: %q, want %q", text, c.warns)
			}
		})
	}
}

// A row that `where` leaves out because of a cell that lost its end is missing without
// a trace, and one that is not known to be voided would be shipped.
func TestACellThatDecidesMayBeCutOff(t *testing.T) {
	for name, c := range map[string]struct{ more, held, warns string }{
		"where leaves it out": {`  where = row.v == "valid"`, "", "t.csv:3"},
		"voided":              {`  voided = row.v == "voided"`, "may be cut off", ""},
	} {
		t.Run(name, func(t *testing.T) {
			wishes, diags := mustLoad(t, files{"t.csv": "id,t,c,v\na,1Z1,UPS,valid\nb,1Z2,UPS,v", "main.hcl": groupBatch(`csv("t.csv")`, c.more)}, world{}).Wishes(context.Background())
			got := problemsOf(wishes)
			if text := said(diags); (c.held == "") != (got == "") || !strings.Contains(got, c.held) || (c.warns == "") != (text == "") || !strings.Contains(text, c.warns) {
				t.Errorf("held back: %q; said: %q", got, text)
			}
		})
	}
}

func TestANewOrderThatMayBeCutOff(t *testing.T) {
	const header = "OrderSource,OrderSourceOrderNumber,DateCreatedInOrderSource,BuyerEmailAddress,BuyerPhoneNumber,ShipToCompanyName,FirstName,LastName,Street1,City," +
		"StateOrProvince,Country,PostalCode,ShippingMethod,GrandTotal,SubTotal,OrderItems.1.Sku,OrderItems.1.Name,OrderItems.1.UnitPrice,OrderItems.1.Quantity\n"
	const row = "Phone,P-1,2026-11-20T10:00:00Z,ada.quill@example.com,555-0100,,Ada,Quill,1 Inkwell Lane,Papertown,MA,US,02901,Ground,30.10,25.10,A,Pen,12.55,2"
	for content, want := range map[string]string{
		header + row + "\n": `new_orders.phone["Phone/P-1"] p.csv:2 2026-11-20T10:00Z`,
		header + row:        `p.csv:2:142 the file ends without a line break, and its last cell, under "OrderItems.1.Quantity", may be cut off`,
	} {
		wishes := mustWish(t, files{"main.hcl": strings.Replace(newOrders, "jsonl(\"p.jsonl\")", "csv(\"p.csv\")", 1) + anOrder, "p.csv": content})
		if got := strings.Join(created(wishes), "\n"); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
