package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/rules"
)

type numbers struct{ valid []string }

// recorded reads the recorded tracking numbers that stand beside the repository.
func recorded(t testing.TB) numbers {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root = filepath.Dir(root); root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test")
		}
	}
	dir := filepath.Join(root, "..", "shared", "data", "tracking-numbers")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skipf("the recorded tracking numbers are not there: %s holds no *.json", dir)
	}
	var all numbers
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Patterns []struct {
				Numbers struct{ Valid []string } `json:"test_numbers"`
			} `json:"tracking_numbers"`
		}
		if err := json.Unmarshal(content, &file); err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		for _, p := range file.Patterns {
			all.valid = append(all.valid, p.Numbers.Valid...)
		}
	}
	return all
}

func TestCheckNumber(t *testing.T) {
	const ups, usps = "1Z999AA10123456784", "9400111206206407628746"
	for name, tt := range map[string]struct {
		n    rules.Number
		want []string
	}{
		"nothing to say":              {rules.Number{Tracking: ups, Carrier: "UPS", Source: "Walmart"}, nil},
		"a carrier that nobody knows": {rules.Number{Tracking: "1Z999AA10123456785", Carrier: "Joe's Trucks", Source: "Walmart"}, nil},
		"no carrier":                  {rules.Number{Tracking: "1Z999AA10123456785", Source: "Walmart"}, nil},
		"a hyphen at Walmart":         {rules.Number{Tracking: "1LS7119013618127-1", Source: "Walmart"}, []string{`SHIP06 error: Walmart refuses tracking numbers with "-"; without it: 1LS71190136181271`}},
		"a hyphen at Walmart.com":     {rules.Number{Tracking: "1LS7119013618127-1", Source: "walmart.com"}, []string{`SHIP06 error: Walmart refuses tracking numbers with "-"; without it: 1LS71190136181271`}},
		"a hyphen at eBay":            {rules.Number{Tracking: "A/B-1", Source: "EBAY"}, []string{`SHIP06 error: eBay refuses tracking numbers with "/" "-"; without it: AB1`}},
		"a hyphen elsewhere":          {rules.Number{Tracking: "1-2", Source: "Amazon"}, []string{`SHIP06 warning: marketplaces refuse tracking numbers with "-"; without it: 12`}},
		"a foreign letter":            {rules.Number{Tracking: "1Z999АА10123456784", Source: ""}, []string{`SHIP06 warning: marketplaces refuse tracking numbers with "А"`}},
		"small letters":               {rules.Number{Tracking: "1z999aa10123456784", Carrier: "UPS", Source: "eBay"}, nil},
		"a digit was mistyped":        {rules.Number{Tracking: "1Z999AA10123456785", Carrier: "UPS"}, []string{"SHIP08 warning: check digit is wrong for UPS: one digit may be mistyped"}},
		"a digit of a handed parcel":  {rules.Number{Tracking: "9400111206206407628745", Carrier: "UPS SurePost"}, nil},
		"another carrier's":           {rules.Number{Tracking: ups, Carrier: "USPS"}, []string{"SHIP09 warning: 1Z999AA10123456784 is a UPS number; the carrier is USPS"}},
		"handed over":                 {rules.Number{Tracking: usps, Carrier: "UPS"}, nil},
		"handed over by Amazon":       {rules.Number{Tracking: usps, Carrier: "Amazon Shipping"}, nil},
		"not handed over":             {rules.Number{Tracking: usps, Carrier: "Old Dominion"}, []string{"SHIP09 warning: " + usps + " is a USPS number; the carrier is Old Dominion"}},
		"never distinctive":           {rules.Number{Tracking: "RB123456785GB", Carrier: "UPS"}, nil},
		"digits alone":                {rules.Number{Tracking: "986578788855", Carrier: "UPS"}, nil},
		"a name that Walmart refuses": {rules.Number{Tracking: ups, Carrier: "UPS® Ground", Source: "Walmart", InRow: true}, []string{`SHIP10 warning: Walmart takes "UPS"; the table says "UPS® Ground"; write carrier(…) around its column`}},
		"letter by letter":            {rules.Number{Tracking: ups, Carrier: "ups", Source: "Walmart", InRow: true}, []string{`SHIP10 warning: Walmart takes "UPS"; the table says "ups"; write carrier(…) around its column`}},
		"elsewhere case is nothing":   {rules.Number{Tracking: ups, Carrier: "ups", Source: "Amazon"}, nil},
		"a name of its own":           {rules.Number{Tracking: usps, Carrier: "UPS Mail Innovations", Source: "Walmart", InRow: true}, []string{`SHIP10 warning: Walmart takes "UPSMI"; the table says "UPS Mail Innovations"; write carrier = "UPSMI"`}},
		"in an order block":           {rules.Number{Tracking: ups, Carrier: "ups", Source: "Walmart"}, []string{`SHIP10 warning: Walmart takes "UPS"; the configuration says "ups"; write carrier = "UPS"`}},
		"kept as it is":               {rules.Number{Tracking: ups, Carrier: "ups", Source: "Walmart", Kept: true}, nil},
		"a marketplace without list":  {rules.Number{Tracking: ups, Carrier: "UPS® Ground", Source: "Etsy"}, nil},
		"a carrier without number":    {rules.Number{Carrier: "UPS® Ground", Source: "eBay", InRow: true}, []string{`SHIP10 warning: eBay takes "UPS"; the table says "UPS® Ground"; write carrier(…) around its column`}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range rules.CheckNumber(tt.n) {
				got = append(got, fmt.Sprintf("%s %s: %s", f.Rule, f.Severity, f.Message))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, tt := range []struct{ number, carrier, name, shape string }{
		{"987654321", "ups ground", "UPS", "9 digits"},
		{"AB1234", "UPS", "UPS", "6 letters and digits"},
		{"AB-1234", "UPS", "UPS", "7 characters"},
		{"1Z999AA10123456784", "UPS", "", ""},
		{"1Z999AA10123456785", "UPS", "", ""},  // SHIP08
		{"1Z999AA10123456784", "USPS", "", ""}, // SHIP09
		{"987654321", "Joe's Trucks", "", ""},
		{"", "UPS", "", ""},
	} {
		name, shape, ok := rules.UnknownFormat(tt.number, tt.carrier)
		if name != tt.name || shape != tt.shape || ok != (tt.name != "") {
			t.Errorf("UnknownFormat(%q, %q) = %q, %q, %v", tt.number, tt.carrier, name, shape, ok)
		}
	}
	if got, want := rules.FormatsUnknown(37, "UPS", "9 digits", "a.csv:2").Message,
		"37 numbers named UPS have a format that gdfctl does not know (9 digits), first at a.csv:2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSharing(t *testing.T) {
	given := []string{"1Z1", "2", "1z-1", "", "3", "2", "1Z1", ""}
	s := rules.NewSharing(0)
	for i, n := range given {
		s.Add(i, n)
	}
	var got [][]int
	s.Groups(func(i int) string { return given[i] }, func(orders []int) { got = append(got, orders) })
	if diff := cmp.Diff([][]int{{0, 2, 6}, {1, 5}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for orders, want := range map[int]rules.Finding{
		2:  {"SHIP12", rules.Warn, "the tracking number is also on Amazon 111-1; right if both went in one parcel"},
		20: {"SHIP12", rules.Warn, "the tracking number is also on Amazon 111-1 and 18 more; right if both went in one parcel"},
		21: {"SHIP12", rules.Error, "21 orders have this tracking number, also Amazon 111-1: a column may be filled with one value"},
	} {
		if diff := cmp.Diff(want, rules.Shared("Amazon 111-1", orders)); diff != "" {
			t.Errorf("%d orders (-want +got):\n%s", orders, diff)
		}
	}
}
