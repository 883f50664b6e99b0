package acceptance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestAContradictionHoldsBackItsOrderAndTheOthersGoOut(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(201, 12, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("stop.hcl", "order \"stop\" {\n  find = { id = \""+orders[3].ID+"\" }\n  status = \"cancelled\"\n  reason = \"lost\"\n}\n")
	w.apply().says("conflict", "PULL PARCEL "+trackingOf(3), "stop.hcl:1", "shipments/day.csv:5", "1 held back")
	w.shippedOnceBut(orders, 3)
	d := w.nothingToDo()
	want := &planConflict{Fields: []string{"status"}, Places: []planPlace{{File: "stop.hcl", Line: 1}, {File: "shipments/day.csv", Line: 5}}}
	if len(d.Held) != 1 || d.Held[0].Code != "conflict" || d.Held[0].Suggestion == "" {
		t.Fatalf("held: %+v", d.Held)
	}
	if diff := cmp.Diff(want, d.Held[0].Conflict); diff != "" {
		t.Error(diff)
	}
}

// An acknowledge by the API's id and a shipment by the marketplace's number are
// found to be about one order when it is read.
func TestAnOrderThatIsNamedInTwoWaysIsOne(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(202, 4, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	w.write("main.hcl", unlimited+`
order "ack" {
  find         = { id = "`+orders[0].ID+`" }
  status       = "acknowledged"
  order_number = "SO-1"
}
order "ship" {
  find            = { source = "`+orders[0].Source+`", source_order_number = "`+orders[0].SourceNumber+`" }
  status          = "shipped"
  tracking_number = "1Z999AA10123456784"
}
`)
	w.apply().says("2 applied")
	w.executedOnce()
	d := w.nothingToDo()
	if d.Summary.Orders != 1 || d.Summary.NoOp+d.Summary.Pending != 1 {
		t.Errorf("%+v", d.Summary)
	}
}

// A broken export stops its batch and nothing else; plan and apply say so by
// their exit code.
func TestABatchOfWhichTooManyOrdersAreHeldIsStopped(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(203, 32, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders})
	batch := strings.Replace(shipBatch, "rows ", "max_held = 3\n  rows ", 1)
	w.write("main.hcl", unlimited+batch+"order \"o\" {\n  find = { id = \""+orders[30].ID+"\" }\n  status = \"shipped\"\n  tracking_number = \""+trackingOf(30)+"\"\n}\n"+
		"order \"ack\" {\n  find = { id = \""+orders[9].ID+"\" }\n  status = \"acknowledged\"\n  order_number = \"SO-9\"\n}\n")
	w.shipments(orders[:30])
	rows := strings.SplitAfter(w.read("shipments/day.csv"), "\n")
	for i := 1; i <= 4; i++ {
		rows[i] = strings.TrimSuffix(rows[i], ",\r\n") + ",yesterday\r\n"
	}
	w.write("shipments/day.csv", strings.Join(rows, ""))
	w.run("plan", "--out", "release.plan").exits(3).says("batch.shipments batch_stopped", "4 orders are held back, 3 allowed", "26 other orders not changed", "This is not a time")
	d, _ := w.planJSON()
	if len(d.Stopped) != 1 || d.Stopped[0].Orders != 26 || d.Summary.Stopped != 26 || len(d.Held) != 4 || len(d.Changes) != 1 {
		t.Errorf("%+v, %+v", d.Stopped, d.Summary)
	}
	w.run("apply", "release.plan").exits(3)
	w.expect(orders, map[string]want{orders[30].ID: {status: apiserver.Shipped, writes: []string{apiserver.Ship}, tracking: trackingOf(30)}})
	w.run("apply", "--auto-approve").exits(3)
	replace("main.hcl", "max_held = 3", "max_held = 4")(w)
	w.apply()
	wanted := map[string]want{orders[30].ID: {status: apiserver.Shipped, tracking: trackingOf(30), writes: []string{apiserver.Ship}}}
	for i, o := range orders[4:30] {
		wanted[o.ID] = want{status: apiserver.Shipped, tracking: trackingOf(i + 4), carrier: "UPS", writes: []string{apiserver.Ship}}
	}
	wanted[orders[9].ID] = want{status: apiserver.Shipped, number: "SO-9", tracking: trackingOf(9), carrier: "UPS", writes: []string{apiserver.Acknowledge, apiserver.Ship}}
	w.expect(orders, wanted)
}
