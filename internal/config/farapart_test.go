//go:build !race

package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Faults far from each other: an argument that is set again in the last part of
// a large file, which only the whole of it shows.
func TestFaultsFarApart(t *testing.T) {
	blocks := strings.Repeat("order \"a\" {\nstatus = \"shipped\"\n# "+strings.Repeat("a", 50_000)+"\n}\n", 2*mostFaulty/50_000)
	for name, src := range map[string]string{
		"set twice":     "x = 1\n" + blocks + "x = 2\n",
		"in the middle": blocks + "order {{\n}\n" + blocks,
		"in the end":    blocks + "order \"b\" {\n",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		diags, wishes := loadInParts(t, dir, 1000)
		_, faults := hclsyntax.ParseConfig([]byte(src), "main.hcl", hcl.InitialPos)
		if diff := cmp.Diff(told(limited(faults)), told(diags)); diff != "" || !diags.HasErrors() {
			t.Errorf("%s (-whole, +parts):\n%s", name, diff)
		}
		if len(wishes) > 0 {
			t.Errorf("%s: a file that can't be made sense of wishes for %d orders", name, len(wishes))
		}
	}
}
