package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// badInput is a configuration that is wrong in one way, on top of a right one.
type badInput struct {
	name    string
	account string         // empty: unlimited
	hcl     string         // added to main.hcl, behind the account and shipBatch
	change  func(w *world) // of what was written
	fault   func(apiserver.Call) *apiserver.Fault
	command []string // empty: apply --auto-approve
	code    int      // empty: 1
	says    []string // where, what, what to do
}

var badInputs = []badInput{
	{name: "a syntax error", hcl: "order \"x\" {\n  status = \n}\n", says: []string{"main.hcl line", "Invalid expression"}},
	{name: "an unclosed block", hcl: "order \"x\" {\n", says: []string{"main.hcl line"}},
	{name: "an unknown attribute", hcl: "order \"x\" {\n  status = \"shipped\"\n  traking_number = \"1Z\"\n}\n", says: []string{"main.hcl line", "traking_number", "tracking_number"}},
	{name: "an unknown block", hcl: "orders \"x\" {\n}\n", says: []string{"main.hcl line", `"orders"`, `"order"`}},
	{name: "an unknown column", change: replace("main.hcl", `row["Tracking"]`, `row["Trackng"]`), says: []string{"main.hcl line", "shipments/day.csv", `"Trackng"`, `"Tracking"`}},
	{name: "an unknown function", change: replace("main.hcl", `row["Tracking"]`, `trimm(row["Tracking"])`), says: []string{"main.hcl line", "trimm"}},
	{name: "an unknown variable", change: replace("main.hcl", `row["Tracking"]`, `var.tracking`), says: []string{"main.hcl line", "tracking", "variable"}},
	{name: "the environment outside of an account", change: replace("main.hcl", `row["Carrier"]`, `env.GDF_CONSUMER_KEY`), says: []string{"main.hcl line", "env"}},
	{name: "a missing table", change: replace("main.hcl", `csv("shipments/*.csv")`, `csv("shipments/monday.csv")`), says: []string{"main.hcl line", "shipments/monday.csv"}},
	{name: "a path that leads out", change: replace("main.hcl", `csv("shipments/*.csv")`, `csv("../shipments/*.csv")`), says: []string{"main.hcl line", "directory"}},
	{name: "an absolute path", change: replace("main.hcl", `csv("shipments/*.csv")`, `csv("/etc/passwd")`), says: []string{"main.hcl line", "directory"}},
	{name: "a link that leads out", change: func(w *world) {
		outside := filepath.Join(w.root, "outside.csv")
		if err := os.WriteFile(outside, []byte(w.read("shipments/day.csv")), 0o644); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(w.dir, "shipments/day.csv")); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(w.dir, "shipments/day.csv")); err != nil {
			w.t.Fatal(err)
		}
	}, says: []string{"shipments/day.csv"}},
	{name: "a file function that leads out", change: replace("main.hcl", `row["Carrier"]`, `file("../../../../etc/hostname")`), says: []string{"main.hcl line"}},
	{name: "a wrong status", hcl: "order \"x\" {\n  status = \"shiped\"\n}\n", says: []string{"main.hcl line", "status", `"shipped"`}},
	{name: "no status", hcl: "order \"x\" {\n  tracking_number = \"1Z\"\n}\n", says: []string{"main.hcl line", "status", `"shipped"`}},
	{name: "a bad time in an order block", hcl: "order \"x\" {\n  status = \"shipped\"\n  shipped_at = \"11/20/2026\"\n}\n", says: []string{"main.hcl line", "time", "parse_time"}},
	{name: "a time without a zone in an order block", hcl: "order \"x\" {\n  status = \"shipped\"\n  shipped_at = \"2026-11-20T16:28:00\"\n}\n", says: []string{"main.hcl line", "zone", "timezone"}},
	{name: "a literal key that is empty", account: "account \"main\" {\n  consumer_key = \"\"\n}\n", says: []string{"main.hcl line", "consumer_key", "GDF_CONSUMER_KEY"}},
	{name: "an empty key in the environment", change: func(w *world) { w.key = "" }, says: []string{"GDF_CONSUMER_KEY", "environment"}},
	{name: "a key with a line break", change: func(w *world) { w.key = "abc\ndef" }, says: []string{"consumer key"}},
	{name: "a cancel without a reason", hcl: "order \"x\" {\n  status = \"cancelled\"\n}\n", says: []string{"main.hcl line", "reason", "out of stock"}},
	{name: "an acknowledge without a number", hcl: "order \"x\" {\n  status = \"acknowledged\"\n}\n", says: []string{"main.hcl line", "order_number"}},
	{name: "a source that no order has", change: replace("main.hcl", `row["Store"]`, `"Amazn"`), says: []string{"Amazn", "Amazon", "Walmart.com", "eBay"}},
	{name: "an unreachable host", change: func(w *world) { w.endpoint = "http://127.0.0.1:1" }, says: []string{"account main", "connection"}},
	{name: "an endpoint that is no address", change: func(w *world) { w.endpoint = "api.godatafeed.com" }, says: []string{"GDF_ENDPOINT", "https://"}},
	{name: "a wrong key", change: func(w *world) { w.key = "another-key" }, says: []string{"key", "refused", "GDF_CONSUMER_KEY"}},
	{name: "an API that always fails", fault: always(apiserver.Fault{Status: 500}), says: []string{"account main", "500"}},
	{name: "an API that is down for maintenance", fault: always(apiserver.Fault{Status: 503}), says: []string{"account main", "503"}},
	{name: "an API that forbids", fault: always(apiserver.Fault{Status: 403}), says: []string{"account main", "403"}},
	{name: "an API that answers with pages", fault: always(apiserver.Fault{ContentType: "text/html", Body: "<html>Sign in</html>"}), says: []string{"account main", "text/html"}},
	{name: "an API that answers with nothing", fault: always(apiserver.Fault{Body: " "}), says: []string{"account main"}},
	{name: "an API that says no with 200", fault: always(apiserver.Fault{Body: `{"Success": false, "Message": "Account suspended"}`}), says: []string{"account main", "Account suspended"}},
	{name: "an API that redirects", fault: always(apiserver.Fault{Status: 302}), says: []string{"account main", "redirect"}},
	{name: "a state path below a file", hcl: "gdfctl {\n  backend \"local\" {\n    path = \"main.hcl/gdfctl.state.json\"\n  }\n}\n", says: []string{"main.hcl/gdfctl.state.json"}},
	{name: "a state path that leads out", hcl: "gdfctl {\n  backend \"local\" {\n    path = \"../gdfctl.state.json\"\n  }\n}\n", says: []string{"main.hcl line", "directory"}},
	{name: "a state that is empty", change: file("gdfctl.state.json", ""), says: []string{"gdfctl.state.json", "empty", "back"}},
	{name: "a state that is no state", change: file("gdfctl.state.json", `{"version": 1}`), says: []string{"gdfctl.state.json", "back"}},
	{name: "a state of a later version", change: file("gdfctl.state.json", `{"version": 99}`), says: []string{"gdfctl.state.json", "99"}},
	{name: "a standing block", hcl: "standing \"s\" {\n  status = \"acknowledged\"\n}\n", says: []string{"main.hcl line", "standing", `"live" is required`, `"max_per_run" is required`}},
	{name: "a new_orders block", hcl: "new_orders \"s\" {\n  rows = []\n}\n", says: []string{"main.hcl line", "new_orders", "rows is not a table", "jsonl("}},
	{name: "a watch of no feeds", hcl: "watch \"s\" {\n}\n", says: []string{"main.hcl line", "Missing feeds or feed_id", "feeds ="}},
	{name: "a preset that there is not", change: replace("main.hcl", "status          =", "preset = \"shipstaton\"\n  status          ="), says: []string{"main.hcl line", "Unknown preset", "shipstation"}},
	{name: "a severity of a rule that no policy can raise", hcl: "policy {\n  severity = { SHIP01 = \"error\" }\n}\n", says: []string{"main.hcl line", "SHIP01", "SHIP08"}},
	{name: "nesting without end", hcl: "locals {\n  x = " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "\n}\n", says: []string{"main.hcl line"}},
	{name: "an expression without end", hcl: "locals {\n  x = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]\n}\n", says: []string{"main.hcl line"}},
	{name: "a newer gdfctl is required", hcl: "gdfctl {\n  required_version = \">= 99\"\n}\n", says: []string{"main.hcl line", "99"}},
	{name: "no terminal to ask at", command: []string{"apply"}, says: []string{"--auto-approve"}},
	{name: "a plan file that is not there", command: []string{"apply", "none.plan"}, says: []string{"none.plan", "plan --out"}},
	{name: "a file that is no plan", command: []string{"apply", "main.hcl"}, says: []string{"main.hcl", "plan --out"}},
	{name: "a directory that is not there", command: []string{"--chdir", "nowhere", "plan"}, says: []string{"nowhere", "--chdir"}},
	{name: "a directory without a configuration", command: []string{"--chdir", "shipments", "plan"}, says: []string{"shipments", "gdfctl init"}},
	{name: "an unknown flag", command: []string{"plan", "--detailed"}, code: 64, says: []string{"--detailed", "--help"}},
	{name: "an unknown command", command: []string{"aply"}, code: 64, says: []string{"aply", "apply"}},
	{name: "an argument too many", command: []string{"plan", "x"}, code: 64, says: []string{`"x"`}},
	{name: "two plan files", command: []string{"apply", "a", "b"}, code: 64},
	{name: "a negative number", command: []string{"apply", "--first", "-1"}, code: 64, says: []string{"--first"}},
	{name: "a duration without a unit", command: []string{"apply", "--deadline", "10"}, code: 64, says: []string{"--deadline", "25m"}},
	{name: "a variable without a value", command: []string{"plan", "--var", "x"}, code: 64, says: []string{"name=value"}},
	{name: "planning flags with a saved plan", command: []string{"apply", "x.plan", "--target", "batch.shipments"}, code: 64, says: []string{"--target"}},
	{name: "an unknown refresh", command: []string{"plan", "--refresh", "some"}, code: 64, says: []string{"--refresh"}},
}

