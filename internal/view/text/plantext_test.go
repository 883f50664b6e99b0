package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/watch"
)

var plannedAt = time.Date(2026, 11, 27, 15, 0, 0, 0, time.UTC)

// shownPlan is what a plan says on a terminal of so many columns.
func shownPlan(t testing.TB, s Style, p *plan.Plan, full bool) string {
	t.Helper()
	var out strings.Builder
	text := PlanText{
		Plan: report.NewPlan(p, "0123456789abcdef", nil, watch.Report{}), Full: full, Zones: map[string]*time.Location{"main": time.FixedZone("EST", -5*60*60)},
		Command: func(words ...string) string { return "gdfctl " + strings.Join(words, " ") },
	}
	if err := text.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// ships is a plan that ships n orders of a batch, each placed an hour after the
// one before it.
func ships(n int) *plan.Plan {
	p := &plan.Plan{CreatedAt: plannedAt, Orders: n, Accounts: []plan.AccountPlan{{Name: "main", Burst: 50, PerSecond: 2}}}
	for i := range n {
		number := fmt.Sprintf("111-%04d", i)
		p.Changes = append(p.Changes, plan.Change{
			Address: fmt.Sprintf("batch.b[\"Amazon/%s\"]", number), Account: "main", Order: order.Ref{ID: "id-" + number, Source: "Amazon", SourceNumber: number},
			Created: plannedAt.Add(-time.Duration(1000-i) * time.Hour), Actions: []order.Action{order.Ship}, Before: order.Values{Status: order.New},
			After:     order.Values{Status: order.Shipped, Carrier: "UPS", Tracking: fmt.Sprintf("1Z%04d", i), ShippedAt: plannedAt.Add(-time.Duration(i+1) * time.Hour)},
			DefinedAt: spec.Place{File: "t.csv", Line: i + 2},
		})
	}
	return p
}

// heldOrders are held back for one reason.
func heldOrders(n int, code plan.Code) []plan.Held {
	held := make([]plan.Held, n)
	for i := range held {
		held[i] = plan.Held{
			Address: fmt.Sprintf("batch.b[\"eBay/07-%04d\"]", i), Account: "main", Order: order.Ref{Source: "eBay", SourceNumber: fmt.Sprintf("07-%04d", i)},
			Code: code, Message: "shipped 2026-11-26T05:00:00Z, but the order was only placed 2026-11-26T22:42:01Z", DefinedAt: spec.Place{File: "t.csv", Line: i + 2},
		}
	}
	return held
}

// The ten ordinary orders that are shown: those with findings, of the rarest
// rule first, and then the oldest.
func TestWhichOrdersAreShown(t *testing.T) {
	p := ships(30)
	for _, f := range []struct {
		order int
		rule  string
	}{{20, "SHIP04"}, {21, "SHIP04"}, {29, "SHIP05"}} {
		p.Findings = append(p.Findings, plan.Finding{Rule: f.rule, Severity: rules.Warn, Address: p.Changes[f.order].Address, Message: "look at it", Count: 1})
	}
	var got []string
	for line := range strings.Lines(shownPlan(t, Style{Width: 80}, p, false)) {
		if number, ok := strings.CutPrefix(line, "  → Amazon "); ok {
			got = append(got, strings.Fields(number)[0])
		}
	}
	want := []string{"111-0029", "111-0020", "111-0021", "111-0000", "111-0001", "111-0002", "111-0003", "111-0004", "111-0005", "111-0006"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of many orders that are held back for one reason some stand for all; what is
// rare stands first.
func TestManyHeldOrders(t *testing.T) {
	p := ships(1)
	p.Held = append(heldOrders(25, plan.NotFoundInLookback), heldOrders(1, plan.ShippedBeforeCreated)...)
	text := shownPlan(t, Style{Width: 80}, p, false)
	want := `Held back: 26 orders
  ! eBay 07-0000  shipped_before_created  t.csv:2
      shipped Nov 26 00:00 EST, but the order was only placed Nov 26 17:42 EST
  ! eBay 07-0000  not_found_in_lookback  t.csv:2
`
	if !strings.HasPrefix(text, want) || !strings.Contains(text, "… and 22 more not_found_in_lookback; --full shows all") {
		t.Errorf("got:\n%s", text)
	}
	if full := shownPlan(t, Style{Width: 80}, p, true); strings.Count(full, "  ! ") != 26 || strings.Contains(full, "--full") {
		t.Errorf("in full:\n%s", full)
	}
}

// What is sent again for an order that no block names any more has no place.
func TestAHeldOrderWithoutAPlace(t *testing.T) {
	held := heldOrders(1, plan.ShownAsWanted)
	held[0].DefinedAt = spec.Place{}
	for columns, head := range map[int]string{30: "\n      shown_as_wanted\n", 80: "\n  ! eBay 07-0000  shown_as_wanted\n"} {
		text := shownPlan(t, Style{Width: columns}, &plan.Plan{Orders: 1, Held: held}, false)
		if !strings.Contains(text, head) || strings.Contains(text, "(:0)") {
			t.Errorf("with %d columns:\n%s", columns, text)
		}
	}
}

// Two findings of one order are of one order, and each form of numbers that is
// not known has its line, whether all is shown or not.
func TestFindingsAreCountedByOrder(t *testing.T) {
	p := ships(1)
	for _, f := range []plan.Finding{
		{Rule: "latest_file", Severity: rules.Warn, Address: "x", Message: "b after a"},
		{Rule: "latest_file", Severity: rules.Warn, Address: "x", Message: "c after a"},
		{Rule: "SHIP19", Severity: rules.Info, Address: "batch.b", Message: "3 numbers of 9 digits"},
		{Rule: "SHIP19", Severity: rules.Info, Address: "batch.b", Message: "2 numbers of 8 digits"},
	} {
		f.Count = 1
		p.Findings = append(p.Findings, f)
	}
	text := shownPlan(t, Style{Width: 80}, p, false)
	want := `Warning latest_file: x: b after a
Info SHIP19: batch.b: 3 numbers of 9 digits
Info SHIP19: batch.b: 2 numbers of 8 digits
`
	if !strings.HasPrefix(text, want) {
		t.Errorf("got:\n%s", text)
	}
}

// Numbers have separators, also those of a batch's rows.
func TestLargeNumbers(t *testing.T) {
	p := ships(2)
	p.NoOp, p.Orders = 864_998, 865_000
	p.Batches = []*spec.BatchCount{{Address: "batch.b", Files: 1, Rows: 1_000_006, Orders: 865_000, Repeated: 135_000, LeftOut: 6}}
	text := shownPlan(t, Style{Width: 120}, p, false)
	for _, want := range []string{
		"batch.b: 1,000,006 rows in 1 file: 865,000 orders, 135,000 repeated rows, 6 left out by where\n",
		"Plan: 2 to ship; 864,998 as wanted. 865,000 orders in all. Plan hash: 0123456789ab\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not there: %s in\n%s", want, text)
		}
	}
}

// Whatever the width, nothing is cut off, no line with room for a break is
// wider, and colors change nothing of it.
func TestThePlanFitsAnyWidth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := ships(rapid.IntRange(0, 12).Draw(r, "ships"))
		for i := range p.Changes {
			c := &p.Changes[i]
			switch rapid.IntRange(0, 5).Draw(r, "change") {
			case 0:
				c.Actions, c.Before, c.After = []order.Action{order.Cancel}, order.Values{Status: order.New}, order.Values{Status: order.Cancelled}
				c.Reason = strings.Repeat("the buyer called ", rapid.IntRange(1, 9).Draw(r, "reason"))
			case 1:
				c.Actions, c.Before = []order.Action{order.Correct}, c.After
				c.Before.Tracking, c.Before.Carrier = "9400111899223857102040", "USPS"
			case 2:
				c.Actions = []order.Action{order.Acknowledge, order.Ship}
				c.After.OrderNumber = "SO-1"
			case 3:
				c.Address = fmt.Sprintf("order[\"o%d\"]", i)
			case 4:
				p.Findings = append(p.Findings, plan.Finding{Rule: "SHIP04", Severity: rules.Warn, Address: c.Address, Message: "shipped 2026-11-26T05:00:00Z, which is late", Count: 1})
			}
		}
		p.Held = heldOrders(rapid.IntRange(0, 12).Draw(r, "held"), plan.NotFound)
		for i := range rapid.IntRange(0, 3).Draw(r, "deferred") {
			p.Deferred = append(p.Deferred, plan.Deferred{Address: fmt.Sprintf("batch.b[%q]", fmt.Sprint(i)), Account: "main", Until: 20784, Message: "later"})
		}
		p.Orders = len(p.Changes) + len(p.Held) + len(p.Deferred)
		width := rapid.IntRange(narrowest, 120).Draw(r, "width")
		for _, full := range []bool{false, true} {
			text := shownPlan(t, Style{Width: width}, p, full)
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				if n := displayWidth(line); n > width && strings.Contains(strings.TrimSpace(line), gap) {
					r.Errorf("%d columns for %d: %s", n, width, line)
				}
			}
			if colored := colorCode.ReplaceAllString(shownPlan(t, Style{Width: width, Color: true}, p, full), ""); colored != text {
				r.Errorf("in color (-without +with):\n%s", cmp.Diff(text, colored))
			}
		}
		words := func(width int) []string { // a place can stand in front of its message or, in brackets, behind it
			all := strings.Fields(strings.NewReplacer("(", "", ")", "").Replace(shownPlan(t, Style{Width: width}, p, true)))
			slices.Sort(all)
			return all
		}
		if diff := cmp.Diff(words(10_000), words(width)); diff != "" {
			r.Errorf("something is lost (-wide +%d):\n%s", width, diff)
		}
	})
}

