package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/preset"
)

// parcel is what is true of a generated order.
type parcel struct {
	number, tracking, carrier string
	left                      time.Time // zero: it has not left yet
	items                     int
}

// export is how a program writes its orders. cells gives a row for an item of a parcel,
// by column; a column that it does not have is a neighbor's.
type export struct {
	preset, status string
	columns        []string
	times          []string // layouts of the ship date that the program writes
	carriers       map[string]string
	void           func(row map[string]string, void bool)
	once           bool // a void label is listed as void alone
	cells          func(p parcel, item int, at string) map[string]string
	above          []string // lines that can stand above the header
	first          string   // the column that always comes first
	below          []string // that can follow the rows
	delimiters     string
}

var usualCarriers = map[string]string{"UPS": "UPS", "UPS® Ground": "UPS", "USPS": "USPS", "Federal Express": "FedEx", "Joe's Trucks": "Joe's Trucks", "": ""}

// programs are the exports of all presets.
var programs = []export{
	{
		preset: "shipstation", columns: []string{"Order - Number", "Shipment - Tracking Number", "Shipment - Carrier", "Date - Shipped Date", "Shipment - Voided"},
		times: []string{"1/2/2006 3:04:05 PM", "01/02/2006 15:04:05", "1/2/2006 3:04 PM", "01/02/2006"}, carriers: usualCarriers,
		cells: func(p parcel, _ int, at string) map[string]string {
			return map[string]string{"Order - Number": "#" + p.number, "Shipment - Tracking Number": p.tracking, "Shipment - Carrier": p.carrier, "Date - Shipped Date": at}
		},
		void: func(row map[string]string, void bool) {
			row["Shipment - Voided"] = map[bool]string{true: "True", false: "False"}[void]
		},
		once:  true,
		below: []string{"Total"}, delimiters: ",;\t",
	},
	{
		preset: "pirateship", columns: []string{"Order ID", "Tracking Number", "Carrier", "Ship Date", "Status"},
		times: []string{"01/02/2006", "1/2/2006", "2006-01-02", "Jan 2, 2006"}, carriers: usualCarriers,
		cells: func(p parcel, _ int, at string) map[string]string {
			return map[string]string{"Order ID": p.number, "Tracking Number": p.tracking, "Carrier": p.carrier, "Ship Date": at, "Status": "Purchased"}
		},
		void: func(row map[string]string, void bool) {
			row["Status"] = map[bool]string{true: "Refunded", false: "Purchased"}[void]
		},
		delimiters: ",\t",
	},
	{
		preset: "amazon_flat", columns: []string{"order-id", "tracking-number", "carrier-code", "carrier-name", "ship-date"},
		times: []string{"2006-01-02"}, carriers: usualCarriers,
		cells: func(p parcel, _ int, at string) map[string]string {
			code, name := p.carrier, ""
			if strings.HasPrefix(p.carrier, "Joe") {
				code, name = "Other", p.carrier
			}
			return map[string]string{"order-id": p.number, "tracking-number": p.tracking, "carrier-code": code, "carrier-name": name, "ship-date": at}
		},
		above: []string{"TemplateType=OrderFulfillment\tVersion=2026.1120\tx", "Bestellnummer\tSendungsnummer\tVersanddatum"}, delimiters: "\t",
	},
	{
		preset: "ebay_report", columns: []string{"Sales Record Number", "Order Number", "Tracking Number", "Shipped On Date"},
		times: []string{"Jan-02-06", "02-Jan-06", "Jan-02-2006", "2006-01-02"},
		cells: func(p parcel, item int, at string) map[string]string {
			return map[string]string{"Sales Record Number": fmt.Sprint(item), "Order Number": p.number, "Tracking Number": p.tracking, "Shipped On Date": at}
		},
		above: []string{"", ",,,,", ";;;"}, below: []string{"", "3,record(s) downloaded,from Nov-01-26", "Seller ID : some_seller"}, first: "Sales Record Number", delimiters: ",;",
	},
	{
		preset: "linnworks", columns: []string{"OrderId", "Reference Number", "Tracking Number", "Shipping Service", "Processed Date"},
		times: []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04:05.000"}, carriers: usualCarriers,
		cells: func(p parcel, _ int, at string) map[string]string {
			return map[string]string{"OrderId": "9" + p.number, "Reference Number": p.number, "Tracking Number": p.tracking, "Shipping Service": p.carrier, "Processed Date": at}
		},
		delimiters: ",;\t",
	},
	{
		preset: "worldship", columns: []string{"Reference 1", "Lead Tracking Number", "Void Indicator", "ShipmentProcess Timestamp"},
		times: []string{"20060102150405"}, carriers: map[string]string{"UPS": "UPS"},
		cells: func(p parcel, _ int, at string) map[string]string {
			return map[string]string{"Reference 1": p.number, "Lead Tracking Number": p.tracking, "Void Indicator": "N", "ShipmentProcess Timestamp": at}
		},
		void: func(row map[string]string, void bool) {
			row["Void Indicator"] = map[bool]string{true: "Y", false: "N"}[void]
		},
		delimiters: ",;|",
	},
	{
		preset: "shopify", status: "acknowledged", columns: []string{"Name", "Financial Status", "Fulfillment Status", "Cancelled at"},
		times: []string{""},
		cells: func(p parcel, item int, _ string) map[string]string {
			row := map[string]string{"Name": "#" + p.number, "Financial Status": "paid", "Fulfillment Status": "fulfilled"}
			if item == 0 && p.left.IsZero() {
				row["Cancelled at"] = "2026-11-20 09:10:00 -0500"
			}
			if item > 0 {
				row["Financial Status"], row["Fulfillment Status"] = "", ""
			}
			return row
		},
		delimiters: ",",
	},
	{
		preset: "generic", columns: []string{"PO #", "TRACKING NO.", "Ship Via", "shipped on"},
		times: []string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05.000", "2006-01-02 15:04:05 MST", "02.01.2006", "2-Jan-2006"}, carriers: usualCarriers,
		cells: func(p parcel, _ int, at string) map[string]string {
			return map[string]string{"PO #": p.number, "TRACKING NO.": p.tracking, "Ship Via": p.carrier, "shipped on": at}
		},
		above: []string{"Shipments of the day", "Warehouse 7"}, below: []string{"Total"}, delimiters: ",;\t|",
	},
}

