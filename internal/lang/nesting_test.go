package lang_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/lang"
)

func nested(open, inner, end string, n int) string {
	return "x = " + strings.Repeat(open, n) + inner + strings.Repeat(end, n) + "\n"
}

func TestCheckNesting(t *testing.T) {
	many := strings.Repeat("x = 1 + 2 == 3 ? -1 : a[0]\n", 2000)
	for name, tc := range map[string]struct {
		source string
		want   string
	}{
		"brackets":                    {nested("[", "1", "]", 100), ""},
		"brackets, too deep":          {nested("[", "1", "]", 101), "Nesting too deep"},
		"may not be closed":           {nested("[", "", "", 100_000), "Nesting too deep"},
		"parentheses":                 {nested("(", "1", ")", 101), "Nesting too deep"},
		"objects":                     {nested("{ a = ", "1", "}", 101), "Nesting too deep"},
		"calls":                       {nested("f(", "1", ")", 101), "Nesting too deep"},
		"indexes in indexes":          {nested("a[", "1", "]", 101), "Nesting too deep"},
		"blocks":                      {strings.Repeat("b {\n", 101) + strings.Repeat("}\n", 101), "Nesting too deep"},
		"templates":                   {nested(`"${`, "1", `}"`, 101), "Nesting too deep"},
		"mixed":                       {nested(`[{ a = ("${`, "1", `}")}]`, 26), "Nesting too deep"},
		"mixed, just right":           {nested(`[{ a = ("${`, "1", `}")}]`, 25), ""},
		"directives":                  {"x = \"" + strings.Repeat("%{ if a }", 101) + strings.Repeat("%{ endif }", 101) + "\"\n", "Nesting too deep"},
		"directives, stripping":       {"x = \"" + strings.Repeat("%{~ for a in b ~}", 101) + strings.Repeat("%{~ endfor ~}", 101) + "\"\n", "Nesting too deep"},
		"directives in a row":         {"x = \"" + strings.Repeat("%{ if a }x%{ else }y%{ endif }", 500) + "\"\n", ""},
		"directives in a heredoc":     {"x = <<E\n" + strings.Repeat("%{ if a }", 101) + "\nE\n", "Nesting too deep"},
		"brackets in text":            {"x = \"" + strings.Repeat("[{(", 200) + "\"\n# " + strings.Repeat("[", 200) + "\n/* " + strings.Repeat("{", 200) + " */\ny = <<E\n" + strings.Repeat("[", 200) + "\nE\n", ""},
		"siblings":                    {"x = [" + strings.Repeat("[1, [2]], ", 500) + "]\n", ""},
		"operators":                   {"x = 1" + strings.Repeat(" + 1", 1000) + "\n", ""},
		"operators, too many":         {"x = 1" + strings.Repeat(" + 1", 1001) + "\n", "Expression too long"},
		"signs":                       {"x = " + strings.Repeat("!", 1001) + "true\n", "Expression too long"},
		"minus signs":                 {"x = " + strings.Repeat("-", 1001) + "1\n", "Expression too long"},
		"conditions":                  {"x = " + strings.Repeat("a ? b : ", 1001) + "c\n", "Expression too long"},
		"indexes":                     {"x = a" + strings.Repeat("[b]", 1001) + "\n", "Expression too long"},
		"splats":                      {"x = a" + strings.Repeat("[*]", 1001) + "\n", "Expression too long"},
		"operators over lines":        {"x = (1" + strings.Repeat("\n+ 1", 1001) + ")\n", "Expression too long"},
		"operators over lines, for":   {"x = {\n# a\nfor k in a : k => 1" + strings.Repeat("\n+ 1", 1001) + "}\n", "Expression too long"},
		"operators at every level":    {"x = " + strings.Repeat("1 + 1 + (", 60) + strings.Repeat("1 + ", 900) + "1" + strings.Repeat(")", 60) + "\n", "Expression too long"},
		"operators of many, remarked": {"b {\n" + strings.Repeat("x = 1 + 2 # a\ny = 1 + 2 // a\n", 1000) + "}\n", ""},
		"operators of many":           {many + "b {\n" + many + "}\nx = [" + strings.Repeat("1 + 1,\n", 2000) + "]\n", ""},
		"wrong closing brackets":      {nested("[)}", "1", "]", 101), "Nesting too deep"},
	} {
		t.Run(name, func(t *testing.T) {
			diags := lang.CheckNesting([]byte(tc.source), "main.hcl")
			switch {
			case tc.want == "" && diags.HasErrors():
				t.Error(diags)
			case tc.want != "" && (len(diags) != 1 || diags[0].Summary != tc.want || diags[0].Subject == nil):
				t.Errorf("got %v, want %q", diags, tc.want)
			}
		})
	}
}

// depthOf is the deepest nesting of expressions and blocks that the parser made.
type depthOf struct{ now, most int }

func (d *depthOf) Enter(hclsyntax.Node) hcl.Diagnostics {
	d.now++
	d.most = max(d.most, d.now)
	return nil
}

func (d *depthOf) Exit(hclsyntax.Node) hcl.Diagnostics {
	d.now--
	return nil
}

// FuzzCheckNesting: what passes is parsed to a tree whose depth is bounded.
func FuzzCheckNesting(f *testing.F) {
	for _, seed := range []string{
		"x = 1\n", "b \"l\" {\n  x = [1, { a = f(2) }]\n}\n", "x = \"a${b}%{ if c }d%{ else }e%{ endif }\"\n", "x = <<E\n%{ for a in b }${a}%{ endfor }\nE\n",
		"x = {\n for k, v in a : k => v\n+ 1 }\n", "x = !-!-a[b][c][*].d.*.e ? 1 : 2\n", "x = (\n1 +\n2)\n", "x = [)}](\"${", "x = a\n/* [ */ # [\n",
		nested("[", "1", "]", 100), "x = " + strings.Repeat("-", 300) + "1\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if lang.CheckNesting(src, "main.hcl").HasErrors() {
			return
		}
		file, _ := hclsyntax.ParseConfig(src, "main.hcl", hcl.InitialPos)
		if file == nil {
			return
		}
		d := &depthOf{}
		_ = hclsyntax.Walk(file.Body.(*hclsyntax.Body), d)
		// A level or an operator adds a few nodes: a block, its body, an
		// attribute, a template, its wrapper, an object's key.
		if limit := 5*(lang.MaxNesting+lang.MaxOperators) + 10; d.most > limit {
			t.Errorf("the tree is %d deep", d.most)
		}
	})
}
