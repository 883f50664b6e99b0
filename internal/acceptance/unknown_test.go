package acceptance

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// outcomes are the answers that say nothing about what became of a write.
var outcomes = map[string]apiserver.Fault{
	"cut after executing":        {Execute: true, Cut: true},
	"cut before executing":       {Cut: true},
	"500 after executing":        {Execute: true, Status: 500},
	"500 before executing":       {Status: 500},
	"503 after executing":        {Execute: true, Status: 503},
	"503 before executing":       {Status: 503},
	"502 HTML after executing":   {Execute: true, Status: 502, ContentType: "text/html", Body: "<html>Bad Gateway</html>"},
	"200 HTML after executing":   {Execute: true, ContentType: "text/html", Body: "<html>OK</html>"},
	"200 HTML before executing":  {ContentType: "text/html", Body: "<html>Maintenance</html>"},
	"half an answer, executed":   {Execute: true, Half: true, Body: `{"Success": tr`},
	"half an answer, no effect":  {Half: true, Body: `{"Success": tr`},
	"empty answer, executed":     {Execute: true, Body: " "},
	"empty object, no effect":    {Body: `{}`},
	"a redirect after executing": {Execute: true, Status: 302},
}

func TestAnUnknownOutcomeIsLookedUpAndNeverRepeatedBlindly(t *testing.T) {
	t.Parallel()
	for name, fault := range outcomes {
		for _, op := range []string{apiserver.Ship, apiserver.Cancel, apiserver.Acknowledge} {
			t.Run(name+"/"+op, func(t *testing.T) {
				t.Parallel()
				unknownOutcome(t, op, fault)
			})
		}
	}
}

// unknownOutcome gives every fourth call of an operation, on its first try,
// this fault.
func unknownOutcome(t *testing.T, op string, fault apiserver.Fault) {
	orders := apiserver.Generate(70, 20, apiserver.New)
	hit := map[string]bool{}
	for i := 0; i < len(orders); i += 4 {
		hit[orders[i].ID] = true
	}
	tries := newCounter()
	w := newWorld(t, apiserver.Options{Orders: orders, Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == op && hit[c.OrderID] && tries.next(c.OrderID) == 1 {
			f := fault
			return &f
		}
		return nil
	}})
	wanted := map[string]want{}
	var rows [][]string
	for i, o := range orders {
		number := trackingOf(i)
		switch op {
		case apiserver.Ship:
			rows = append(rows, shipRow(o, "", number, "UPS", ""))
			wanted[o.ID] = want{status: apiserver.Shipped, tracking: number, carrier: "UPS", writes: []string{op}}
		case apiserver.Cancel:
			wanted[o.ID] = want{status: apiserver.Canceled, writes: []string{op}}
		case apiserver.Acknowledge:
			wanted[o.ID] = want{status: apiserver.Processing, number: number, writes: []string{op}}
		}
		if op != apiserver.Ship {
			rows = append(rows, []string{o.Source, o.SourceNumber, number})
		}
	}
	switch op {
	case apiserver.Ship:
		w.write("main.hcl", unlimited+shipBatch)
		w.table("shipments/day.csv", shipColumns, rows)
	case apiserver.Cancel:
		w.write("main.hcl", unlimited+"policy {\n  max_cancellation_ratio = 1\n}\n"+cancelBatch)
		w.table("taken.csv", []string{"Store", "Order Number", "Ours"}, rows)
	case apiserver.Acknowledge:
		w.write("main.hcl", unlimited+ackBatch)
		w.table("taken.csv", []string{"Store", "Order Number", "Ours"}, rows)
	}

	r := w.apply()
	if r.elapsed < time.Second {
		t.Errorf("it took %s: the account's settle of 1 s was not waited for", r.elapsed)
	}
	w.expect(orders, wanted)
	sent := len(orders)
	if !fault.Execute {
		sent += len(hit)
	}
	if n := w.api.Writes(); n != sent {
		t.Errorf("%d writes were sent, want %d", n, sent)
	}
	repeated, readBack := 0, 0
	for _, line := range w.audit() {
		if line.Repeated && line.Result == "done" {
			repeated++
		}
		if line.ReadBack && line.Result == "done" {
			readBack++
		}
	}
	if fault.Execute && (repeated != 0 || readBack != len(hit)) || !fault.Execute && repeated != len(hit) {
		t.Errorf("the audit record has %d lines repeated_after_settle and %d read back, of %d calls", repeated, readBack, len(hit))
	}
	w.nothingToDo()
	w.auditHolds()
}

