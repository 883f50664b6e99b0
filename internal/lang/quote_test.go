//go:build !race

package lang_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// Values that a file could hold: of each kind that some function wants, and none
// with a piece that could stand in a message by chance.
var heldByFiles = []string{
	"quimbyzyx", "73519462", "-73519462.5", "7351-94-62T73:51:94Z", "%q7351%zyx", "(quimby[zyx", "{\"quimby\":7351,zyx", "quimby,zyx\n7351\n9462,1,2\n",
	"true", "2026-11-20T16:28:00Z", "quimby/zyx.csv", "`quimby`zyx", "'quimby'zyx", "\"quimby\" 'zyx", "7351d", "1e7351", "zyx7351", "[7351,9462]", "\x01quimby\x02",
}

// TestMessagesQuoteNoFile: whatever function fails over the text of a file, and
// whatever operator, no message holds a piece of it.
func TestMessagesQuoteNoFile(t *testing.T) {
	dir := t.TempDir()
	for i, text := range heldByFiles {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d", i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	ctx := &hcl.EvalContext{Functions: lang.Functions(lang.Options{Root: root, Now: func() time.Time { return now }})}
	shapes := []string{"%s", "[%s]", "{ (%s) = %s }", "try(tonumber(%s), 3)", "upper(%s)"}
	plain := []string{`"a"`, "1"}
	failed := 0
	check := func(source string) {
		t.Helper()
		_, diags := lang.EvalBudgeted(parse(t, source), ctx, 0)
		if !diags.HasErrors() {
			return
		}
		failed++
		for _, d := range diags {
			message := strings.ToLower(d.Summary + ": " + d.Detail)
			for _, piece := range []string{"quimby", "zyx", "ybmiuq", "xyz", "7351", "9462", "2649", "1537"} {
				if strings.Contains(message, piece) {
					t.Errorf("%s: the message quotes %q: %s", source, piece, message)
				}
			}
		}
	}
	for i := range heldByFiles {
		held := fmt.Sprintf(`file("f%d")`, i)
		for _, shape := range shapes {
			value := strings.ReplaceAll(shape, "%s", held)
			for _, source := range []string{
				"%s + 1", "!%s", "-%s", "%s ? 1 : 2", "%s.x", "%s[0]", "%s[1]", `{ a = 1 }[%s]`, "[1][%s]", `"x${%s}"`, "[for x in %s : tonumber(x)]", "{ for x in [1, 2] : %s => x }",
				"[for x in [1] : x if %s]", "%s[*].x", "file(%s)", "%s == 1 ? [1] : { a = 1 }", "(%s) > (%s)", "%s % 0", "%s / 0", `true ? %s : [1]`,
			} {
				check(strings.ReplaceAll(source, "%s", value))
			}
			for _, name := range functionNames(ctx) {
				if name == "file" {
					continue
				}
				check(name + "(" + value + ")")
				for _, other := range plain {
					check(name + "(" + value + ", " + other + ")")
					check(name + "(" + other + ", " + value + ")")
				}
				check(name + "(" + value + ", " + value + ", " + value + ")")
				check(name + "([1, 2], " + value + ", " + value + ")")
			}
		}
	}
	if failed < 5_000 {
		t.Errorf("only %d expressions failed: nothing is tested", failed)
	}
}

func functionNames(ctx *hcl.EvalContext) []string {
	var names []string
	for name := range ctx.Functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
