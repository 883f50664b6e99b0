package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/calendar"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// shipOn wishes that order 1 be shipped on a day, some days after the one that
// the clock shows: 2026-11-22. The account is in New York.
func shipOn(a *spec.Account, days int, v order.Values) spec.Wish {
	v.Status = order.Shipped
	w := want(a, byID(1), v)
	w.ShippedOn = calendar.Of(noon, a.Timezone) + calendar.Day(days)
	return w
}

// A day decides whether an order is shipped now, later, or not at all.
func TestShippedOnADay(t *testing.T) {
	a := mainAccount()
	var err error
	if a.Timezone, err = time.LoadLocation("America/New_York"); err != nil {
		t.Fatal(err)
	}
	placed := func(ago time.Duration) func(l *order.Live) {
		return func(l *order.Live) { l.CreatedInSource = noon.Add(-ago) }
	}
	shippedAt := func(tracking string, at time.Time) func(l *order.Live) {
		return func(l *order.Live) {
			l.Values = order.Values{Status: order.Shipped, Tracking: tracking, ShippedAt: at}
		}
	}
	first := order.Values{Tracking: "1Z1"}
	for name, c := range map[string]struct {
		live order.Live
		wish spec.Wish
		want []string
	}{
		"today":                             {live(1), shipOn(a, 0, first), []string{"ship id-1"}},
		"yesterday":                         {live(1), shipOn(a, -1, first), []string{"ship id-1"}},
		"before yesterday":                  {live(1), shipOn(a, -2, first), []string{"ship id-1", "warning SHIP04"}},
		"tomorrow":                          {live(1), shipOn(a, 1, first), []string{"deferred id-1 2026-11-23"}},
		"tomorrow, to be acknowledged":      {live(1), shipOn(a, 1, order.Values{Tracking: "1Z1", OrderNumber: "O1"}), []string{"deferred id-1 2026-11-23"}},
		"tomorrow, cancelled":               {live(1, func(l *order.Live) { l.Status = order.Cancelled }), shipOn(a, 1, first), []string{"held id-1 Amazon 112-1 already_cancelled"}},
		"tomorrow, shipped already":         {live(1, shippedAt("1Z1", noon)), shipOn(a, 1, first), []string{"info ship_date_differs", "no-op 1"}},
		"placed in the night after":         {live(1, placed(time.Hour)), shipOn(a, -1, first), []string{"ship id-1"}},
		"placed long after":                 {live(1, placed(time.Hour)), shipOn(a, -2, first), []string{"held id-1 Amazon 112-1 shipped_before_created"}},
		"shipped on that day":               {live(1, shippedAt("1Z1", noon.Add(-3*time.Hour))), shipOn(a, 0, first), []string{"no-op 1"}},
		"shipped on that day in UTC":        {live(1, shippedAt("1Z1", noon.Add(-8*time.Hour))), shipOn(a, 0, first), []string{"info ship_date_differs", "no-op 1"}},
		"shipped on that day with another":  {live(1, shippedAt("1Z9", noon.Add(-3*time.Hour))), shipOn(a, 0, first), []string{"correct id-1", "warning SHIP21"}},
		"shipped on another day, corrected": {live(1, shippedAt("1Z9", noon.Add(-3*time.Hour))), shipOn(a, -1, first), []string{"correct id-1", "warning SHIP21"}},
	} {
		p := mustBuild(t, input(t, &script{orders: []order.Live{c.live}}, []spec.Wish{c.wish}, stateOf(t)))
		if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for i := range p.Changes {
			ch := &p.Changes[i]
			keeps := strings.HasPrefix(name, "shipped on that day with")
			if (ch.ShippedOn == c.wish.ShippedOn) == keeps || (len(ch.AfterUnknown) == 0) != keeps || ch.After.ShippedAt.IsZero() == keeps {
				t.Errorf("%s: shipped on %s, at %s, unknown %v", name, ch.ShippedOn, ch.After.ShippedAt, ch.AfterUnknown)
			}
		}
		if s := p.Summary(); s.Orders != 1 || len(p.Deferred) != s.Deferred {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// What is deferred is neither held back nor a change: it stops nothing.
func TestDeferredExceedsNoLimit(t *testing.T) {
	a := mainAccount()
	a.Timezone = time.UTC
	p := mustBuild(t, input(t, &script{orders: lives(2)}, []spec.Wish{shipOn(a, 7, order.Values{})}, stateOf(t)))
	if found := plan.CheckPolicy(p, spec.Policy{}); len(found) != 0 || len(p.Deferred) != 1 {
		t.Errorf("%d deferred, %v", len(p.Deferred), found)
	}
	if d := p.Deferred[0]; d.Message != "ships on 2026-11-29; planned from that day on" || d.DefinedAt.Line != 2 || d.Until.String() != "2026-11-29" {
		t.Errorf("%+v", d)
	}
}
