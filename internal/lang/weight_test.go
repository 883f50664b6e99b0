//go:build !race

package lang_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/lang"
)

func locals(expr string) string { return "locals {\n  a = " + expr + "\n}\n" }

// What would take too much memory as syntax is refused before it is parsed, at
// its place, and what is just small enough is not.
func TestSizesOfSource(t *testing.T) {
	r := strings.Repeat
	for _, c := range []struct{ name, source, want string }{
		{"elements", locals("[" + r("1,", lang.MaxExpression) + "]"), ""},
		{"too many elements", locals("[" + r("1,", lang.MaxExpression+1) + "]"), "Expression too long"},
		{"lines of an object", locals("{\n" + r("b=1\n", lang.MaxExpression) + "}"), ""},
		{"too many lines of an object", locals("{\n" + r("b=1\n", lang.MaxExpression+1) + "}"), "Expression too long"},
		{"elements of elements", locals("[" + r("["+r("1,", 999)+"],", lang.MaxExpression/1000+1) + "]"), "Expression too long"},
		{"parts of a template", locals(`"` + r("${1}", lang.MaxExpression) + `"`), ""},
		{"too many parts of a template", locals(`"` + r("${1}", lang.MaxExpression+1) + `"`), "Expression too long"},
		{"too many parts of a heredoc", locals("<<E\n" + r("%{if true}%{endif}\n", lang.MaxExpression/2+1) + "E"), "Expression too long"},
		{"each expression by itself", r(locals("["+r("1,", lang.MaxExpression/2)+"]"), 4), ""},
		{"expressions of one block", "locals {\n" + r("  a = ["+r("1,", 100_000)+"]\n", 6) + "}\n", "Block too large"},
		{"a large block", "locals {\n  # " + r("x", 1<<20) + "\n" + r("  /*"+r("1,", 1<<19)+"*/\n", 6) + "}\n", ""},
		{"a block that is too large", "locals {\n" + r("  /*"+r("1,", 1<<19)+"*/\n", 9) + "}\n", "Block too large"},
		{"a comment that does not end", "locals {\n/*" + r("1,", 3<<20), "Block too large"},
		{"arguments of a block", "locals {\n" + r("a=1\n", lang.MaxTokens/4+1) + "}\n", "Block too large"},
		{"a word after the other", "locals {\n  a = " + r("b.", lang.MaxTokens/2+1) + "b\n}\n", "Block too large"},
		{"a text", locals(`"` + r("x", 1<<20) + `"`), ""},
		{"a text that is too long", locals(`"` + r("x", 5<<20) + `"`), "Text too long"},
	} {
		_, diags := lang.Split([]byte(c.source), "main.hcl", lang.PartSize)
		switch {
		case c.want == "" && diags.HasErrors():
			t.Errorf("%s: %v", c.name, diags)
		case c.want != "" && (len(diags) != 1 || diags[0].Summary != c.want || diags[0].Subject == nil || diags[0].Detail == ""):
			t.Errorf("%s: want %q at a place, got %v", c.name, c.want, diags)
		}
	}
}

// Sixteen MiB of the worst source are looked at with a small part of the memory
// that its syntax would take, wherever in it the worst begins.
func TestLookingAtSourceTakesLittleMemory(t *testing.T) {
	const size = 16 << 20
	for _, c := range []struct{ name, head, dense string }{
		{"list", "locals {\n  a = [", "1,"},
		{"template, late", "locals {\n  a = \"" + strings.Repeat("x", 1<<20), "${1}"},
		{"arguments, late", "locals {\n/*" + strings.Repeat("x,", 1<<20) + "*/\n", "a=1\n"},
		{"no end of a comment", "locals {\n/*", "1,"},
		{"one comment", "locals {\n/*" + strings.Repeat("1,", 9<<19) + "*/\n", "\n"},
	} {
		source := []byte(c.head + strings.Repeat(c.dense, size/len(c.dense)))
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		_, diags := lang.Split(source, "main.hcl", lang.PartSize)
		runtime.ReadMemStats(&end)
		took := end.TotalAlloc - start.TotalAlloc // most of it one after the other
		t.Logf("%s: %d MiB", c.name, took>>20)
		if took > 800<<20 {
			t.Errorf("%s: %d MiB were allocated", c.name, took>>20)
		}
		if !diags.HasErrors() {
			t.Errorf("%s: nothing is wrong", c.name)
		}
	}
}