func TestBadInputIsRefusedWithWhereWhatAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range badInputs {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(30, 6, apiserver.New)
			account := c.account
			if account == "" {
				account = unlimited
			}
			w := shipAll(t, account, orders, apiserver.Options{Intercept: c.fault})
			w.write("main.hcl", account+shipBatch+strings.ReplaceAll(c.hcl, "$NUMBER", orders[0].SourceNumber))
			if c.change != nil {
				c.change(w)
			}
			command, code := c.command, c.code
			if command == nil {
				command = []string{"apply", "--auto-approve"}
			}
			if code == 0 {
				code = 1
			}
			w.run(command...).exits(code).says(c.says...)
			w.untouched()
		})
	}
}

func replace(name, old, with string) func(*world) {
	return func(w *world) {
		w.t.Helper()
		text := w.read(name)
		if !strings.Contains(text, old) {
			w.t.Fatalf("%s has no %q", name, old)
		}
		w.write(name, strings.Replace(text, old, with, 1))
	}
}

func file(name, content string) func(*world) {
	return func(w *world) { w.write(name, content) }
}

func always(f apiserver.Fault) func(apiserver.Call) *apiserver.Fault {
	return func(apiserver.Call) *apiserver.Fault { return &f }
}

func TestAStateWithAFlippedBitIsRefusedAndTheBackupNamed(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(31, 6, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply("--first", "2")
	w.apply("--first", "2")
	writes := w.api.Writes()
	good := w.read("gdfctl.state.json")
	broken := []byte(good)
	broken[len(broken)/2] ^= 4
	w.write("gdfctl.state.json", string(broken))
	w.run("plan").exits(1).says("gdfctl.state.json", "checksum", "gdfctl.state.json.backup", "cp ")
	w.run("apply", "--auto-approve").exits(1)
	if w.api.Writes() != writes {
		t.Error("orders were changed on a damaged state")
	}
	w.write("gdfctl.state.json", w.read("gdfctl.state.json.backup"))
	w.apply()
	w.shippedOnce(orders)
}

func TestAnAuditRecordThatWasChangedIsNoticed(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(32, 6, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply()
	record := w.read("gdfctl.audit.jsonl")
	w.write("gdfctl.audit.jsonl", strings.Replace(record, trackingOf(2), trackingOf(5), 1))
	if r := w.run("audit", "verify"); r.code != 1 {
		t.Errorf("a forged record verifies: exit %d", r.code)
	}
}

func TestOneBadRowOfEightHundredHoldsBackOneOrder(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(row string) string{
		"a bad time":          func(row string) string { return strings.TrimSuffix(row, ",\r\n") + ",yesterday\r\n" },
		"a row that is short": func(row string) string { return strings.Join(strings.Split(row, ",")[:2], ",") + "\r\n" },
		"a row that is long":  func(row string) string { return strings.TrimSuffix(row, "\r\n") + ",,more\r\n" },
		"a blank order number": func(row string) string {
			parts := strings.Split(row, ",")
			parts[1] = " "
			return strings.Join(parts, ",")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(33, 800, apiserver.New)
			w := shipAll(t, unlimited, orders, apiserver.Options{})
			lines := strings.SplitAfter(w.read("shipments/day.csv"), "\n")
			const bad = 400 // the row of orders[399]
			lines[bad] = spoil(lines[bad])
			w.write("shipments/day.csv", strings.Join(lines, ""))
			w.run("validate").exits(1).says(fmt.Sprintf("shipments/day.csv:%d", bad+1))
			w.apply().says(fmt.Sprintf("shipments/day.csv:%d", bad+1), "bad_row", "1 held back")
			w.shippedOnceBut(orders, bad-1)
			if d := w.nothingToDo(); d.Summary.Held != 1 {
				t.Errorf("%d orders are held back, want 1", d.Summary.Held)
			}
		})
	}
}