// beside are columns that no batch reads, full of what people write.
var beside = map[string][]string{
	"Ship To - Address": {"1 Main St, Rear", "2 \"Side\" St", "3 Back St\nApt 4", "Straße 5; Hof", "O'Neil Rd", "6 A|B\tC", ""},
	"Note":              {"", "call 555-0100", "=SUM(A1)", "1/2\" brass", "Größe: L", "日本"},
	"Item":              {"MUG", "LAMP, red", ""},
}

// draw generates an export and what is true of it.
func (e export) draw(t *rapid.T) (text string, want []string) {
	location, _ := time.LoadLocation("America/New_York")
	layout := rapid.SampledFrom(e.times).Draw(t, "layout")
	delimiter := string(rapid.SampledFrom([]rune(e.delimiters)).Draw(t, "delimiter"))
	columns := slices.Clone(e.columns)
	for name := range beside {
		if rapid.Bool().Draw(t, name) {
			columns = append(columns, name)
		}
	}
	slices.Sort(columns)
	columns = rapid.Permutation(columns).Draw(t, "columns")
	if e.first != "" {
		columns = append([]string{e.first}, slices.DeleteFunc(columns, func(name string) bool { return name == e.first })...)
	}
	var rows [][]string
	add := func(row map[string]string) {
		cells := make([]string, len(columns))
		for i, name := range columns {
			if cells[i] = row[name]; beside[name] != nil {
				cells[i] = rapid.SampledFrom(beside[name]).Draw(t, name)
			}
		}
		rows = append(rows, cells)
	}
	for n := range rapid.IntRange(0, 6).Draw(t, "parcels") {
		p := parcel{number: fmt.Sprintf("%03d-%07d", n+100, n*7919), items: rapid.IntRange(1, 3).Draw(t, "items")}
		left := rapid.IntRange(0, 4).Draw(t, "left") > 0
		if left {
			p.left = time.Date(2026, 11, 1+rapid.IntRange(0, 19).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, location)
		}
		if e.status == "" && left {
			p.tracking = fmt.Sprintf("1Z999AA1%010d", n+1)
			if len(e.carriers) > 0 {
				var names []string
				for name := range e.carriers {
					names = append(names, name)
				}
				slices.Sort(names)
				p.carrier = rapid.SampledFrom(names).Draw(t, "carrier")
			}
		}
		if e.preset == "amazon_flat" && !left { // a confirmation is of what has left
			continue
		}
		at := ""
		if left && layout != "" {
			at = p.left.Format(layout)
		}
		if e.void != nil && left && rapid.Bool().Draw(t, "a void label") {
			label := p
			label.tracking = fmt.Sprintf("1Z999AA19%09d", n+1)
			printed := p.left.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "hours before")) * time.Hour).Format(layout)
			for _, void := range []bool{false, true} {
				if e.once && !void {
					continue
				}
				row := e.cells(label, 0, printed)
				e.void(row, void)
				add(row)
			}
		}
		for item := range p.items {
			add(e.cells(p, item, at))
		}
		switch {
		case e.status != "" && left:
			want = append(want, fmt.Sprintf("%s acknowledged   as #%s", p.number, p.number))
		case e.status == "" && left:
			w := fmt.Sprintf("%s shipped %s %s", p.number, p.tracking, e.carriers[p.carrier])
			if hasTime := strings.Contains(layout, "04"); hasTime && !strings.Contains(layout, "05") && !strings.Contains(layout, "PM") || layout == "20060102150405" || strings.Contains(layout, ":") {
				sent, _ := time.ParseInLocation(layout, at, location)
				w += " at " + sent.UTC().Format(time.RFC3339)
			} else {
				w += " on " + p.left.Format(time.DateOnly)
			}
			want = append(want, w)
		}
	}
	return e.write(t, delimiter, columns, rows), want
}

