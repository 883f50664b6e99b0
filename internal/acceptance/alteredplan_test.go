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

// An acknowledge sends no carrier. What the plan says of the order's must not
// come into the state all the same, and from there into the next shipment.
func TestACarrierThatOnlyThePlanKnowsIsNotRememberedEither(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(47, 1, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	block := fmt.Sprintf("order \"one\" {\n  find = { id = %q }\n  order_number = \"M1\"\n", escapeHCL(orders[0].ID))
	w.write("main.hcl", unlimited+block+"  status = \"acknowledged\"\n}\n")
	w.run("plan", "--out", "release.plan").exits(0)
	lines := strings.SplitAfter(w.read("release.plan"), "\n")
	lines[1] = strings.ReplaceAll(lines[1], `"carrier":null`, `"carrier":"Evil"`)
	w.write("release.plan", resealed(lines[:2]...))
	w.run("apply", "release.plan").exits(3).says("carrier or ship date changed")
	w.untouched()
	w.api.Configure(func(o *apiserver.Options) { o.Behind = func(string) int { return 1 } })
	w.write("main.hcl", unlimited+block+"  status = \"shipped\"\n  tracking_number = \""+trackingOf(0)+"\"\n}\n")
	w.apply()
	for _, x := range w.api.Executed()[orders[0].ID] {
		if x.Carrier != "" {
			t.Errorf("the carrier %q was sent", x.Carrier)
		}
	}
}

// escapeHCL keeps what stands in a quoted text from being a template.
func escapeHCL(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
}

// heldBack is a world with an order that is sent, and one with another number
// or ship date that a rule holds back.
func heldBack(t *testing.T, shipment func(o apiserver.Order) (number, shipped string)) (*world, []apiserver.Order) {
	t.Helper()
	orders := apiserver.Generate(48, 12, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+shipBatch)
	var rows [][]string
	for i, o := range orders[:2] {
		number, shipped := trackingOf(i), ""
		if i == 1 {
			number, shipped = shipment(o)
		}
		rows = append(rows, shipRow(o, "", number, "UPS", shipped))
	}
	w.table("shipments/day.csv", shipColumns, rows)
	return w, orders
}

const wrongDigit = "1Z999AA10123456785"

// A rule that a policy makes an error holds back what a plan has that was made
// before, wherever that policy is.
func TestARuleThatWasRaisedSinceHoldsForASavedPlan(t *testing.T) {
	t.Parallel()
	const raised = "policy {\n  severity = { SHIP08 = \"error\" }\n}\n"
	for name, apply := range map[string]func(w *world) result{
		"in the configuration": func(w *world) result {
			w.write("policy.hcl", raised)
			return w.run("apply", "release.plan")
		},
		"in a policy's directory": func(w *world) result {
			w.write("rules/main.hcl", raised)
			return w.run("apply", "--policy-dir", "rules", "release.plan")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, orders := heldBack(t, func(apiserver.Order) (string, string) { return wrongDigit, "" })
			w.run("plan", "--out", "release.plan").exits(0).says("SHIP08")
			apply(w).exits(1).says(orders[1].SourceNumber, "would be held back (SHIP08)", "rule of the policy", "plan again")
			w.untouched()
		})
	}
}

func TestAnOrderThatIsHeldBackCantBePutIntoAPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shipment func(o apiserver.Order) (number, shipped string)
		policy   string
		code     int
		says     string
	}{
		"a raised rule":           {func(apiserver.Order) (string, string) { return wrongDigit, "" }, "policy {\n  severity = { SHIP08 = \"error\" }\n}\n", 1, "SHIP08"},
		"the number of the order": {func(o apiserver.Order) (string, string) { return o.SourceNumber, "" }, "", 1, "held back"},
		"shipped in the future": {func(apiserver.Order) (string, string) {
			return trackingOf(1), time.Now().Add(50 * time.Hour).UTC().Format(time.RFC3339)
		}, "", 1, "SHIP03"},
		"shipped before it was placed": {func(o apiserver.Order) (string, string) {
			return trackingOf(1), o.Created.Add(-50 * time.Hour).Format(time.RFC3339)
		}, "", 3, "only placed"},
		"a number of both": {func(apiserver.Order) (string, string) { return trackingOf(0), "" }, "policy {\n  severity = { SHIP12 = \"error\" }\n}\n", 1, "SHIP12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, orders := heldBack(t, c.shipment)
			w.write("policy.hcl", c.policy)
			number, shipped := c.shipment(orders[1])
			table := w.read("shipments/day.csv")
			w.shipments(orders[:2]) // a plan of what may be sent
			w.run("plan", "--out", "release.plan").exits(0)
			w.write("shipments/day.csv", table)
			w.run("plan").exits(0).says("held back")
			lines := strings.SplitAfter(w.read("release.plan"), "\n")
			at := 1
			if !strings.Contains(lines[at], orders[1].ID) {
				at = 2
			}
			lines[at] = strings.Replace(lines[at], trackingOf(1), number, 1)
			if shipped != "" {
				_, after, _ := strings.Cut(lines[at], `"after":`)
				lines[at] = strings.Replace(lines[at], after, strings.Replace(after, `"shipped_at":null`, `"shipped_at":"`+shipped+`"`, 1), 1)
				lines[at] = strings.Replace(lines[at], `"after_unknown":["shipped_at"]`, `"after_unknown":[]`, 1)
			}
			w.write("release.plan", resealed(lines[:len(lines)-2]...))
			w.run("apply", "release.plan").exits(c.code).says(orders[1].SourceNumber, c.says)
			if n := len(w.api.Executed()[orders[1].ID]); n > 0 {
				t.Errorf("%d writes to the order that is held back", n)
			}
		})
	}
}
