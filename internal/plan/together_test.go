package plan_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// sandboxAccount is the account of configured configurations.
const sandboxAccount = "account \"main\" {\n  endpoint = \"sandbox\"\n  timezone = \"UTC\"\n}\n"

// configured is the plan of a configuration, by the files' names.
func configured(t testing.TB, dir string, files map[string]string, live []order.Live, sel plan.Selection, do ...func(a *spec.Account, x *state.Session) error) *plan.Plan {
	t.Helper()
	return mustBuild(t, configuredInput(t, dir, files, live, sel, do...))
}

func configuredInput(t testing.TB, dir string, files map[string]string, live []order.Live, sel plan.Selection, do ...func(a *spec.Account, x *state.Session) error) plan.Input {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, diags := config.Load(dir, config.Options{Env: func(string) string { return "" }, Now: now, Version: "0.5.0"})
	defer cfg.Close()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	wishes, diags := cfg.Wishes(context.Background())
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var steps []func(x *state.Session) error
	for _, d := range do {
		steps = append(steps, func(x *state.Session) error { return d(cfg.Accounts[0], x) })
	}
	st := stateOf(t, steps...)
	req := plan.ReadRequest{Accounts: cfg.Accounts, APIs: map[string]plan.Reader{"main": &script{orders: live}}, Wishes: wishes, State: st, Select: sel, Now: now}
	return plan.Input{Accounts: cfg.Accounts, Policy: cfg.Policy, Wishes: wishes, State: st, Snapshot: mustRead(t, req), Select: sel, Now: noon, Version: "0.5.0"}
}

// said is one thing that is wanted of one order.
type said struct {
	order                                    int
	status, number, tracking, carrier, at, n string
}

func sayings() *rapid.Generator[[]said] {
	one := rapid.Custom(func(t *rapid.T) said {
		s := said{
			order:  rapid.IntRange(1, 3).Draw(t, "order"),
			status: rapid.SampledFrom([]string{"shipped", "shipped", "shipped", "acknowledged", "cancelled"}).Draw(t, "status"),
			number: rapid.SampledFrom([]string{"", "A", "A", "B"}).Draw(t, "number"),
			n:      rapid.SampledFrom([]string{"1", "1", "2"}).Draw(t, "attempt"),
		}
		if s.status == "acknowledged" && s.number == "" {
			s.number = "A"
		}
		// A row without a number lends its carrier within its own batch alone, so
		// that division makes a difference there.
		if s.status == "shipped" {
			if s.tracking = rapid.SampledFrom([]string{"", "1Z1", "1Z1", "1Z2"}).Draw(t, "tracking"); s.tracking != "" {
				s.carrier = rapid.SampledFrom([]string{"", "UPS", "UPS", "FedEx"}).Draw(t, "carrier")
				s.at = rapid.SampledFrom([]string{"", "", "2026-11-21T10:00:00Z", "2026-11-21T20:00:00Z", "2026-11-22T11:00:00Z", "soon"}).Draw(t, "at")
			}
		}
		return s
	})
	return rapid.SliceOfN(one, 1, 7)
}

