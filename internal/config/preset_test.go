package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// presetBatch is a configuration that reads x.csv with a preset.
func presetBatch(name, status, more string) string {
	return fmt.Sprintf("account \"main\" {\n  timezone = \"America/New_York\"\n}\nbatch \"b\" {\n  rows   = csv(\"x.csv\")\n  preset = %q\n  status = %q\n%s\n}\n", name, status, more)
}

// wanted is a wish in one line.
func wanted(w *spec.Wish) string {
	text := fmt.Sprintf("%s %s %s %s", w.Find.Number, w.Want.Status, w.Want.Tracking, w.Want.Carrier)
	switch {
	case w.Problem != nil:
		return fmt.Sprintf("%s ! %s", w.Find.Number, w.Problem.Code)
	case w.ShippedOn != 0:
		text += " on " + w.ShippedOn.String()
	case !w.Want.ShippedAt.IsZero():
		text += " at " + w.Want.ShippedAt.Format(time.RFC3339)
	}
	if w.Want.OrderNumber != "" {
		text += " as " + w.Want.OrderNumber
	}
	return text
}

func wantedOf(wishes *spec.Wishes) []string {
	var all []string
	for _, w := range wishes.Orders {
		all = append(all, wanted(w))
	}
	return all
}

// The sample of every preset is read right.
func TestSamplesOfPresets(t *testing.T) {
	samples := map[string][]string{
		"shipstation": {
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS at 2026-11-20T18:12:00Z",
			"200012233445567 shipped 9400111899223197428497 USPS at 2026-11-20T18:30:00Z",
			"4 rows in 1 file: 2 orders, 1 combined, 1 left out by where",
		},
		"pirateship": {
			"07-11223-34455 shipped 9400111899223197428411 USPS on 2026-11-20",
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS on 2026-11-20",
			"4 rows in 1 file: 2 orders, 2 voided",
		},
		"amazon_flat": {
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS on 2026-11-20",
			"113-2468013-5791357 shipped JT4711 Joe's Trucks on 2026-11-20",
			"3 rows in 1 file: 2 orders, 1 combined",
		},
		"ebay_report": {
			"07-11223-34455 shipped 9400111899223197428404  on 2026-11-20",
			"07-22334-45566 shipped 1Z999AA10123456784  on 2026-11-20",
			"5 rows in 1 file: 2 orders, 3 left out by where",
		},
		"shopify": {
			"1001 acknowledged   as #1001",
			"3 rows in 1 file: 1 order, 1 combined, 1 left out by where",
		},
		"linnworks": {
			"07-11223-34455 shipped 9400111899223197428404 USPS at 2026-11-20T18:20:00Z",
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS at 2026-11-20T18:12:00Z",
			"200012233445567 shipped 9400111899223197428411 USPS at 2026-11-20T18:31:00Z",
			"3 rows in 1 file: 3 orders",
		},
		"worldship": {
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS at 2026-11-20T18:15:00Z",
			"112-7654321-7654321 shipped 1Z999AA10123456800 UPS at 2026-11-20T18:45:00Z",
			"4 rows in 1 file: 2 orders, 2 voided",
		},
		"generic": {
			"112-1234567-1234567 shipped 1Z999AA10123456784 UPS on 2026-11-20",
			"200012233445567 shipped 9400111899223197428404 USPS on 2026-11-20",
			"4 rows in 1 file: 2 orders, 2 left out by where",
		},
	}
	for _, p := range preset.All() {
		t.Run(p.Name, func(t *testing.T) {
			sample, err := p.Sample()
			if err != nil {
				t.Fatal(err)
			}
			wishes := mustWish(t, files{"x.csv": string(sample), "main.hcl": presetBatch(p.Name, p.Statuses[0], "")})
			got := append(wantedOf(wishes), wishes.Batches[0].String())
			if diff := cmp.Diff(samples[p.Name], got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const shipStation = "Order - Number,Shipment - Tracking Number,Shipment - Carrier,Date - Shipped Date,Market - Store Name\n"

func TestABatchOverridesItsPreset(t *testing.T) {
	for name, c := range map[string]struct {
		preset, status, csv, more string
		want                      []string
	}{
		"any attribute": {
			"shipstation", "shipped", shipStation + "1001,1Z1,UPS Ground,11/20/2026 1:12:00 PM,Shop\n",
			"carrier = \"DHL\"\n  find = { source = row[\"Market - Store Name\"], source_order_number = row[\"Order - Number\"] }",
			[]string{"1001 shipped 1Z1 DHL at 2026-11-20T18:12:00Z"},
		},
		"a day for a time": {"shipstation", "shipped", shipStation + "1001,1Z1,UPS,20/11/2026,Shop\n", "shipped_on = parse_time(\"%d/%m/%Y\", row[\"Date - Shipped Date\"])", []string{"1001 shipped 1Z1 UPS on 2026-11-20"}},
		"a time for a day": {"ebay_report", "shipped", "Order Number,Tracking Number,Shipped On Date\n07-1,1Z1,2026-11-20T10:00:00Z\n", "shipped_at = row[\"Shipped On Date\"]", []string{"07-1 shipped 1Z1  at 2026-11-20T10:00:00Z"}},
		"no date at all":   {"shipstation", "shipped", shipStation + "1001,1Z1,UPS,odd,Shop\n", "shipped_at = null", []string{"1001 shipped 1Z1 UPS"}},
		"what is left out": {"shipstation", "shipped", shipStation + "1001,,UPS,,Shop\n", "where = true", []string{"1001 shipped  UPS"}},
		"another status":   {"shipstation", "acknowledged", shipStation + "#1001,,,,Shop\n", "order_number = row[\"Order - Number\"]", []string{"1001 acknowledged   as #1001"}},
		"what is not paid": {
			"shopify", "acknowledged", "Name,Financial Status,Fulfillment Status,Cancelled at\n#1,paid,,\n#2,voided,,\n#3,Refunded,,\n#4,pending,,\n#5,Partially_Refunded,,\n#6,authorized,,\n#7,chargeback,,\n#8,chargeback,,2026-11-20 09:10:00 -0500\n#9,,,\n", "",
			[]string{"1 acknowledged   as #1", "5 acknowledged   as #5", "6 acknowledged   as #6", "7 ! bad_row"},
		},
		"a cancellation":          {"shopify", "cancelled", "Name,Financial Status,Fulfillment Status,Cancelled at\n#1,paid,,\n#2,paid,,2026-11-20 09:10:00 -0500\n", "reason = \"cancelled in the shop\"", []string{"2 cancelled  "}},
		"tracking of elsewhere":   {"shopify", "shipped", "Name,Financial Status,Fulfillment Status,T\n#1,paid,,1Z1\n", "tracking_number = row.T", []string{"1 shipped 1Z1 "}},
		"a carrier is translated": {"shipstation", "shipped", shipStation + "1001,1Z1,Federal Express,,Shop\n", "", []string{"1001 shipped 1Z1 FedEx"}},
		"formulas": {
			"shipstation", "shipped", shipStation + "\"=\"\"1001\"\"\",=\"1Z1\",UPS,11/20/2026 13:12:00,Shop\n'1002,'9400,USPS,4/2/2026 4:00:00 AM,Shop\n", "",
			[]string{"1001 shipped 1Z1 UPS at 2026-11-20T18:12:00Z", "1002 shipped 9400 USPS at 2026-04-02T08:00:00Z"},
		},
		"a day where times are": {"shipstation", "shipped", shipStation + "1001,1Z1,UPS,11/20/2026,Shop\n", "", []string{"1001 shipped 1Z1 UPS on 2026-11-20"}},
		"a time where days are": {"amazon_flat", "shipped", "order-id\ttracking-number\tcarrier-code\tship-date\n112-1\t1Z1\tUPS\t2026-11-20T10:00:00-05:00\n", "", []string{"112-1 shipped 1Z1 UPS at 2026-11-20T15:00:00Z"}},
		"years of two digits":   {"ebay_report", "shipped", "Bestellnummer;Sendungsnummer;Versanddatum\n07-1;00340434;26.11.25\n", "carrier = \"DHL\"", []string{"07-1 shipped 00340434 DHL on 2025-11-26"}},
		"dates in German":       {"ebay_report", "shipped", "\n;;;\nVerkaufsprotokollnummer;Bestellnummer;Sendungsnummer;Verschickt am - Datum\n1;07-1;00340434;10-Dez-25\n\n1;Datensätze\n", "carrier = \"DHL\"", []string{"07-1 shipped 00340434 DHL on 2025-12-10"}},
		"lines above the header": {
			"generic", "shipped", "Report of the warehouse\nprinted, by, somebody\nPO #;Tracking No.;Ship Date\n112-1;1Z1;20.11.2026\n", "", []string{"112-1 shipped 1Z1  on 2026-11-20"},
		},
		"a carrier's name or code": {
			"generic", "shipped", "Order Number,Tracking Number,Carrier Name,Carrier Code\n112-1,1Z1,,ups\n112-2,1Z2,UPS,\n112-3,1Z3,USPS,ups\n", "",
			[]string{"112-1 shipped 1Z1 UPS", "112-2 shipped 1Z2 UPS", "112-3 shipped 1Z3 USPS"},
		},
		"of an aliased column": {"shipstation", "shipped", "Order - Number,Shipment - Tracking Number,Carrier - Name\n1,1Z1,ups\n", "reason = row[\"Shipment - Carrier\"]", []string{"1 shipped 1Z1 UPS"}},
	} {
		t.Run(name, func(t *testing.T) {
			wishes := mustWish(t, files{"x.csv": c.csv, "main.hcl": presetBatch(c.preset, c.status, "  "+c.more)})
			if diff := cmp.Diff(c.want, wantedOf(wishes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The options that csv() has stand.
func TestOptionsOfCSVBesideAPreset(t *testing.T) {
	hcl := strings.Replace(presetBatch("generic", "shipped", ""), `csv("x.csv")`, `csv("x.csv", { delimiter = "~", header_line = 2, encoding = "windows-1252" })`, 1)
	wishes := mustWish(t, files{"x.csv": "Order #,Tracking #\nOrder #~Tracking #~K\xe4ufer\n112-1~1Z1~M\xfcller\n", "main.hcl": hcl})
	if diff := cmp.Diff([]string{"112-1 shipped 1Z1 "}, wantedOf(wishes)); diff != "" {
		t.Error(diff)
	}
	hcl = strings.Replace(presetBatch("generic", "shipped", ""), `csv("x.csv")`, `csv("x.csv", { columns = ["PO #", "Tracking #"] })`, 1)
	wishes = mustWish(t, files{"x.csv": "112-1,1Z1\n", "main.hcl": hcl})
	if diff := cmp.Diff([]string{"112-1 shipped 1Z1 "}, wantedOf(wishes)); diff != "" {
		t.Error(diff)
	}
}

// What is wrong with a preset's attributes is said at the batch, which is what people
// can change.
func TestErrorsOfPresets(t *testing.T) {
	for name, c := range map[string]struct {
		hcl, csv string
		want     []string
	}{
		"a missing column": {
			presetBatch("shipstation", "shipped", ""), "Order - Number,Shipment - Tracking Num,x\n1,1Z1,y\n",
			[]string{"main.hcl:6", `x.csv has no column "Shipment - Tracking Number"`, `Preset "shipstation" reads it; to read another column, set tracking_number and where in the batch.`, `Did you mean "Shipment - Tracking Num"?`},
		},
		"the file of another program": {
			presetBatch("shipstation", "shipped", ""), "Order ID,Tracking Number,Carrier,Ship Date\n1,1Z1,UPS,11/20/2026\n",
			[]string{`The file fits the preset "pirateship".`},
		},
		"two columns that can be it": {
			presetBatch("generic", "shipped", ""), "Order ID,Order Number,Tracking\n1,2,1Z1\n",
			[]string{"main.hcl:6", `x.csv has several columns "order number"`, `These can all be it: "Order ID", "Order Number".`, `Preset "generic" reads it; to read another column, set find and where in the batch.`},
		},
		"no zone": {
			strings.Replace(presetBatch("shipstation", "shipped", ""), "timezone", "# timezone", 1), shipStation,
			[]string{"main.hcl:6", "A day has no zone", `Preset "shipstation" sets shipped_at`},
		},
		"shipping without numbers": {presetBatch("shopify", "shipped", ""), "Name\n", []string{"main.hcl:6", `Preset "shopify" has no tracking numbers`, `"acknowledged", "cancelled"`}},
		"an unknown one":           {presetBatch("shipstaton", "shipped", ""), "", []string{"main.hcl:6", "Unknown preset", `Did you mean "shipstation"?`}},
		"no CSV file":              {strings.Replace(presetBatch("generic", "shipped", ""), `csv("x.csv")`, `jsonl("x.jsonl")`, 1), "", []string{"main.hcl:5", "A preset needs csv()"}},
		"no status":                {strings.Replace(presetBatch("generic", "shipped", ""), `status =`, `# status =`, 1), "", []string{"Missing status"}},
		"no text":                  {strings.Replace(presetBatch("generic", "shipped", ""), `"generic"`, `[]`, 1), "", []string{"preset must be a string"}},
		"of the row":               {strings.Replace(presetBatch("generic", "shipped", ""), `"generic"`, `row.x`, 1), "", []string{"row stands only in"}},
		"a day that may be another": {
			presetBatch("generic", "shipped", ""), "Order #,Tracking #,Ship Date\n1,1Z1,02/03/2026\n",
			[]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, diags := load(t, files{"x.csv": c.csv, "main.hcl": c.hcl}, world{})
			wishes, more := cfg.Wishes(t.Context())
			text := said(append(diags, more...))
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if strings.Contains(text, "preset generic:") || strings.Contains(text, "preset shipstation:") {
				t.Errorf("a place that is in no file: %s", text)
			}
			if len(c.want) == 0 && !strings.Contains(fmt.Sprint(problems(wishes)), "does not match any of the 24 formats, such as \"%Y-%m-%dT%H:%M:%S%z\", \"%Y-%m-%dT%H:%M:%S.%f%z\", \"%Y-%m-%d %H:%M:%S %z\". Preset \"generic\" can't read it") {
				t.Errorf("%v", problems(wishes))
			}
		})
	}
}

// Each file has its own header: a column that one of them has is not missed, and not
// expected, in the next.
func TestColumnsComeAndGoBetweenExports(t *testing.T) {
	hcl := strings.Replace(presetBatch("shipstation", "shipped", ""), "x.csv", "d/*.csv", 1)
	wishes := mustWish(t, files{
		"main.hcl": hcl,
		"d/1.csv":  "Order - Number,Shipment - Tracking Number\n1,1Z1\n2,1Z2\n",
		"d/2.csv":  "Shipment - Voided,Carrier - Name,Order - Number,Shipment - Tracking Number,Date - Shipped Date\nYes,UPS,3,1Z3,\n,USPS,4,1Z4,11/20/2026 1:12:00 PM\n",
		"d/3.csv":  "Report\nShipment - Carrier;Order - Number;Shipment - Tracking Number\nDHL;5;1Z5\n",
		"d/4.csv":  "Order - Number,Shipment - Tracking Number\n6,1Z6\n",
	})
	want := []string{"1 shipped 1Z1 ", "2 shipped 1Z2 ", "4 shipped 1Z4 USPS at 2026-11-20T18:12:00Z", "5 shipped 1Z5 DHL", "6 shipped 1Z6 "}
	if diff := cmp.Diff(want, wantedOf(wishes)); diff != "" {
		t.Error(diff)
	}
}
