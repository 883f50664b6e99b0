//go:build !race

package config_test

import (
	"context"
	"strings"
	"testing"
)

// An expression that is evaluated for each row is bounded for each row, and what
// comes to nothing is bounded over all of them.
func TestRowsThatComeToNothingAreGivenUp(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	wishes, diags := mustLoad(t, files{"main.hcl": `
batch "b" {
  rows    = [for n in range(1000) : { id = n }]
  find    = { id = row.id }
  status  = "shipped"
  carrier = join("", [for a in range(210) : join("", [for b in range(1000) : row.id])])
}`}, world{}).Wishes(context.Background())
	if wishes.Rows > 500 || !strings.Contains(said(diags), "Too much time went into rows") {
		t.Errorf("%d rows were tried: %s", wishes.Rows, said(diags))
	}
}