// written puts each saying into some block of some file, and names its order in
// some way.
func written(t *rapid.T, all []said) map[string]string {
	files := map[string]string{"main.hcl": sandboxAccount, "a.hcl": "", "z.hcl": ""}
	rows := map[string][]string{}
	for i, s := range all {
		blocks := []string{"i1", "i2", "n1", "n2"}
		if s.at != "soon" {
			blocks = append(blocks, "order")
		}
		block := rapid.SampledFrom(blocks).Draw(t, "block")
		if block == "order" {
			find := rapid.SampledFrom([]string{fmt.Sprintf(`{ id = "id-%d" }`, s.order), fmt.Sprintf(`{ source = "AMAZON", source_order_number = "112-%d" }`, s.order)}).Draw(t, "find")
			text := fmt.Sprintf("order \"o%d\" {\n  find = %s\n  status = %q\n  order_number = %q\n  tracking_number = %q\n  carrier = %q\n  shipped_at = %q\n  attempt = %s\n  reason = \"lost\"\n}\n",
				i, find, s.status, s.number, s.tracking, s.carrier, s.at, s.n)
			files[rapid.SampledFrom([]string{"a.hcl", "z.hcl"}).Draw(t, "file")] += text
			continue
		}
		rows[block] = append(rows[block], fmt.Sprintf("%d,%s,%s,%s,%s,%s,%s\n", s.order, s.status, s.number, s.tracking, s.carrier, s.at, s.n))
	}
	for block, lines := range rows {
		for _, line := range rapid.Permutation(lines).Draw(t, "rows") {
			name := fmt.Sprintf("%s-%d.csv", block, rapid.IntRange(1, 2).Draw(t, "table"))
			if files[name] == "" {
				files[name] = "o,status,number,tracking,carrier,at,n\n"
			}
			files[name] += line
		}
		find := `{ id = "id-${row.o}" }`
		if block[0] == 'n' {
			find = `{ source = "Amazon", source_order_number = "112-${row.o}" }`
		}
		files["main.hcl"] += fmt.Sprintf("batch %q {\n  rows = csv(\"%s-*.csv\")\n  find = %s\n  status = row.status\n  order_number = row.number\n  tracking_number = row.tracking\n  carrier = row.carrier\n  shipped_at = row.at\n  attempt = row.n\n  reason = \"lost\"\n}\n", block, block, find)
	}
	return files
}

// comesTo is what a plan does to which order, and which it holds.
func comesTo(p *plan.Plan) []string {
	var all []string
	for _, c := range p.Changes {
		all = append(all, fmt.Sprintf("%s %v %+v %d", c.Order.SourceNumber, c.Actions, c.After, c.Attempt))
	}
	for _, h := range p.Held {
		number := h.Order.SourceNumber
		if number == "" {
			number = strings.Replace(h.Order.ID, "id", "112", 1)
		}
		all = append(all, number+" held")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// However the same wishes are divided over blocks, files and rows, and however
// they name their orders, they come to the same plan.
func TestDivisionMakesNoDifference(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		all := sayings().Draw(rt, "wishes")
		var plans [2][]string
		var configurations [2]map[string]string
		for i := range plans {
			n++
			sub := filepath.Join(dir, fmt.Sprint(n))
			if err := os.Mkdir(sub, 0o700); err != nil {
				rt.Fatal(err)
			}
			configurations[i] = written(rt, all)
			in := configuredInput(t, sub, configurations[i], lives(5), plan.Selection{})
			p := mustBuild(t, in)
			if _, unasked := asked(in, p); len(unasked) > 0 {
				rt.Fatalf("saved, it is refused: %+v", unasked)
			}
			if sum := len(p.Changes) + len(p.Held) + len(p.Pending) + p.NoOp + p.Summary().Stopped; p.Orders != sum {
				rt.Fatalf("%d orders, %d are accounted for", p.Orders, sum)
			}
			plans[i] = comesTo(p)
			_ = os.RemoveAll(sub)
		}
		if diff := cmp.Diff(plans[0], plans[1]); diff != "" {
			rt.Fatalf("%v\nand %v\ndiffer:\n%s", configurations[0], configurations[1], diff)
		}
	})
}

