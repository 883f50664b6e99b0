package config_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// A hundred thousand order blocks are checked in little memory: of a block there
// are its lines and its wish, once, and nothing more while the numbers are checked,
// though nearly all of those here have a wrong check digit.
func TestWhatIsKeptOfAnOrderBlock(t *testing.T) {
	const blocks = 5_000
	f := files{"main.hcl": orderBlocks(blocks)}
	dir := t.TempDir()
	f.in(t, dir)
	perBlock := func(before float64) int { return int((heap() - before) / blocks) }
	before := heap()
	cfg, diags := config.Load(dir, world{}.options())
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	defer cfg.Close()
	if kept := perBlock(before); kept > 720 {
		t.Errorf("%d bytes are kept of a block of %d", kept, len(f["main.hcl"])/blocks)
	}
	before = heap()
	wishes, diags := cfg.Wishes(context.Background())
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if kept := perBlock(before); kept > 80 {
		t.Errorf("%d bytes more are kept once it is known which wishes stand", kept)
	}
	checked := 0
	before = heap()
	found := wishes.NumberDiagnostics(cfg.Policy.Raised, func(*spec.Wish) bool {
		if checked++; checked == blocks {
			if kept := perBlock(before); kept > 80 {
				t.Errorf("%d bytes more are kept while numbers are checked", kept)
			}
		}
		return false
	})
	if checked != blocks || len(found) == 0 {
		t.Errorf("%d numbers were checked, and %d diagnostics found", checked, len(found))
	}
	runtime.KeepAlive(wishes)
}

// What was asked of a configuration before doesn't show in what it wishes.
func TestWishesAreReadAgain(t *testing.T) {
	cfg := mustLoad(t, files{
		"main.hcl": `
order "same" {
  find            = { source = "Amazon", source_order_number = "1" }
  status          = "shipped"
  tracking_number = "1Z999AA10123456784"
}
order "alone" {
  find            = { source = "Amazon", source_order_number = "2" }
  status          = "shipped"
  tracking_number = "1Z999AA10123456784"
}
batch "b" {
  rows            = csv("t.csv")
  find            = { source = "Amazon", source_order_number = row["No"] }
  status          = "shipped"
  tracking_number = row["Tracking"]
}
`,
		"t.csv": "No,Tracking\n1,1Z999AA10123456784\n1,1Z999AA10123456784\n3,1Z999AA10123456784\n",
	}, world{})
	seen := func() any {
		w := wishesOf(t, cfg)
		var addresses []string
		for _, o := range w.Orders {
			addresses = append(addresses, o.Address()+" at "+o.Place.String())
		}
		return []any{addresses, w.Replaced, w.Rows, w.Hash}
	}
	if diff := cmp.Diff(seen(), seen()); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
	if blocks := cfg.Blocks(); len(blocks) != 3 {
		t.Errorf("the blocks are %v", blocks)
	}
}
