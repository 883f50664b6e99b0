package lang_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// BenchmarkRowExpr evaluates each expression for one row after the other, the
// reading left out. All rows have one carrier, and each a date of its own.
func BenchmarkRowExpr(b *testing.B) {
	var text strings.Builder
	text.WriteString("Order Number,Store,Tracking Number,Carrier,Ship Date,Void\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "112-%07d,Amazon US,1Z999AA1%010d,UPS,11/20/2026 %02d:%02d:%02d PM,N\n", i, i, 1+i/3600, i/60%60, i%60)
	}
	rows := rowsOf(b, "t.csv", text.String())
	for name, source := range map[string]string{
		"plain":      `row["Tracking Number"]`,
		"comparison": `row["Void"] != "Y"`,
		"index":      `local.stores[row["Store"]]`,
		"call":       `upper(row["Carrier"])`,
		"call-many":  `upper(row["Tracking Number"])`,
		"two":        `row["Void"] != "Y" && row["Store"] != ""`,
		"time":       `parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"], "America/New_York")`,
		"dynamic":    `row[local.column]`,
		"constant":   `"shipped"`,
	} {
		b.Run(name, func(b *testing.B) {
			e := compile(b, source, context(b))
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, _, diags := e.Text(rows[i%len(rows)]); diags.HasErrors() {
					b.Fatal(diags)
				}
				i++
			}
		})
	}
}

// BenchmarkCheckNesting checks a configuration of 10,000 blocks.
func BenchmarkCheckNesting(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "order \"amazon-%d\" {\n  find = { source = \"Amazon\", source_order_number = \"112-%d\" }\n  status = \"shipped\"\n  tracking_number = \"1Z%d\"\n}\n", i, i, i)
	}
	src := []byte(text.String())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if diags := lang.CheckNesting(src, "main.hcl"); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}

// BenchmarkEvalBudgeted evaluates an attribute of a block.
func BenchmarkEvalBudgeted(b *testing.B) {
	ctx := context(b)
	for name, source := range map[string]string{"literal": `"shipped"`, "object": `{ source = "Amazon", source_order_number = "112-1" }`, "call": `upper("ups")`} {
		b.Run(name, func(b *testing.B) {
			var expr hcl.Expression = parse(b, source)
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := lang.EvalBudgeted(expr, ctx, 0); diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
	}
}
