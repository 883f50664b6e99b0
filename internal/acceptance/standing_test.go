package acceptance

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// standingBlocks acknowledge the new orders of one marketplace but for those on
// hold, and of another one only those on a list.
const standingBlocks = `
standing "walmart" {
  live         = { source = "walmart.com", status = "new", older_than = "10m" }
  status       = "acknowledged"
  order_number = "W-${live.source_order_number}"
  max_per_run  = 25
  except {
    rows = csv("holds.csv")
    find = { source = "Walmart.com", source_order_number = row["PO"] }
  }
}
standing "ebay" {
  live         = { source = "eBay", older_than = "10m" }
  status       = "acknowledged"
  order_number = live.id
  max_per_run  = 25
  only {
    rows = csv("listed.csv")
    find = { id = row["Order"] }
  }
}
`

// standingShop is a shop of which two thirds of the orders are new, with what must
// become of each order.
func standingShop(t *testing.T, o apiserver.Options) (w *world, orders []apiserver.Order, wanted map[string]want) {
	t.Helper()
	orders = apiserver.Generate(140, 360, apiserver.New, apiserver.Processing, apiserver.New, apiserver.New, apiserver.Shipped)
	o.Orders = orders
	w = newWorld(t, o)
	wanted = map[string]want{}
	var holds, listed, ships, cancels [][]string
	new := map[string]int{} // new orders of each marketplace, so far
	for i, order := range orders {
		if order.Status != apiserver.New {
			continue
		}
		new[order.Source]++
		n := new[order.Source]
		acknowledged := func(number string) {
			wanted[order.ID] = want{status: apiserver.Processing, number: number, writes: []string{apiserver.Acknowledge}}
		}
		switch own := "W-" + order.SourceNumber; {
		case order.Source == "eBay" && n%3 == 0:
			listed = append(listed, []string{order.ID})
			acknowledged(order.ID)
		case order.Source != "Walmart.com":
		case n%9 == 1:
			holds = append(holds, []string{order.SourceNumber})
		case n%9 == 2: // shipped with the number of the standing order
			ships = append(ships, shipRow(order, "", trackingOf(i), "UPS", ""))
			wanted[order.ID] = want{status: apiserver.Shipped, number: own, tracking: trackingOf(i), carrier: "UPS", writes: []string{apiserver.Acknowledge, apiserver.Ship}}
		case n%9 == 3: // shipped with its own
			ships = append(ships, shipRow(order, "S-"+order.SourceNumber, trackingOf(i), "UPS", ""))
			wanted[order.ID] = want{status: apiserver.Shipped, number: "S-" + order.SourceNumber, tracking: trackingOf(i), carrier: "UPS", writes: []string{apiserver.Acknowledge, apiserver.Ship}}
		case n%9 == 4:
			cancels = append(cancels, []string{order.Source, order.SourceNumber, ""})
			wanted[order.ID] = want{status: apiserver.Canceled, writes: []string{apiserver.Cancel}}
		case n%9 == 5: // what would be shipped is held back
			ships = append(ships, shipRow(order, "", "TBD", "UPS", ""))
		default:
			acknowledged(own)
		}
	}
	w.write("main.hcl", unlimited+"policy {\n  max_cancellation_ratio = 1\n}\n"+shipBatch+cancelBatch+standingBlocks)
	w.table("shipments/day.csv", shipColumns, ships)
	w.table("taken.csv", []string{"Store", "Order Number", "Ours"}, cancels)
	w.table("holds.csv", []string{"PO"}, holds)
	w.table("listed.csv", []string{"Order"}, listed)
	return w, orders, wanted
}

// untilNothingWaits applies until no order waits for the next run.
func (w *world) untilNothingWaits(most int) {
	w.t.Helper()
	for range most {
		d, _ := w.planJSON()
		if len(d.Changes)+d.Summary.Deferred == 0 {
			return
		}
		w.apply()
	}
	w.t.Errorf("there is something to do still after %d runs", most)
}

func TestStandingOrdersAcknowledgeWhatNothingNames(t *testing.T) {
	t.Parallel()
	w, orders, wanted := standingShop(t, apiserver.Options{})
	d, _ := w.planJSON()
	if d.Summary.Deferred == 0 || d.Summary.Acknowledge < 50 {
		t.Errorf("%+v", d.Summary)
	}
	w.untilNothingWaits(5)
	w.expect(orders, wanted)
	if d := w.nothingToDo(); d.Summary.Deferred+d.Summary.Pending > 0 {
		t.Errorf("%+v", d.Summary)
	}
	w.auditHolds()
	w.auditIsLedger()
}

