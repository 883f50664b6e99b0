package plan_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// standingBlock is a standing order for Amazon; more goes into the block.
func standingBlock(name, number string, most int, more ...string) string {
	return fmt.Sprintf("standing %q {\n  live = { source = \"amazon\", older_than = \"10m\" }\n  status = \"acknowledged\"\n  order_number = %s\n  max_per_run = %d\n%s\n}\n",
		name, number, most, strings.Join(more, "\n"))
}

const ownNumber = `"O-${live.source_order_number}"`

// listOf is a block of a standing order over a list of ids.
func listOf(kind string, ids ...string) string {
	var rows []string
	for _, id := range ids {
		rows = append(rows, fmt.Sprintf("{ id = %q }", id))
	}
	return fmt.Sprintf("  %s {\n    rows = [%s]\n    find = { id = row.id }\n  }", kind, strings.Join(rows, ", "))
}

// withNumbers is outcome with the numbers that orders are given.
func withNumbers(p *plan.Plan) []string {
	out := outcome(p)
	for i := range p.Changes {
		out[i] += " " + p.Changes[i].After.OrderNumber
	}
	return out
}

func TestWhatAStandingOrderSelects(t *testing.T) {
	shipsOne := "order \"o\" {\n  find = { id = \"id-1\" }\n  status = \"shipped\"\n  carrier = \"UPS\"\n  tracking_number = \"1Z999AA10123456784\"\n"
	for name, c := range map[string]struct {
		blocks string
		live   []order.Live
		do     func(a *spec.Account, x *state.Session) error
		sel    plan.Selection
		want   []string
	}{
		"new orders of its source": {standingBlock("s", ownNumber, 9), []order.Live{
			live(1), live(2, func(l *order.Live) { l.Source = "Walmart" }), live(3, func(l *order.Live) { l.Status = order.Processing }),
		}, nil, plan.Selection{}, []string{"acknowledge id-1 O-112-1"}},
		"a canceled one is not new": {standingBlock("s", ownNumber, 9), []order.Live{
			live(1, func(l *order.Live) { l.SourceStatus = order.Cancelled }), live(2, func(l *order.Live) { l.SourceStatus = order.Shipped }),
		}, nil, plan.Selection{}, nil},
		"old enough": {standingBlock("s", ownNumber, 9), []order.Live{
			live(1, func(l *order.Live) { l.CreatedInSource = noon.Add(-10 * time.Minute) }),
			live(2, func(l *order.Live) { l.CreatedInSource = noon.Add(-10*time.Minute + time.Second) }),
		}, nil, plan.Selection{}, []string{"acknowledge id-1 O-112-1"}},
		"of unknown age": {standingBlock("s", ownNumber, 9), []order.Live{
			live(1, func(l *order.Live) { l.CreatedInSource, l.CreatedInDestination = time.Time{}, noon.Add(-time.Hour) }),
		}, nil, plan.Selection{}, []string{"warning age_unknown"}},
		"a mistyped source":           {strings.Replace(standingBlock("s", ownNumber, 9), "amazon", "amazn", 1), lives(2), nil, plan.Selection{}, []string{"warning source_unknown"}},
		"a source without new orders": {strings.Replace(standingBlock("s", ownNumber, 9), "amazon", "Walmart", 1), lives(2), nil, plan.Selection{}, nil},
		"the oldest first": {standingBlock("s", ownNumber, 2), []order.Live{live(3), live(1), live(2)}, nil, plan.Selection{}, []string{
			"acknowledge id-1 O-112-1", "acknowledge id-2 O-112-2", "deferred id-3 ",
		}},
		"but for exceptions": {standingBlock("s", ownNumber, 9, listOf("except", "id-1")), lives(3), nil, plan.Selection{}, []string{
			"acknowledge id-0 O-112-0", "acknowledge id-2 O-112-2",
		}},
		"only some":                    {standingBlock("s", ownNumber, 9, listOf("only", "id-1")), lives(3), nil, plan.Selection{}, []string{"acknowledge id-1 O-112-1"}},
		"only none":                    {standingBlock("s", ownNumber, 9, listOf("only")), lives(3), nil, plan.Selection{}, nil},
		"a shipment gets the number":   {standingBlock("s", ownNumber, 9) + shipsOne + "}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge+ship id-1 O-112-1"}},
		"a shipment with its own":      {standingBlock("s", ownNumber, 9) + shipsOne + "  order_number = \"X\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge+ship id-1 X"}},
		"a shipment counts for none":   {standingBlock("s", ownNumber, 1) + shipsOne + "}\n", []order.Live{live(1), live(2)}, nil, plan.Selection{}, []string{"acknowledge+ship id-1 O-112-1", "acknowledge id-2 O-112-2"}},
		"a shipment that is held back": {standingBlock("s", ownNumber, 9) + strings.Replace(shipsOne, "1Z999AA10123456784", "TBD", 1) + "}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 bad_tracking"}},
		"a cancel":                     {standingBlock("s", ownNumber, 9) + "order \"id-1\" {\n  status = \"cancelled\"\n  reason = \"r\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"cancel id-1 "}},
		"an acknowledge":               {standingBlock("s", ownNumber, 9) + "order \"id-1\" {\n  status = \"acknowledged\"\n  order_number = \"X\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge id-1 X"}},
		"a bad row":                    {standingBlock("s", ownNumber, 9) + "batch \"b\" {\n  rows = [{ id = \"id-1\", number = \"\" }]\n  find = { id = row.id }\n  status = \"acknowledged\"\n  order_number = row.number\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"held id-1 id-1 bad_row"}},
		"a row that where drops":       {standingBlock("s", ownNumber, 9) + "batch \"b\" {\n  rows = [{ id = \"id-1\" }]\n  where = row.id == \"\"\n  find = { id = row.id }\n  status = \"shipped\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge id-1 O-112-1"}},
		"a void row":                   {standingBlock("s", ownNumber, 9) + "batch \"b\" {\n  rows = [{ id = \"id-1\" }]\n  voided = row.id != \"\"\n  find = { id = row.id }\n  status = \"shipped\"\n  tracking_number = \"1Z999AA10123456784\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, nil},
		"a released order":             {standingBlock("s", ownNumber, 9) + "release \"r\" {\n  find = { source = \"AMAZON\", source_order_number = \"112-1\" }\n  reason = \"r\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, nil},
		"what is not selected":         {standingBlock("s", ownNumber, 9) + shipsOne + "}\n", []order.Live{live(1), live(2)}, nil, plan.Selection{Targets: []string{"standing.s"}}, []string{"acknowledge id-2 O-112-2"}},
		"one that is selected":         {standingBlock("s", ownNumber, 9), lives(3), nil, plan.Selection{Targets: []string{`standing.s["Amazon/112-2"]`}}, []string{"acknowledge id-2 O-112-2"}},
		"one that is left out":         {standingBlock("s", ownNumber, 9), lives(3), nil, plan.Selection{Excludes: []string{`standing.s["Amazon/112-2"]`}}, []string{"acknowledge id-0 O-112-0", "acknowledge id-1 O-112-1"}},
		"two that agree":               {standingBlock("s", ownNumber, 9) + standingBlock("t", ownNumber, 9), []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge id-1 O-112-1"}},
		"two that don't":               {standingBlock("s", ownNumber, 9) + standingBlock("t", `live.id`, 9), []order.Live{live(1)}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 conflict"}},
		"two that don't, and a number": {standingBlock("s", ownNumber, 9) + standingBlock("t", `live.id`, 9) + shipsOne + "  order_number = \"X\"\n}\n", []order.Live{live(1)}, nil, plan.Selection{}, []string{"acknowledge+ship id-1 X"}},
		"one number in two rows":       {"batch \"b\" {\n  rows = [{ id = \"id-1\" }, { id = \"id-2\" }]\n  find = { id = row.id }\n  status = \"acknowledged\"\n  order_number = \"SO-1\"\n}\n", []order.Live{live(1), live(2)}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 ACK02", "held id-2 Amazon 112-2 ACK02"}},
		"one number for two":           {standingBlock("s", `substr(live.source_order_number, 0, 3)`, 9), []order.Live{live(1), live(2)}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 ACK02", "held id-2 Amazon 112-2 ACK02"}},
		"a number that is written":     {standingBlock("s", ownNumber, 9) + strings.Replace(shipsOne, "id-1", "id-2", 1) + "  order_number = \"O-112-1\"\n}\n", []order.Live{live(1), live(2)}, nil, plan.Selection{}, []string{"acknowledge+ship id-2 O-112-1", "held id-1 Amazon 112-1 ACK02"}},
		"a number that is live":        {standingBlock("s", ownNumber, 9), []order.Live{live(1), live(2, func(l *order.Live) { l.Status, l.OrderNumber = order.Processing, "O-112-1" })}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 ACK02"}},
		"a number that was sent": {standingBlock("s", ownNumber, 9), []order.Live{live(1)}, func(a *spec.Account, x *state.Session) error {
			return applied(a, live(2), order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "O-112-1"}, 40*24*time.Hour)(x)
		}, plan.Selection{}, []string{"held id-1 Amazon 112-1 ACK02"}},
		"no number":                 {standingBlock("s", `live.id == "id-1" ? "" : live.id`, 9), []order.Live{live(1), live(2)}, nil, plan.Selection{}, []string{"acknowledge id-2 id-2", "held id-1 Amazon 112-1 bad_order_number"}},
		"another number is there":   {standingBlock("s", ownNumber, 9), []order.Live{live(1, func(l *order.Live) { l.OrderNumber = "X" })}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 order_number_differs"}},
		"two orders of one number":  {standingBlock("s", ownNumber, 9), []order.Live{live(1), live(2, func(l *order.Live) { l.SourceNumber = "112-1" })}, nil, plan.Selection{}, []string{"held id-1 Amazon 112-1 ambiguous_match", "held id-2 Amazon 112-1 ambiguous_match"}},
		"held ones let others pass": {standingBlock("s", ownNumber, 1), []order.Live{live(1, func(l *order.Live) { l.OrderNumber = "X" }), live(2)}, nil, plan.Selection{}, []string{"acknowledge id-2 O-112-2", "held id-1 Amazon 112-1 order_number_differs"}},
		"what was sent is pending": {standingBlock("s", `"new-${live.id}"`, 1), []order.Live{live(1), live(2)}, func(a *spec.Account, x *state.Session) error {
			return applied(a, live(1), order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "O-112-1"}, time.Minute)(x)
		}, plan.Selection{}, []string{"acknowledge id-2 new-id-2", "pending acknowledge id-1 not taken false"}},
	} {
		t.Run(name, func(t *testing.T) {
			var do []func(a *spec.Account, x *state.Session) error
			if c.do != nil {
				do = append(do, c.do)
			}
			in := configuredInput(t, t.TempDir(), map[string]string{"main.hcl": sandboxAccount + c.blocks}, c.live, c.sel, do...)
			p := mustBuild(t, in)
			if diff := cmp.Diff(c.want, withNumbers(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			asksForItself(t, in, p)
		})
	}
}

// asksForItself checks that a plan, saved, is what the configuration asks for.
func asksForItself(t testing.TB, in plan.Input, p *plan.Plan) {
	t.Helper()
	content, _ := encoded(t, p)
	saved, _, err := plan.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if _, unasked := asked(in, saved); len(unasked) > 0 {
		t.Errorf("the saved plan is refused: %s", unasked[0].Why)
	}
}

// What one run leaves, the next ones do.
func TestDeferredOverThreeRuns(t *testing.T) {
	orders := lives(7)
	slices.Reverse(orders)
	var done []string
	for run := range 4 {
		p := configured(t, t.TempDir(), map[string]string{"main.hcl": sandboxAccount + standingBlock("s", ownNumber, 3)}, orders, plan.Selection{})
		if want := max(0, 7-3*(run+1)); len(p.Deferred) != want || p.Summary().Deferred != want {
			t.Fatalf("run %d: %d are deferred, want %d", run, len(p.Deferred), want)
		}
		for _, d := range p.Deferred {
			if d.Message != "waits for the next run: max_per_run of standing.s is 3 (main.hcl:9)" {
				t.Fatal(d.Message)
			}
		}
		for _, c := range p.Changes {
			done = append(done, c.Order.ID)
			at := slices.IndexFunc(orders, func(l order.Live) bool { return l.ID == c.Order.ID })
			orders[at].Status, orders[at].OrderNumber = order.Processing, c.After.OrderNumber
		}
	}
	if diff := cmp.Diff([]string{"id-0", "id-1", "id-2", "id-3", "id-4", "id-5", "id-6"}, done); diff != "" {
		t.Error(diff)
	}
}

// A table that can't be used stops its standing order, and nothing else.
func TestATableThatCantBeUsed(t *testing.T) {
	for name, c := range map[string]struct{ table, says string }{
		"no such file":       {"", "there is no such file"},
		"an empty cell":      {"x,PO\n1,112-1\n2,\n", "source_order_number is empty"},
		"a missing cell":     {"x,PO\n1,112-1\n1\n", "cell"},
		"a damaged number":   {"PO\n1.12E+14\n", "a spreadsheet changed the order's number"},
		"a formula":          {"PO\n\"=\"\"112-1\"\"\"\n", "a spreadsheet changed the order's number"},
		"another column":     {"Order\n112-1\n", "has none of the columns"},
		"a cell that is cut": {"x,PO\n1,112-10\n1,112-2", "may be cut off"},
		"a line that is cut": {"x,PO\n1,112-1\n1,112-2,\n1", "cell"},
	} {
		for _, kind := range []string{"only", "except"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				files := map[string]string{"main.hcl": sandboxAccount + standingBlock("s", ownNumber, 9,
					"  "+kind+" {\n    rows = csv(\"*.csv\")\n    find = { source = \"Amazon\", source_order_number = row[\"PO\"] }\n  }") +
					standingBlock("t", ownNumber, 9, listOf("only", "id-2"))}
				if c.table != "" {
					files["holds.csv"] = c.table
				}
				in := configuredInput(t, t.TempDir(), files, lives(4), plan.Selection{})
				p := mustBuild(t, in)
				if diff := cmp.Diff([]string{"acknowledge id-2 O-112-2"}, withNumbers(p)); diff != "" {
					t.Error(diff)
				}
				if len(p.Stopped) != 1 || p.Stopped[0].Address != "standing.s" || !strings.Contains(p.Stopped[0].Why(), c.says) {
					t.Errorf("stopped: %+v", p.Stopped)
				}
				diags := in.Wishes.Diagnostics()
				if !diags.HasErrors() {
					t.Error("validate finds nothing wrong")
				}
			})
		}
	}
}

// Where nothing needs the whole lookback, the new orders alone are read, and no
// plan is made of a listing that is not complete.
func TestReadingForAStandingOrder(t *testing.T) {
	shipped := func(l *order.Live) { l.Status = order.Shipped }
	orders := []order.Live{live(1), live(2), live(3, shipped), live(4, shipped), live(5, shipped)}
	calls := func(t *testing.T, blocks string, api *script) (string, error) {
		t.Helper()
		api.filter = true
		in := configuredInput(t, t.TempDir(), map[string]string{"main.hcl": sandboxAccount + blocks}, nil, plan.Selection{})
		_, err := plan.Read(t.Context(), plan.ReadRequest{Accounts: in.Accounts, APIs: map[string]plan.Reader{"main": api}, Wishes: in.Wishes, State: in.State, Now: now})
		return api.said(), err
	}
	for name, c := range map[string]struct{ blocks, want string }{
		"alone":                       {standingBlock("s", ownNumber, 9), "new count, new page 1"},
		"with an order known by id":   {standingBlock("s", ownNumber, 9) + "order \"id-3\" {\n  status = \"shipped\"\n}\n", "new count, new page 1, get id-3"},
		"with a new order by id":      {standingBlock("s", ownNumber, 9) + "order \"id-2\" {\n  status = \"shipped\"\n}\n", "new count, new page 1"},
		"with three by id":            {standingBlock("s", ownNumber, 9) + "order \"id-3\" {\n  status = \"shipped\"\n}\norder \"id-4\" {\n  status = \"shipped\"\n}\norder \"id-5\" {\n  status = \"shipped\"\n}\n", "count, page 1"},
		"with an order by its number": {standingBlock("s", ownNumber, 9) + "order \"o\" {\n  find = { source_order_number = \"112-3\" }\n  status = \"shipped\"\n}\n", "count, page 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := calls(t, c.blocks, &script{orders: orders})
			if err != nil || got != c.want {
				t.Errorf("%s, want %s (%v)", got, c.want, err)
			}
		})
	}
	if got, err := calls(t, standingBlock("s", ownNumber, 9), &script{orders: orders[2:]}); err != nil || got != "new count" {
		t.Errorf("no new orders: %s (%v)", got, err)
	}
	if _, err := calls(t, standingBlock("s", ownNumber, 9), &script{orders: orders, count: func(n int) int { return n + 1 }}); err == nil || !strings.Contains(err.Error(), "counts 3 orders but listed only 2") {
		t.Errorf("an incomplete listing: %v", err)
	}
}

// Whatever blocks name an order, and whatever comes of that: a standing order adds
// nothing but its number to a shipment that has none. Every other order that it
// selects is named by nothing.
func TestAStandingOrderTouchesNothingThatIsNamed(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		all := sayings().Draw(rt, "wishes")
		files := written(rt, all)
		if rapid.Bool().Draw(rt, "release") {
			files["main.hcl"] += "release \"id-1\" {\n  reason = \"r\"\n}\n"
			all = append(all, said{order: 1})
		}
		orders := lives(6)
		for i := range orders {
			orders[i].Status = rapid.SampledFrom([]order.Status{order.New, order.New, order.Processing, order.Shipped}).Draw(rt, "status")
		}
		var sel, alone plan.Selection
		if rapid.IntRange(0, 3).Draw(rt, "select") == 0 {
			sel.Targets, alone.Targets = []string{"standing.s", "batch.i1"}, []string{"batch.i1"}
		}
		n++
		without := maps.Clone(files)
		files["standing.hcl"] = standingBlock("s", `"S-${live.id}"`, rapid.IntRange(1, 5).Draw(rt, "most"))
		before := configured(t, subdirectory(t, dir, n, "a"), without, orders, alone)
		in := configuredInput(t, subdirectory(t, dir, n, "b"), files, orders, sel)
		p := mustBuild(t, in)
		named := map[string]bool{}
		for _, s := range all {
			named[fmt.Sprintf("112-%d", s.order)] = true
		}
		for _, c := range p.Changes {
			if plan.IsStanding(c.Address) && named[c.Order.SourceNumber] {
				rt.Fatalf("%s is named, and changed as %s", c.Order, c.Address)
			}
		}
		for _, d := range p.Deferred {
			if plan.IsStanding(d.Address) && named[d.Order.SourceNumber] {
				rt.Fatalf("%s is named, and deferred", d.Order)
			}
		}
		p.Changes = slices.DeleteFunc(p.Changes, func(c plan.Change) bool { return plan.IsStanding(c.Address) })
		for i := range p.Changes { // take out what it added
			if c := &p.Changes[i]; c.After.OrderNumber == "S-"+c.Order.ID && c.Has(order.Ship) {
				c.Actions, c.After.OrderNumber = c.Actions[1:], ""
			}
		}
		if diff := cmp.Diff(comesTo(before), comesTo(p)); diff != "" {
			rt.Fatalf("without (-) and with (+) the standing order:\n%s", diff)
		}
		asksForItself(t, in, mustBuild(t, in))
	})
}

func subdirectory(t testing.TB, dir string, n int, name string) string {
	t.Helper()
	path := filepath.Join(dir, fmt.Sprintf("%d-%s", n, name))
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
