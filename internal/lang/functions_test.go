package lang_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// context is what the expressions of the tests see: the functions, and a few
// locals.
func context(t testing.TB) *hcl.EvalContext {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"note.txt": "\ufeffhello\n", "latin.txt": "Jos\xe9", "large.txt": strings.Repeat("x", lang.MaxText+1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return &hcl.EvalContext{
		Functions: lang.Functions(lang.Options{Root: root, Now: func() time.Time { return now }}),
		Variables: map[string]cty.Value{"local": cty.ObjectVal(map[string]cty.Value{
			"stores": cty.ObjectVal(map[string]cty.Value{"Amazon US": cty.StringVal("Amazon")}),
			"empty":  cty.ListValEmpty(cty.String),
			"map":    cty.MapVal(map[string]cty.Value{"a": cty.StringVal("1")}),
			"column": cty.StringVal("Order Number"),
			"format": cty.StringVal("%m/%d/%Y"),
			"long":   cty.StringVal(strings.Repeat("x\n", 300_000)),
		})},
	}
}

func parse(t testing.TB, source string) hclsyntax.Expression {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(source), "main.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", source, diags)
	}
	return expr
}

// A functionCase is a line of testdata/functions.
type functionCase struct {
	place, source, want string
	differs             bool // from Terraform, on purpose
}

func functionCases(t *testing.T) []functionCase {
	t.Helper()
	files, err := filepath.Glob("testdata/functions/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var cases []functionCase
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		number := 0
		for line := range strings.Lines(string(content)) {
			number++
			c := functionCase{place: fmt.Sprintf("%s:%d", filepath.Base(file), number)}
			line, c.differs = strings.CutPrefix(strings.TrimSuffix(line, "\n"), "differs: ")
			var ok bool
			// an object of a for expression has => too: the last one counts
			i := strings.LastIndex(line, " => ")
			if ok = i > 0; !ok {
				t.Fatalf("%s: no ` => ` in %q", c.place, line)
			}
			c.source, c.want = line[:i], line[i+len(" => "):]
			cases = append(cases, c)
		}
	}
	return cases
}

// What each function gives and refuses is as in Terraform, but for the lines that
// are marked.
func TestFunctions(t *testing.T) {
	ctx := context(t)
	for _, c := range functionCases(t) {
		got, diags := lang.EvalBudgeted(parse(t, c.source), ctx, time.Minute)
		if fragment, fails := strings.CutPrefix(c.want, "error "); fails {
			if !diags.HasErrors() || !strings.Contains(diags.Error(), fragment) {
				t.Errorf("%s: %s\ngot  %#v, %v\nwant an error with %q", c.place, c.source, got, diags, fragment)
			}
			if strings.Contains(diags.Error(), "goroutine") {
				t.Errorf("%s: %s: the error is a stack trace", c.place, c.source)
			}
			continue
		}
		want, more := lang.EvalBudgeted(parse(t, c.want), ctx, time.Minute)
		if more.HasErrors() {
			t.Fatalf("%s: %s: %v", c.place, c.want, more)
		}
		if diags.HasErrors() || !got.RawEquals(want) {
			t.Errorf("%s: %s\ngot  %#v %v\nwant %#v", c.place, c.source, got, diags, want)
		}
	}
}

// A function that nobody thought of a case for is found.
func TestEachFunctionHasCases(t *testing.T) {
	named := map[string]int{}
	for _, c := range functionCases(t) {
		name, _, _ := strings.Cut(c.source, "(")
		named[name]++
	}
	for name := range lang.Functions(lang.Options{}) {
		if named[name] == 0 {
			t.Errorf("testdata/functions has no case of %s", name)
		}
	}
}
