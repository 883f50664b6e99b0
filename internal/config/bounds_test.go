package config_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// soon is how long the worst of configurations may keep a busy machine: 2 s
// for an expression, and what the race detector and other tests add.
const soon = 30 * time.Second

// What is too large is refused before it costs anything.
func TestLargeConfigurationsEnd(t *testing.T) {
	long := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	const order = "order \"a\" {\n  status = \"shipped\"\n  carrier = %s\n}\n"
	for name, c := range map[string]struct{ source, want string }{
		"brackets":   {fmt.Sprintf(order, strings.Repeat("[", 101)+strings.Repeat("]", 101)), "Nesting too deep"},
		"endless":    {fmt.Sprintf(order, strings.Repeat("[", 50_000)), "Nesting too deep"},
		"blocks":     {strings.Repeat("a {\n", 101) + strings.Repeat("}\n", 101), "Nesting too deep"},
		"templates":  {fmt.Sprintf(order, strings.Repeat(`"${`, 101)+"1"+strings.Repeat(`}"`, 101)), "Nesting too deep"},
		"operators":  {fmt.Sprintf(order, "1"+strings.Repeat("+1", 20_000)), "Expression too long"},
		"negations":  {fmt.Sprintf(order, strings.Repeat("!", 20_000)+"true"), "Expression too long"},
		"loops":      {fmt.Sprintf(order, "[for a in range(1024): [for b in range(1024): [for c in range(1024): 1]]]"), "Expression too large"},
		"text":       {"locals {\n" + long(40, func(i int) string { return fmt.Sprintf("  l%d = \"${local.l%d}${local.l%d}\"\n", i+1, i, i) }) + "  l0 = \"x\"\n}\n", "Expression too large"},
		"number":     {fmt.Sprintf(order, "1e100000000"), "Expression too large"},
		"a row's":    {"batch \"b\" {\n  rows = [{ id = \"x\" }]\n  find = { id = row.id }\n  status = \"shipped\"\n  carrier = 1e100000000\n}\n", "Expression too large"},
		"locals":     {"locals {\n" + long(1_500, func(i int) string { return fmt.Sprintf("  l%d = local.l%d\n", i, i+1) }) + "}\n", "local.l1499"},
		"a circle":   {"locals {\n" + long(1_500, func(i int) string { return fmt.Sprintf("  l%d = local.l%d\n", i, (i+1)%1_500) }) + "}\n", "local.l0 depends on itself"},
		"duplicates": {long(1_500, func(int) string { return "order \"a\" {\n  status = \"shipped\"\n}\n" }), `Duplicate order "a"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			cfg, diags := load(t, files{"main.hcl": c.source}, world{})
			_, more := cfg.Wishes(context.Background())
			if took := time.Since(start); took > soon {
				t.Errorf("it took %v", took)
			}
			diags = append(diags, more...)
			if want := c.want; name != "locals" && !strings.Contains(said(diags), want) {
				t.Errorf("got %.500s, want %q", said(diags), want)
			}
			if len(diags) > diag.MostOfAKind+1 {
				t.Errorf("%d diagnostics", len(diags))
			}
		})
	}
}

func TestAfterFiftyOfAKindTheyAreCounted(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "order \"o%d\" {\n  account = \"a%d\"\n  status = \"gone\"\n}\n", i, i)
	}
	_, diags := load(t, files{"main.hcl": b.String()}, world{})
	if len(diags) != 51 || !strings.Contains(diags[50].Detail, "and 10 more of this kind") {
		t.Errorf("%d diagnostics, the last: %v", len(diags), diags[len(diags)-1])
	}
}

// A count of warnings is a warning: it must not fail a check.
func TestManyWarningsAreNoError(t *testing.T) {
	csv := "Order,Shipped\n"
	for i := range 80 {
		csv += fmt.Sprintf("112-%d,2026-11-20\n", i)
	}
	wishes := mustWish(t, files{"orders.csv": csv, "main.hcl": `
batch "b" {
  rows       = csv("orders.csv")
  find       = { id = row.Order }
  status     = "shipped"
  shipped_at = row.Shipped
}`})
	diags := wishes.Diagnostics()
	if diags.HasErrors() || len(diags) != 1 || !strings.Contains(diags[0].Detail, "80 rows") {
		t.Errorf("errors %v, %d diagnostics: %v", diags.HasErrors(), len(diags), diags[len(diags)-1])
	}
}

func TestWhichFilesAreRead(t *testing.T) {
	const block = "order \"%s\" {\n  status = \"shipped\"\n}\n"
	f := files{
		"a.hcl": fmt.Sprintf(block, "a"), "z.hcl": "\ufeff" + fmt.Sprintf(block, "z"), ".hidden.hcl": "broken [", "sub/below.hcl": "broken [",
		"a.hcl.bak": "broken [", "dir.hcl/x": "",
	}
	wishes := mustWish(t, f)
	if got := addresses(wishes); got != `order["a"] order["z"]` {
		t.Errorf("got %s", got)
	}
}

func TestDirectoriesThatCantBeLoaded(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside.hcl")
	if err := os.WriteFile(outside, []byte("order \"x\" {\n  status = \"shipped\"\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		prepare func(dir string) string
		want    string
	}{
		"not there": {func(dir string) string { return filepath.Join(dir, "none") }, "No such directory"},
		"empty":     {func(dir string) string { return dir }, "No configuration"},
		"a link out": {func(dir string) string {
			if err := os.Symlink(outside, filepath.Join(dir, "main.hcl")); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "The file can't be read"},
		"too large": {func(dir string) string {
			f, err := os.Create(filepath.Join(dir, "main.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := f.Truncate(64<<20 + 1); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "The file can't be read"},
		"not UTF-8": {func(dir string) string {
			files{"main.hcl": "locals {\n  x = \"\xff\"\n}\n"}.in(t, dir)
			return dir
		}, "Invalid character encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cfg, diags := loadDir(t, c.prepare(dir), world{})
			if !diags.HasErrors() || !strings.Contains(said(diags), c.want) {
				t.Errorf("got %s, want %s", said(diags), c.want)
			}
			if _, err := cfg.Wishes(context.Background()); len(cfg.Files) > 1 || err.HasErrors() {
				t.Errorf("files %v, %v", cfg.Files, err)
			}
		})
	}
}

// addresses are the addresses of all wishes, in their order.
func addresses(wishes *spec.Wishes) string {
	var all []string
	for i := range wishes.Orders {
		all = append(all, wishes.Orders[i].Address())
	}
	return strings.Join(all, " ")
}

// A pull request can hold a link: no message may quote what a link in the place
// of a configuration's file leads to. Kubernetes mounts files as links into
// folders whose names begin with two dots.
func TestLinksInThePlaceOfAConfiguration(t *testing.T) {
	for target, refused := range map[string]bool{
		".env": true, ".git/config": true, "gdfctl.state.json": true, "shared/orders": false, "..data/main.hcl": false,
	} {
		t.Run(target, func(t *testing.T) {
			dir := t.TempDir()
			files{target: "GDF_CONSUMER_KEY=C4nary\n"}.in(t, dir)
			if err := os.Symlink(target, filepath.Join(dir, "main.hcl")); err != nil {
				t.Fatal(err)
			}
			cfg, diags := loadDir(t, dir, world{})
			if _, read := cfg.Files["main.hcl"]; read == refused || !diags.HasErrors() || refused && !strings.Contains(said(diags), "The file can't be read") {
				t.Errorf("read: %t, %s", read, said(diags))
			}
		})
	}
}

// A variables file below the configuration's directory can be a link that a pull
// request put there. One elsewhere, and one that is named itself, was chosen by
// whoever runs gdfctl.
func TestLinksInThePlaceOfAVariablesFile(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	files{"main.hcl": "variable \"x\" {\n  default = \"\"\n}\n", ".env": "x = \"C4nary\"\n", "plain.vars": "x = \"a\"\n"}.in(t, dir)
	files{"out.vars": "x = \"a\"\n"}.in(t, elsewhere)
	for link, target := range map[string]string{
		filepath.Join(dir, "hidden.vars"):    ".env",
		filepath.Join(dir, "out.vars"):       filepath.Join(elsewhere, "out.vars"),
		filepath.Join(dir, "same.vars"):      "plain.vars",
		filepath.Join(elsewhere, "own.vars"): filepath.Join(dir, ".env"),
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	for path, refused := range map[string]bool{
		filepath.Join(dir, "hidden.vars"): true, filepath.Join(dir, "out.vars"): true,
		filepath.Join(dir, "same.vars"): false, filepath.Join(dir, "plain.vars"): false, filepath.Join(dir, ".env"): false,
		filepath.Join(elsewhere, "out.vars"): false, filepath.Join(elsewhere, "own.vars"): false,
	} {
		_, diags := loadDir(t, dir, world{varFiles: []string{path}})
		if diags.HasErrors() != refused || refused && !strings.Contains(said(diags), "The variables file can't be read") {
			t.Errorf("%s: %s", path, said(diags))
		}
	}
}
