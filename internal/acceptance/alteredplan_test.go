package acceptance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// resealed is a plan file whose last line is made again, as somebody does who
// alters a plan on purpose.
func resealed(lines ...string) string {
	body := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(body))
	return fmt.Sprintf("%s{\"lines\":%d,\"sha256\":\"%s\"}\n", body, strings.Count(body, "\n"), hex.EncodeToString(sum[:]))
}

func TestAPlanThatWasAlteredWithItsHashMadeAgainIsRefused(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 5, "")
	lines := strings.SplitAfter(w.read("release.plan"), "\n")
	lines = lines[:len(lines)-2] // without the last line and the nothing behind it
	header, first, second := lines[0], lines[1], lines[2]
	number := first[strings.Index(first, `"1ZTEST`)+1:][:len(trackingOf(0))]
	id := first[strings.Index(first, `"id":"`)+len(`"id":"`):]
	id = id[:strings.Index(id, `"`)]
	other := orders[0]
	if other.ID == id {
		other = orders[1]
	}
	accounts := header[strings.Index(header, `"accounts":`):strings.Index(header, `,"no_op"`)]
	for name, c := range map[string]struct {
		file string
		code int
		says string
	}{
		"another tracking number": {resealed(header, strings.Replace(first, number, trackingOf(77), 1), second), 1, trackingOf(77)},
		"another carrier":         {resealed(header, strings.Replace(first, `"carrier":"UPS"`, `"carrier":"Evil"`, 1), second), 1, "carrier"},
		"an unknown account":      {resealed(header, strings.Replace(first, `"account":"main"`, `"account":"none"`, 1), second), 1, "none"},
		"an unknown action":       {resealed(header, strings.Replace(first, `["ship"]`, `["destroy"]`, 1), second), 1, "the action is ship"},
		"no accounts":             {resealed(strings.Replace(header, accounts, `"accounts":[]`, 1), first, second), 1, "main"},
		"a change twice":          {resealed(header, first, second, first), 1, "twice"},
		"another order's id":      {resealed(header, strings.Replace(first, id, other.ID, 1)), 3, other.SourceNumber},
	} {
		w.write("release.plan", c.file)
		r := w.run("apply", "release.plan")
		if r.code != c.code {
			t.Errorf("%s: exit %d, want %d\n%s", name, r.code, c.code, r.all())
		}
		r.says(c.says, "plan again")
	}
	w.untouched()
}

// What a shipment takes over from the order itself is compared with the order,
// not with what the plan says of it.
func TestACarrierThatOnlyThePlanKnowsIsNotSent(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(43, 2, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+strings.Replace(shipBatch, "  carrier         = row[\"Carrier\"]\n", "", 1))
	w.shipments(orders)
	w.run("plan", "--out", "release.plan").exits(0)
	lines := strings.SplitAfter(w.read("release.plan"), "\n")
	lines[1] = strings.ReplaceAll(lines[1], `"carrier":null`, `"carrier":"Evil"`)
	w.write("release.plan", resealed(lines[:2]...))
	w.run("apply", "release.plan").exits(3).says("carrier or ship date changed")
	w.untouched()
}

func TestAPlanFromTheFutureIsRefused(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 5, "")
	lines := strings.SplitAfter(w.read("release.plan"), "\n")
	header := lines[0]
	at := header[strings.Index(header, `"created_at":"`)+len(`"created_at":"`):][:len("2026-11-22T12:00:00Z")]
	dated := func(ahead time.Duration) string {
		lines[0] = strings.Replace(header, at, time.Now().Add(ahead).UTC().Format(time.RFC3339), 1)
		return resealed(lines[:len(lines)-2]...)
	}
	w.write("release.plan", dated(5*24*time.Hour+time.Minute))
	w.run("apply", "release.plan").exits(1).says("release.plan was made 5 days from now", "one of the two clocks is wrong", "plan again")
	w.untouched()
	w.write("release.plan", dated(4*time.Minute)) // clocks differ
	w.run("apply", "release.plan").exits(0)
	w.shippedOnce(orders)
}

