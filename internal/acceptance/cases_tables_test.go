package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// tableCases are exports as shipping software and marketplaces write them.
var tableCases = []heldCase{
	{
		folder:   "space-after-quote",
		validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none,
	},
	{
		folder:   "bare-formula",
		validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none,
	},
	{
		folder:   "duplicate-unused-columns",
		validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none,
	},
	{
		folder: "duplicate-unused-columns", name: "that are used",
		change:   replace("main.hcl", `row["Carrier"]`, `row["Item"]`),
		validate: refused(`in.csv has several columns "Item"`),
	},
	{
		folder: "no-header", name: "as it is",
		validate: refused("in.csv has none of the columns that the batch reads", `"Order Number"`),
	},
	{
		folder:   "no-header",
		change:   replace("main.hcl", `csv("in.csv")`, `csv("in.csv", { columns = ["Order Number", "Tracking Number", "Carrier"] })`),
		validate: valid("2 orders"), changes: two, held: none,
	},
	{folder: "trailing-delimiter-in-header", validate: valid("2 orders"), changes: two, held: none},
	{folder: "trailing-delimiter-in-rows", validate: valid("2 orders"), changes: two, held: none},
	{
		folder: "trailing-delimiter-in-rows", name: "with something in it",
		change:   replace("in.csv", "793,UPS,", "793,UPS,x"),
		validate: refused("in.csv:3", "4 cells for 3 columns"),
		changes:  []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: []string{"in.csv:3 bad_row"},
	},
	{folder: "sep-line", validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none},
	{folder: "upper-case-extension", validate: valid("2 orders"), changes: two, held: none},
	{
		// The last line but one has a text under "Order Number": where keeps it.
		folder:   "ebay-report",
		validate: refused("orders.csv:6", "the row has 3 cells for 5 columns"),
		changes:  []string{"07-11223-34455 ship 9400111899223197428506"}, held: []string{"orders.csv:6 bad_row"},
	},
	{
		folder: "ebay-report", name: "where the footer has nothing",
		change:   replace("main.hcl", `row["Order Number"] != ""`, `row["Tracking Number"] != ""`),
		validate: valid("1 order", "3 rows in 1 file: 1 order, 2 left out by where"),
		changes:  []string{"07-11223-34455 ship 9400111899223197428506"}, held: none,
	},
	{
		folder:   "padded-void",
		validate: valid("1 order", "2 rows in 1 file: 1 order, 1 left out by where"),
		changes:  []string{"112-7654321-7654321 ship 1Z999AA10123456793"}, held: none,
	},
	{folder: "unquoted-inch-mark", validate: valid("2 orders"), changes: two, held: none},
	{
		folder:   "quote-swallows-rows",
		validate: valid("3 orders"), held: none,
		changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793", "113-2468013-5791357 ship 9400111899223197428506"},
	},
	{
		folder: "quote-swallows-rows", name: "read as a spreadsheet does",
		change:   replace("main.hcl", `csv("in.txt")`, `csv("in.txt", { quotes = "standard" })`),
		validate: valid("Warning", "in.txt:2: the quoted cell that begins here contains what looks like 2 whole rows (lines 3, 4)"),
	},
	{
		folder: "item-rows-one-differs", name: "as a group",
		change:   replace("main.hcl", "find  ", "group = row[\"Order Number\"]\n  find  "),
		validate: refused("in.csv:3", `the rows of one order differ in the column "Carrier", on lines 2 and 3`),
		held:     []string{"112-1234567-1234567 group_differs"},
		changes:  []string{"112-7654321-7654321 ship 1Z999AA10123456793", "113-2468013-5791357 ship 9400111899223197428506"},
	},
	{
		folder: "narrow-space-before-pm",
		change: func(w *world) {
			now := time.Now().Add(-time.Minute)
			zone, err := time.LoadLocation("America/New_York")
			if err != nil {
				w.t.Fatal(err)
			}
			w.write("in.csv", "Order Number,Tracking Number,Carrier,Ship Date\n112-1234567-1234567,1Z999AA10123456784,UPS,\""+
				now.In(zone).Format("01/02/2006, 03:04:05\u202fPM")+"\"\n")
		},
		validate: valid("1 order"), changes: []string{"112-1234567-1234567 ship 1Z999AA10123456784"}, held: none,
	},
	{
		folder: "glob-backslash", change: intoShipments("today.csv"),
		validate: refused("use slashes in a path: shipments/*.csv"), plan: refused("use slashes in a path: shipments/*.csv"),
	},
	{
		folder: "glob-folder-links-out",
		change: func(w *world) {
			if err := os.Mkdir(filepath.Join(w.root, "drop"), 0o755); err != nil {
				w.t.Fatal(err)
			}
			if err := os.Symlink("../drop", filepath.Join(w.dir, "shipments")); err != nil {
				w.t.Fatal(err)
			}
		},
		validate: refused("shipments: a link on the path leads out of the configuration directory"),
		plan:     refused("shipments: a link on the path leads out of the configuration directory"),
	},
	{
		folder: "glob-unreadable-folder", change: intoShipments("today.csv"),
		then: func(t *testing.T, w *world) {
			for _, command := range [][]string{{"validate"}, {"plan"}, {"apply", "--auto-approve"}} {
				w.runAsNobody(command...).ends(refused("The table can't be read", "shipments: permission denied"))
			}
		},
	},
	{
		folder: "glob-backslash", name: "a folder that is missing",
		change:   replace("main.hcl", `shipments\\*.csv`, `shipments/*.csv`),
		validate: refused(`shipments: there is no such folder`),
	},
}

// two are the changes of the cases that ship two orders.
var two = []string{"112-1234567-1234567 ship 1Z999AA10123456784", "112-7654321-7654321 ship 1Z999AA10123456793"}

func TestTablesAsTheyAreExported(t *testing.T) { runCases(t, tableCases) }

// intoShipments moves a file where its case has it.
func intoShipments(name string) func(*world) {
	return func(w *world) {
		w.write("shipments/"+name, w.read(name))
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// runAsNobody runs the program as a user that can't read the shipments. Root can
// read everything, so that a test by root gives its rights away.
func (w *world) runAsNobody(args ...string) result {
	w.t.Helper()
	shipments := filepath.Join(w.dir, "shipments")
	if err := os.Chmod(shipments, 0); err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = os.Chmod(shipments, 0o755) }()
	if os.Geteuid() != 0 {
		return w.run(args...)
	}
	return w.startWith(func(cmd *exec.Cmd) {
		beside := w.t.TempDir() // what lies in w.root is searched for buyers' data
		for _, dir := range []string{filepath.Dir(w.root), w.root, w.dir, filepath.Join(w.root, "cache"), filepath.Join(w.root, "home"), beside} {
			if err := os.Chmod(dir, 0o777); err != nil {
				w.t.Fatal(err)
			}
		}
		path := filepath.Join(beside, "gdfctl")
		// Not written by this process: one that it forks meanwhile would hold the
		// file open, and an open file can't be run.
		if out, err := exec.CommandContext(w.t.Context(), "cp", binary, path).CombinedOutput(); err != nil {
			w.t.Fatalf("%v: %s", err, out)
		}
		if err := os.Chmod(path, 0o755); err != nil {
			w.t.Fatal(err)
		}
		cmd.Path = path
		asNobody(w.t, cmd)
	}, args...).wait()
}
