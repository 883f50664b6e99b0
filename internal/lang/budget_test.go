package lang_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// doubling nests loops that each make a value of two of the one before.
func doubling(first, body string, levels int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[for a0 in [%s] : ", first)
	for i := 1; i < levels; i++ {
		fmt.Fprintf(&b, "[for a%d in [%s] : ", i, strings.ReplaceAll(body, "@", fmt.Sprintf("a%d", i-1)))
	}
	fmt.Fprintf(&b, "a%d", levels-1)
	b.WriteString(strings.Repeat("]", levels))
	return b.String()
}

// TestHostileExpressions: what a few bytes ask for must not take the machine
// down: an error within the limit, and little memory on the way.
func TestHostileExpressions(t *testing.T) {
	ctx := context(t)
	for name, source := range map[string]string{
		"nested loops":         `[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]`,
		"loops that filter":    `[for a in range(1000) : [for b in range(1000) : b if length([for c in range(1000) : c]) < 0]]`,
		"loops that fail":      `[for a in range(1000) : [for b in range(1000) : b.x]]`,
		"loops hidden in try":  `try([for a in range(1000) : [for b in range(1000) : b]], "x")`,
		"loops hidden in can":  `can([for a in range(1000) : [for b in range(1000) : b]])`,
		"loops in a template":  `"%{for a in range(1000)}%{for b in range(1000)}${a}%{endfor}%{endfor}"`,
		"large text in a loop": `[for a in range(1000) : upper("${local.long}")]`,
		"text doubled":         doubling(`"xxxxxxxx"`, `"${@}${@}"`, 45),
		"lists doubled":        doubling(`[1, 1]`, `[@, @]`, 45),
		"numbers squared":      doubling(`1e300`, `@ * @`, 45),
		"large number":         `1e100000000`,
		"large number as text": `"${1e100000000}"`,
		"small number":         `1e-100000000`,
		"hidden number":        `"1e100000000" + 1`,
		"hidden number, minus": `-"1e100000000"`,
		"hidden number, far":   `"1e2000000000" * 1`,
		"converted number":     `tonumber("1e100000000")`,
		"formatted number":     `format("%d", "1e100000000")`,
		"decoded number":       `"${jsondecode("1e100000000")}"`,
		"decoded deep number":  `"${jsondecode("[1e100000000]")[0]}"`,
		"power":                `pow(10, 100000)`,
		"format width":         `format("%999999999d", 1)`,
		"format precision":     `format("%.999999999f", 1)`,
		"format repeated":      `format("%[1]s%[1]s%[1]s%[1]s", local.long)`,
		"formatlist":           `formatlist("%0999999d", range(1000))`,
		"indent":               `indent(1000000, local.long)`,
		"indent more":          `indent(1e15, "a\nb")`,
		"join":                 `join(local.long, range(1000))`,
		"replace":              `replace(local.long, "", local.long)`,
		"replace pattern":      `replace("${local.long}", "/x/", "$0$0$0$0$0$0")`,
		"range":                `range(1e9)`,
		"range of fractions":   `range(0, 1, 1e-9)`,
		"setproduct":           `setproduct(range(1000), range(1000))`,
		"setproduct more":      `setproduct(range(100), range(100), range(100), range(100))`,
		"split":                `split("", local.long)`,
		"regex":                `regex(join("", [for i in range(1000) : "(a|b)*"]), local.long)`,
		"regex repeat":         `regex("((a{100}){100}){100}", "a")`,
		"deep JSON":            `jsondecode(replace(local.long, "/x\\n/", "["))`,
		"base64":               `base64encode("${local.long}${local.long}")`,
		"urlencode":            `urlencode(local.long)`,
		"concat":               `concat([for i in range(101) : range(1000)]...)`,
	} {
		t.Run(name, func(t *testing.T) {
			if diags := lang.CheckNesting([]byte(source), "main.hcl"); diags.HasErrors() {
				t.Fatal(diags)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			v, diags := lang.EvalBudgeted(parse(t, source), ctx, 0)
			elapsed := time.Since(start)
			runtime.ReadMemStats(&after)
			if !diags.HasErrors() {
				t.Errorf("no error; the value is a %s", v.Type().FriendlyName())
			}
			if len(diags) > 200_000 {
				t.Errorf("%d diagnostics", len(diags))
			}
			if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 3000 {
				t.Errorf("%d MiB were allocated", allocated)
			}
			if elapsed > time.Minute { // what is not bounded takes hours; a busy machine is not meant
				t.Errorf("it took %v", elapsed)
			}
			t.Logf("%v, %d MiB", elapsed.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
		})
	}
}

func TestLargeButReasonable(t *testing.T) {
	ctx := context(t)
	for _, source := range []string{
		`[for a in range(100) : [for b in range(100) : "${a}-${b}"]]`,
		`sum([for a in range(1000) : a * 1000])`,
		`length(setproduct(range(100), range(100)))`,
		`1e300 * 1e20`,
		`format("%100d", 1)`,
		`{ for i in range(1000) : "store ${i}" => { name = "s${i}", id = i } }`,
	} {
		if _, diags := lang.EvalBudgeted(parse(t, source), ctx, time.Minute); diags.HasErrors() {
			t.Errorf("%s: %v", source, diags)
		}
	}
}

// TestEvaluatedTwice: meters are put into an expression once, and are seen
// through by those who ask for its variables.
func TestEvaluatedTwice(t *testing.T) {
	ctx := context(t)
	expr := parse(t, `[for k, v in local.stores : "${k}${1 + -"2"}${v}" if k != ""]`)
	for range 3 {
		v, diags := lang.EvalBudgeted(expr, ctx, time.Minute)
		if diags.HasErrors() || !v.RawEquals(cty.TupleVal([]cty.Value{cty.StringVal("Amazon US-1Amazon")})) {
			t.Fatalf("got %#v and %v", v, diags)
		}
		if vars := expr.Variables(); len(vars) != 1 || vars[0].RootName() != "local" {
			t.Fatalf("variables are %v", vars)
		}
	}
}
