package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// damagedCells are what spreadsheets, programs and people leave in a column of
// tracking numbers, each with a part of what is said about it.
var damagedCells = []struct{ cell, reason string }{
	{"9.40031E+21", "rounded by a spreadsheet"},
	{"9,40031E+21", "rounded by a spreadsheet"},
	{"9.40031e21", "rounded by a spreadsheet"},
	{"9E+21", "rounded by a spreadsheet"},
	{"9400311428055790000000", "rounded by a spreadsheet"},
	{"9400311428055794.0", "rounded by a spreadsheet"},
	{"TBD", "placeholder"},
	{"tba", "placeholder"},
	{"Pending", "placeholder"},
	{"N/A", "placeholder"},
	{"na", "placeholder"},
	{"#N/A", "placeholder"},
	{"#VALUE!", "placeholder"},
	{"#REF!", "placeholder"},
	{"NULL", "placeholder"},
	{"none", "placeholder"},
	{"nil", "placeholder"},
	{"-", "placeholder"},
	{".", "placeholder"},
	{"x", "placeholder"},
	{"XX", "placeholder"},
	{"unknown", "placeholder"},
	{"test", "placeholder"},
	{"0", "placeholder"},
	{"000000000000", "placeholder"},
	{"11111111", "placeholder"},
	{"------", "placeholder"},
	{"pickup", "no digit"},
	{"left at the front door", "no digit"},
	{"Tracking", "name of its column"},
	{`="1Z999AA10123456784"`, "the number is 1Z999AA10123456784"},
	{"=9400111899223197428506", "the number is 9400111899223197428506"},
	{"'9400111899223197428506", "the number is 9400111899223197428506"},
	{"986578788855.0", "the number is 986578788855"},
	{"https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111899223197428506", "the number is 9400111899223197428506"},
	{"www.ups.com/track?tracknum=1Z999AA10123456784", "the number is 1Z999AA10123456784"},
	{"USPS 9400111899223197428506", "the number is 9400111899223197428506"},
	{"UPS Ground: 1Z999AA10123456784", "the number is 1Z999AA10123456784"},
	{"9400111899223197428506 (USPS)", "the number is 9400111899223197428506"},
	{"\u200b \u00a0TBD\ufeff", "placeholder"},
}

// Each damaged cell holds its order back, with the reason and the remedy; the row
// between two of them goes out.
func TestDamagedCellsAreHeldBackWithTheReason(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(77, len(damagedCells)+1, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var rows [][]string
	for i, c := range damagedCells {
		rows = append(rows, shipRow(orders[i], "", c.cell, "", ""))
	}
	rows = append(rows, shipRow(orders[len(damagedCells)], "", "1Z999AA10123456793", "UPS", ""))
	w.table("shipments/day.csv", shipColumns, rows)
	w.write("main.hcl", unlimited+"policy {\n  max_held = 100\n}\n"+shipBatch)
	validated := w.run("validate").exits(1)
	held := w.heldOrders()
	for i, c := range damagedCells {
		h := held[orders[i].SourceNumber]
		if h.Code != "bad_tracking" || !strings.Contains(h.Message, c.reason) {
			t.Errorf("%q: held as %q: %s; want a message with %q", c.cell, h.Code, h.Message, c.reason)
		}
		validated.says(fmt.Sprintf("shipments/day.csv:%d:", i+2))
	}
	w.apply()
	if got := w.api.Writes(); got != 1 || w.api.Order(orders[len(damagedCells)].ID).Tracking != "1Z999AA10123456793" {
		t.Errorf("%d changes were sent, want that of the good row", got)
	}
}

// No valid number of any carrier is held back.
func TestNoValidNumberIsHeldBack(t *testing.T) {
	t.Parallel()
	numbers := recordedNumbers(t)
	orders := apiserver.Generate(78, len(numbers), apiserver.New)
	carriers := []string{"UPS", "USPS", "FedEx", "DHL", "DHL eCommerce", "Amazon", "OnTrac", "LaserShip", "Canada Post", "Joe's Trucks", ""}
	w := newWorld(t, apiserver.Options{Orders: orders})
	var rows [][]string
	for i, n := range numbers {
		orders := orders[i]
		if strings.Contains(n, "-") && orders.Source != "Amazon" {
			continue // Walmart and eBay refuse it
		}
		rows = append(rows, shipRow(orders, "", n, carriers[i%len(carriers)], ""))
	}
	w.table("shipments/day.csv", shipColumns, rows)
	w.write("main.hcl", unlimited+"policy {\n  max_held = 100\n}\n"+shipBatch)
	w.run("validate").exits(0)
	for number, h := range w.heldOrders() {
		t.Errorf("%s is held as %s: %s", number, h.Code, h.Message)
	}
}

type heldOrder struct{ Code, Message string }

// heldOrders are the orders that a plan holds back, by their numbers.
func (w *world) heldOrders() map[string]heldOrder {
	w.t.Helper()
	r := w.run("plan", "--json").exits(0)
	var d struct {
		Held []struct {
			heldOrder
			Address string
		} `json:"held_back"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil {
		w.t.Fatalf("plan --json: %s\n%s", err, r.all())
	}
	held := map[string]heldOrder{}
	for _, h := range d.Held {
		held[keyOf(h.Address)] = h.heldOrder
	}
	return held
}

// recordedNumbers are the valid tracking numbers that stand beside the
// repository, each once.
func recordedNumbers(t *testing.T) []string {
	t.Helper()
	root, err := stores.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "..", "shared", "data", "tracking-numbers")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skipf("the recorded tracking numbers are not there: %s holds no *.json", dir)
	}
	var all []string
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Patterns []struct {
				Numbers struct{ Valid []string } `json:"test_numbers"`
			} `json:"tracking_numbers"`
		}
		if err := json.Unmarshal(content, &file); err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		for _, p := range file.Patterns {
			all = append(all, p.Numbers.Valid...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
