package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestACanaryChangesTheFirstOrdersAndTheNextRunTheRest(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(80, 30, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply("--first", "3").says("canary")
	if n := len(w.api.Executed()); n != 3 {
		t.Errorf("%d orders were changed, want 3", n)
	}
	w.apply()
	w.shippedOnce(orders)
}

func TestTooManyFailuresStopTheRun(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(81, 40, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship {
			return &apiserver.Fault{Body: `{"Success": false, "Message": "no"}`}
		}
		return nil
	}})
	w.run("apply", "--auto-approve", "--max-failures", "2", "--parallelism", "1").exits(3).says("too many changes failed")
	if n := w.api.Writes(); n != 2 {
		t.Errorf("%d writes were sent, want 2", n)
	}
}

func TestADeadlineStopsTheRunAndTheNextOneGoesOn(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(82, 70, apiserver.New)
	account := "account \"main\" {\n  settle = \"1s\"\n  rate_limit {\n    burst            = 20\n    limit_per_second = 10\n  }\n}\n"
	w := shipAll(t, account, orders, apiserver.Options{})
	r := w.run("apply", "--auto-approve", "--deadline", "1s").exits(3).says("deadline", "apply")
	r.within(10 * time.Second)
	if n := w.api.Writes(); n == 0 || n == 70 {
		t.Errorf("%d writes were sent", n)
	}
	w.apply()
	w.shippedOnce(orders)
}

func TestTargetsAndExcludesNarrowWhatIsDone(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(83, 10, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("more.hcl", fmt.Sprintf("order \"one\" {\n  find   = { id = %q }\n  status = \"shipped\"\n  tracking_number = %q\n  carrier = \"UPS\"\n  replaces = \"batch.shipments\"\n}\n", orders[9].ID, trackingOf(9)))
	lines := strings.SplitAfter(w.read("shipments/day.csv"), "\n")
	w.write("shipments/day.csv", strings.Join(lines[:10], "")) // nine rows
	address := func(i int) string {
		return fmt.Sprintf("batch.shipments[%q]", orders[i].Source+"/"+orders[i].SourceNumber)
	}
	changed := func() []int {
		var indices []int
		for i, o := range orders {
			if len(w.api.Executed()[o.ID]) > 0 {
				indices = append(indices, i)
			}
		}
		return indices
	}
	step := func(wanted []int, args ...string) {
		t.Helper()
		w.apply(args...)
		if got := changed(); !slices.Equal(got, wanted) {
			t.Errorf("after %v: changed are %v, want %v", args, got, wanted)
		}
	}
	step([]int{2}, "--target", address(2))
	step([]int{2, 4, 5}, "--target", address(4), "--target", address(5))
	step([]int{2, 4, 5, 9}, "--target", `order["one"]`)
	step([]int{1, 2, 3, 4, 5, 6, 7, 8, 9}, "--exclude", address(0))
	w.run("apply", "--auto-approve", "--target", "batch.ship").exits(1).says("batch.ship;", "batch.shipments")
	w.run("plan", "--exclude", "order.one").exits(1).says("order.one")
	step([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "--target", "batch.shipments", "--exclude", "order")
	w.shippedOnce(orders)
}

func TestThePolicysLimitsStopThePlanAndSaveNone(t *testing.T) {
	t.Parallel()
	cancels := func(orders []apiserver.Order, n int) string {
		var b strings.Builder
		for _, o := range orders[:n] {
			fmt.Fprintf(&b, "order %q {\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", o.ID)
		}
		return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(b.String())
	}
	unknown := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "order \"missing-%d\" {\n  status = \"shipped\"\n}\n", i)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		policy string
		hcl    func([]apiserver.Order) string
		says   []string
	}{
		"cancellations":                {"max_cancellations = 2\n  max_cancellation_ratio = 1", func(o []apiserver.Order) string { return cancels(o, 3) }, []string{"max_cancellations", "3", "2"}},
		"the share of cancellations":   {"max_cancellation_ratio = 0.02", func(o []apiserver.Order) string { return cancels(o, 6) }, []string{"max_cancellation_ratio", "6 of 100"}},
		"changes":                      {"max_changes = 4", func(o []apiserver.Order) string { return cancels(o, 5) }, []string{"max_changes", "5", "4"}},
		"orders held back":             {"max_held = 1", func([]apiserver.Order) string { return unknown(2) }, []string{"max_held", "2", "1"}},
		"orders held back, by default": {"max_changes = 100", func([]apiserver.Order) string { return unknown(21) }, []string{"max_held", "21", "20"}},
		"cancellations, by default":    {"max_cancellation_ratio = 1", func(o []apiserver.Order) string { return cancels(o, 26) }, []string{"max_cancellations", "26", "25"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(84, 100, apiserver.New)
			w := newWorld(t, apiserver.Options{Orders: orders})
			w.write("main.hcl", unlimited+"policy {\n  "+c.policy+"\n}\n"+c.hcl(orders))
			w.run("plan", "--out", "release.plan").exits(1).says(c.says...)
			if w.exists("release.plan") {
				t.Error("a plan was saved")
			}
			w.run("apply", "--auto-approve").exits(1).says(c.says...)
			w.untouched()
		})
	}
}

