package acceptance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

const notKnown = "The carrier is not known."

// refusedLater is a world whose orders were shipped, and refused by the marketplace
// after the API had accepted them.
func refusedLater(t *testing.T, n int, o apiserver.Options, policy string) (*world, []apiserver.Order) {
	t.Helper()
	orders := apiserver.Generate(17, n, apiserver.New)
	w := shipAll(t, unlimited+policy, orders, o)
	w.apply()
	for _, o := range orders {
		w.api.Meanwhile(o.ID, func(v *apiserver.Values) { v.SyncError = notKnown })
	}
	return w, orders
}

// sentTimes fails the test unless each order was sent so often.
func (w *world) sentTimes(orders []apiserver.Order, times func(i int) int) {
	w.t.Helper()
	executed := w.api.Executed()
	for i, o := range orders {
		if got, want := len(executed[o.ID]), times(i); got != want {
			w.t.Errorf("order %d (%s) was sent %d times, want %d", i, o.SourceNumber, got, want)
		}
	}
}

func eachSent(n int) func(int) int { return func(int) int { return n } }

// All that the marketplace refused goes out once more, each order once, and leaves
// nothing to do: neither a plan, nor another resend, nor an attempt in the
// configuration sends more.
func TestRefusedOrdersAreSentAgainOnce(t *testing.T) {
	t.Parallel()
	const policy = "\npolicy {\n  max_corrections = 300\n}\n"
	w, orders := refusedLater(t, 200, apiserver.Options{}, policy)
	w.run("resend", "--refused", "--reason", "the carrier is known now", "--auto-approve").exits(0).says("Resend done: 200 applied")
	w.sentTimes(orders, eachSent(2))

	w.run("plan", "--detailed-exitcode").exits(0)
	w.run("resend", "--refused", "--reason", "the carrier is known now", "--auto-approve").exits(0).says("No order has to be sent again")
	again := strings.TrimSuffix(shipBatch, "}\n") + "  attempt = row[\"Store\"] == \"none\" ? 1 : 2\n}\n"
	w.write("main.hcl", unlimited+policy+again)
	w.run("plan", "--detailed-exitcode").exits(0)
	w.apply()
	w.sentTimes(orders, eachSent(2))

	for _, a := range w.audit()[200:] {
		if a.Result != "done" || !a.Resent || a.Attempt != 2 || a.Reason != "the carrier is known now" || a.Action != "correct" {
			t.Fatalf("%+v", a)
		}
	}
	w.auditIsLedger()
}

// A resend beyond the policy's limit of corrections sends nothing.
func TestAResendKeepsToThePolicy(t *testing.T) {
	t.Parallel()
	w, orders := refusedLater(t, 26, apiserver.Options{}, "")
	w.run("resend", "--refused", "--reason", "again", "--auto-approve").exits(1).says("26 orders would be sent again", "max_corrections")
	w.sentTimes(orders, eachSent(1))
	w.run("resend", "--refused", "--target", "batch.nothing", "--reason", "again", "--auto-approve").exits(1).says("nothing has the address batch.nothing")
	w.write("strict.hcl", "policy {\n  min_approvals = 1\n}\n")
	w.run("resend", "--refused", "--reason", "again", "--auto-approve").exits(1).says("min_approvals", "nobody can have approved")
	w.sentTimes(orders, eachSent(1))
}

