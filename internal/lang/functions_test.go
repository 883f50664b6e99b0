package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

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

func TestFunctions(t *testing.T) {
	ctx := context(t)
	for source, want := range map[string]string{
		`carrier("UPS® Ground ")`:                             `"UPS"`,
		`carrier("Federal Express")`:                          `"FedEx"`,
		`carrier("UPS SurePost")`:                             `"UPS SurePost"`,
		`carrier(" Joe's Trucks ")`:                           `"Joe's Trucks"`,
		`carrier(null)`:                                       `null`,
		`tracking_url("usps", "9400 1112 0620 6407 6287 46")`: `"https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111206206407628746"`,
		`tracking_url("Joe's Trucks", "1")`:                   `null`,
		`tracking_url("ups", null)`:                           `null`,
		`upper("ab")`:                                         `"AB"`,
		`lower("AB")`:                                         `"ab"`,
		`title("ab cd")`:                                      `"Ab Cd"`,
		`trim("?ab!", "!?")`:                                  `"ab"`,
		`trimspace(" a ")`:                                    `"a"`,
		`trimprefix("abc", "a")`:                              `"bc"`,
		`trimsuffix("abc", "c")`:                              `"ab"`,
		`chomp("a\n")`:                                        `"a"`,
		`indent(2, "a\nb")`:                                   `"a\n  b"`,
		`strrev("aé")`:                                        `"éa"`,
		`substr("hello", 1, 3)`:                               `"ell"`,
		`startswith("abc", "ab")`:                             `true`,
		`endswith("abc", "ab")`:                               `false`,
		`strcontains("abc", "bc")`:                            `true`,
		`replace("a.b.c", ".", "-")`:                          `"a-b-c"`,
		`replace("1Z 99", "/\\s+/", "")`:                      `"1Z99"`,
		`replace("ab", "/(a)(b)/", "$2$1")`:                   `"ba"`,
		`replace("ab", "", "-")`:                              `"-a-b-"`,
		`replace("/x/", "/", "")`:                             `"x"`,
		`regex("[0-9]+", "ab12cd")`:                           `"12"`,
		`regex("(?P<n>[0-9]+)", "ab12")`:                      `{"n":"12"}`,
		`regexall("[0-9]", "1a2")`:                            `["1","2"]`,
		`join("-", ["a", "b"])`:                               `"a-b"`,
		`split(",", "a,b")`:                                   `["a","b"]`,
		`format("%03d %s %q %v", 7, "a", "b", true)`:          `"007 a \"b\" true"`,
		`formatlist("%s-%s", ["a", "b"], "x")`:                `["a-x","b-x"]`,
		`length("aé")`:                                        `2`,
		`length([1, 2])`:                                      `2`,
		`length({ a = 1 })`:                                   `1`,
		`abs(-1)`:                                             `1`,
		`ceil(1.2) + floor(1.8)`:                              `3`,
		`max(1, 3, 2) - min(1, 3)`:                            `2`,
		`pow(2, 10)`:                                          `1024`,
		`log(8, 2)`:                                           `3`,
		`signum(-4)`:                                          `-1`,
		`parseint("ff", 16)`:                                  `255`,
		`sum([1, "2", 3.5])`:                                  `6.5`,
		`alltrue([true, "true"])`:                             `true`,
		`alltrue([])`:                                         `true`,
		`anytrue([])`:                                         `false`,
		`anytrue([false, true])`:                              `true`,
		`alltrue([true, null])`:                               `false`,
		`coalesce("", null, "x")`:                             `"x"`,
		`coalescelist([], ["a"])`:                             `["a"]`,
		`compact(["a", "", null, "b"])`:                       `["a","b"]`,
		`concat(["a"], ["b"])`:                                `["a","b"]`,
		`contains(["a"], "a")`:                                `true`,
		`distinct(["a", "b", "a"])`:                           `["a","b"]`,
		`element(["a", "b"], 3)`:                              `"b"`,
		`element(["a", "b"], -1)`:                             `"b"`,
		`chunklist(["a", "b", "c"], 2)`:                       `[["a","b"],["c"]]`,
		`flatten([["a"], [["b"]]])`:                           `["a","b"]`,
		`index(["a", "b"], "b")`:                              `1`,
		`keys({ b = 1, a = 2 })`:                              `["a","b"]`,
		`values({ b = 1, a = 2 })`:                            `[2,1]`,
		`lookup({ a = "x" }, "a")`:                            `"x"`,
		`lookup({ a = "x" }, "b", "d")`:                       `"d"`,
		`lookup({ a = "x" }, "b", null)`:                      `null`,
		`lookup(local.map, "b", 5)`:                           `"5"`,
		`lookup(local.map, "a")`:                              `"1"`,
		`matchkeys(["i1", "i2"], ["a", "b"], ["b"])`:          `["i2"]`,
		`merge({ a = 1 }, { b = 2 })`:                         `{"a":1,"b":2}`,
		`one([])`:                                             `null`,
		`one(["a"])`:                                          `"a"`,
		`range(3)`:                                            `[0,1,2]`,
		`reverse(["a", "b"])`:                                 `["b","a"]`,
		`setintersection(["a", "b"], ["b"])`:                  `["b"]`,
		`setproduct(["a"], ["b", "c"])`:                       `[["a","b"],["a","c"]]`,
		`setsubtract(["a", "b"], ["b"])`:                      `["a"]`,
		`setunion(["a"], ["b"])`:                              `["a","b"]`,
		`slice(["a", "b", "c"], 1, 2)`:                        `["b"]`,
		`sort(["b", "a"])`:                                    `["a","b"]`,
		`transpose({ a = ["1", "2"], b = ["2"] })`:            `{"1":["a"],"2":["a","b"]}`,
		`zipmap(["a"], [1])`:                                  `{"a":1}`,
		`tostring(1.5)`:                                       `"1.5"`,
		`tonumber("0012")`:                                    `12`,
		`tobool("true")`:                                      `true`,
		`tolist(["a", 1])`:                                    `["a","1"]`,
		`toset(["a", "a"])`:                                   `["a"]`,
		`tomap({ a = 1, b = "x" })`:                           `{"a":"1","b":"x"}`,
		`try(local.stores["none"], "fallback")`:               `"fallback"`,
		`can(local.stores["none"])`:                           `false`,
		`base64decode(base64encode("é"))`:                     `"é"`,
		`urlencode("a b&c")`:                                  `"a+b%26c"`,
		`md5("a")`:                                            `"0cc175b9c0f1b6a831c399e269772661"`,
		`sha1("a")`:                                           `"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"`,
		`sha256("a")`:                                         `"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"`,
		`base64sha256("a")`:                                   `"ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="`,
		`jsonencode({ a = [1, "x"] })`:                        `"{\"a\":[1,\"x\"]}"`,
		`jsondecode("{\"a\":[1]}").a[0]`:                      `1`,
		`csvdecode("a,b\n1,2\n")[0].b`:                        `"2"`,
		`formatdate("YYYY-MM-DD", "2026-11-20T16:28:00Z")`:    `"2026-11-20"`,
		`timeadd("2026-11-20T16:28:00Z", "1h")`:               `"2026-11-20T17:28:00Z"`,
		`timecmp("2026-11-20T16:28:00Z", "2026-11-20T17:28:00+02:00")`: `1`,
		`duration("1d12h")`:                            `129600`,
		`age("2026-11-22T11:00:00Z") < duration("2h")`: `true`,
		`file("note.txt")`:                             `"hello\n"`,
		`[for i in range(3) : i * 2 if i > 0]`:         `[2,4]`,
		`{ for k, v in local.stores : v => k... }`:     `{"Amazon":["Amazon US"]}`,
	} {
		v, diags := lang.EvalBudgeted(parse(t, source), ctx, time.Minute)
		if diags.HasErrors() {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		got, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

func TestFunctionErrors(t *testing.T) {
	ctx := context(t)
	for source, want := range map[string]string{
		`log(0, 2)`:                   "no logarithm",
		`log(-1, 2)`:                  "no logarithm",
		`log(2, 1)`:                   "",
		`pow(-1, 0.5)`:                "only whole powers",
		`sum([])`:                     "no sum",
		`sum("x")`:                    "a list or a set is wanted",
		`one(["a", "b"])`:             "more than one element",
		`lookup({ a = 1 }, "b")`:      "no such key",
		`lookup({}, "a", 1, 2)`:       "at most one default",
		`index(["a"], "b")`:           "no such element",
		`coalesce("", null)`:          "null or empty",
		`base64decode("!")`:           "not base64",
		`base64decode("/w==")`:        "not UTF-8",
		`duration("1h1d")`:            "the largest first",
		`age("yesterday")`:            "not an RFC 3339 time",
		`file("../x")`:                "leads out of the configuration's directory",
		`file("note.tx")`:             `there is note.txt`,
		`file("latin.txt")`:           "not UTF-8",
		`file("large.txt")`:           "more than 1048576 bytes",
		`replace("a", "/(/", "")`:     "no regular expression",
		`uper("a")`:                   `Did you mean "upper"`,
		`indent(-1, "a")`:             "less than nothing",
		`matchkeys(["a"], [], ["b"])`: "as many keys",
	} {
		_, diags := lang.EvalBudgeted(parse(t, source), ctx, time.Minute)
		if !diags.HasErrors() || !strings.Contains(diags.Error(), want) {
			t.Errorf("%s: got %v, want %q", source, diags, want)
		}
		if strings.Contains(diags.Error(), "goroutine") {
			t.Errorf("%s: the error is a stack trace", source)
		}
	}
}
