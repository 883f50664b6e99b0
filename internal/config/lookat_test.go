package config_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/config"
)

func lookAt(t testing.TB, text, name string) (*config.Export, error) {
	t.Helper()
	dir := t.TempDir()
	files{"x.csv": text}.in(t, dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	return config.LookAt(root, "x.csv", name)
}

func TestLookAt(t *testing.T) {
	e, err := lookAt(t, "\xef\xbb\xbfReport;\n\nOrder #;Store;TRACKING #;Customer;Note\n1;B;1Z1;Ann;x\n2;A;1Z2;Bob;bob@example.com\n3;B;1Z3;;\n4;5\n", "")
	if err != nil {
		t.Fatal(err)
	}
	name := e.Preset.Name
	e.Preset = nil
	want := &config.Export{
		Rows: 4, Damaged: 1, HeaderLine: 3, Delimiter: ";", Encoding: "utf-8", Columns: 5, Buyers: []string{"Customer", "Note"},
		StoreColumn: "Store", Stores: []config.Store{{Name: "B", Rows: 2}, {Name: "A", Rows: 1}},
	}
	if diff := cmp.Diff(want, e); diff != "" || name != "generic" {
		t.Error(name, diff)
	}
}

// No preset is guessed, and what is wrong with a file is said before anything is written.
func TestLookAtRefuses(t *testing.T) {
	const both = "Order - Number,Shipment - Tracking Number,Reference 1,Lead Tracking Number\n1,1Z1,1,1Z1\n"
	for name, c := range map[string]struct{ text, preset, want string }{
		"two fit":        {both, "", "fits several presets. Choose the program that wrote it: --preset shipstation or --preset worldship"},
		"one is chosen":  {both, "worldship", ""},
		"an odd one":     {both, "shopify", `x.csv does not fit the preset "shopify": it has no columns "Name", "Financial Status", "Fulfillment Status"`},
		"no such preset": {both, "x", `there is no preset "x". There are: amazon_flat`},
		"none fits":      {"a,b\n1,2\n", "", `x.csv fits no preset. Its columns are: "a", "b".`},
		"nearly":         {"Order - Number,b\n1,2\n", "", `The closest is "shipstation", but it has no column "Shipment - Tracking Number"`},
		"no header":      {"112-1234567-1234567,1Z999AA10123456784\n112-1234567-1234568,1Z999AA10123456785\n", "", "Its first line looks like a row."},
		"nothing":        {"", "", "x.csv has no rows"},
		"a header":       {"Order #,Tracking #\n", "", "x.csv has no rows"},
		"a page":         {"<html>", "", "this is an HTML page"},
		"no encoding":    {"Order #,Tracking #,Stra\xdfe\n1,1Z1,\x81\n", "", "not UTF-8"},
		"cut off":        {"Order #,Tracking #\n1,\"1Z1\n", "", "not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lookAt(t, c.text, c.preset)
			switch {
			case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), "1Z999"):
				t.Errorf("a cell is shown: %v", err)
			}
		})
	}
}

// Stores that are not stores are not shown.
func TestStoresThatAreNone(t *testing.T) {
	var many strings.Builder
	many.WriteString("Order #,Tracking #,Store\n")
	for i := range 60 {
		fmt.Fprintf(&many, "%d,1Z%d,Person %d\n", i, i, i)
	}
	for text, want := range map[string]string{
		many.String(): "it has more than 50 names",
		"Order #,Tracking #,Store\n1,1Z1,Shop\n2,1Z2,ann@example.com\n": "it identifies buyers",
	} {
		e, err := lookAt(t, text, "")
		if err != nil || e.StoresHidden != want || e.Stores != nil {
			t.Errorf("%v, %v, want %q", e, err, want)
		}
	}
}