// Answers are lost and reads lag: an order that was acknowledged shows as new for a
// while, and is acknowledged once all the same.
func TestStandingOrdersWhereAnswersAreLostAndReadsLag(t *testing.T) {
	t.Parallel()
	tries := newCounter()
	names := []string{"cut after executing", "cut before executing", "500 after executing", "503 before executing", "half an answer, executed"}
	w, orders, wanted := standingShop(t, apiserver.Options{ReadLag: 700 * time.Millisecond, Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Acknowledge && c.N%9 == 0 && tries.next(c.OrderID) == 1 {
			f := outcomes[names[c.N/9%len(names)]]
			return &f
		}
		return nil
	}})
	for range 3 { // whatever reads show
		w.apply()
	}
	time.Sleep(time.Second)
	w.untilNothingWaits(5)
	w.expect(orders, wanted)
	w.executedOnce()
	w.auditHolds()
}

// Runs are killed at any moment, one after the other.
func TestStandingOrdersOfRunsThatAreKilled(t *testing.T) {
	t.Parallel()
	random := seeded(t)
	w, orders, wanted := standingShop(t, apiserver.Options{ReadLag: 500 * time.Millisecond, WriteDelay: func() time.Duration {
		return time.Duration(rand.IntN(20)) * time.Millisecond
	}})
	for i := range soakOr(t, "GDF_SOAK_KILLS", 12) {
		args := []string{"apply", "--auto-approve"}
		if i%3 == 2 { // a saved plan, which is applied again
			if r := w.run("plan", "--out", "saved.plan"); r.code != 0 {
				continue
			}
			args = []string{"apply", "saved.plan"}
		}
		p := w.start(args...)
		time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		p.hit(kill, 0)
		p.wait()
	}
	until(t, "nothing waits any more", func() bool {
		d, r := w.planJSON()
		if r.code != 0 || len(d.Changes)+d.Summary.Deferred > 0 {
			w.run("apply", "--auto-approve").exits(0)
			return false
		}
		return true
	})
	time.Sleep(500 * time.Millisecond)
	w.nothingToDo()
	w.expect(orders, wanted)
	w.executedOnce()
	w.auditHolds()
}

// A flood of new orders costs a few calls to read, and those that are acknowledged.
func TestAFloodOfNewOrders(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("10,000 orders")
	}
	orders := apiserver.Generate(141, 12_000, apiserver.New, apiserver.New, apiserver.New, apiserver.New, apiserver.New, apiserver.Shipped)
	w := newWorld(t, apiserver.Options{Orders: orders})
	blocks := ""
	for i, source := range []string{"Amazon", "Walmart.com", "eBay"} {
		blocks += fmt.Sprintf("standing \"s%d\" {\n  live = { source = %q, older_than = \"10m\" }\n  status = \"acknowledged\"\n  order_number = live.source_order_number\n  max_per_run = 100\n}\n", i, source)
	}
	w.write("main.hcl", unlimited+blocks)
	w.apply()
	if lists, counts := w.api.Calls(apiserver.List), w.api.Calls(apiserver.Count); lists > 12 || counts > 2 || w.api.Calls(apiserver.Get) > 0 {
		t.Errorf("reading 10,000 new orders took %d lists and %d counts", lists, counts)
	}
	if n := w.api.Calls(apiserver.Acknowledge); n != 300 {
		t.Errorf("%d were acknowledged, want 300", n)
	}
	wanted := map[string]want{}
	done := map[string]int{}
	for _, o := range orders { // the oldest come first
		if o.Status == apiserver.New && done[o.Source] < 100 {
			done[o.Source]++
			wanted[o.ID] = want{status: apiserver.Processing, number: o.SourceNumber, writes: []string{apiserver.Acknowledge}}
		}
	}
	w.expect(orders, maps.Clone(wanted))
	if d, _ := w.planJSON(); d.Summary.Deferred != 9_400 || d.Summary.Acknowledge != 300 {
		t.Errorf("%+v", d.Summary)
	}
}