func (e export) write(t *rapid.T, delimiter string, columns []string, rows [][]string) string {
	eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
	always := rapid.Bool().Draw(t, "all quoted")
	line := func(cells []string) string {
		out := make([]string, len(cells))
		for i, c := range cells {
			if delimiter == "\t" { // what tabs divide is not quoted
				c = strings.NewReplacer("\n", " ", "\t", " ").Replace(c)
			} else if always || strings.ContainsAny(c, "\"\n"+delimiter) {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			out[i] = c
		}
		return strings.Join(out, delimiter) + eol
	}
	var b strings.Builder
	for _, above := range e.above {
		if rapid.Bool().Draw(t, "above") {
			b.WriteString(above + eol)
		}
	}
	b.WriteString(line(columns))
	again := rapid.IntRange(0, 2*len(rows)+1).Draw(t, "the header again")
	for i, row := range rows {
		if i == again {
			b.WriteString(line(columns))
		}
		if rapid.IntRange(0, 5).Draw(t, "blank") == 0 {
			b.WriteString(rapid.SampledFrom([]string{"", strings.Repeat(delimiter, len(columns)-1)}).Draw(t, "blank line") + eol)
		}
		b.WriteString(line(row))
	}
	for _, below := range e.below {
		if rapid.Bool().Draw(t, "below") {
			b.WriteString(below + eol)
		}
	}
	text := b.String()
	switch rapid.SampledFrom([]string{"", "mark", "utf-16"}).Draw(t, "encoding") {
	case "mark":
		return "\xef\xbb\xbf" + text
	case "utf-16":
		out := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(text)) {
			out = append(out, byte(unit), byte(unit>>8))
		}
		return string(out)
	}
	return text
}

// What a program writes beside a void label differs by its version and its settings. A
// word that is not known holds the order back: nothing is sent on a guess.
func TestWordsOfVoidLabels(t *testing.T) {
	const void, valid, unknown = "112-2 shipped 1Z2 ", "112-1 shipped 1Z1 |112-2 shipped 1Z2 ", "112-1 ! bad_row|112-2 shipped 1Z2 "
	headers := map[string]string{
		"shipstation": "Order - Number,Shipment - Tracking Number,Shipment - Voided",
		"pirateship":  "Order ID,Tracking Number,Status,Carrier,Ship Date",
		"worldship":   "Reference 1,Lead Tracking Number,Void Indicator",
		"generic":     "Order #,Tracking #,Voided",
		"status":      "Order #,Tracking #,Label Status",
		"tracking":    "Order #,Tracking #,Tracking Status,Status",
	}
	for name, words := range map[string]map[string]string{
		"shipstation": {"Yes": void, "TRUE": void, "voided": void, "No": valid, "False": valid, "": valid, "Storniert": unknown, "11/20/2026": unknown},
		"worldship":   {"Y": void, "V": void, "VOID": void, "1": void, "N": valid, "0": valid, "": valid, "Storno": unknown},
		"pirateship":  {"Refunded": void, "Pending Refund": void, "Voided": void, "Cancelled": void, "Purchased": valid, "Refund Rejected": valid, "Refund denied": valid, "": valid, "Refund expired": unknown, "Not eligible for a refund": unknown},
		"generic":     {"x": void, "Ja": void, "yes": void, "nein": valid, "": valid, "perhaps": unknown},
		"tracking":    {"Voided": void, "Cancelled": void, "In Transit": valid, "": valid},
		"status":      {"VOIDED": void, "refunded": void, "storniert": void, "Annulé": void, "delivered": valid, "Not voided": valid, "nicht storniert": unknown, "Partially refunded": unknown},
	} {
		used := name
		if preset.Named(name) == nil {
			used = "generic"
		}
		for word, want := range words {
			more := ""
			switch name {
			case "pirateship":
				more = ",,"
			case "tracking":
				more = ",Shipped"
			}
			text := fmt.Sprintf("%s\n112-1,1Z1,%s%s\n112-2,1Z2,%s\n", headers[name], word, more, more)
			hcl := presetBatch(used, "shipped", "  carrier = null")
			if got := strings.Join(wantedOf(mustWish(t, files{"x.csv": text, "main.hcl": hcl})), "|"); got != want {
				t.Errorf("%s, %q: got %q, want %q", name, word, got, want)
			}
		}
	}
}

