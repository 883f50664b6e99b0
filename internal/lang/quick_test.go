package lang_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// Each expression is evaluated for the same rows, which fit and don't fit what it asks.
func TestEachFormIsEvaluatedAsHCLDoes(t *testing.T) {
	ctx := context(t)
	rows := rowsOf(t, "1.csv", "a,b,c,last\nx,x,Y,e\n12,Y,x,e\n,,,e\n2026-11-20,20.11.2026 16:28,ups,e\n=\"112\",x9,y Y ,e\ntrue,x,false,e\n20.11.2026 16:28,12345,0,e\n")
	rows = append(rows, rowsOf(t, "2.csv", "b,a,last\nx,Y,e\n12,x,e\n")...)
	for _, source := range rowSources {
		e, diags := lang.CompileRow(parse(t, source), ctx)
		if diags.HasErrors() {
			continue
		}
		reference := parse(t, source)
		for _, row := range rows {
			want, wanted := reference.Value(withRow(ctx, row))
			got, told := e.Eval(row)
			if told.HasErrors() != wanted.HasErrors() || !told.HasErrors() && !got.RawEquals(want) {
				t.Errorf("%s, %q: got %#v %v, want %#v %v", source, row.Cells, got, told, want, wanted)
			}
		}
	}
}

// Objects of JSON Lines have values of all types: what is quick for text must be the same
// for these.
func TestObjectsAreEvaluatedAsHCLDoes(t *testing.T) {
	ctx := context(t)
	value := rapid.SampledFrom([]string{`""`, `"x"`, `"Y"`, `"12"`, `12`, `true`, `null`, `["x"]`, `{"deep":"x"}`, `"2026-11-20"`})
	rapid.Check(t, func(rt *rapid.T) {
		source := rapid.SampledFrom(rowSources).Draw(rt, "source")
		var lines []string
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			lines = append(lines, fmt.Sprintf(`{"a":%s,"b":%s,"c":%s}`, value.Draw(rt, "a"), value.Draw(rt, "b"), value.Draw(rt, "c")))
		}
		e, diags := lang.CompileRow(parse(t, source), ctx)
		if diags.HasErrors() {
			rt.Skip("it is wrong whatever a row holds")
		}
		reference := parse(t, source)
		for i, row := range rowsOf(t, "t.jsonl", strings.Join(lines, "\n")+"\n") {
			child := ctx.NewChild()
			child.Functions, child.Variables = ctx.Functions, map[string]cty.Value{"row": row.Object}
			want, wanted := reference.Value(child)
			got, told := e.Eval(row)
			if told.HasErrors() != wanted.HasErrors() || !told.HasErrors() && !got.RawEquals(want) {
				rt.Fatalf("%s, %s: got %#v %v, want %#v %v", source, lines[i], got, told, want, wanted)
			}
		}
	})
}
