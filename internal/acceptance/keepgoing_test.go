package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// threeShops has an account that answers, one that denies access, and one
// without credentials, with three orders each.
func threeShops(t *testing.T) (w *world, good []apiserver.Order, denied *apiserver.Server) {
	t.Helper()
	good = apiserver.Generate(50, 3, apiserver.New)
	w = newWorld(t, apiserver.Options{Orders: good})
	w.extra = append(w.extra, "GDF_TEST_KEY="+consumerKey)
	others := apiserver.Generate(51, 3, apiserver.New)
	denied = apiserver.Start(apiserver.Options{ConsumerKey: "another-key", TokenPrefix: tokenPrefix, Orders: others})
	t.Cleanup(denied.Close)
	var config strings.Builder
	for _, shop := range []struct{ name, endpoint, key string }{
		{"denied", denied.URL, "GDF_TEST_KEY"}, {"good", w.api.URL, "GDF_TEST_KEY"}, {"nokey", w.api.URL, "GDF_NOT_SET"},
	} {
		fmt.Fprintf(&config, "account %q {\n  endpoint = %q\n  consumer_key = env.%s\n  settle = \"1s\"\n}\n", shop.name, shop.endpoint, shop.key)
		batch := strings.ReplaceAll(shipBatch, `"shipments`, `"`+shop.name)
		config.WriteString(strings.Replace(batch, "{\n", fmt.Sprintf("{\n  account = %q\n", shop.name), 1))
		orders := good
		if shop.name != "good" {
			orders = others
		}
		var rows [][]string
		for i, o := range orders {
			rows = append(rows, shipRow(o, "", trackingOf(i), "UPS", ""))
		}
		w.table(shop.name+"/day.csv", shipColumns, rows)
	}
	w.write("main.hcl", config.String())
	return w, good, denied
}

func TestAccountsThatCannotBeReadAreLeftOut(t *testing.T) {
	t.Parallel()
	w, good, _ := threeShops(t)
	w.run("plan").exits(1)
	r := w.run("plan", "--keep-going", "--out", "release.plan").exits(3)
	r.says("Not read: account denied, with 3 orders", "Not read: account nokey, with 3 orders", "GDF_CONSUMER_KEY", "3 to ship", "Saved to release.plan")
	d := decodePlan(t, w.run("show", "--format", "json", "release.plan").exits(0).stdout)
	if len(d.Missing) != 2 || d.Missing[0].Name != "denied" || d.Missing[0].Orders != 3 || d.Missing[1].Message == "" || d.Summary.Orders != 3 {
		t.Errorf("the plan says %+v", d)
	}
	w.untouched()
	w.run("apply", "release.plan").exits(3).says("made without account denied", "made without account nokey", "3 applied, 2 accounts not read")
	w.shippedOnce(good)
	w.run("apply", "release.plan").exits(3).says("already carried out", "made without account denied")
	w.run("apply", "--keep-going", "--auto-approve").exits(3).says("Not read: account denied")
	w.shippedOnce(good)
	w.run("apply", "--keep-going", "release.plan").exits(64).says("--keep-going is for planning")
}

// Where nothing can be read there is no plan.
func TestNoAccountThatCanBeReadIsAnError(t *testing.T) {
	t.Parallel()
	w, _, _ := threeShops(t)
	w.run("plan", "--keep-going", "--exclude", "batch.good", "--out", "release.plan").exits(1).says("account denied", "account nokey")
	if w.exists("release.plan") {
		t.Error("a plan of nothing was saved")
	}
}