// A row can be shifted, so that a buyer stands under any header: what is shown of cells
// is never one.
func TestNoBuyerIsShown(t *testing.T) {
	buyers := []string{"Ann Example", "ann@example.com", "1 Main St", "Springfield", "+1 217-555-0100", "(217) 555-0100", "Example Ltd. 7", "c/o UPS Store 12"}
	numbers := []string{"112-1234567-1234567", "#1001", "1Z999AA10123456784", "", "11/20/2026 1:12:00 PM", "UPS Ground", "2026-11-20"}
	rapid.Check(t, func(r *rapid.T) {
		cell := func() string { return rapid.SampledFrom(append(slices.Clone(numbers), buyers...)).Draw(r, "cell") }
		text := shipStation
		for range 3 {
			text += strings.Join([]string{cell(), cell(), cell(), cell(), cell()}, ",") + "\n"
		}
		hcl := presetBatch("shipstation", "shipped", "  where = true\n  order_number = row[\"Market - Store Name\"]")
		cfg := mustLoad(t, files{"x.csv": text, "main.hcl": hcl}, world{})
		tried, err := cfg.Use("x.csv").Try(3)
		if err != nil {
			r.Fatal(err)
		}
		shown := fmt.Sprint(tried)
		for _, buyer := range buyers {
			if strings.Contains(shown, buyer) {
				r.Fatalf("%q is shown in %s", buyer, shown)
			}
		}
	})
}

func TestTry(t *testing.T) {
	cfg := mustLoad(t, files{"x.csv": shipStation + "#1,1Z1,Federal Express,11/20/2026 1:12:00 PM,Shop\n#1,1Z1,Federal Express,11/20/2026 1:12:00 PM,Shop\n,,,,\n2,1Z2,ups,11/20/2026,Shop\n3,1Z3,,,\n", "main.hcl": presetBatch("shipstation", "shipped", "")}, world{})
	tried, err := cfg.Use("x.csv").Try(2)
	want := []config.Tried{
		{Line: 2, Cells: []config.TriedCell{
			{"find", "Order - Number", "#1", "1"},
			{"tracking_number", "Shipment - Tracking Number", "1Z1", ""},
			{"carrier", "Shipment - Carrier", "Federal Express", "FedEx"},
			{"shipped_at", "Date - Shipped Date", "11/20/2026 1:12:00 PM", "2026-11-20T18:12:00Z"},
		}},
		{Line: 5, Cells: []config.TriedCell{
			{"find", "Order - Number", "2", ""},
			{"tracking_number", "Shipment - Tracking Number", "1Z2", ""},
			{"carrier", "Shipment - Carrier", "ups", "UPS"},
			{"shipped_on", "Date - Shipped Date", "11/20/2026", "2026-11-20"},
		}},
	}
	if diff := cmp.Diff(want, tried); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if cfg.Use("y.csv") != nil {
		t.Error("nobody reads y.csv")
	}
}

