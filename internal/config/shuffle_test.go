package config_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// drawn is a configuration in pieces: blocks, and rows by table.
type drawn struct {
	blocks []string
	tables map[string][]string
}

func configurations() *rapid.Generator[drawn] {
	return rapid.Custom(func(t *rapid.T) drawn {
		d := drawn{tables: map[string][]string{}}
		id := rapid.SampledFrom([]string{"1", "2", "3", "4"})
		tracking := rapid.SampledFrom([]string{"1Z1", "1Z1", "1Z1", "1Z2", ""})
		d.blocks = append(d.blocks, "locals {\n  a = local.b\n}\n", "locals {\n  b = var.v\n}\n", "variable \"v\" { default = \"UPS\" }\n")
		names := []string{"order[\\\"w\\\"]", "batch.none"}
		for i := range rapid.IntRange(0, 4).Draw(t, "orders") {
			replaces := ""
			if rapid.IntRange(0, 2).Draw(t, "replaces") == 0 {
				replaces = fmt.Sprintf("  replaces = \"%s\"\n", rapid.SampledFrom(names).Draw(t, "replaced"))
			}
			what := fmt.Sprintf("  status = \"shipped\"\n  tracking_number = %q\n", tracking.Draw(t, "tracking"))
			if rapid.IntRange(0, 3).Draw(t, "cancel") == 0 {
				what = "  status = \"cancelled\"\n  reason = \"lost\"\n"
			}
			d.blocks = append(d.blocks, fmt.Sprintf("order \"o%d\" {\n  find = { id = %q }\n  carrier = local.a\n%s%s}\n", i, id.Draw(t, "id"), what, replaces))
			names = append(names, fmt.Sprintf("order[\\\"o%d\\\"]", i))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "batches") {
			replaces := ""
			if rapid.Bool().Draw(t, "batch replaces") {
				replaces = fmt.Sprintf("  replaces = \"%s\"\n", rapid.SampledFrom(names).Draw(t, "replaced"))
			}
			more := rapid.SampledFrom([]string{"", "", "  voided = row.v == \"Y\"\n", "  latest_by = row.u\n", "  voided = row.v == \"Y\"\n  latest_by = row.u\n", "  max_held = 1\n"}).Draw(t, "more")
			d.blocks = append(d.blocks, fmt.Sprintf("batch \"b%d\" {\n  rows = csv(\"b%[1]d/*.csv\")\n  find = { id = row.id }\n  status = row.s\n  order_number = row.o\n  reason = \"lost\"\n  carrier = local.a\n  tracking_number = row.t\n  attempt = row.n\n%s%s}\n", i, replaces, more))
			names = append(names, fmt.Sprintf("batch.b%d", i))
			for f := range rapid.IntRange(1, 2).Draw(t, "files") {
				name := fmt.Sprintf("b%d/%d.csv", i, f)
				d.tables[name] = []string{}
				for range rapid.IntRange(0, 4).Draw(t, "rows") {
					row := []string{rapid.OneOf(id, id, id, rapid.Just("")).Draw(t, "row's id"), tracking.Draw(t, "tracking")}
					for _, column := range [][]string{
						{"", "", "", "1", "2", "odd"},
						{"", "", "", "Y"},
						{"", "1", "2", "2", "2026-11-20", "soon"},
						{"shipped", "shipped", "shipped", "acknowledged", "cancelled"},
						{"", "A", "A", "B"},
					} {
						row = append(row, rapid.SampledFrom(column).Draw(t, "cell"))
					}
					d.tables[name] = append(d.tables[name], strings.Join(row, ","))
				}
			}
		}
		for i := range rapid.IntRange(0, 1).Draw(t, "releases") {
			d.blocks = append(d.blocks, fmt.Sprintf("release \"r%d\" {\n  find = { id = %q }\n  reason = \"settled\"\n}\n", i, id.Draw(t, "id")))
		}
		return d
	})
}

// arranged writes a configuration's pieces in some order into some files.
func (d drawn) arranged(t *rapid.T) files {
	f := files{"a.hcl": ""}
	for _, block := range rapid.Permutation(d.blocks).Draw(t, "blocks") {
		f[rapid.SampledFrom([]string{"a.hcl", "b.hcl", "z.hcl"}).Draw(t, "file")] += block
	}
	renamed := rapid.Bool().Draw(t, "renamed")
	for name, rows := range d.tables {
		if renamed { // the first file becomes the last
			name = strings.Replace(name, "/0", "/9", 1)
		}
		f[name] = strings.Join(append([]string{"id,t,n,v,u,s,o"}, rapid.Permutation(rows).Draw(t, "rows")...), "\n") + "\n"
	}
	return f
}