// What only reading shows to be about one order goes through the same steps.
func TestTheSecondRun(t *testing.T) {
	const byNumbers = "batch \"n\" {\n  rows = csv(\"n.csv\")\n  find = { source = \"Amazon\", source_order_number = row.o }\n  status = \"shipped\"\n  tracking_number = row.t\n  %s\n}\n"
	block := func(label, find, more string) string {
		return fmt.Sprintf("order %q {\n  find = %s\n  %s\n}\n", label, find, more)
	}
	const id1, number1 = `{ id = "id-1" }`, `{ source = "Amazon", source_order_number = "112-1" }`
	const ships1 = "status = \"shipped\"\n  tracking_number = \"1Z1\""
	for name, c := range map[string]struct {
		files    map[string]string
		sel      plan.Selection
		state    func(a *spec.Account, x *state.Session) error
		live     func(l *order.Live)
		want     []string
		replaced []string
	}{
		"acknowledge and ship": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"acknowledged\"\n  order_number = \"A\"") + block("b", number1, ships1)},
			want:  []string{"acknowledge+ship id-1"},
		},
		"replaces": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"shipped\"\n  tracking_number = \"1Z2\"\n  replaces = \"order[\\\"b\\\"]\"") + block("b", number1, ships1)},
			want:  []string{"ship id-1"}, replaced: []string{`order["b"] by replaces`},
		},
		"a release drops a contradiction": {
			files:    map[string]string{"main.hcl": block("a", id1, "status = \"cancelled\"\n  reason = \"lost\"") + block("b", number1, ships1) + "release \"r\" {\n  find = " + number1 + "\n  reason = \"settled\"\n}\n"},
			replaced: []string{`order["a"] by release`, `order["b"] by release`},
		},
		"a bad row holds its order": {
			files: map[string]string{"main.hcl": block("a", id1, ships1) + fmt.Sprintf(byNumbers, "shipped_at = row.at"), "n.csv": "o,t,at\n112-1,1Z1,soon\n"},
			want:  []string{"held id-1 Amazon 112-1 bad_row"},
		},
		"a void row of a batch that names the order in two ways": {
			files: map[string]string{
				"main.hcl": block("x", `{ id = "id-2" }`, ships1) + "batch \"n\" {\n  rows = csv(\"n.csv\")\n  find = row.id == \"\" ? tomap({ source = \"Amazon\", source_order_number = row.o }) : tomap({ id = row.id })\n  status = \"shipped\"\n  tracking_number = row.t\n  voided = row.v == \"Y\"\n}\n",
				"n.csv":    "o,t,id,v\n112-1,1Z2,,Y\n112-1,1Z2,id-1,\n",
			},
			want: []string{"ship id-2"}, replaced: []string{`batch.n["Amazon/112-1"] by voided`, `batch.n["id-1"] by voided`},
		},
		"a void number that another block names in another way": {
			files: map[string]string{"main.hcl": block("a", id1, ships1) + fmt.Sprintf(byNumbers, "voided = row.v == \"Y\""), "n.csv": "o,t,v\n112-1,1Z1,Y\n"},
			want:  []string{"ship id-1", "warning void_number_wanted"}, replaced: []string{`batch.n["Amazon/112-1"] by voided`},
		},
		"a void number that was sent": {
			files: map[string]string{"main.hcl": fmt.Sprintf(byNumbers, "voided = row.v == \"Y\""), "n.csv": "o,t,v\n112-1,1Z1,Y\n112-2,1Z5,\n"},
			live:  func(l *order.Live) { l.Status, l.Tracking = order.Shipped, "1Z1" },
			want:  []string{"ship id-2", "warning voided_after_ship"}, replaced: []string{`batch.n["Amazon/112-1"] by voided`},
		},
		"a void number that was sent, and another one": {
			files: map[string]string{"main.hcl": fmt.Sprintf(byNumbers, "voided = row.v == \"Y\""), "n.csv": "o,t,v\n112-1,1Z1,Y\n112-1,1Z2,\n"},
			live:  func(l *order.Live) { l.Status, l.Tracking = order.Shipped, "1Z1" },
			want:  []string{"correct id-1", "warning SHIP21"}, replaced: []string{`batch.n["Amazon/112-1"] by voided`},
		},
		"a void number that gdfctl sent, and nothing is read": {
			files: map[string]string{"main.hcl": fmt.Sprintf(byNumbers, "voided = row.v == \"Y\""), "n.csv": "o,t,v\n112-1,1Z1,Y\n"},
			state: func(a *spec.Account, x *state.Session) error {
				return applied(a, live(1), order.Ship, order.Values{Status: order.Shipped, Tracking: "1Z1"}, time.Hour)(x)
			},
			want: []string{"warning voided_after_ship"}, replaced: []string{`batch.n["Amazon/112-1"] by voided`},
		},
		"the void number of a released order": {
			files: map[string]string{"main.hcl": fmt.Sprintf(byNumbers, "voided = row.v == \"Y\"") + "release \"id-1\" {\n  reason = \"settled\"\n}\n" + block("x", `{ source = "Amazon", source_order_number = "112-2" }`, ships1) + block("y", number1, ships1), "n.csv": "o,t,v\n112-1,1Z1,Y\n"},
			live:  func(l *order.Live) { l.Status, l.Tracking = order.Shipped, "1Z1" },
			want:  []string{"ship id-2"}, replaced: []string{`batch.n["Amazon/112-1"] by release`, `order["y"] by release`},
		},
		"a contradiction, of which one is selected": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"cancelled\"\n  reason = \"lost\"") + block("b", number1, ships1)},
			sel:   plan.Selection{Targets: []string{`order["b"]`}},
			want:  []string{"held id-1 Amazon 112-1 conflict"},
		},
		"what is not selected takes part": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"acknowledged\"\n  order_number = \"A\"") + block("b", number1, ships1)},
			sel:   plan.Selection{Targets: []string{`order["b"]`}},
			want:  []string{"acknowledge+ship id-1"},
		},
		"one of two is excluded, and the order with it": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"acknowledged\"\n  order_number = \"A\"") + block("b", number1, ships1) + block("c", `{ id = "id-2" }`, ships1)},
			sel:   plan.Selection{Excludes: []string{`order["a"]`}},
			want:  []string{"ship id-2"},
		},
		"one of two that name it alike is selected": {
			files: map[string]string{"main.hcl": block("a", id1, "status = \"acknowledged\"\n  order_number = \"A\"") + block("b", id1, ships1)},
			sel:   plan.Selection{Targets: []string{`order["a"]`}},
			want:  []string{"acknowledge+ship id-1"},
		},
		"a closed order that something else is wanted of": {
			files: map[string]string{"main.hcl": block("a", number1, ships1) + block("b", id1, "status = \"shipped\"\n  tracking_number = \"1Z2\"")},
			live:  func(l *order.Live) { l.Status, l.Tracking = order.Shipped, "1Z1" },
			state: func(a *spec.Account, x *state.Session) error {
				return closed(a, live(1), order.Values{Status: order.Shipped, Tracking: "1Z1"})(x)
			},
			want: []string{"held id-1 Amazon 112-1 conflict"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			orders := lives(4)
			if c.live != nil {
				c.live(&orders[1])
			}
			c.files["main.hcl"] = sandboxAccount + c.files["main.hcl"]
			var do []func(a *spec.Account, x *state.Session) error
			if c.state != nil {
				do = append(do, c.state)
			}
			in := configuredInput(t, t.TempDir(), c.files, orders, c.sel, do...)
			p := mustBuild(t, in)
			if _, unasked := asked(in, p); len(unasked) > 0 {
				t.Errorf("saved, it is refused: %+v", unasked)
			}
			var replaced []string
			for _, r := range p.Replaced {
				replaced = append(replaced, r.Address+" by "+string(r.By))
			}
			if diff := cmp.Diff([][]string{c.want, c.replaced}, [][]string{outcome(p), replaced}); diff != "" {
				t.Errorf("outcome, replaced (-want +got):\n%s", diff)
			}
		})
	}
}

