package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// carrierCases are tables whose tracking numbers are damaged, missing, or not
// compared as they should be.
var carrierCases = []heldCase{
	{
		folder:   "excel-overwrites-right-numbers",
		validate: refused("SHIP18", "in.csv:2:21", "9.40031E+21 was rounded by a spreadsheet", "export the file again"),
		plan:     valid("tracking_not_compared", "No changes"), changes: none, held: none,
	},
	{
		folder: "excel-overwrites-right-numbers", name: "of an order that is not shipped",
		change:   replace("in.csv", "111-3992679-3232240", "112-1234567-1234567"),
		validate: refused("SHIP18"),
		plan:     valid("bad_tracking", "was rounded by a spreadsheet"), changes: none, held: []string{"112-1234567-1234567 bad_tracking"},
	},
	{
		folder:   "placeholders-sent-as-number",
		validate: refused("in.csv:2:21", "in.csv:3:21", "in.csv:4:21", `"#N/A" is a placeholder`, "leave the cell empty"),
		changes:  none,
		held:     []string{"112-1234567-1234567 bad_tracking", "112-7654321-7654321 bad_tracking", "113-2468013-5791357 bad_tracking"},
	},
	{
		folder:   "url-or-carrier-in-tracking",
		validate: refused("wrapped in text; the number is 9400111899223197428506"),
		changes:  none, held: []string{"112-1234567-1234567 bad_tracking", "112-7654321-7654321 bad_tracking"},
	},
	{
		folder:   "formula-and-apostrophe",
		validate: refused("the number is 1Z999AA10123456784", "the number is 9400111899223197428506"),
		changes:  none, held: []string{"112-1234567-1234567 bad_tracking", "112-7654321-7654321 bad_tracking"},
	},
	{
		folder:   "two-numbers-in-a-cell",
		validate: refused("in.csv:2:21", "two tracking numbers in one cell", `multiple_tracking = "first"`),
		changes:  none, held: []string{"112-1234567-1234567 split_shipment"},
	},
	{
		folder: "two-numbers-in-a-cell", name: "the first",
		change:   replace("main.hcl", "status          =", "multiple_tracking = \"first\"\n  status          ="),
		validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none,
	},
	{
		folder:   "same-number-with-spaces",
		validate: valid("2 orders"),
		changes:  []string{"112-1234567-1234567 ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793"}, held: none,
	},
}

func TestCasesOfTrackingNumbers(t *testing.T) { runCases(t, carrierCases) }

// A number that gdfctl sent is replaced once, by a new one, and by none that is
// older, damaged or another's.
func TestANumberIsCorrectedOnceAndNeverBack(t *testing.T) {
	t.Parallel()
	const first, second, third = "1Z999AA10123456784", "1Z999AA10123456793", "9400111206206407628746"
	orders := apiserver.Generate(71, 1, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+shipBatch)
	want := func(tracking, carrier string) {
		w.table("shipments/day.csv", shipColumns, [][]string{shipRow(orders[0], "", tracking, carrier, "")})
	}
	ships := func(n int) {
		t.Helper()
		if got := w.api.Writes(); got != n {
			t.Fatalf("%d changes were sent, want %d", got, n)
		}
	}
	want(first, "UPS")
	w.apply()
	ships(1)
	want("1Z 999 AA1 01 2345 6784", "UPS")
	w.apply()
	ships(1)
	want("9.40031E+21", "UPS")
	w.apply().says("tracking_not_compared")
	ships(1)
	want(second, "UPS")
	w.apply().says("SHIP17", "replaces "+first)
	ships(2)
	want(first, "UPS")
	w.apply().says("older_number")
	ships(2)
	want("1Z999AA10123456794", "UPS") // mistyped
	w.apply().says("bad_tracking", "check digit")
	ships(2)
	want(third, "USPS")
	w.apply().says("SHIP17")
	ships(3)
	want("420787451234 "+third, "USPS")
	w.apply()
	ships(3)
}

// A wrong glob that finds last month's table does not rewrite a month of numbers.
func TestCorrectionsHaveALimit(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(72, 26, apiserver.Shipped)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.run("apply", "--auto-approve").exits(1).says("max_corrections", "26", "25")
	w.untouched()
	w.write("main.hcl", unlimited+"policy {\n  max_corrections = 26\n}\n"+shipBatch)
	w.apply().says("SHIP21")
	if got := w.api.Writes(); got != 26 {
		t.Errorf("%d changes, want 26", got)
	}
}