// The copy for batches has what they read, and is read as the file is.
func TestCopyForBatches(t *testing.T) {
	const text = "\n;;\nVerkaufsprotokollnummer;Bestellnummer;Name des Käufers;Sendungsnummer;Nutzername des Käufers;Verschickt am - Datum\n1;07-1;Ann;00340434;ann_1;10-Dez-25\n2;07-2;Bob;;bob_2;\n\n2;Datensätze\n"
	f := files{"x.csv": text, "main.hcl": presetBatch("ebay_report", "shipped", "  carrier = \"DHL\"")}
	cfg := mustLoad(t, f, world{})
	dir := t.TempDir()
	f.in(t, dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var out bytes.Buffer
	copied, err := cfg.Use("x.csv").Copy(root, "x.csv", &out)
	if err != nil || copied.Dropped != 2 || copied.Rows != 2 || copied.LeftOut != 1 {
		t.Errorf("%+v, %v", copied, err)
	}
	if diff := cmp.Diff("Verkaufsprotokollnummer;Bestellnummer;Sendungsnummer;Verschickt am - Datum\n1;07-1;00340434;10-Dez-25\n2;07-2;;\n", out.String()); diff != "" {
		t.Error(diff)
	}
	before := wantedOf(mustWish(t, f))
	f["x.csv"] = out.String()
	if diff := cmp.Diff(before, wantedOf(mustWish(t, f))); diff != "" {
		t.Error(diff)
	}
	whole := mustLoad(t, files{"x.csv": text, "main.hcl": "batch \"b\" {\n  rows = csv(\"*.csv\")\n  find = { id = length(keys(row)) }\n  status = \"shipped\"\n}\n"}, world{})
	if _, err := whole.Use("x.csv").Copy(root, "x.csv", &out); err == nil || !strings.Contains(err.Error(), "batch.b reads whole rows") {
		t.Error(err)
	}
}

// Tables are looked at for buyers only where somebody asks.
func TestLookForBuyers(t *testing.T) {
	f := files{
		"d/1.csv": "id,t,c,Buyer Name,x\na,1Z1,UPS,Ann,ann@example.com\n", "d/2.csv": "id,t,c\nb,1Z2,UPS\n", "d/3.csv": "id,t,c,E-Mail\nc,1Z3,UPS,\n",
		"d/4.csv":  "id,t,c,p\nd,1Z4,UPS,+1 217 555 0100\ne,1Z5,UPS,+1 217 555 0101\nf,1Z6,UPS,+1 217 555 0102\n",
		"main.hcl": groupBatch(`csv("d/*.csv")`, ""),
	}
	cfg := mustLoad(t, f, world{})
	if wishes := wishesOf(t, cfg); wishes.Buyers != nil {
		t.Errorf("%+v", wishes.Buyers)
	}
	cfg.LookForBuyers(func(file string) bool { return file != "d/3.csv" })
	var got []string
	for _, b := range wishesOf(t, cfg).Buyers {
		got = append(got, fmt.Sprint(b.File, b.Copyable, b.Named, b.Filled))
	}
	if diff := cmp.Diff([]string{"d/1.csvtrue [Buyer Name] [x]", "d/4.csvtrue [] [p]"}, got); diff != "" {
		t.Error(diff)
	}
}

// Only days after the 12th show which number of a date is the day.
func TestOrderOfDates(t *testing.T) {
	for name, c := range map[string]struct {
		dates string // one a row
		want  string
	}{
		"days first":            {"05/11/2026 20/11/2026", "shipped_on [%d/%m/%Y]"},
		"months first":          {"05/11/2026 11/20/2026", "shipped_on [%m/%d/%Y]"},
		"nothing shows it":      {"05/11/2026 06/11/2026", "shipped_on []"},
		"both":                  {"11/20/2026 20/11/2026", ""},
		"with times":            {"5/11/26_13:12 20/11/26_9:05", "shipped_at [%d/%m/%y %H:%M]"},
		"with and without secs": {"5-11-2026_13:12 20-11-2026_9:05:00", "shipped_at [%d-%m-%Y %H:%M %d-%m-%Y %H:%M:%S]"},
		"of the 12-hour clock":  {"11/20/2026_1:12:00_PM", "shipped_at [%m/%d/%Y %I:%M:%S %p]"},
		"mixed with days":       {"05/11/2026 20/11/2026_13:12", ""},
		"mixed with others":     {"05/11/2026 2026-11-20", ""},
		"beside a total":        {"05/11/2026 20/11/2026 2", "shipped_on [%d/%m/%Y]"},
		"mixed years":           {"05/11/2026 20/11/26", ""},
		"dots":                  {"05.11.2026 20.11.2026", ""},
		"the preset's":          {"2026-11-20", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := "Order #,Tracking #,Ship Date\n"
			for i, date := range strings.Fields(c.dates) {
				text += fmt.Sprintf("%d,1Z%d,%s\n", i, i, strings.ReplaceAll(date, "_", " "))
			}
			e, err := lookAt(t, text+"9,1Z9,\n", "")
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if e.Dates != nil {
				got = fmt.Sprint(e.Dates.Attribute, " ", e.Dates.Formats)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	// ShipStation writes the month first, unless a day shows that it does not.
	for date, want := range map[string]bool{"05/11/2026 13:12:00": false, "11/20/2026 13:12:00": false, "20/11/2026 13:12:00": true} {
		if e, err := lookAt(t, shipStation+"1,1Z1,UPS,"+date+",x\n", ""); err != nil || (e.Dates != nil) != want {
			t.Errorf("%s: %+v, %v", date, e, err)
		}
	}
	// What is not UTF-8 is read as programs for Windows write it, and said.
	if e, err := lookAt(t, "Order #,Tracking #,Stra\xdfe\n1,1Z1,\x80\n", ""); err != nil || !e.Told || e.Encoding != "windows-1252" {
		t.Errorf("%+v, %v", e, err)
	}
}
