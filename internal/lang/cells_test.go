package lang_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/table"
)

// rowSources are expressions of every form that a row can stand in.
var rowSources = []string{
	`row.a`, `(row["b"])`, `upper(row.a)`, `row.a == "x"`, `row.a == "x" && row.b != "Y"`, `!(row.a == row.b)`, `-row.a`, `row.a + 1`,
	`"${row.a}-${row.b}"`, `"${row.a}"`, `try(row.c, row.a, "none")`, `can(row.c) ? row.c : row.b`, `local.stores[row.a]`,
	`try(local.stores[row.a], "?")`, `[row.a, row.b][0]`, `[row.a, row.b][row.c]`, `[row.a, row.b][*]`, `{ k = row.a, (row.b) = row.c }`,
	`[for x in [row.a, row.b] : x if x != row.c]`, `{ for x in [row.a] : x => row.b }`, `[for row in [{ a = row.b }] : row.a][0]`, `[for a in [row.a] : row[a]]`,
	`row[row.a]`, `keys(row)`, `concat([row.a], [for k, v in row : v])`, `tonumber(row.a) > 5 ? upper(row.b) : lower(row.c)`, `row.a.deep`,
	`[row.a][0].deep`, `"%{ if row.a == "x" }yes%{ else }${row.b}%{ endif }"`, `"%{ for x in [row.a] }${x}${row.b}%{ endfor }"`,
	`length(row.a) > 1 || row.b == ""`, `join(row.b, [row.a, row.a])`, `format("%s/%5s", row...)`, `max([row.a, row.b]...)`, `local.stores`,
	`trim(row["a"], "=\"'# ")`, `trim(upper(try(row.a, row.b)), row.c)`, `lower(trimspace(row.a))`, `carrier(try(row.c, ""))`, `upper(try(row.c, null))`,
	`row.a != "" ? row.b != "" || try(row.c, "") != "" : can(regex("[0-9]{2}", row.b))`, `row.a == row.b ? startswith(row.c, "Y") : endswith(row.c, "Y")`,
	`row.a == row.b ? strcontains(row.a, "m") : can(row.c)`, `row.a == "x" ? can(row.c) : row.b`, `regex("[a-z]+", row.a)`, `regex("([a-z])[0-9]", row.a)`, `regex("(", row.a)`,
	`regex(row.a, row.b)`, `can(regex("x|Y", lower(try(row.c, row.a))))`, `try(regex("[0-9]+", row.a), tonumber(row.b), row.c)`, `try(row.c, row.c)`, `try(tonumber(row.a), 5) == 12`,
	`{ "" = false, "x" = true, "12" = true }[lower(try(row.a, ""))] || can(regex("Y", row.b))`, `{ "" = 1, "x" = "two" }[row.a]`, `["a", row.a, "c"][1]`, `["x", "Y"][row.a]`,
	`parse_time("%Y-%m-%d", row.a)`, `parse_time(["%Y-%m-%d", "%d.%m.%Y %H:%M"], try(row.b, ""))`, `parse_time(["%d.%m.%Y %H:%M", "%Y-%m-%d %H"], row.a, "America/New_York")`,
	`parse_time([], row.a)`, `parse_time(row.b, row.a)`, `can(parse_time("%Y-%m-%d", row.a))`, `try(parse_time("%Y-%m-%d %H", row.a), "none")`, `trim(row.a)`, `can()`, `try()`,
	`row.a == true`, `row.a && row.b == "x"`, `row.a == null`, `(row.a == "x") == (row.b == "x")`, `row.a == "x" && row.b`, `row.a ? row.b == "x" : row.c == "x"`,
}

