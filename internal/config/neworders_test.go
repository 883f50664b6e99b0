package config_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/neworder"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// newOrder is a line of JSON Lines: an order of Ada Quill, who is made up. more stands
// instead of what it names.
func newOrder(number, more string) string {
	fields := []string{
		`"OrderSource":"Phone"`, fmt.Sprintf(`"OrderSourceOrderNumber":%q`, number), `"DateCreatedInOrderSource":"2026-11-20T10:00:00Z"`,
		`"BuyerEmailAddress":"ada.quill@example.com"`, `"BuyerPhoneNumber":"555-0100"`, `"ShipToCompanyName":""`, `"FirstName":"Ada"`, `"LastName":"Quill"`,
		`"Street1":"1 Inkwell Lane"`, `"City":"Papertown"`, `"StateOrProvince":"MA"`, `"Country":"US"`, `"PostalCode":"02901"`, `"ShippingMethod":"Ground"`,
		`"GrandTotal":30.10`, `"SubTotal":25.10`, `"OrderItems":[{"Sku":"A","Name":"Pen","Quantity":2,"UnitPrice":12.55}]`,
	}
	if more != "" {
		name, _, _ := strings.Cut(more, ":")
		fields = slices.DeleteFunc(fields, func(f string) bool { return strings.HasPrefix(f, name+":") })
		fields = append(fields, more)
	}
	return "{" + strings.Join(fields, ",") + "}\n"
}

const newOrders = "new_orders \"phone\" {\n  rows = jsonl(\"p.jsonl\")\n}\n"

// created are the new orders of a configuration: what is wrong with them, or when they
// were placed.
func created(wishes *spec.Wishes) []string {
	var got []string
	for _, n := range wishes.New {
		what := n.Created.Format("2006-01-02T15:04Z07:00")
		if n.Problem != nil {
			what = fmt.Sprintf("%s %s %s", n.Problem.Code, n.Problem.Place, n.Problem.Message)
		}
		got = append(got, n.Address()+" "+n.Place.String()+" "+what)
	}
	return got
}