// An order that is acknowledged as one block wants is not closed while another
// one, which names it in another way, wants it to be shipped; nor is one of which
// wishes contradict each other.
func TestAnOrderIsObservedOnceWithAllThatIsWantedOfIt(t *testing.T) {
	const ack = "order \"a\" {\n  find = { id = \"id-1\" }\n  status = \"acknowledged\"\n  order_number = \"A\"\n}\n"
	const ship = "order \"b\" {\n  find = { source = \"Amazon\", source_order_number = \"112-1\" }\n  status = \"shipped\"\n}\n"
	const other = "order \"c\" {\n  find = { source = \"Amazon\", source_order_number = \"112-1\" }\n  status = \"acknowledged\"\n  order_number = \"B\"\n}\n"
	for name, c := range map[string]struct {
		hcl    string
		closed bool
	}{
		"acknowledged":               {ack, true},
		"and to be shipped":          {ack + ship, false},
		"and contradicted":           {ack + other, false},
		"and released by its number": {ack + "release \"r\" {\n  find = { source = \"Amazon\", source_order_number = \"112-1\" }\n  reason = \"settled\"\n}\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			orders := lives(2)
			orders[1].Status, orders[1].SourceStatus, orders[1].OrderNumber = order.Processing, order.Processing, "A"
			in := configuredInput(t, t.TempDir(), map[string]string{"main.hcl": sandboxAccount + c.hcl}, orders, plan.Selection{})
			seen := slices.Collect(plan.Observe(in))
			if len(seen) != 1 || seen[0].Key.ID != "id-1" || (seen[0].Closed != nil) != c.closed {
				t.Errorf("got %+v", seen)
			}
		})
	}
}