// Placing cells in an expression and remembering values must not show: every row
// has the value, and the errors, that HCL finds with the row as an object.
func TestRowsAreEvaluatedAsHCLDoes(t *testing.T) {
	ctx := context(t)
	cell := rapid.SampledFrom([]string{"", "x", "x", "Y", "12", " y ", "a", "Cafe\u0301", "1e3", "Amazon US", "0", "true", "2026-11-20", "20.11.2026 16:28", "ups ground", "\u0130"})
	rapid.Check(t, func(rt *rapid.T) {
		source := rapid.SampledFrom(rowSources).Draw(rt, "source")
		var rows []table.Row
		for _, name := range []string{"1.csv", "2.csv"} { // the second with other columns, perhaps
			columns := rapid.Permutation([]string{"a", "b", "c"}).Draw(rt, "columns")[:rapid.IntRange(1, 3).Draw(rt, "count")]
			lines := []string{strings.Join(columns, ",") + ",last"}
			for range rapid.IntRange(0, 4).Draw(rt, "rows") {
				lines = append(lines, strings.Join(rapid.SliceOfN(cell, len(columns), len(columns)).Draw(rt, "cells"), ",")+",end")
			}
			rows = append(rows, rowsOf(t, name, strings.Join(lines, "\n")+"\n")...)
		}
		rows = slices.Concat(rows, rows)
		e, diags := lang.CompileRow(parse(t, source), ctx)
		if diags.HasErrors() {
			rt.Skip("it is wrong whatever a row holds")
		}
		reference := parse(t, source)
		for i, row := range rows {
			want, wanted := reference.Value(withRow(ctx, row))
			got, told := e.Eval(row)
			if told.HasErrors() != wanted.HasErrors() {
				rt.Fatalf("%s, row %d %q: got %v, want %v", source, i, row.Cells, told, wanted)
			}
			if !told.HasErrors() && !got.RawEquals(want) {
				rt.Fatalf("%s, row %d %q: got %#v, want %#v", source, i, row.Cells, got, want)
			}
			if told.HasErrors() && !isPlain(source) && told[0].Summary != wanted[0].Summary {
				rt.Fatalf("%s, row %d %q: got %q, want %q", source, i, row.Cells, told[0].Summary, wanted[0].Summary)
			}
		}
	})
}

// isPlain is where gdfctl has words of its own for a column that is not there.
func isPlain(source string) bool { return source == `row.a` || source == `(row["b"])` }

func withRow(ctx *hcl.EvalContext, row table.Row) *hcl.EvalContext {
	cells := map[string]cty.Value{}
	for i, name := range row.Header.Names {
		cells[name] = cty.StringVal(row.Cells[i])
	}
	child := ctx.NewChild()
	child.Functions = ctx.Functions
	child.Variables = map[string]cty.Value{"row": cty.ObjectVal(cells)}
	return child
}

// Objects of JSON Lines give values of other types for one text.
func TestValuesAreRememberedByText(t *testing.T) {
	rows := rowsOf(t, "t.jsonl", `{"v":"1"}`+"\n"+`{"v":1}`+"\n"+`{"v":"1"}`+"\n"+`{"v":null}`+"\n"+`{}`+"\n")
	e := compile(t, `row.v == 1 ? "number" : row.v == "1" ? "text" : "none"`, context(t))
	var got []string
	for _, row := range rows {
		text, _, diags := e.Text(row)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		got = append(got, text)
	}
	if want := []string{"text", "number", "text", "none", "none"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A value that an expression makes of two columns is remembered for neither
// alone.
func TestAValueOfTwoColumnsIsOfBoth(t *testing.T) {
	ctx := context(t)
	for _, source := range []string{`row.a == row.b`, `"${row.a}-${row.b}"`, `[for x in [row.a] : "${x}${row.b}"][0]`} {
		e, diags := lang.CompileRow(parse(t, source), ctx)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for i, row := range rowsOf(t, "1.csv", "a,b\nx,x\nx,y\ny,y\nx,x\n") {
			want, _ := parse(t, source).Value(withRow(ctx, row))
			if got, _ := e.Eval(row); !got.RawEquals(want) {
				t.Errorf("%s, row %d: got %#v, want %#v", source, i, got, want)
			}
		}
	}
}
