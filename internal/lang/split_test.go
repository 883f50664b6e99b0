package lang_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// pieces are what files are made of in these tests: whole blocks, and all that
// can make the end of one hard to see.
var pieces = []string{
	"order \"a\" {\n  status = \"shipped\"\n}\n", "order \"b\" {}\n", "batch \"c\" { rows = [1] }\n", "account \"d\" {\r\n}\r\n", "locals {\n  a = {\n b = 1 }\n}\n",
	"order \"e\" {\n  x = <<E\n}\norder \"f\" {\nE\n}\n", "order \"g\" {\n  x = <<-E\n  ${ { a = \"}\" }.a }\n%{ if true }\n}\n%{ endif }\n  E\n}\n",
	"order \"h\" {\n  x = \"}\\\"${\"}\n\"}{\"\n}\n", "order \"h\" {\n  x = \"}\\\"${\"}\"}{ %%{ $${ }\"\n}\n", "order \"i\" { # }\n}\n", "order \"j\" {\n} # {\n", "order \"k\" {\n} // {\n", "order \"l\" {\n} /* {\n */\n",
	"/*\norder \"m\" {\n}\n*/\n", "# {\n", "// \"\n", "\n", "\r\n", "/* a */ /* b\n */ batch \"n\" {\n}\n", "/* x */ ", "order n o {\n}\n",
	"order \"p\" {\n  rule \"q\" {\n    when = (1 +\n 2)\n  }\n}\n", "order \"r\" {\n  x = 1e+5\n  y = 1 / 2 * 3\n}\n", "order \"é\" {\n  é = \"日本\\u00e9\"\n}\n",
	"x = 1\n", "y = [1,\n2]\n", "z = {\n}\n", "order = 1\n",
	// and what is at fault
	"order \"s\" {\n", "}\n", "x = \"\n", "x = <<E\n", "E\n", "order \"t\"\n{\n}\n", "order \"u\" {} order \"v\" {}\n", "x = 1 +\n", "[(\n", "~}\n", "\"${ ~}\n", "'`;\n", "/*\n", "*/\n", "\ufeff", "\ufefforder \"w\" {\n}\n", "\xff\n", "\x00\n", "=", "\r", "<<", "1e",
}

// sound are the pieces without a fault.
var sound = slices.Index(pieces, "order \"s\" {\n")

func TestSplitGivesWhatTheWholeFileGives(t *testing.T) {
	for _, src := range pieces {
		sameAsWhole(t, []byte(src), 1)
	}
	names, err := filepath.Glob("../config/testdata/invalid/*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 100, 1000} {
			sameAsWhole(t, src, size)
		}
	}
	remarks := "order \"a\" {\n}\n/*\n" + strings.Repeat("order \"b\" {\n}\n", 20) + "*/\norder \"d\" {\n}\n"
	for size := range 300 {
		sameAsWhole(t, []byte(remarks), size+1)
	}
	rapid.Check(t, func(t *rapid.T) {
		most := sound
		if rapid.Bool().Draw(t, "faults") {
			most = len(pieces)
		}
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces[:most]), 0, 12).Draw(t, "pieces"), "")
		sameAsWhole(t, []byte(src), rapid.IntRange(1, 200).Draw(t, "size"))
	})
}

// A file whose blocks are sound is cut at their ends: else it would be held in
// memory as a whole.
func TestSplitCuts(t *testing.T) {
	src := strings.Repeat("order \"a\" {\n  x = \"}\"\n}\n", 3) + "# of the account\naccount \"b\" {\n}\n\n" + "order \"c\" {\n}\n"
	for size, want := range map[int]string{1: "order order order account order", 1000: "order account order"} {
		parts, diags := lang.Split([]byte(src), "main.hcl", size)
		var kinds []string
		for _, p := range parts {
			kinds = append(kinds, p.Kind)
		}
		if got := strings.Join(kinds, " "); diags.HasErrors() || got != want {
			t.Errorf("in parts of %d: got %q, want %q; %v", size, got, want, diags)
		}
	}
}

// FuzzSplit: parts give what the whole file gives, whatever it holds.
func FuzzSplit(f *testing.F) {
	for i, src := range pieces {
		f.Add([]byte(src+pieces[0]), i)
	}
	f.Fuzz(func(t *testing.T, src []byte, size int) {
		sameAsWhole(t, src, max(1, size%1000))
	})
}

func sameAsWhole(t rapid.TB, src []byte, size int) {
	t.Helper()
	parts, diags := lang.Split(src, "main.hcl", size)
	_, want := lang.Split(src, "main.hcl", len(src)+1)
	if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(diags)); diff != "" {
		t.Errorf("%q in parts of %d: the check says (-whole, +parts):\n%s", src, size, diff)
	}
	if diags.HasErrors() {
		return
	}
	file, wrong := hclsyntax.ParseConfig(src, "main.hcl", hcl.InitialPos)
	whole := file.Body.(*hclsyntax.Body)
	var joined []byte
	faulty, set, all := false, map[string]bool{}, &hclsyntax.Body{}
	for _, p := range parts {
		if p.Start.Byte != len(joined) {
			t.Errorf("%q in parts of %d: a part begins at %d, not %d", src, size, p.Start.Byte, len(joined))
		}
		joined = append(joined, p.Source...)
		file, wrong := hclsyntax.ParseConfig(p.Source, "main.hcl", p.Start)
		faulty = faulty || len(wrong) > 0
		body := file.Body.(*hclsyntax.Body)
		for name := range body.Attributes {
			faulty = faulty || set[name]
			set[name] = true
		}
		for _, b := range body.Blocks {
			if !faulty && b.Type != p.Kind {
				t.Errorf("%q in parts of %d: a block %q in a part of kind %q", src, size, b.Type, p.Kind)
			}
		}
		all.Blocks = append(all.Blocks, body.Blocks...)
	}
	if !bytes.Equal(joined, src) {
		t.Errorf("the parts of %q in parts of %d are %q", src, size, joined)
	}
	if faulty != (len(wrong) > 0) {
		t.Errorf("%q in parts of %d: at fault %v, the whole file %v", src, size, faulty, wrong)
	}
	if diff := cmp.Diff(drawn(whole), drawn(all)); !faulty && diff != "" {
		t.Errorf("%q in parts of %d (-whole, +parts):\n%s", src, size, diff)
	}
}

// drawn is every node of the blocks of a body with its place.
func drawn(body *hclsyntax.Body) []string {
	var nodes []string
	for i, b := range body.Blocks {
		_ = hclsyntax.VisitAll(b, func(n hclsyntax.Node) hcl.Diagnostics {
			switch n := n.(type) {
			case hclsyntax.Attributes: // a map, whose range is that of any one of them
			case *hclsyntax.Block:
				nodes = append(nodes, fmt.Sprintf("%d %#v %q %#v %#v", i, n.DefRange(), n.Labels, n.LabelRanges, n.Body.EndRange))
			default:
				nodes = append(nodes, fmt.Sprintf("%d %T %#v", i, n, n.Range()))
			}
			return nil
		})
	}
	slices.Sort(nodes)
	return nodes
}
