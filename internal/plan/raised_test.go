package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// A raised attempt sends another carrier or ship date, and nothing that is
// equal in all three.
func TestARaisedAttempt(t *testing.T) {
	a := mainAccount()
	a.Timezone = time.UTC
	at := noon.Add(-3 * time.Hour)
	l := live(1, func(l *order.Live) {
		l.Values = order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: at}
	})
	wish := func(carrier string, at time.Time) spec.Wish {
		return want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: carrier, ShippedAt: at})
	}
	onDay := func(days calendar.Day) spec.Wish {
		w := wish("UPS", time.Time{})
		w.ShippedOn = calendar.Of(noon, time.UTC) + days
		return w
	}
	sent := applied(a, live(1), order.Ship, l.Values, 2*time.Hour)
	for name, c := range map[string]struct {
		wish          spec.Wish
		once, further []string // with the attempt that was applied, and with the next one
	}{
		"equal in all three":      {wish("ups", at), []string{"no-op 1"}, []string{"no-op 1"}},
		"equal, and no date":      {wish("UPS", time.Time{}), []string{"no-op 1"}, []string{"no-op 1"}},
		"equal by the day":        {onDay(0), []string{"no-op 1"}, []string{"no-op 1"}},
		"another carrier":         {wish("USPS", at), []string{"info carrier_differs", "no-op 1"}, []string{"correct id-1", "info SHIP19"}},
		"another time":            {wish("UPS", at.Add(time.Minute)), []string{"info ship_date_differs", "no-op 1"}, []string{"correct id-1", "info SHIP19"}},
		"another day":             {onDay(-1), []string{"info ship_date_differs", "no-op 1"}, []string{"correct id-1", "info SHIP19"}},
		"a day that is to come":   {onDay(1), []string{"info ship_date_differs", "no-op 1"}, []string{"deferred id-1 2026-11-23"}},
		"no carrier is wanted":    {wish("", at), []string{"no-op 1"}, []string{"no-op 1"}},
		"not even a number is":    {want(a, byID(1), order.Values{Status: order.Shipped}), []string{"no-op 1"}, []string{"no-op 1"}},
		"acknowledged, not again": {want(a, byID(1), order.Values{Status: order.Acknowledged, OrderNumber: "O1"}), []string{"info shipped_without_number", "no-op 1"}, []string{"info shipped_without_number", "no-op 1"}},
	} {
		for attempt, expected := range [][]string{c.once, c.further} {
			w := c.wish
			w.Attempt = attempt + 1
			p := mustBuild(t, input(t, &script{orders: []order.Live{l}}, []spec.Wish{w}, stateOf(t, sent)))
			if diff := cmp.Diff(expected, outcome(p)); diff != "" {
				t.Errorf("%s, attempt %d (-want +got):\n%s", name, w.Attempt, diff)
			}
			for i := range p.Changes {
				if got := p.Changes[i].After; got.Tracking != "1Z1" || got.Carrier != c.wish.Want.Carrier || got.Status != order.Shipped {
					t.Errorf("%s: after %+v", name, got)
				}
			}
		}
	}
}

// An attempt that was applied is not sent again while reads lag, and not after
// its order could have been closed: the state remembers the attempt.
func TestARaisedAttemptIsSentOnce(t *testing.T) {
	a := mainAccount()
	before := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: noon.Add(-3 * time.Hour)}
	l := live(1, func(l *order.Live) { l.Values = before })
	w := want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "USPS"})
	w.Attempt = 2
	after := before
	after.Carrier = "USPS"
	st := stateOf(t, func(x *state.Session) error {
		in := state.Intent{Key: keyOf(a, l), Ref: l.Ref, Action: order.Correct, Before: before, After: after, Attempt: 2, At: noon.Add(-26 * time.Hour)}
		if _, err := x.Intend(in); err != nil {
			return err
		}
		for open := range x.State().OpenIntents() {
			return x.RecordOutcome(open.Ident(), state.Outcome{Result: order.Done, At: noon.Add(-26 * time.Hour)})
		}
		return nil
	})
	in := input(t, &script{orders: []order.Live{l}}, []spec.Wish{w}, st)
	if diff := cmp.Diff([]string{"warning not_taken", "info carrier_differs", "no-op 1"}, outcome(mustBuild(t, in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for seen := range plan.Observe(in) {
		if seen.Closed != nil {
			t.Error("the order is closed, and the attempt forgotten")
		}
	}
	entry, _ := st.Entry(keyOf(a, l))
	if !plan.SentBefore(entry, order.Correct, before, after, 2) || plan.SentBefore(entry, order.Correct, before, after, 3) {
		t.Error("a saved plan would send it again, or never")
	}
}

// What shows a correct of the carrier alone is the carrier.
func TestWhatShowsACorrectOfTheCarrier(t *testing.T) {
	at := noon.Add(-3 * time.Hour)
	before := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: at}
	after := before
	after.Carrier = "USPS"
	for _, c := range []struct {
		carrier      string
		shown, asWas bool
	}{{"UPS", false, true}, {"usps", true, false}, {"FedEx", false, false}} {
		l := live(1, func(l *order.Live) { l.Values = before; l.Carrier = c.carrier })
		if got := uptake.ShowsChange(order.Correct, before, after, l); got != c.shown {
			t.Errorf("%s: shown %v", c.carrier, got)
		}
		if got := plan.ShowsBefore(order.Correct, before, after, l); got != c.asWas {
			t.Errorf("%s: as before %v", c.carrier, got)
		}
	}
}