func TestAPlanMadeWithoutAStateIsForNoState(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 6, "")
	w.apply("--target", fmt.Sprintf("batch.shipments[%q]", orders[0].Source+"/"+orders[0].SourceNumber))
	writes := w.api.Writes()
	w.run("apply", "release.plan").exits(1).says("made when there was no state yet", "plan again")
	if w.api.Writes() != writes {
		t.Error("it was carried out")
	}
}

func TestAPlanOfWishesThatChangedIsRefused(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 5, "")
	table := w.read("shipments/day.csv")
	w.write("shipments/day.csv", strings.Replace(table, trackingOf(2), "1ZTEST999999999", 1))
	w.run("apply", "release.plan").exits(1).says(orders[2].SourceNumber, "shipments/day.csv:4", `"1ZTEST999999999", not "`+trackingOf(2), "changed since the plan was made: plan again")
	w.untouched()
	// What more is wanted now is no fault of the plan's.
	w.write("shipments/day.csv", table+"eBay,404,,"+trackingOf(404)+",UPS,\r\n")
	w.run("apply", "release.plan").exits(0)
	w.shippedOnce(orders)
}

// An order that age() no longer selects was reviewed all the same.
func TestWishesAreSettledAsOfWhenThePlanWasMade(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(44, 3, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	ends := time.Now().Add(8 * time.Second).Truncate(time.Second) // time enough to plan on a busy machine
	soon := ends.Add(-time.Hour).UTC().Format(time.RFC3339)
	w.write("main.hcl", unlimited+strings.Replace(shipBatch, "  status ", `  where = age("`+soon+`") < 3600`+"\n  status ", 1))
	w.shipments(orders)
	w.run("plan", "--out", "release.plan").exits(0).says("3 to ship")
	time.Sleep(time.Until(ends.Add(time.Second))) // age is what this is about
	w.run("plan").exits(0).says("No changes")
	w.run("apply", "release.plan").exits(0)
	w.shippedOnce(orders)
}

func TestVariablesOfAPlanAreGivenAgain(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(45, 3, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	batch := strings.Replace(shipBatch, `row["Carrier"]`, "var.carrier", 1)
	w.write("main.hcl", unlimited+"variable \"carrier\" {\n  default = \"FedEx\"\n}\n"+batch)
	w.shipments(orders)
	w.run("plan", "--var", "carrier=UPS", "--out", "release.plan").exits(0)
	if strings.Contains(w.read("release.plan"), "carrier=UPS") {
		t.Error("a variable's value is in the plan")
	}
	w.run("apply", "release.plan").exits(1).says("the carrier differs", "run apply with what plan was run with: --var carrier")
	w.write("main.hcl", unlimited+"variable \"carrier\" {\n}\n"+batch)
	w.run("apply", "release.plan").exits(1).says(`No value for variable "carrier"`, "--var carrier=")
	w.untouched()
	w.run("apply", "--var", "carrier=UPS", "release.plan").exits(0)
	w.shippedOnce(orders)
}

// How many cancels are too many is counted by the API, not told by the plan.
func TestTheRatioOfCancelsIsCountedAgain(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(46, 40, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var config strings.Builder
	config.WriteString(unlimited + "policy {\n  max_cancellation_ratio = 1\n  max_cancellations = 100\n}\n")
	for _, o := range orders[:30] {
		fmt.Fprintf(&config, "order %q {\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", o.ID)
	}
	w.write("main.hcl", config.String())
	w.run("plan", "--out", "release.plan").exits(0)
	w.write("main.hcl", strings.Replace(config.String(), "max_cancellation_ratio = 1", "max_cancellation_ratio = 0.5", 1))
	lines := strings.SplitAfter(w.read("release.plan"), "\n")
	for _, counted := range []string{"1000000", "-1"} {
		altered := append([]string{strings.Replace(lines[0], `"counted":40`, `"counted":`+counted, 1)}, lines[1:len(lines)-2]...)
		w.write("release.plan", resealed(altered...))
		w.run("apply", "release.plan").exits(1).says("max_cancellation_ratio", "30 of 40")
	}
	w.untouched()
}