// A policy makes an error of a warning, and its orders are held back.
func TestAPolicyRaisesARule(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(73, 3, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.table("shipments/day.csv", shipColumns, [][]string{
		shipRow(orders[0], "", "1Z999AA10123456785", "UPS", ""),
		shipRow(orders[1], "", "1Z999AA10123456784", "UPS", ""),
	})
	w.write("main.hcl", unlimited+shipBatch)
	w.run("validate").exits(0).says("SHIP08", "shipments/day.csv:2")
	w.run("plan").exits(0).says("SHIP08", "2 to ship")
	w.write("main.hcl", unlimited+"policy {\n  severity = { SHIP08 = \"error\" }\n}\n"+shipBatch)
	w.run("validate").exits(1).says("SHIP08", "shipments/day.csv:2")
	w.apply().says("SHIP08", "1 held back")
	if got := w.api.Writes(); got != 1 {
		t.Errorf("%d changes, want 1", got)
	}
}

// One number on a few orders is said, and on many it is a column that was filled
// with one value.
func TestOneNumberOnManyOrders(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(74, 23, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	rows := func(n int) {
		var rows [][]string
		for _, o := range orders[:n] {
			rows = append(rows, shipRow(o, "", "1Z999AA10123456784", "UPS", ""))
		}
		w.table("shipments/day.csv", shipColumns, rows)
	}
	w.write("main.hcl", unlimited+"policy {\n  max_held = 30\n}\n"+shipBatch)
	rows(21)
	w.run("validate").exits(1).says("SHIP12", "21 orders have this tracking number")
	w.apply().says("SHIP12", "21 held back")
	w.untouched()
	rows(2)
	w.run("validate").exits(0).says("SHIP12", "right if both went in one parcel")
	w.apply().says("SHIP12", "right if both went in one parcel")
	if got := w.api.Writes(); got != 2 {
		t.Errorf("%d changes, want 2", got)
	}
	// of an order that the state knows
	w.table("shipments/day.csv", shipColumns, [][]string{shipRow(orders[5], "", "1z 999 AA1 01 2345 6784", "UPS", "")})
	w.run("plan").exits(0).says("SHIP12", orders[0].SourceNumber)
}

// Numbers of forms that are not known go out, and are counted.
func TestUnknownFormsAreCounted(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(75, 3, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var rows [][]string
	for i, o := range orders {
		rows = append(rows, shipRow(o, "", "98765432"+string(rune('1'+i)), "UPS", ""))
	}
	w.table("shipments/day.csv", shipColumns, rows)
	w.write("main.hcl", unlimited+shipBatch)
	const says = "3 numbers named UPS have a format that gdfctl does not know (9 digits), first at shipments/day.csv:2"
	w.run("validate").exits(0).says(says, "Info:")
	w.apply().says(says, "3 applied")
}

// A row of an order that is closed is not checked: it stays in its file for ever.
func TestValidateLeavesOutClosedOrders(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(76, 2, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+shipBatch)
	w.table("shipments/day.csv", shipColumns, [][]string{shipRow(orders[0], "", "1Z999AA10123456785", "UPS", "")})
	w.run("validate").exits(0).says("SHIP08")
	w.apply()
	w.runAt(25*time.Hour, "apply", "--auto-approve").exits(0) // sees it a day later, and closes it
	if r := w.run("validate").exits(0); strings.Contains(r.all(), "SHIP08") {
		t.Errorf("the row of a closed order is checked:\n%s", r.all())
	}
	w.table("shipments/day.csv", shipColumns, [][]string{
		shipRow(orders[0], "", "1Z999AA10123456785", "UPS", ""), shipRow(orders[1], "", "1Z999AA10123456785", "UPS", ""),
	})
	w.run("validate").exits(0).says("SHIP08", "shipments/day.csv:3")
	// Without a state that can be read, all rows are checked.
	w.write("gdfctl.state.json", "")
	w.run("validate").exits(0).says("rows of closed orders are checked too", "gdfctl.state.json", "shipments/day.csv:2")
}

// A saved plan of corrections that was stopped halfway is carried on: its own
// changes are not taken for what somebody else did.
func TestASavedPlanOfCorrectionsIsCarriedOn(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(79, 3, apiserver.Shipped)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+shipBatch)
	w.table("shipments/day.csv", shipColumns, [][]string{
		shipRow(orders[0], "", "1Z999AA10123456784", "", ""), shipRow(orders[1], "", "1Z999AA10123456793", "", ""),
		shipRow(orders[2], "", "9400111206206407628746", "", ""),
	})
	w.run("plan", "--out", "corrections.plan").exits(0).says("3 to correct", "SHIP21")
	w.run("apply", "--first", "1", "corrections.plan").exits(0)
	w.run("apply", "corrections.plan").exits(0)
	if got := w.api.Writes(); got != 3 {
		t.Errorf("%d changes were sent, want 3", got)
	}
	w.nothingToDo()
}