const cancelBatch = `
batch "taken" {
  rows   = csv("taken.csv")
  find   = { source = row["Store"], source_order_number = row["Order Number"] }
  status = "cancelled"
  reason = "out of stock"
}
`

func TestARepeatedShipmentIsIdenticalToTheLetter(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(71, 4, apiserver.New)
	tries := newCounter()
	var first time.Time
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && tries.next(c.OrderID) == 1 {
			first = time.Now()
			return &apiserver.Fault{Cut: true}
		}
		return nil
	}})
	w.apply()
	w.shippedOnce(orders)
	for id, writes := range w.api.Executed() {
		if sent := writes[0].Shipped; sent.After(first) {
			t.Errorf("order %s: the ship date %s was chosen anew for the repetition", id, sent)
		}
	}
}

func TestAShipmentThatNeverTakesEffectIsSentThreeTimesAtMost(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(72, 5, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.OrderID == orders[2].ID && c.Op == apiserver.Ship {
			return &apiserver.Fault{Status: 500}
		}
		return nil
	}})
	w.run("apply", "--auto-approve").exits(3).says(orders[2].SourceNumber)
	w.shippedOnceBut(orders, 2)
	if n := w.api.Calls(apiserver.Ship); n != 4+3 {
		t.Errorf("%d shipments were sent, want 4 and 3", n)
	}
}

func TestAnUnknownAcknowledgeHoldsItsShipment(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(73, 3, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders, Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.OrderID == orders[1].ID && c.Op == apiserver.Acknowledge {
			return &apiserver.Fault{Status: 500}
		}
		return nil
	}})
	w.write("main.hcl", unlimited+shipBatch)
	var rows [][]string
	for i, o := range orders {
		rows = append(rows, shipRow(o, "M"+trackingOf(i), trackingOf(i), "UPS", ""))
	}
	w.table("shipments/day.csv", shipColumns, rows)
	w.run("apply", "--auto-approve").exits(3)
	if got := w.api.Executed()[orders[1].ID]; len(got) > 0 {
		t.Errorf("it was shipped although its acknowledge did not succeed: %v", opsOf(got))
	}
	if n := w.api.Calls(apiserver.Ship); n != 2 {
		t.Errorf("%d shipments were sent, want 2", n)
	}
}

func TestARefusalIsRecordedWithItsWordsAndNotRepeated(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(74, 5, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.OrderID == orders[2].ID && c.Op == apiserver.Ship {
			return &apiserver.Fault{Body: `{"Success": false, "Message": "Tracking number was refused"}`}
		}
		return nil
	}})
	w.run("apply", "--auto-approve").exits(3).says("Tracking number was refused", orders[2].SourceNumber, "shipments/day.csv:4")
	w.shippedOnceBut(orders, 2)
	if n := w.api.Calls(apiserver.Ship); n != 5 {
		t.Errorf("%d shipments were sent, want 5", n)
	}
	found := false
	for _, line := range w.audit() {
		found = found || line.Order.ID == orders[2].ID && line.Result == "refused"
	}
	if !found {
		t.Error("the refusal is not in the audit record")
	}
	w.auditHolds()
}

func TestATokenThatExpiresInTheMiddleIsRenewedOnce(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(75, 40, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N == 15 {
			c.Server.RevokeTokens()
		}
		return nil
	}})
	w.apply()
	w.shippedOnce(orders)
	if n := w.api.Calls(apiserver.Authorize); n != 2 {
		t.Errorf("%d tokens were fetched, want 2", n)
	}
}

func TestAnOrderThatIsGoneFailsAndTheOthersGoOut(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 410, 400} {
		orders := apiserver.Generate(76, 8, apiserver.New)
		w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
			if c.OrderID == orders[3].ID && c.Op == apiserver.Ship {
				return &apiserver.Fault{Status: status}
			}
			return nil
		}})
		w.run("apply", "--auto-approve").exits(3).says(orders[3].SourceNumber)
		w.shippedOnceBut(orders, 3)
	}
}