// temporary writes the files into a directory, which the caller removes: a draw
// has no directory of its own.
func (f files) temporary(t *rapid.T) string {
	dir, err := os.MkdirTemp("", "spec")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range f {
		if folder, _, ok := strings.Cut(name, "/"); ok {
			_ = os.Mkdir(dir+"/"+folder, 0o700)
		}
		if err := os.WriteFile(dir+"/"+name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// result is what a configuration comes to, without places.
func result(t *rapid.T, f files) []string {
	dir := f.temporary(t)
	defer os.RemoveAll(dir)
	cfg, diags := config.Load(dir, world{}.options())
	defer cfg.Close()
	wishes, more := cfg.Wishes(context.Background())
	var out []string
	for _, d := range append(diags, more...) {
		out = append(out, d.Summary)
	}
	for _, n := range wishes.Batches {
		if !diags.HasErrors() && !more.HasErrors() && n.Sum() != n.Rows {
			t.Errorf("rows that nothing accounts for: %s", n)
		}
	}
	for i := range wishes.Orders {
		w := wishes.Orders[i]
		if w.Problem != nil {
			out = append(out, fmt.Sprintf("%v held %s %+v", w.Find, w.Problem.Code, fieldsOf(w)))
			continue
		}
		out = append(out, fmt.Sprintf("%v %+v %s %d", w.Find, w.Want, w.Reason, w.Attempt))
	}
	slices.Sort(out)
	return append(out, fmt.Sprintf("%d rows, hash %s", wishes.Rows, wishes.Hash))
}

func fieldsOf(w *spec.Wish) []string {
	if w.Problem.Conflict == nil {
		return nil
	}
	return slices.Sorted(slices.Values(w.Problem.Conflict.Fields))
}

// The order of blocks, of files and of rows within a file makes no difference,
// nor do the names of files.
func TestOrderMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := configurations().Draw(t, "configuration")
		one, other := d.arranged(t), d.arranged(t)
		if diff := cmp.Diff(result(t, one), result(t, other)); diff != "" {
			t.Fatalf("%v\nand %v\ndiffer:\n%s", one, other, diff)
		}
	})
}

var (
	anyBlock = []string{
		"account \"main\"", "account \"b\"", "variable \"v\"", "locals", "order \"o\"", "batch \"b\"", "release \"r\"", "policy", "gdfctl",
		"rule \"r\"", "rate_limit", "backend \"local\"", "standing \"s\"", "odd",
	}
	anyAttribute = []string{
		"endpoint", "consumer_key", "default", "timezone", "lookback", "page_size", "type", "x", "y", "find", "status", "order_number",
		"tracking_number", "shipped_at", "reason", "attempt", "replaces", "rows", "where", "latest", "account", "max_changes", "max_plan_age",
		"voided", "latest_by", "multiple_tracking", "no_tracking", "max_held",
		"condition", "when", "message", "burst", "path", "required_version", "preset",
	}
	anyExpression = []string{
		`null`, `true`, `0`, `-1e300`, `""`, `"shipped"`, `"cancelled"`, `"b"`, `"2026-11-20 10:00"`, `[]`, `{}`, `[{}]`, `[null]`, `{ id = "x" }`,
		`{ id = null }`, `{ source = row.x }`, `row`, `row.x`, `row["a b"]`, `row[0]`, `var.v`, `var.none`, `local.x`, `local.y`, `local`, `env.A`, `env`, `change.after.carrier`,
		`change`, `csv("*.csv")`, `csv(var.none)`, `jsonl("x.jsonl")`, `upper(var.none)`, `[for r in var.none : r]`, `[{ id = var.none }]`, `tolist([])`, `tomap({})`, `toset(["a"])`,
		`{ (var.none) = 1 }`, `{ (row.x) = 1 }`, `zipmap([row.x], [1])`, `try(row.x, local.x)`, `"${row.x}${var.none}"`, `csv("*.csv", { delimiter = upper(var.none) })`,
		`"batch.b"`, `"order[\"o\"]"`, `string`, `list(number)`, `parse_time("%Y", row.x)`, `row.x ? 1 : []`, `var.none ? row.x : null`, `1 / 0`, `"UTC"`, `"30d"`, `"a/.."`,
	}
)

// Whatever stands where, loading ends in a configuration or in errors, and what
// could be read of it can be wished of.
func TestLoadNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 5).Draw(t, "blocks") {
			fmt.Fprintf(&b, "%s {\n", rapid.SampledFrom(anyBlock).Draw(t, "block"))
			for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(anyAttribute), 0, 6, rapid.ID).Draw(t, "attributes") {
				fmt.Fprintf(&b, "  %s = %s\n", name, rapid.SampledFrom(anyExpression).Draw(t, "expression"))
			}
			if rapid.IntRange(0, 3).Draw(t, "inner") == 0 {
				fmt.Fprintf(&b, "  %s {\n    %s = %s\n  }\n", rapid.SampledFrom(anyBlock).Draw(t, "block"), rapid.SampledFrom(anyAttribute).Draw(t, "attribute"),
					rapid.SampledFrom(anyExpression).Draw(t, "expression"))
			}
			b.WriteString("}\n")
		}
		result(t, files{"main.hcl": b.String(), "t.csv": "x,a b\n1,2\n3\n"})
	})
}
