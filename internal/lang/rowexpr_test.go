package lang_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/table"
)

const shipments = "Order Number,Store,Tracking Number,Qty,Ship Date,Note\n" +
	"112-1,Amazon US, 1Z999 ,0012,11/20/2026,John Doe\n" +
	"112-2,Nowhere,,many,yesterday,\"say \"\"hi\"\" to Ann\"\n"

// rowsOf is the rows of a table; unlike a caller of table.CSV, the tests keep them.
func rowsOf(t testing.TB, name, content string) []table.Row {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	seq := table.CSV(root, name, table.CSVOptions{})
	if strings.HasSuffix(name, ".jsonl") {
		seq = table.JSONL(root, name, nil)
	}
	var rows []table.Row
	for row, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		row.Cells = append([]string(nil), row.Cells...)
		rows = append(rows, row)
	}
	return rows
}

func compile(t testing.TB, source string, ctx *hcl.EvalContext) *lang.RowExpr {
	t.Helper()
	e, diags := lang.CompileRow(parse(t, source), ctx)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", source, diags)
	}
	return e
}

func TestCompileRow(t *testing.T) {
	ctx := context(t)
	for source, want := range map[string]string{
		`row["Order Number"]`: "Order Number",
		`(row.Store)`:         "Store",
		`upper(row.Store)`:    "Store",
		`"${row.Store} ${row["Qty"]} ${row.Store}"`:     "Store Qty",
		`local.stores[row["Store"]]`:                    "Store",
		`try(row.Note, row.Store)`:                      "Note? Store?",
		`can(row.Note) ? row.Note : ""`:                 "Note",
		`{ a = row.Store, b = row.Qty }`:                "Store Qty",
		`[for x in [row.Store] : x]`:                    "Store",
		`row.Address.City`:                              "Address",
		`row[local.column]`:                             "dynamic",
		`keys(row)`:                                     "dynamic",
		`[for k, v in row : v]`:                         "dynamic",
		`lookup(row, "Note", row.Store)`:                "dynamic Store",
		`row[0]`:                                        "dynamic",
		`"shipped"`:                                     "constant",
		`local.stores["Amazon US"]`:                     "constant",
		`[for row in [{ Store = "x" }] : row.Store][0]`: "constant",
		`try(local.none, "x")`:                          "constant",
	} {
		e, diags := lang.CompileRow(parse(t, source), ctx)
		if diags.HasErrors() {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		var got []string
		if e.Constant() {
			got = append(got, "constant")
		}
		if e.Dynamic() {
			got = append(got, "dynamic")
		}
		for _, c := range e.Columns() {
			if c.Optional {
				c.Name += "?"
			}
			got = append(got, c.Name)
			if c.Range.Filename != "main.hcl" || c.Range.Empty() {
				t.Errorf("%s: column %s is at %v", source, c.Name, c.Range)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

func TestCompileRowErrors(t *testing.T) {
	ctx := context(t)
	for source, want := range map[string]string{
		`uper(row.Store)`:                `no function named "uper". Did you mean "upper"?`,
		`local.store[row.Store]`:         `does not have an attribute named "store"`,
		`"${row.Store}${locals.stores}"`: `Did you mean "local"`,
		`upper(5, 6)`:                    "Too many function arguments",
		`1e100000000 + row.Qty`:          "Expression too large",

		`[for a in range(1000) : [for b in range(1000) : b]]`: "Expression too large",
	} {
		_, diags := lang.CompileRow(parse(t, source), ctx)
		if !diags.HasErrors() || !strings.Contains(diags.Error(), want) {
			t.Errorf("%s: got %v, want %q", source, diags, want)
		}
	}
}

func TestRowText(t *testing.T) {
	rows := rowsOf(t, "t.csv", shipments)
	ctx := context(t)
	for source, want := range map[string][2]string{
		`row["Order Number"]`:            {"112-1", "112-2"},
		`row["Tracking Number"]`:         {"1Z999", "(blank)"},
		`upper(row["Tracking Number"])`:  {"1Z999", "(blank)"},
		`row.Qty`:                        {"0012", "many"},
		`length(row.Qty)`:                {"4", "4"},
		`row.Store == "Amazon US"`:       {"true", "false"},
		`1.50`:                           {"1.5", "1.5"},
		`null`:                           {"(blank)", "(blank)"},
		`row.Store == "x" ? "y" : null`:  {"(blank)", "(blank)"},
		`try(row.None, "none")`:          {"none", "none"},
		`try(tonumber(row.Qty), -1)`:     {"12", "-1"},
		`row[local.column]`:              {"112-1", "112-2"},
		`length(keys(row))`:              {"6", "6"},
		`lookup(row, "None", row.Store)`: {"Amazon US", "Nowhere"},
		`join("/", [for k, v in row : v if k == "Store" || k == "Qty"])`: {"0012/Amazon US", "many/Nowhere"},
	} {
		e := compile(t, source, ctx)
		for i, row := range rows {
			got, blank, diags := e.Text(row)
			if diags.HasErrors() {
				t.Errorf("%s: %v", source, diags)
				continue
			}
			if blank {
				got = "(blank)" + got
			}
			if got != want[i] {
				t.Errorf("%s, row %d: got %q, want %q", source, i, got, want[i])
			}
		}
	}
}

func TestRowJSONL(t *testing.T) {
	rows := rowsOf(t, "t.jsonl", `{"id":"0012","qty":2,"big":12345678901234567890,"gift":true,"to":{"city":"Ulm"}}`+"\n"+`{"id":null}`+"\n")
	ctx := context(t)
	for source, want := range map[string][2]string{
		`row.id`:                      {"0012", "(blank)"},
		`row.qty`:                     {"2", "(blank)"},
		`row.big`:                     {"12345678901234567890", "(blank)"},
		`row.gift`:                    {"true", "(blank)"},
		`coalesce(row.qty, 7) + 1`:    {"3", "8"},
		`row.none == null`:            {"true", "true"},
		`try(row.to.city, "nowhere")`: {"Ulm", "nowhere"},
		`length(keys(row))`:           {"5", "1"},
	} {
		e := compile(t, source, ctx)
		for i, row := range rows {
			got, blank, diags := e.Text(row)
			if diags.HasErrors() {
				t.Errorf("%s: %v", source, diags)
				continue
			}
			if blank {
				got = "(blank)" + got
			}
			if got != want[i] {
				t.Errorf("%s, row %d: got %q, want %q", source, i, got, want[i])
			}
		}
	}
	if _, _, diags := compile(t, `row.to`, ctx).Text(rows[0]); !strings.Contains(diags.Error(), "must be text, a number or a bool, not object") {
		t.Errorf("an object as text: %v", diags)
	}
	v, diags := compile(t, `row`, ctx).Eval(rows[1])
	if diags.HasErrors() || !v.RawEquals(cty.ObjectVal(map[string]cty.Value{"id": cty.NullVal(cty.DynamicPseudoType)})) {
		t.Errorf("the whole row: %#v %v", v, diags)
	}
}

// TestPlainAndEvaluated: whether or not an expression takes the short way through
// the cell, its text is the same.
func TestPlainAndEvaluated(t *testing.T) {
	decomposed := "Cafe\u0301" // an e and an accent; HCL's text is composed
	rows := rowsOf(t, "t.csv", decomposed+",b\n \u00a0Zoe\u0308\t,x\n")
	ctx := context(t)
	plain, _, diags := compile(t, `row["Café"]`, ctx).Text(rows[0])
	evaluated, _, more := compile(t, `"${row["Café"]}${""}"`, ctx).Text(rows[0])
	if plain != "Zoë" || evaluated != plain || diags.HasErrors() || more.HasErrors() {
		t.Errorf("got %q and %q, %v %v", plain, evaluated, diags, more)
	}
}

func TestRowFilesWithOtherColumns(t *testing.T) {
	first, second := rowsOf(t, "1.csv", "a,b\n1,2\n")[0], rowsOf(t, "2.csv", "b,c,a\n3,4,5\n")[0]
	plain, call := compile(t, `row.a`, context(t)), compile(t, `upper(row.a)`, context(t))
	for _, e := range []*lang.RowExpr{plain, call} {
		var got []string
		for _, row := range []table.Row{first, second, first} {
			text, _, _ := e.Text(row)
			got = append(got, text)
		}
		if diff := cmp.Diff([]string{"1", "5", "1"}, got); diff != "" {
			t.Error(diff)
		}
	}
	none := rowsOf(t, "3.csv", "b,c\n3,4\n")[0]
	if _, _, diags := plain.Text(none); !strings.Contains(diags.Error(), `3.csv has no column "a". It has "b", "c".`) {
		t.Errorf("got %v", diags)
	}
	if _, diags := call.Eval(none); !diags.HasErrors() {
		t.Error("a column that is not there gave no error")
	}
}

func TestRowThatIsBad(t *testing.T) {
	rows := rowsOf(t, "t.csv", "a,b\n1\n")
	for _, source := range []string{`row.a`, `upper(row.a)`} {
		if _, _, diags := compile(t, source, context(t)).Text(rows[0]); !strings.Contains(fmt.Sprint(diags), "1 cell for 2 columns") {
			t.Errorf("%s: got %v", source, diags)
		}
	}
}