func TestFiveCancellationsAreNoMistake(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(85, 20, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var b strings.Builder
	wanted := map[string]want{}
	for i, o := range orders[:5] {
		fmt.Fprintf(&b, "order \"c%d\" {\n  find   = { id = %q }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", i, o.ID)
		wanted[o.ID] = want{status: apiserver.Canceled, writes: []string{apiserver.Cancel}}
	}
	w.write("main.hcl", unlimited+b.String())
	w.apply()
	w.expect(orders, wanted)
	for _, line := range w.audit() {
		if line.Reason != "out of stock" {
			t.Errorf("the audit record has the reason %q", line.Reason)
		}
	}
}

func TestARuleOfThePolicyHoldsBackWhatDoesNotMeetIt(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(86, 10, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("policy.hcl", `
policy {
  rule "known carriers" {
    when      = contains(change.actions, "ship")
    condition = contains(["UPS", "USPS"], change.after.carrier)
    message   = "carrier ${change.after.carrier} is not ours"
  }
}
`)
	table := w.read("shipments/day.csv")
	w.write("shipments/day.csv", strings.Replace(table, trackingOf(3)+",UPS", trackingOf(3)+",Pigeon", 1))
	w.apply().says("carrier Pigeon is not ours", "policy_rule", orders[3].SourceNumber)
	w.shippedOnceBut(orders, 3)
}

func TestAcknowledgesGoFirstThenCancelsThenShipmentsTheOldestFirst(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(87, 30, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	var rows [][]string
	var blocks strings.Builder
	for i, o := range slices.Backward(orders) {
		switch i % 3 {
		case 0:
			rows = append(rows, shipRow(o, "M"+trackingOf(i), trackingOf(i), "UPS", ""))
		case 1:
			rows = append(rows, shipRow(o, "", trackingOf(i), "UPS", ""))
		case 2:
			fmt.Fprintf(&blocks, "order \"c%d\" {\n  find   = { id = %q }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n", i, o.ID)
		}
	}
	w.table("shipments/day.csv", shipColumns, rows)
	w.write("main.hcl", unlimited+"policy {\n  max_cancellation_ratio = 1\n}\n"+shipBatch+blocks.String())
	w.apply("--parallelism", "1")
	ids, writes := w.api.Sequence()
	phase := map[string]int{apiserver.Acknowledge: 0, apiserver.Cancel: 1, apiserver.Ship: 2}
	if len(writes) != 40 {
		t.Fatalf("%d writes, want 40", len(writes))
	}
	for i := range writes[1:] {
		before, after := phase[writes[i].Op], phase[writes[i+1].Op]
		older := !w.api.Order(ids[i]).Created.After(w.api.Order(ids[i+1]).Created)
		if before > after || (before == after && !older) {
			t.Errorf("write %d is the %s of an order of %s, write %d the %s of one of %s", i, writes[i].Op, w.api.Order(ids[i]).Created,
				i+1, writes[i+1].Op, w.api.Order(ids[i+1]).Created)
		}
	}
}

func TestWithoutATerminalOrAnAnswerNothingIsChanged(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(88, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	if r := w.runWithInput(strings.NewReader("yes\n"), "apply"); r.code != 1 {
		t.Errorf("exit %d, want 1: a pipe is no terminal\n%s", r.code, r.all())
	}
	w.untouched()
}

// What is wrong with a policy's directory is told once.
func TestWarningsOfAPolicyDirectoryAreToldOnce(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(62, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("rules/main.hcl", "account \"main\" {\n  consumer_key = \"written-down\"\n}\npolicy {\n  max_changes = 100\n}\n")
	for _, args := range [][]string{{"plan", "--policy-dir", "rules", "--out", "p.plan"}, {"apply", "--policy-dir", "rules", "p.plan"}, {"apply", "--policy-dir", "rules", "--auto-approve"}} {
		r := w.run(args...).exits(0)
		if n := strings.Count(r.stderr, "consumer_key is written into the configuration"); n != 1 {
			t.Errorf("gdfctl %s says so %d times:\n%s", strings.Join(args, " "), n, r.stderr)
		}
	}
	w.shippedOnce(orders)
}
