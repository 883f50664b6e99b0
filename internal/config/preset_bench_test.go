package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkPresets reads the exports of known programs: what a row costs where a preset
// looks at each cell more than a batch does that is written for one table.
func BenchmarkPresets(b *testing.B) {
	const rows = 10_000
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ preset, number, header, row, layout string }{
		{
			"shipstation", "Order - Number", "Order - Number,Date - Shipped Date,Market - Store Name,Shipment - Carrier,Shipment - Tracking Number,Item - SKU",
			"112-%07[1]d,%[3]s,Amazon US,UPS,1Z999AA1%010[2]d,MUG", "1/2/2006 3:04:05 PM",
		},
		{"worldship", "Reference 1", `"Reference 1","Lead Tracking Number","Void Indicator","ShipmentProcess Timestamp"`, `"112-%07[1]d","1Z999AA1%010[2]d","N","%[3]s"`, "20060102150405"},
		{"generic", "Order #", "Order #,TRACKING #,Ship Via,Shipped On", `112-%07[1]d,"=""1Z999AA1%010[2]d""",UPS,%[3]s`, "2006-01-02 15:04:05"},
	} {
		b.Run(c.preset, func(b *testing.B) {
			var table strings.Builder
			table.WriteString(c.header + "\n")
			for i := range rows {
				fmt.Fprintf(&table, c.row+"\n", i, i, first.Add(time.Duration(i)*time.Second).Format(c.layout))
			}
			benchmarkWishes(b, rows, table.String(), fmt.Sprintf("account \"main\" {\n  endpoint = \"sandbox\"\n  timezone = \"America/New_York\"\n}\n"+
				"batch \"b\" {\n  rows   = csv(\"t.csv\")\n  preset = %q\n  find   = { source = \"Amazon\", source_order_number = row[%q] }\n  status = \"shipped\"\n}\n", c.preset, c.number))
		})
	}
}
