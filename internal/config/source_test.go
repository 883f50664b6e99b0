package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// loadInParts loads a directory, its files in parts of that size, and returns
// what it says and wishes.
func loadInParts(t rapid.TB, dir string, size int) (diag.List, []string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	l := &loader{
		partSize: size, cfg: &Config{Config: spec.Config{Dir: dir}, Files: map[string]*diag.Source{}, root: root}, accountAt: map[*spec.Account]hcl.Range{},
		opts: Options{Env: func(string) string { return "" }, Now: time.Now},
	}
	diags := limited(l.load())
	var wishes []string
	for w := range l.cfg.orders.All() {
		wishes = append(wishes, fmt.Sprintf("%s %+v %+v %s", w.Address(), w.Find, w.Want, w.Place))
	}
	return diags, wishes
}

// told is diagnostics with their places, one a line.
func told(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s %#v\n", d.Error(), d.Range)
	}
	return b.String()
}

// Files are parsed in parts, and nothing that is said or wished may show it.
func TestPartsDoNotShow(t *testing.T) {
	names, err := filepath.Glob("testdata/invalid/*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var sources []string
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(name, "budget") { // it takes seconds
			sources = append(sources, string(src))
		}
	}
	dir := t.TempDir()
	main := filepath.Join(dir, "main.hcl")
	same := func(t rapid.TB, src string) {
		if err := os.WriteFile(main, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		whole, wishes := loadInParts(t, dir, len(src)+1)
		diags, inParts := loadInParts(t, dir, 1)
		if diff := cmp.Diff(told(whole), told(diags)); diff != "" {
			t.Fatalf("%s\nsays (-whole, +parts):\n%s", src, diff)
		}
		if diff := cmp.Diff(wishes, inParts); diff != "" {
			t.Fatalf("%s\nwishes (-whole, +parts):\n%s", src, diff)
		}
		if _, faults := hclsyntax.ParseConfig([]byte(src), "main.hcl", hcl.InitialPos); faults.HasErrors() && !strings.Contains(told(diags), "too ") {
			if diff := cmp.Diff(told(limited(faults)), told(diags)); diff != "" {
				t.Fatalf("%s\nthe parser says (-whole, +parts):\n%s", src, diff)
			}
		}
	}
	for _, src := range sources {
		same(t, src)
	}
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.SampledFrom(sources).Draw(t, "source") + rapid.SampledFrom(sources).Draw(t, "more")
		// take some lines away, and bytes, so that all kinds of faults arise
		for range rapid.IntRange(0, 3).Draw(t, "cuts") {
			from := rapid.IntRange(0, len(src)).Draw(t, "from")
			src = src[:from] + src[min(len(src), from+rapid.IntRange(1, 60).Draw(t, "bytes")):]
		}
		same(t, src)
	})
}

// A message names the block that a place stands in, though its syntax is gone.
func TestNavigator(t *testing.T) {
	src := "# none\norder \"a\" {\n}\norder \"b\" {\n  status = \"shipped\"\n}\naccount \"c\" {\n}\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, _ := Load(dir, Options{Env: func(string) string { return "" }, Now: time.Now})
	defer cfg.Close()
	block := cfg.Files["main.hcl"].Block
	for text, want := range map[string]string{"# none": "", "\"a\"": `order "a"`, "status": `order "b"`, "account": `account "c"`} {
		if got := block(strings.Index(src, text)); got != want {
			t.Errorf("at %q: got %q, want %q", text, got, want)
		}
	}
}
