package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// standing writes each wish as "address tracking", held ones with their code.
func standing(wishes *spec.Wishes) []string {
	all := []string{}
	for i := range wishes.Orders {
		w := wishes.Orders[i]
		text := w.Address() + " " + w.Want.Tracking
		if w.Problem != nil {
			text = w.Address() + " ! " + w.Problem.Code
		}
		all = append(all, text)
	}
	return all
}

// replacements writes each replacement as "address place by step place".
func replacements(wishes *spec.Wishes) []string {
	all := []string{}
	for _, r := range wishes.Replaced {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s %s by %s %s %s", r.Address, r.Place, r.By, r.ByPlace, r.Reason), " "))
	}
	return all
}

func TestWhichWishStands(t *testing.T) {
	ship := func(label, tracking, more string) string {
		return fmt.Sprintf("order %q {\n  find = { id = \"x\" }\n  status = \"shipped\"\n  tracking_number = %q\n%s\n}\n", label, tracking, more)
	}
	for name, c := range map[string]struct {
		files    files
		want     []string
		replaced []string
	}{
		"a later file, where that is said": {
			files{"1.csv": "id,t\nx,1Z1\ny,1Z1\n", "2.csv": "id,t\nx,1Z2\n", "3.csv": "id,t\nx,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, `latest = "file"`)},
			[]string{`batch.b["x"] 1Z2`, `batch.b["y"] 1Z1`},
			[]string{`batch.b["x"] 1.csv:2 by latest 3.csv:2`},
		},
		"a later file that is bad": {
			files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "latest = \"file\"\n  attempt = row.t == \"1Z2\" ? \"none\" : 1")},
			[]string{`batch.b["x"] ! bad_row`},
			[]string{`batch.b["x"] 1.csv:2 by latest 2.csv:2`},
		},
		"a later file that mends a bad one": {
			files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "latest = \"file\"\n  attempt = row.t == \"1Z1\" ? \"none\" : 1")},
			[]string{`batch.b["x"] 1Z2`},
			[]string{`batch.b["x"] 1.csv:2 by latest 2.csv:2`},
		},
		"two parcels": {
			files{"1.csv": "id,t\nx,1Z1\nx,1Z2\ny,1Z3\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "")},
			[]string{`batch.b["x"] ! split_shipment`, `batch.b["y"] 1Z3`},
			[]string{},
		},
		"three parcels, one row twice": {
			files{"1.csv": "id,t\nx,1Z1\nx,1Z1\nx,1Z2\nx,1Z3\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "")},
			[]string{`batch.b["x"] ! split_shipment`},
			[]string{},
		},
		"the first of two parcels": {
			files{"1.csv": "id,t\nx,1Z1\nx,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, `multiple_tracking = "first"`)},
			[]string{`batch.b["x"] 1Z1`},
			[]string{`batch.b["x"] 1.csv:3 by multiple_tracking 1.csv:2`},
		},
		"the first of a list": {
			files{"main.hcl": shipBatch("b", `[for i in range(3) : { id = "x", t = "1Z${i}" }]`, `multiple_tracking = "first"`)},
			[]string{`batch.b["x"] 1Z0`},
			[]string{`batch.b["x"] main.hcl:2 by multiple_tracking main.hcl:2`, `batch.b["x"] main.hcl:2 by multiple_tracking main.hcl:2`},
		},
		"replaces": {
			files{"1.csv": "id,t\nx,1Z1\ny,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "") + ship("mine", "1Z9", `replaces = "batch.b"`)},
			[]string{`batch.b["y"] 1Z2`, `order["mine"] 1Z9`},
			[]string{`batch.b["x"] 1.csv:2 by replaces main.hcl:8:1`},
		},
		"replaces through another": {
			files{"main.hcl": ship("a", "1Z1", `replaces = "order[\"b\"]"`) + ship("b", "1Z2", `replaces = "order[\"c\"]"`) + ship("c", "1Z3", "")},
			[]string{`order["a"] 1Z1`},
			[]string{`order["b"] main.hcl:7:1 by replaces main.hcl:1:1`, `order["c"] main.hcl:13:1 by replaces main.hcl:7:1`},
		},
		"replaces itself": {
			files{"main.hcl": ship("a", "1Z1", `replaces = "order[\"a\"]"`)}, []string{`order["a"] 1Z1`}, []string{},
		},
		"a batch replaces a batch": {
			files{
				"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\nz,1Z3\n",
				"main.hcl": shipBatch("a", `csv("1.csv")`, "") + shipBatch("b", `csv("2.csv")`, `replaces = "batch.a"`),
			},
			[]string{`batch.b["x"] 1Z2`, `batch.b["z"] 1Z3`},
			[]string{`batch.a["x"] 1.csv:2 by replaces 2.csv:2`},
		},
		"the same wish in two blocks is told where it is written first": {
			files{"1.csv": "id,t\nx,1Z1\n", "main.hcl": shipBatch("b", `csv("1.csv")`, "") + ship("mine", "1Z1", "")},
			[]string{`batch.b["x"] 1Z1`},
			[]string{},
		},
		"release": {
			files{"1.csv": "s,n\namazon,112-1\nAmazon,112-2\n", "main.hcl": `
batch "b" {
  rows   = csv("1.csv")
  find   = { source = row.s, source_order_number = row.n }
  status = "shipped"
}
release "settled" {
  find   = { source = "Amazon", source_order_number = "112-1" }
  reason = "parcel pulled"
}`},
			[]string{`batch.b["Amazon/112-2"] `},
			[]string{`batch.b["amazon/112-1"] 1.csv:2 by release main.hcl:7:1 parcel pulled`},
		},
		"release by the label": {
			files{"main.hcl": ship("a", "1Z1", "") + "release \"x\" {\n  reason = \"lost\"\n}\n"},
			[]string{},
			[]string{`order["a"] main.hcl:1:1 by release main.hcl:7:1 lost`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wishes := mustWish(t, c.files)
			if diff := cmp.Diff(c.want, standing(wishes)); diff != "" {
				t.Errorf("standing (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.replaced, replacements(wishes)); diff != "" {
				t.Errorf("replaced (-want +got):\n%s", diff)
			}
		})
	}
}

// A bad row and a good one about one order: it is held back, wherever the two
// stand.
func TestABadRowHoldsBackItsOrder(t *testing.T) {
	const good = "order \"x\" {\n  status = \"shipped\"\n}\n"
	const bad = "batch \"b\" {\n  rows = csv(\"m.csv\")\n  find = { id = row.id }\n  status = \"shipped\"\n  shipped_at = row.at\n}\n"
	for _, name := range []string{"a.hcl", "z.hcl"} {
		for _, table := range []string{"id,at\nx,soon\n", "id,at\nx,\nx,soon\n", "id,at\nx,soon\nx,\n"} {
			got := problems(mustWish(t, files{name: good, "batch.hcl": bad, "m.csv": table}))
			if len(got) != 1 || !strings.Contains(sprintf("%v", got), "This is not a time") {
				t.Errorf("%s, %q: got %v", name, table, got)
			}
		}
	}
}

// Wishes that contradict each other hold back their order and no other one, with
// both places, the fields and what would settle it.
func TestConflicts(t *testing.T) {
	for name, c := range map[string]struct {
		files      files
		want       spec.Conflict
		suggestion string
	}{
		"in one table": {
			files{"t.csv": "id,t,c\nx,1Z1,UPS\nx,1Z1,FedEx\n", "main.hcl": shipBatch("b", `csv("t.csv")`, `carrier = row.c`)},
			spec.Conflict{Fields: []string{"carrier"}, Places: []spec.Place{{File: "t.csv", Line: 2}, {File: "t.csv", Line: 3}}},
			"remove one row, or set latest_by if a column says which row is newer",
		},
		"in two files": {
			files{"1.csv": "id,t\nx,1Z1\n", "2.csv": "id,t\nx,1Z2\n", "main.hcl": shipBatch("b", `csv("*.csv")`, "")},
			spec.Conflict{Fields: []string{"tracking_number"}, Places: []spec.Place{{File: "1.csv", Line: 2}, {File: "2.csv", Line: 2}}},
			`if the later file is right, set latest = "file"; if a column says which row is newer, set latest_by`,
		},
		"a cancel and a shipment": {
			files{"1.csv": "id,t\nx,1Z1\n", "main.hcl": shipBatch("b", `csv("1.csv")`, "") + "order \"x\" {\n  status = \"cancelled\"\n  reason = \"lost\"\n}\n"},
			spec.Conflict{Fields: []string{"status"}, Places: []spec.Place{{File: "1.csv", Line: 2}, {File: "main.hcl", Line: 8, Column: 1}}},
			"if the parcel must not be sent, PULL PARCEL 1Z1 and write a release of the order; otherwise remove the cancel",
		},
		"in two blocks": {
			files{"1.csv": "id,t\nx,1Z1\n", "main.hcl": shipBatch("b", `csv("1.csv")`, "") + "order \"x\" {\n  status = \"shipped\"\n  tracking_number = \"1Z2\"\n  shipped_at = \"2026-11-20T16:28:00Z\"\n}\n"},
			spec.Conflict{Fields: []string{"tracking_number"}, Places: []spec.Place{{File: "1.csv", Line: 2}, {File: "main.hcl", Line: 8, Column: 1}}},
			`write replaces = "order[\"x\"]" in batch.b if that one stands, or the other way around`,
		},
		"in several fields": {
			files{"t.csv": "id,t,n,at\nx,1Z1,A,2026-11-20T10:00:00Z\nx,1Z1,B,2026-11-21T10:00:01Z\n", "main.hcl": shipBatch("b", `csv("t.csv")`, "order_number = row.n\nshipped_at = row.at")},
			spec.Conflict{Fields: []string{"order_number", "shipped_at"}, Places: []spec.Place{{File: "t.csv", Line: 2}, {File: "t.csv", Line: 3}}},
			"remove one row, or set latest_by if a column says which row is newer",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["tables/other.csv"] = "id,t\nz,1Z9\n"
			c.files["other.hcl"] = shipBatch("other", `csv("tables/other.csv")`, "")
			wishes := mustWish(t, c.files)
			if len(wishes.Orders) != 2 || wishes.Orders[1].Problem != nil && wishes.Orders[0].Problem != nil {
				t.Fatalf("got %v", standing(wishes))
			}
			for _, w := range wishes.Orders {
				if w.Problem == nil {
					continue
				}
				if w.Problem.Code != spec.ConflictCode || w.Problem.Suggestion != c.suggestion {
					t.Errorf("got %s, %q, want %q", w.Problem.Code, w.Problem.Suggestion, c.suggestion)
				}
				if diff := cmp.Diff(&c.want, w.Problem.Conflict); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// Orders of two accounts are two, whatever they are called.
func TestAccountsKeepOrdersApart(t *testing.T) {
	wishes := mustWish(t, files{"main.hcl": `
account "a" {
  endpoint = "sandbox"
  default  = true
}
account "b" { endpoint = "sandbox" }
order "x" {
  find   = { id = "1" }
  status = "shipped"
}
order "y" {
  account = "b"
  find    = { id = "1" }
  status  = "cancelled"
  reason  = "lost"
}
release "z" {
  account = "b"
  find    = { id = "1" }
  reason  = "settled"
}`})
	if diff := cmp.Diff([]string{`order["x"] `}, standing(wishes)); diff != "" {
		t.Error(diff)
	}
	if len(wishes.Released) != 1 || wishes.Released[0].Account.Name != "b" {
		t.Errorf("released: %+v", wishes.Released)
	}
}
