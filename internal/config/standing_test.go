package config_test

import (
	"strings"
	"testing"
)

// The hash of a configuration is that of what a standing order does: not what it is
// called, how it is laid out, and where the rows of its tables stand.
func TestTheHashOfAStandingOrder(t *testing.T) {
	const block = `standing "s" {
  live         = { source = "Walmart", older_than = "10m" }
  status       = "acknowledged"
  order_number = "W-${live.source_order_number}"
  max_per_run  = 5
  except {
    rows = csv("holds.csv")
    find = { source = "Walmart", source_order_number = row["PO"] }
  }
}
`
	hash := func(block, holds string) string {
		t.Helper()
		return mustWish(t, files{"main.hcl": block, "holds.csv": holds}).Hash
	}
	const holds = "PO\n1\n2\n"
	good := hash(block, holds)
	for name, got := range map[string]string{
		"another name":     hash(strings.Replace(block, `"s"`, `"t"`, 1), holds),
		"another layout":   hash(strings.ReplaceAll(block, " =", "  ="), holds),
		"another order":    hash(block, "PO\n2\n1\n"),
		"a row that again": hash(block, "PO\n2\n1\n2\n"),
		"another case":     hash(strings.Replace(block, `source = "Walmart", older`, `source = "WALMART", older`, 1), holds),
	} {
		if got != good {
			t.Errorf("%s makes another hash", name)
		}
	}
	seen := map[string]string{good: "the block"}
	for name, got := range map[string]string{
		"nothing":         hash("", holds),
		"another source":  hash(strings.Replace(block, `source = "Walmart", older`, `source = "eBay", older`, 1), holds),
		"another age":     hash(strings.Replace(block, "10m", "11m", 1), holds),
		"an upper age":    hash(strings.Replace(block, `"10m"`, `"10m", newer_than = "1d"`, 1), holds),
		"another number":  hash(strings.Replace(block, "W-", "V-", 1), holds),
		"more in one run": hash(strings.Replace(block, "= 5", "= 6", 1), holds),
		"one exception":   hash(block, "PO\n1\n"),
		"only":            hash(strings.Replace(block, "except", "only", 1), holds),
		"no exceptions":   hash(block[:strings.Index(block, "  except")]+"}\n", holds),
		"none named":      hash(block, "PO\n"),
		"a broken table":  hash(block, "PO,x\n1\n"),
	} {
		if other := seen[got]; other != "" {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[got] = name
	}
}
