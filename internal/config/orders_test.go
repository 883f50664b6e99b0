package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// wish is a wish without its origin, in a form that tests can write.
type wish struct {
	Address string
	Find    spec.Find
	Want    order.Values
	Reason  string
	Attempt int
	Place   string
	Date    bool   // written without a time
	Problem string // its code
}

// plainly brings wishes into the tests' form. An attempt of 1 is left out.
func plainly(wishes *spec.Wishes) []wish {
	all := []wish{}
	for i := range wishes.Orders {
		w := wishes.Orders[i]
		p := wish{Address: w.Address(), Find: w.Find, Want: w.Want, Reason: w.Reason, Place: w.Place.String(), Date: w.DateOnly}
		if w.Attempt != 1 {
			p.Attempt = w.Attempt
		}
		if w.Problem != nil {
			p.Problem = w.Problem.Code
		}
		all = append(all, p)
	}
	return all
}

func compare(t *testing.T, want []wish, got *spec.Wishes) {
	t.Helper()
	if diff := cmp.Diff(want, plainly(got)); diff != "" {
		t.Errorf("wishes (-want +got):\n%s", diff)
	}
}

func TestOrderBlocks(t *testing.T) {
	at := time.Date(2026, 11, 20, 16, 28, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		source string
		want   wish
	}{
		"the label is the id": {`order "tHbu" {
  status = "shipped"
}`, wish{Find: spec.Find{ID: "tHbu"}, Want: order.Values{Status: order.Shipped}}},
		"everything": {`order "tHbu" {
  find            = { source = "Amazon", source_order_number = "112-1" }
  status          = "shipped"
  order_number    = "O1"
  tracking_number = " 1Z "
  carrier         = "UPS"
  shipped_at      = "2026-11-20T16:28:00.9Z"
  attempt         = 2
}`, wish{
			Find: spec.Find{Source: "Amazon", Number: "112-1"}, Attempt: 2,
			Want: order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z", Carrier: "UPS", ShippedAt: at},
		}},
		"by the seller's number": {`order "tHbu" {
  find         = { order_number = 12 }
  status       = "acknowledged"
  order_number = "0012"
}`, wish{Find: spec.Find{OrderNumber: "12"}, Want: order.Values{Status: order.Acknowledged, OrderNumber: "0012"}}},
		"by the marketplace's number alone": {`order "tHbu" {
  find   = { "source_order_number" = "112-1" }
  status = "Canceled"
  reason = "out of stock"
}`, wish{Find: spec.Find{Number: "112-1"}, Want: order.Values{Status: order.Cancelled}, Reason: "out of stock"}},
		"what has no effect is dropped": {`order "tHbu" {
  status       = "cancelled"
  order_number = "O1"
  shipped_at   = "2026-11-20T16:28:00Z"
  reason       = "out of stock"
}`, wish{Find: spec.Find{ID: "tHbu"}, Want: order.Values{Status: order.Cancelled}, Reason: "out of stock"}},
		"null is left out": {`order "tHbu" {
  status          = "shipped"
  tracking_number = null
  shipped_at      = null
  attempt         = null
}`, wish{Find: spec.Find{ID: "tHbu"}, Want: order.Values{Status: order.Shipped}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Address, c.want.Place = `order["tHbu"]`, "main.hcl:1:1"
			compare(t, []wish{c.want}, mustWish(t, files{"main.hcl": c.source}))
		})
	}
}

func TestShipDates(t *testing.T) {
	const newYork = "account \"main\" {\n  endpoint = \"sandbox\"\n  timezone = \"America/New_York\"\n}\n"
	const block = "order \"a\" {\n  status = \"shipped\"\n  shipped_at = %s\n}\n"
	for _, c := range []struct {
		account, text, want string
		dateOnly            bool
	}{
		{"", `"2026-11-20T16:28:00Z"`, "2026-11-20T16:28:00Z", false},
		{"", `"2026-11-20T16:28:00+02:00"`, "2026-11-20T14:28:00Z", false},
		{"", `"2026-11-20T16:28Z"`, "2026-11-20T16:28:00Z", false},
		{"", `"2026-11-20 16:28:00 -0500"`, "2026-11-20T21:28:00Z", false},
		{"", `"2026-11-20"`, "2026-11-20T00:00:00Z", true},
		{newYork, `"2026-11-20"`, "2026-11-20T05:00:00Z", true},
		{newYork, `"2026-11-20 16:28:00"`, "2026-11-20T21:28:00Z", false},
		{newYork, `"2026-07-01T16:28"`, "2026-07-01T20:28:00Z", false},
		{newYork, `"2026-11-01 01:30:00"`, "2026-11-01T05:30:00Z", false}, // the first of two
		{newYork, `"2026-11-20T16:28:00Z"`, "2026-11-20T16:28:00Z", false},
		{"", `parse_time("%m/%d/%Y %H:%M", "11/20/2026 16:28", "America/New_York")`, "2026-11-20T21:28:00Z", false},
	} {
		wishes := mustWish(t, files{"main.hcl": c.account + sprintf(block, c.text)})
		w := wishes.Orders[0]
		if got := w.Want.ShippedAt.Format(time.RFC3339); got != c.want || w.DateOnly != c.dateOnly {
			t.Errorf("%s%s: got %s, date only %v", c.account, c.text, got, w.DateOnly)
		}
	}
}

// parse_time in a batch takes the account's time zone, and agrees with what is
// written plainly about the hours that come twice or never.
func TestParseTimeInTheAccountsZone(t *testing.T) {
	wishes := mustWish(t, files{"main.hcl": `
account "main" {
  endpoint = "sandbox"
  timezone = "America/New_York"
}
batch "b" {
  rows       = [{ id = "plain", at = "2026-11-01 01:30:00" }, { id = "never", at = "2026-03-08 02:30:00" }, { id = "none", at = "" }]
  find       = { id = row.id }
  status     = "shipped"
  shipped_at = parse_time("%Y-%m-%d %H:%M:%S", row.at)
}`})
	if got := wishes.Orders[2].Want.ShippedAt.Format(time.RFC3339); wishes.Orders[2].Find.ID != "plain" || got != "2026-11-01T05:30:00Z" {
		t.Errorf("got %s", got)
	}
	if len(problems(wishes)) != 1 || problems(wishes)[`batch.b["never"]`] == "" {
		t.Errorf("problems: %v", problems(wishes))
	}
}

func TestAddresses(t *testing.T) {
	wishes := mustWish(t, files{"main.hcl": `
order "with \"quotes\" and \\" {
  find   = { id = "q" }
  status = "shipped"
}
batch "b" {
  rows   = [{ k = "id", v = "tHbu" }, { k = "order_number", v = "O1" }, { k = "source_order_number", v = "112\"1" }]
  find   = zipmap([row.k], [row.v])
  status = "shipped"
}
batch "named" {
  rows   = [{ n = "112-1" }, { n = null }]
  find   = { source = "Amazon", source_order_number = row.n }
  status = "shipped"
}`})
	want := `batch.b["#O1"] batch.b["112\"1"] batch.b["tHbu"] batch.named["Amazon/112-1"] batch.named["main.hcl:12"] order["with \"quotes\" and \\"]`
	if diff := cmp.Diff(want, addresses(wishes)); diff != "" {
		t.Error(diff)
	}
}