func TestNewOrders(t *testing.T) {
	wishes := mustWish(t, files{
		"main.hcl": newOrders + anOrder,
		"p.jsonl": newOrder("P-2", "") + newOrder("P-1", `"DateCreatedInOrderSource":"2026-11-20T10:00:00-05:00"`) + newOrder("P-2", `"GrandTotal":"30.1"`) +
			newOrder("P-3", "") + newOrder("P-3", `"City":"Elsewhere"`) + newOrder("P-4", `"City":""`) + newOrder("P-5", "") + newOrder("P-5", `"City":""`),
	})
	want := []string{
		`new_orders.phone["Phone/P-1"] p.jsonl:2 2026-11-20T15:00Z`,
		`new_orders.phone["Phone/P-2"] p.jsonl:1 2026-11-20T10:00Z`, // the same again, to the last digit
		`new_orders.phone["Phone/P-3"] p.jsonl:4 conflict p.jsonl:4 two rows with this number differ: an order is inserted once`,
		`new_orders.phone["Phone/P-4"] p.jsonl:6 bad_row p.jsonl:6 City is required and empty`,
		`new_orders.phone["Phone/P-5"] p.jsonl:7 conflict p.jsonl:7 two rows with this number differ: an order is inserted once`,
		`new_orders.phone["Phone/P-5"] p.jsonl:8 bad_row p.jsonl:8 City is required and empty`,
	}
	if diff := cmp.Diff(want, created(wishes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := wishes.Batches[0]; n.String() != "8 rows in 1 file: 4 orders, 1 repeated row, 1 combined, 2 bad rows" || !n.Complete() {
		t.Error(n)
	}
}

// Without new orders, a configuration has the hash that it always had; with them, it is
// that of which orders must exist, and not of what their rows say.
func TestTheHashOfNewOrders(t *testing.T) {
	hash := func(rows string) string {
		return mustWish(t, files{"main.hcl": newOrders + anOrder, "p.jsonl": rows}).Hash
	}
	none, one, two := mustWish(t, files{"main.hcl": anOrder}).Hash, hash(newOrder("P-1", "")), hash(newOrder("P-1", "")+newOrder("P-2", ""))
	if hash("") != none || one == none || one == two {
		t.Errorf("none %s, one %s, two %s", none, one, two)
	}
	if hash(newOrder("P-1", `"FirstName":"Bob"`)) != one {
		t.Error("the hash says something of the buyer")
	}
}

func TestNewOrdersOfCSV(t *testing.T) {
	const head = "OrderSource,OrderSourceOrderNumber,DateCreatedInOrderSource,BuyerEmailAddress,BuyerPhoneNumber,ShipToCompanyName,FirstName,LastName," +
		"Street1,City,StateOrProvince,Country,PostalCode,ShippingMethod,GrandTotal,SubTotal,"
	const row = "Phone,P-1,2026-11-20T10:00:00Z,ada.quill@example.com,555-0100,,Ada,Quill,1 Inkwell Lane,Papertown,MA,US,02901,Ground,30.10,25.10,"
	read := func(csv string) (*spec.Wishes, string) {
		cfg := mustLoad(t, files{"main.hcl": strings.Replace(newOrders, `jsonl("p.jsonl")`, `csv("p.csv")`, 1), "p.csv": csv}, world{})
		wishes, diags := cfg.Wishes(context.Background())
		return wishes, said(append(diags, wishes.Diagnostics()...))
	}
	asJSON, text := read(head + "OrderItems\n" + row + `"[{""Sku"":""A"",""Name"":""Pen"",""Quantity"":2,""UnitPrice"":12.55}]"` + "\n")
	if len(asJSON.New) != 1 || text != "" {
		t.Fatalf("%v %s", created(asJSON), text)
	}
	numbered, text := read(head + "OrderItems.1.Sku,OrderItems.1.Name,OrderItems.1.Quantity,OrderItems.1.UnitPrice,OrderItems.2.Sku\n" + row + "A,Pen,2,12.55,\n")
	if len(numbered.New) != 1 || text != "" || numbered.New[0].Digest != asJSON.New[0].Digest {
		t.Errorf("numbered columns are another order: %v %s", created(numbered), text)
	}
	object := mustWish(t, files{"main.hcl": newOrders, "p.jsonl": newOrder("P-1", "")})
	if object.New[0].Digest != asJSON.New[0].Digest {
		t.Error("the same order as JSON Lines is another one")
	}
	for want, csv := range map[string]string{
		"p.csv:2,136: A row of new orders that can't be used; new_orders.phone[\"Phone/P-1\"]: OrderItems, item 1: Quantity must be a whole number from 1 to 1000000": head +
			"OrderItems.1.Sku,OrderItems.1.Name,OrderItems.1.Quantity,OrderItems.1.UnitPrice\n" + row + "A,Pen,x,12.55\n",
		"OrderItems must be a JSON list of objects":                              head + "OrderItems\n" + row + "Pen\n",
		`There is no field "Fristname" of new orders; did you mean "FirstName"?`: strings.Replace(head, "FirstName", "Fristname", 1) + "OrderItems\n" + row + "x\n",
		`It has no column "SubTotal".`:                                           strings.Replace(head, "SubTotal,", "", 1) + "OrderItems\n" + row + "x\n",
		"Its first line looks like a row":                                        row + "x\n" + row + "x\n",
		"Several columns are called":                                             head + "OrderItems,City\n" + row + "x,y\n",
		"is used together with numbered columns":                                 head + "OrderItems,OrderItems.1.Sku\n" + row + `"[{""Sku"":""A"",""Name"":""Pen"",""Quantity"":2,""UnitPrice"":12.55}]",A` + "\n",
	} {
		if _, text := read(csv); !strings.Contains(text, want) || strings.Contains(text, "Quill") || strings.Contains(text, "Inkwell") {
			t.Errorf("got %s, want %s", text, want)
		}
	}
}

// A number that a spreadsheet changed is another one: the order would be inserted under it, and once more when
// the table is right again.
func TestANewOrderWithANumberThatASpreadsheetChanged(t *testing.T) {
	for field, change := range map[string]string{
		neworder.Number:      `"OrderSourceOrderNumber":"2.00012E+14"`,
		neworder.OrderNumber: `"OrderDestinationOrderNumber":"=\"1001\""`,
		neworder.Phone:       `"BuyerPhoneNumber":"4.91701E+12"`,
		neworder.PostalCode:  `"PostalCode":"'02901"`,
		neworder.Sku:         `"OrderItems":[{"Sku":"4E+05","Name":"Pen","Quantity":2,"UnitPrice":12.55}]`,
	} {
		n := mustWish(t, files{"main.hcl": newOrders, "p.jsonl": newOrder("P-1", change)}).New[0]
		if n.Problem == nil || n.Problem.Code != spec.BadRow || !strings.Contains(n.Problem.Message, field+" was changed by a spreadsheet") {
			t.Errorf("%s: %+v", field, n.Problem)
		}
	}
}

func TestFaultsOfNewOrdersBlocks(t *testing.T) {
	for want, hcl := range map[string]string{
		"rows is not a table":             "new_orders \"phone\" {\n  rows = [{ FirstName = \"Quill\" }]\n}\n",
		"Duplicate new_orders \"phone\"":  newOrders + newOrders,
		"max_per_run is out of range":     "new_orders \"phone\" {\n  rows = jsonl(\"p.jsonl\")\n  max_per_run = 0\n}\n",
		`Did you mean "max_per_run"?`:     "new_orders \"phone\" {\n  rows = jsonl(\"p.jsonl\")\n  max_per_ron = 1\n}\n",
		`The argument "rows" is required`: "new_orders \"phone\" {\n}\n",
		"Invalid name of new_orders":      "new_orders \"a b\" {\n  rows = jsonl(\"p.jsonl\")\n}\n",
		"No account":                      "new_orders \"phone\" {\n  rows = jsonl(\"p.jsonl\")\n  account = \"other\"\n}\n",
		"The table can't be read":         newOrders,
	} {
		cfg, diags := load(t, files{"main.hcl": hcl}, world{})
		_, more := cfg.Wishes(context.Background())
		if text := said(append(diags, more...)); !strings.Contains(text, want) || strings.Contains(text, "Quill") {
			t.Errorf("got %s, want %s", text, want)
		}
	}
}

// A release takes an order out, bad rows too.
func TestAReleasedNewOrder(t *testing.T) {
	wishes := mustWish(t, files{
		"main.hcl": newOrders + "release \"p\" {\n  find = { source = \"phone\", source_order_number = \"P-1\" }\n  reason = \"typed in by hand\"\n}\n",
		"p.jsonl":  newOrder("P-1", "") + newOrder("P-1", `"City":""`) + newOrder("P-2", ""),
	})
	if diff := cmp.Diff([]string{`new_orders.phone["Phone/P-2"] p.jsonl:3 2026-11-20T10:00Z`}, created(wishes)); diff != "" || len(wishes.Replaced) != 2 || wishes.Replaced[0].By != spec.StepRelease {
		t.Errorf("%s %+v", diff, wishes.Replaced)
	}
}

// Only rows that say the same as before, and only one of each, are sent.
func TestBodies(t *testing.T) {
	cfg := mustLoad(t, files{"main.hcl": newOrders, "p.jsonl": newOrder("P-1", "") + newOrder("P-2", "") + newOrder("P-2", `"City":"Elsewhere"`) + newOrder("P-3", "") + newOrder("P-4", `"City":""`)}, world{})
	asked := map[string]bool{"insert:phone/P-1": true, "insert:phone/P-2": true, "insert:phone/P-4": true}
	rows, err := cfg.Bodies(t.Context(), func(account, id string) bool { return account == "default" && asked[id] })
	if err != nil || len(rows) != 1 || rows[0].ID() != "insert:phone/P-1" || !strings.Contains(string(rows[0].Body()), `"LastName":"Quill"`) {
		t.Errorf("%v %v", rows, err)
	}
}