// Of several accounts, the command is about the one with the most.
func TestUnclaimedOrdersOfAccounts(t *testing.T) {
	p := ships(1)
	p.Accounts[0].Unclaimed = &plan.Unclaimed{Count: 1, Oldest: plannedAt.Add(-76 * time.Hour)}
	for _, c := range []struct {
		others []plan.AccountPlan
		want   string
	}{
		{nil, "1 open order is in no table (oldest 3 days): gdfctl orders list --unclaimed\n"},
		{[]plan.AccountPlan{{Name: "eu"}, {Name: "uk", Unclaimed: &plan.Unclaimed{}}}, "1 open order is in no table (oldest 3 days): gdfctl orders list --unclaimed --account main\n"},
		{
			[]plan.AccountPlan{{Name: "eu", Unclaimed: &plan.Unclaimed{Count: 1200, Oldest: plannedAt.Add(-61 * time.Minute)}}},
			"1,201 open orders are in no table (oldest 3 days), most of them in account eu: gdfctl orders list --unclaimed --account eu\n",
		},
	} {
		shown := *p
		shown.Accounts = append(slices.Clone(p.Accounts), c.others...)
		if text := shownPlan(t, Style{Width: 200}, &shown, false); !strings.Contains(text, c.want) {
			t.Errorf("not there: %s in\n%s", c.want, text)
		}
	}
}

// BenchmarkPlanText shows a large plan: people wait for it.
func BenchmarkPlanText(b *testing.B) {
	p := ships(100_000)
	for b.Loop() {
		shownPlan(b, Style{Width: 80}, p, false)
	}
}
