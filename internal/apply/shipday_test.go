package apply_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// The time of a ship day is chosen at sending and stored: what is sent again is
// the same to the letter, though the day at the warehouse is another by then.
func TestAShipDayIsChosenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultCutBefore, Nth: 1}}},
			account(`timezone = "America/New_York"`)+`
batch "b" {
  rows            = [{ number = "N-0", on = "12/31/1999" }, { number = "N-1", on = "12/31/1999" }]
  find            = { source = "Amazon", source_order_number = row.number }
  status          = "shipped"
  tracking_number = "1Z${row.number}"
  shipped_on      = parse_time("%m/%d/%Y", row.on)
}
`)
		// 2000-01-01 00:00 UTC is 19:00 on 31 December in New York: noon is over,
		// and both orders were placed after it.
		if r, err := w.apply(t.Context()); err != nil || !r.Clean() {
			t.Fatalf("%v, %+v", err, r)
		}
		for number, want := range map[string]string{"N-0": "1999-12-31T22:01:00Z", "N-1": "1999-12-31T23:01:00Z"} {
			o, _ := w.api.Order(number)
			if got := o.ShippedAt.UTC().Format(time.RFC3339); got != want {
				t.Errorf("%s was shipped at %s, want %s", number, got, want)
			}
		}
		w.assertNothingTwice()
		if r, err := w.apply(t.Context()); err != nil || r.Total != 0 {
			t.Errorf("%d changes more, %v", r.Total, err)
		}
	})
}

// A raised attempt in a configuration sends another carrier, once.
func TestARaisedAttemptSendsTheCarrierOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := func(settings string) string {
			return account("") + `
order "one" {
  find            = { source = "Amazon", source_order_number = "N-0" }
  status          = "shipped"
  tracking_number = "1Z1"
` + settings + "\n}\n"
		}
		w := newWorld(t, 1, sandbox.Options{}, config(`carrier = "UPS"`))
		for _, step := range []struct {
			settings string
			total    int
			carrier  string
		}{
			{`carrier = "UPS"`, 1, "UPS"},
			{`carrier = "USPS"`, 0, "UPS"},
			{"carrier = \"USPS\"\n  attempt = 2", 1, "USPS"},
			{"carrier = \"USPS\"\n  attempt = 2", 0, "USPS"},
			{"carrier = \"FedEx\"\n  attempt = 2", 0, "USPS"}, // verified by now, and not sent without a further attempt
			{"carrier = \"USPS\"\n  attempt = 3", 0, "USPS"},
		} {
			w.write("main.hcl", config(step.settings))
			r, err := w.apply(t.Context())
			if err != nil || !r.Clean() || r.Total != step.total {
				t.Fatalf("%s: %v, %+v", step.settings, err, r)
			}
			if o, _ := w.api.Order("N-0"); o.Carrier != step.carrier {
				t.Errorf("%s: the carrier is %s, want %s", step.settings, o.Carrier, step.carrier)
			}
			time.Sleep(2 * time.Hour)
		}
	})
}

// A saved plan may say what it likes: before its day an order is not shipped, and
// without a zone nobody knows which day it is.
func TestAShipDayThatHasNotCome(t *testing.T) {
	for name, c := range map[string]struct{ timezone, message string }{
		"tomorrow":  {`timezone = "UTC"`, "it ships on 2000-01-02"},
		"in no day": {"", "no timezone"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, sandbox.Options{}, account(c.timezone))
				o, _ := w.api.Order("N-0")
				day, err := calendar.Parse("2000-01-02")
				if err != nil {
					t.Fatal(err)
				}
				w.saved = &plan.Plan{Changes: []plan.Change{{
					Address: `batch.b["Amazon/N-0"]`, Account: "main", Order: order.Ref{ID: o.ID, Source: "Amazon", SourceNumber: "N-0"},
					Actions: []order.Action{order.Ship}, Before: order.Values{Status: order.New}, After: order.Values{Status: order.Shipped, Tracking: "1Z1"},
					AfterUnknown: []string{"shipped_at"}, ShippedOn: day, Attempt: 1,
				}}}
				r, err := w.apply(t.Context())
				if err != nil || r.Counts[apply.Skipped] != 1 || !strings.Contains(r.Items[0].Message, c.message) {
					t.Errorf("%v, %+v", err, r)
				}
				if o, _ := w.api.Order("N-0"); o.Status != sandbox.StatusNew {
					t.Errorf("the order is %s", o.Status)
				}
			})
		})
	}
}
