package config_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOptionsOfCSV(t *testing.T) {
	for name, c := range map[string]struct {
		csv, options string
		want         []string
	}{
		"everything at once":  {"\xfcber\n\nid;t;c\na;1Z1;\"x\n", `{ delimiter = ";", encoding = "windows-1252", quotes = "none", header_line = 3 }`, []string{`a 1Z1 "x`, "1 row in 1 file: 1 order"}},
		"columns":             {"a,1Z1,UPS\n", `{ columns = ["id", "t", "c"] }`, []string{"a 1Z1 UPS", "1 row in 1 file: 1 order"}},
		"null is as left out": {"id,t,c\na,1Z1,UPS\n", `{ delimiter = null, encoding = null, quotes = null, header_line = null, columns = null }`, []string{"a 1Z1 UPS", "1 row in 1 file: 1 order"}},
		"of a variable":       {"id;t;c\na;1Z1;UPS\n", `{ (local.option) = ";" }`, []string{"a 1Z1 UPS", "1 row in 1 file: 1 order"}},
	} {
		t.Run(name, func(t *testing.T) {
			hcl := "locals {\n  option = \"delimiter\"\n}\n" + groupBatch(`csv("t.csv", `+c.options+`)`, "")
			if diff := cmp.Diff(c.want, outcomes(mustWish(t, files{"t.csv": c.csv, "main.hcl": hcl}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheClosestOptionIsNamed(t *testing.T) {
	for written, want := range map[string]string{"header_lines": "header_line", "quote": "quotes", "encodng": "encoding", "Delimiter": "delimiter", "column": "columns"} {
		_, diags := load(t, files{"main.hcl": groupBatch(`csv("t.csv", { `+written+` = 1 })`, "")}, world{})
		if text := said(diags); !strings.Contains(text, "Did you mean "+want+"?") {
			t.Errorf("%s: %s", written, text)
		}
	}
}

// What may be missing of a table is told, whether or not anything is wrong.
func TestWarningsOfTables(t *testing.T) {
	for name, c := range map[string]struct {
		files files
		rows  string
		more  string
		want  string
	}{
		"where leaves out all of some files": {
			files{"d/1.csv": "id,t,c,v\na,1Z1,UPS,Yes\nb,1Z2,UPS,Yes\n", "d/2.csv": "id,t,c,v\nc,1Z3,UPS,N\n", "d/3.csv": "id,t,c,v\n"},
			`csv("d/*.csv")`, `  where = row.v == "N"`, "where leaves out every row of 1 file; batch.b: d/1.csv (2 rows)",
		},
		"a spreadsheet":                {files{"d/1.csv": "id,t,c\n", "d/book.xlsx": ""}, `csv("d/*.csv")`, "", "batch.b: d/book.xlsx: this spreadsheet is not read"},
		"an unfinished download":       {files{"d/1.csv": "id,t,c\n", "d/2.csv.part": ""}, `csv("d/*.csv")`, "", "batch.b: d/2.csv.part: this unfinished download"},
		"beside JSON Lines":            {files{"d/2.jsonl.part": ""}, `jsonl("d/*.jsonl")`, "", "batch.b: d/2.jsonl.part: this unfinished download"},
		"a header where none is":       {files{"d/1.csv": "id,t,c\n"}, `csv("d/1.csv", { columns = ["id", "t", "c"] })`, "", "d/1.csv:1: the first row has the column names"},
		"rows in a quoted cell":        {files{"d/1.csv": "id,t,c\na,1Z1,\"UPS\nb,1Z2,USPS\"\n"}, `csv("d/1.csv", { quotes = "standard" })`, "  carrier = \"UPS\"", "d/1.csv:2: the quoted cell that begins here contains what looks like 1 whole row (line 3)"},
		"a last line that is cut off":  {files{"d/1.csv": "id,t,c\na,1Z1,UPS\nb"}, `csv("d/1.csv")`, "", "d/1.csv:3: the last line does not end with a line break and has too few cells"},
		"nothing to say":               {files{"d/1.csv": "id,t,c\na,1Z1,UPS\n", "d/~$book.xlsx": "", "d/.DS_Store": "", "d/README": ""}, `csv("d/*.csv")`, "", ""},
		"where leaves out some":        {files{"d/1.csv": "id,t,c\na,1Z1,UPS\nb,1Z2,\n"}, `csv("d/*.csv")`, `  where = row.c == "UPS"`, ""},
		"a name in other letter case":  {files{"d/Export1.csv": "id,t,c\n"}, `csv("d/export*.csv")`, "", "because its name differs from the pattern in letter case"},
		"a row and no header":          {files{"1.csv": "a,1Z1,UPS\n"}, `csv("1.csv")`, "", "1.csv: the file has only one line, and it does not have the columns that the batch reads"},
		"a header and no row":          {files{"1.csv": "id,t,c\n"}, `csv("1.csv")`, "", ""},
		"an extension in another case": {files{"d/1.CSV": "id,t,c\na,1Z1,UPS\n"}, `csv("d/*.csv")`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			more := c.more
			batch := groupBatch(c.rows, more)
			if strings.Contains(more, "carrier") {
				batch = strings.Replace(batch, "  carrier         = row.c\n", "", 1)
			}
			c.files["main.hcl"] = batch
			_, diags := mustLoad(t, c.files, world{}).Wishes(context.Background())
			text := said(diags)
			if diags.HasErrors() || (c.want == "") != (text == "") || !strings.Contains(text, c.want) {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

func TestErrorsOfTables(t *testing.T) {
	for name, c := range map[string]struct {
		files files
		rows  string
		want  string
	}{
		"rows in a quoted cell":       {files{"1.csv": "id,t,c\na,1Z1,\"UPS\nb,1Z2,USPS\"\n"}, `csv("1.csv")`, "what looks like 1 whole row (line 3)"},
		"a column that stands twice":  {files{"1.csv": "id,t,c,t\na,1Z1,UPS,1Z2\n"}, `csv("1.csv")`, `1.csv has several columns "t"`},
		"a column in other words":     {files{"1.csv": "id,t,C.\na,1Z1,UPS\n"}, `csv("1.csv")`, `1.csv has no column "c"`},
		"no folder":                   {files{}, `csv("d/*.csv")`, `d: there is no such folder`},
		"an encoding that is not so":  {files{"1.csv": "id,t,c\n\xfc,1Z1,UPS\n"}, `csv("1.csv")`, `encoding = "windows-1252"`},
		"a header line that is blank": {files{"1.csv": "id,t,c\n\n"}, `csv("1.csv", { header_line = 2 })`, "1.csv:2: header_line is a blank line"},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["main.hcl"] = groupBatch(c.rows, "")
			_, diags := mustLoad(t, c.files, world{}).Wishes(context.Background())
			if text := said(diags); !diags.HasErrors() || !strings.Contains(text, c.want) {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

// An expression over the whole row reads columns of one name too.
func TestColumnsOfOneName(t *testing.T) {
	for expr, wrong := range map[string]bool{`row.c`: false, `row["x"]`: true, `try(row.x, row.c)`: true, `join("", values(row))`: true} {
		f := files{"t.csv": "id,t,c,x,x\na,1Z1,UPS,1,2\n", "main.hcl": shipBatch("b", `csv("t.csv")`, "  carrier = "+expr)}
		_, diags := mustLoad(t, f, world{}).Wishes(context.Background())
		if diags.HasErrors() != wrong {
			t.Errorf("%s: %s", expr, said(diags))
		}
	}
}

func TestWhatManyRowsLackIsToldOnce(t *testing.T) {
	csv := "id,t,store\n" + strings.Repeat("a,1Z1,eBay - main\n", 3) + "b,1Z2,eBay - main\nc,1Z3,Shop 2\nd,1Z4,Shop 2\ne,1Z5,Buyer Name\nf,1Z6,Amazon\n"
	wishes := mustWish(t, files{"t.csv": csv, "main.hcl": `
locals {
  stores = { Amazon = "Amazon" }
}
batch "b" {
  rows            = csv("t.csv")
  find            = { source = local.stores[row.store], source_order_number = row.id }
  status          = "shipped"
  tracking_number = row.t
}`})
	diags := wishes.Diagnostics()
	if len(diags) != 1 {
		t.Fatalf("%d diagnostics: %s", len(diags), said(diags))
	}
	want := `batch.b: find: the cell under "store" is not in local.stores. Add it there, or correct the cell. The first is here. 3 values are missing: "eBay - main" (4 rows), "Shop 2" (2 rows), and 1 more. plan holds their orders back.`
	if diff := cmp.Diff(want, diags[0].Detail); diff != "" || diags[0].Range.Start.Line != 2 {
		t.Errorf("%s\nline %d", diff, diags[0].Range.Start.Line)
	}
}

// Without a header, the first row stands for the names of columns: it is a
// buyer's, and no message repeats it.
func TestARowThatStandsForAHeaderIsNotRepeated(t *testing.T) {
	for _, first := range []string{"112-1234567-1234567,Jane Roe", "Jane Roe,jane@example.com", "id,Jane Roe,jane@example.com"} {
		f := files{"t.csv": first + "\na,b,c\n", "main.hcl": shipBatch("b", `csv("t.csv")`, "")}
		_, diags := mustLoad(t, f, world{}).Wishes(context.Background())
		if text := said(diags); !diags.HasErrors() || strings.Contains(text, "Jane") || !strings.Contains(text, "columns = [") {
			t.Errorf("%s: %s", first, text)
		}
	}
}

func TestMissingColumnsNameTheClosest(t *testing.T) {
	for header, want := range map[string]string{
		"Order Number,Tracking No,Carrier": `Did you mean "Tracking No"?`,
		"Order Number,TRACKING NUMBER":     `Did you mean "TRACKING NUMBER"?`,
		"Order Number,Menge":               `Its columns are: "Order Number", "Menge".`,
	} {
		f := files{"t.csv": header + "\na,b\n", "main.hcl": strings.ReplaceAll(shipBatch("b", `csv("t.csv")`, ""), "row.t", `row["Tracking Number"]`)}
		f["main.hcl"] = strings.ReplaceAll(f["main.hcl"], "row.id", `row["Order Number"]`)
		_, diags := mustLoad(t, f, world{}).Wishes(context.Background())
		if text := said(diags); !strings.Contains(text, want) {
			t.Errorf("%s: %s", header, text)
		}
	}
}
