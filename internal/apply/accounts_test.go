package apply_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// Each account has a bucket of its own: many take as long as the slowest.
func TestAccountsRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		orders := make([]int, accounts)
		for i := range orders {
			orders[i] = 198 - 2*i
		}
		alone := applyToAccounts(t, orders[:1])
		together := applyToAccounts(t, orders)
		if together > alone*105/100 {
			t.Errorf("%d accounts took %s, and the slowest of them alone %s", accounts, together, alone)
		}
	})
}

// applyToAccounts ships so many orders of each account, all in one run, and
// returns how long it took.
func applyToAccounts(t *testing.T, orders []int) time.Duration {
	t.Helper()
	w := newWorld(t, 0, sandbox.Options{}, "")
	apis, sandboxes := map[string]apply.API{}, map[string]*sandbox.Sandbox{}
	var hcl strings.Builder
	for i, n := range orders {
		name := fmt.Sprintf("shop-%d", i)
		shop := newWorld(t, n, sandbox.Options{Burst: 50, PerSecond: 2}, "")
		shop.limit = godatafeed.LimiterOptions{}
		shop.wire = newLine(shop.api.Transport(), 300*time.Millisecond)
		apis[name], sandboxes[name] = shop.client(), shop.api
		shipAll(shop, 0, n)
		// No two accounts send a parcel of the same number.
		w.write(name+".csv", strings.ReplaceAll(shop.read("orders.csv"), "1Z00", fmt.Sprintf("1Z%02d", i)))
		hcl.WriteString(strings.ReplaceAll(`
account "NAME" {
  endpoint     = "http://localhost"
  consumer_key = "sandbox"
}
batch "NAME" {
  account         = "NAME"
  rows            = csv("NAME.csv")
  find            = { source = "Amazon", source_order_number = row["Order"] }
  status          = "shipped"
  tracking_number = row["Tracking"]
  carrier         = "UPS"
}
`, "NAME", name))
	}
	w.write("main.hcl", hcl.String())
	began := time.Now()
	w.apis = apis
	r, err := w.apply(t.Context())
	took := time.Since(began)
	if err != nil || !r.Clean() || !r.Complete() {
		t.Fatalf("%v, %+v, %s", err, r.Counts, r.Stopped)
	}
	for i, n := range orders {
		shop := sandboxes[fmt.Sprintf("shop-%d", i)]
		if _, throttled := shop.Calls(); throttled > 0 || len(shop.Ledger()) != n {
			t.Errorf("account %d: %d writes for %d orders, %d calls refused", i, len(shop.Ledger()), n, throttled)
		}
	}
	return took
}