// The number of a label that is void by now is not sent again, however its row names the order: the parcel has
// none, or another one.
func TestAVoidLabelIsNotSentAgain(t *testing.T) {
	t.Parallel()
	const withSource = `{ source = row["Store"], source_order_number = row["Order Number"] }`
	for _, find := range []string{withSource, `{ source_order_number = row["Order Number"] }`} {
		w, orders := refusedLater(t, 2, apiserver.Options{}, "")
		batch := strings.Replace(shipBatch, "order_number    =", "voided          = \"void\" ==", 1)
		w.write("main.hcl", unlimited+strings.Replace(batch, withSource, find, 1))
		w.table("shipments/day.csv", shipColumns, [][]string{
			shipRow(orders[0], "void", trackingOf(0), "UPS", ""), shipRow(orders[1], "", trackingOf(1), "UPS", ""),
		})
		w.run("verify").exits(3)
		w.run("resend", "--refused", "--reason", "again", "--auto-approve").exits(3).says("voided_after_ship", "its label is void", "1 applied")
		w.run("resend", orders[0].Source+"/"+orders[0].SourceNumber, "--reason", "again", "--auto-approve").exits(1).says("none of these orders can be sent again")
		w.sentTimes(orders, func(i int) int { return 1 + i })
	}
}

// What was corrected in the table goes out instead, also where its row names no marketplace.
func TestAResendOfRowsWithoutAMarketplace(t *testing.T) {
	t.Parallel()
	w, orders := refusedLater(t, 2, apiserver.Options{}, "")
	w.write("main.hcl", unlimited+strings.Replace(shipBatch, `source = row["Store"], `, "", 1))
	w.run("resend", "batch.shipments", "--reason", "again", "--auto-approve").exits(0).says("2 applied")
	w.sentTimes(orders, eachSent(2))
}

// A resend that is killed at any moment sends no order twice: the raised attempt is in
// the intent. What took effect is found out by the marketplace's reaction, and what
// nothing can prove is reported, and never sent again.
func TestAResendThatIsKilledSendsNothingTwice(t *testing.T) {
	t.Parallel()
	rounds := min(soakOr(t, "GDF_SOAK_KILLS", 24), 200)
	random := seeded(t)
	for round := range rounds {
		at, lost := 1+random.IntN(12), random.IntN(2) == 0
		t.Run(fmt.Sprintf("%d: write %d, lost %v", round, at, lost), func(t *testing.T) { killedResend(t, at, lost) })
	}
}

func killedResend(t *testing.T, at int, lost bool) {
	s := &striker{}
	w, orders := refusedLater(t, 12, apiserver.Options{Intercept: s.intercept}, "")
	resend := []string{"resend", "--refused", "--reason", "again", "--auto-approve"}
	struck := ""
	s.arm(at, func(p *process, id string) *apiserver.Fault {
		struck = id
		p.hit(kill, 0)
		<-p.ended
		if lost {
			return &apiserver.Fault{Cut: true}
		}
		return &apiserver.Fault{Execute: true, Cut: true}
	})
	p := w.start(resend...)
	s.aim(p)
	p.wait().exits(-1)

	known := w.run("apply", "--auto-approve")
	open := w.unknown()
	if (len(open) > 0) != (known.code == 3) || known.code != 0 && known.code != 3 {
		t.Fatalf("exit %d with %d open calls\n%s", known.code, len(open), known.all())
	}
	rest := w.run(resend...)
	if len(open) == 0 {
		rest.exits(0)
	} else if rest.code != 3 && rest.code != 1 {
		t.Errorf("exit %d\n%s", rest.code, rest.all())
	}
	w.sentTimes(orders, func(i int) int {
		if open[orders[i].ID] {
			return 1
		}
		return 2
	})
	if lost && !open[struck] || !lost && open[struck] {
		t.Errorf("the struck order is open: %v", open[struck])
	}
}

// unknown are the orders with a call whose outcome the state does not know.
func (w *world) unknown() map[string]bool {
	w.t.Helper()
	var list struct {
		Orders []struct {
			Order struct {
				ID string `json:"id"`
			} `json:"order"`
			Status string `json:"status"`
		} `json:"orders"`
	}
	if err := json.Unmarshal([]byte(w.run("state", "list", "--json").exits(0).stdout), &list); err != nil {
		w.t.Fatal(err)
	}
	unknown := map[string]bool{}
	for _, o := range list.Orders {
		if o.Status == "unknown" {
			unknown[o.Order.ID] = true
		}
	}
	return unknown
}
