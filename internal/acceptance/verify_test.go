package acceptance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// verified is what these tests read of what docs/json.md says of verify.
type verified struct {
	Result string `json:"result"`
	Closed int    `json:"closed"`
	Orders []struct {
		Result     string  `json:"result"`
		VerifiedBy *string `json:"verified_by"`
		Message    *string `json:"message"`
		Order      struct {
			Number string `json:"source_order_number"`
		} `json:"order"`
	} `json:"orders"`
}

func (w *world) verifies(after time.Duration, code int) verified {
	w.t.Helper()
	r := w.runAt(after, "verify", "--json")
	r.exits(code)
	var v verified
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
		w.t.Fatalf("%v: %s", err, r.stdout)
	}
	return v
}

// A marketplace refuses an hour after the apply: verify, the plan and a webhook show
// that, with its words as far as they are safe.
func TestARefusalThatComesLater(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(611, 3, apiserver.New, apiserver.New, apiserver.New)
	w := shipAll(t, unlimited+strings.Replace(notifyOps, "]", `, "refused_later"]`, 1), orders, apiserver.Options{})
	hook := w.told()
	w.apply().says("3 applied")
	if v := w.verifies(0, 2); v.Result != "waiting" || len(v.Orders) != 3 {
		t.Errorf("at once: %+v", v)
	}
	hook.quiet()
	w.api.Meanwhile(orders[1].ID, func(v *apiserver.Values) {
		v.SyncError = "The carrier for " + orders[1].Buyer.FirstName + " Quorvath is not valid"
	})
	v := w.verifies(70*time.Minute, 3)
	if v.Result != "needs_person" || v.Orders[0].Result != "refused_later" || v.Orders[0].Order.Number != orders[1].SourceNumber || v.Orders[1].Result != "verified" {
		t.Fatalf("an hour later: %+v", v)
	}
	if m := v.Orders[0].Message; m == nil || !strings.Contains(*m, "is not valid") || strings.Contains(*m, "Quorvath") {
		t.Errorf("it says %v", m)
	}
	messages, _ := hook.news()
	if len(messages) != 1 || len(messages[0].Events) != 1 || messages[0].Events[0].Type != "refused_later" || !strings.Contains(messages[0].Events[0].Message, "is not valid") {
		t.Errorf("the webhook is told %+v", messages)
	}
	text := w.runAt(71*time.Minute, "plan").exits(0)
	if !strings.HasPrefix(strings.TrimSpace(text.stdout), "Refused by the marketplace: 1 order") {
		t.Errorf("the plan begins otherwise:\n%s", text.stdout)
	}
	w.runAt(72*time.Minute, "apply", "--auto-approve").exits(0)
	hook.quiet()
	if w.api.Writes() != 3 {
		t.Errorf("%d writes: an unchanged wish was sent again", w.api.Writes())
	}
	// The others are closed a day later, and the refused one never by itself.
	if v := w.verifies(25*time.Hour, 3); v.Closed != 2 || len(v.Orders) != 3 {
		t.Errorf("a day later: %+v", v)
	}
	if v := w.verifies(26*time.Hour, 3); len(v.Orders) != 1 {
		t.Errorf("closed orders are read again: %+v", v)
	}
}

// An order that the API doesn't know any more will never show its change: that needs a person, and no waiting.
func TestAnOrderThatIsGoneNeedsAPerson(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(613, 2, apiserver.New, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.apply().says("2 applied")
	w.api.Forget(orders[0].ID)
	v := w.verifies(0, 3)
	if len(v.Orders) != 2 || v.Orders[0].Result != "not_taken" || v.Orders[0].Order.Number != orders[0].SourceNumber || v.Orders[1].Result != "pending" {
		t.Fatalf("%+v", v)
	}
	if m := v.Orders[0].Message; m == nil || !strings.HasPrefix(*m, "the API doesn't know the order any more") {
		t.Errorf("it says %v", m)
	}
}

// Many orders with a carrier that the marketplace does not take: mend the name, plan,
// apply, verify. Each is corrected once.
func TestAWrongCarrierIsMended(t *testing.T) {
	t.Parallel()
	const many = 200
	orders := apiserver.Generate(612, many, apiserver.New)
	for i := range orders {
		orders[i].Status, orders[i].SourceStatus, orders[i].Number = apiserver.New, apiserver.New, ""
	}
	w := newWorld(t, apiserver.Options{Orders: orders})
	config := func(carrier string) string {
		return unlimited + fmt.Sprintf(`
policy {
  max_corrections = 200
}
batch "parcels" {
  rows            = csv("parcels.csv")
  find            = { source = row.source, source_order_number = row.number }
  status          = "shipped"
  tracking_number = row.parcel
  carrier         = %q
}
`, carrier)
	}
	var rows [][]string
	for i, o := range orders {
		rows = append(rows, []string{o.Source, o.SourceNumber, fmt.Sprintf("LX%09dDE", i+1)})
	}
	w.write("main.hcl", config("Deutsche Poste"))
	w.table("parcels.csv", []string{"source", "number", "parcel"}, rows)
	w.apply().says("200 applied")
	for _, o := range orders {
		w.api.Meanwhile(o.ID, func(v *apiserver.Values) { v.SyncError = "carrier is not valid" })
	}
	if v := w.verifies(70*time.Minute, 3); len(v.Orders) != many || v.Orders[many-1].Result != "refused_later" {
		t.Fatalf("%d orders", len(v.Orders))
	}
	w.runAt(71*time.Minute, "plan").exits(0).says("No changes")
	w.write("main.hcl", config("Deutsche Post"))
	w.runAt(72*time.Minute, "plan", "--out", "mend.plan").exits(0).says("200 to correct")
	w.runAt(73*time.Minute, "apply", "mend.plan").exits(0).says("200 applied")
	w.runAt(74*time.Minute, "plan").exits(0).says("No changes")
	for _, o := range orders {
		w.api.Meanwhile(o.ID, func(v *apiserver.Values) { v.SyncError = "" })
	}
	if v := w.verifies(150*time.Minute, 0); len(v.Orders) != many || v.Orders[0].Result != "verified" || v.Orders[0].VerifiedBy == nil || *v.Orders[0].VerifiedBy != "marketplace" {
		t.Errorf("%+v", v.Orders[0])
	}
	for id, writes := range w.api.Executed() {
		if len(writes) != 2 || writes[1].Carrier != "Deutsche Post" {
			t.Errorf("%s: %+v", id, writes)
		}
	}
}