// In a spreadsheet, cells of one order are merged: its number stands in the first row
// alone. A parcel without a number is not left out.
func TestMergedCells(t *testing.T) {
	for name, text := range map[string]string{
		"shipstation": "Order - Number,Shipment - Tracking Number\n112-1,1Z1\n,\n,1Z0000002\n",
		"linnworks":   "Reference Number,OrderId,Tracking Number,Shipping Service\n112-1,1,1Z1,\n,,1Z0000002,UPS\n",
		"amazon_flat": "order-id\ttracking-number\tcarrier-code\tship-date\n112-1\t1Z1\t\t\n\t1Z0000002\tUPS\t\n",
		"generic":     "Order #,Tracking #,x\n112-1,1Z1,\n,1Z0000002,\n,Total,y\n",
		"ebay_report": "Order Number,Tracking Number,Sales Record Number,Shipped On Date\n112-1,1Z1,1,\n,1Z0000002,,\n,,2,\n",
	} {
		want := []string{"112-1 shipped 1Z1 ", " ! bad_row"}
		got := wantedOf(mustWish(t, files{"x.csv": text, "main.hcl": presetBatch(name, "shipped", "")}))
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(name, diff)
		}
	}
}

// Below a header whose columns are in another order, cells would be read as what they
// are not: files that differ are not read on as one.
func TestFilesThatWereJoined(t *testing.T) {
	const wrong = "x.csv:3: the line is a header whose columns are in another order"
	for text, want := range map[string]string{
		"Order #,Tracking #,Carrier\n112-1,1Z1,UPS\nTracking #,Order #,Carrier\n1Z2,112-2,UPS\n":                wrong,
		"Order #,Tracking #,Carrier\n112-1,1Z1,UPS\nInvoice,Tracking #,Order #\n4711,1Z2,112-2\n":               wrong,
		"Order #,Tracking #,Carrier\n112-1,1Z1,UPS\nOrder #,Tracking #,Carrier\n112-2,1Z2,UPS\n":                "",
		"Order #,Tracking #,Carrier\n112-1,1Z1,UPS\n112-2,1Z2,Carrier\n":                                        "",
		"Order #,Tracking #,Carrier,Tracking #\n112-1,1Z1,UPS,\nTracking #,Order #,Carrier,x\n1Z2,112-2,UPS,\n": "several columns",
	} {
		cfg := mustLoad(t, files{"x.csv": text, "main.hcl": presetBatch("generic", "shipped", "")}, world{})
		_, diags := cfg.Wishes(t.Context())
		if got := said(diags); (want == "") == diags.HasErrors() || !strings.Contains(got, want) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// Whatever the order of the columns, whatever stands beside, above and below the rows, and
// however the file is written: what a preset reads is what is true.
func TestPresetsReadWhatIsTrue(t *testing.T) {
	for _, e := range programs {
		t.Run(e.preset, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				text, want := e.draw(r)
				status := e.status
				if status == "" {
					status = "shipped"
				}
				cfg := mustLoad(t, files{"x.csv": text, "main.hcl": presetBatch(e.preset, status, "")}, world{})
				wishes, diags := cfg.Wishes(t.Context())
				if diags.HasErrors() {
					r.Fatalf("%s\n%s", said(diags), text)
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, wantedOf(wishes)); diff != "" {
					r.Fatalf("%s\n%s", diff, text)
				}
			})
		})
	}
}
