package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// What is sent again on purpose, and what is not.
func TestResend(t *testing.T) {
	a := mainAccount()
	at := noon.Add(-3 * time.Hour)
	shipped := order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z1", Carrier: "UPS", ShippedAt: at}
	shows := func(with ...func(*order.Live)) order.Live {
		return live(1, append([]func(*order.Live){func(l *order.Live) { l.Values = shipped }}, with...)...)
	}
	refused := func(l *order.Live) { l.SyncError = "the carrier is not known" }
	fresh := live(1)
	ship := want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS"})
	ago := func(d time.Duration) []func(*state.Session) error {
		return []func(*state.Session) error{applied(a, live(1), order.Ship, shipped, d)}
	}
	long := ago(25 * time.Hour)
	for name, c := range map[string]struct {
		live  order.Live
		wish  spec.Wish
		known []func(*state.Session) error
		even  bool
		want  []string
	}{
		"never sent":                     {fresh, ship, nil, true, []string{"held id-1 Amazon 112-1 nothing_sent"}},
		"outcome unknown":                {fresh, ship, append(slices.Clone(long), begun(a, fresh, order.Ship, shipped)), true, []string{"held id-1 Amazon 112-1 outcome_unknown"}},
		"canceled":                       {live(1, func(l *order.Live) { l.Status = order.Cancelled }), ship, long, true, []string{"held id-1 Amazon 112-1 already_cancelled"}},
		"canceled at its marketplace":    {shows(func(l *order.Live) { l.SourceStatus = order.Cancelled }), ship, long, true, []string{"held id-1 Amazon 112-1 already_cancelled"}},
		"a cancel of one that is":        {live(1, func(l *order.Live) { l.Status = order.Cancelled }), want(a, byID(1), order.Values{Status: order.Cancelled}), long, true, []string{"held id-1 Amazon 112-1 already_cancelled"}},
		"shown":                          {shows(), ship, long, false, []string{"held id-1 Amazon 112-1 shown_as_wanted"}},
		"shown, and all the same":        {shows(), ship, long, true, []string{"correct id-1", "info SHIP19"}},
		"shown with an error":            {shows(refused), ship, long, false, []string{"correct id-1", "warning SHIP16", "info SHIP19"}},
		"not taken":                      {fresh, ship, long, false, []string{"ship id-1", "info SHIP19"}},
		"perhaps still to come":          {fresh, ship, ago(59 * time.Minute), false, []string{"held id-1 Amazon 112-1 still_pending"}},
		"perhaps, and all the same":      {fresh, ship, ago(59 * time.Minute), true, []string{"ship id-1", "info SHIP19"}},
		"the configuration's carrier":    {shows(), want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "USPS"}), long, false, []string{"correct id-1", "info SHIP19"}},
		"the configuration's number":     {shows(), want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z2", Carrier: "UPS"}), long, false, []string{"correct id-1", "warning SHIP17", "info SHIP19"}},
		"acknowledged first":             {fresh, want(a, byID(1), order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z1"}), long, false, []string{"acknowledge+ship id-1"}},
		"an acknowledge":                 {live(1, func(l *order.Live) { l.Values = order.Values{Status: order.Processing, OrderNumber: "O1"} }, refused), want(a, byID(1), order.Values{Status: order.Acknowledged, OrderNumber: "O1"}), long, false, []string{"acknowledge id-1"}},
		"an acknowledge of a shipped":    {shows(refused), want(a, byID(1), order.Values{Status: order.Acknowledged, OrderNumber: "O1"}), long, true, []string{"held id-1 Amazon 112-1 already_shipped"}},
		"another order number":           {live(1, func(l *order.Live) { l.OrderNumber = "O2" }), want(a, byID(1), order.Values{Status: order.Acknowledged, OrderNumber: "O1"}), long, true, []string{"held id-1 Amazon 112-1 order_number_differs"}},
		"a number without leading zeros": {shows(func(l *order.Live) { l.Tracking = "0012345" }), want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "12345"}), long, true, []string{"held id-1 Amazon 112-1 bad_tracking"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t, &script{orders: []order.Live{c.live}}, []spec.Wish{c.wish}, stateOf(t, c.known...))
			in.Resend = &plan.Resending{Reason: "case 8812", EvenIfShown: c.even}
			p := mustBuild(t, in)
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for i := range p.Changes {
				if ch := &p.Changes[i]; !ch.Resend || ch.Attempt != 2 || ch.Reason != "case 8812" || !ch.Before.Equal(c.live.Values) {
					t.Errorf("%+v", ch)
				}
			}
		})
	}
}

// A parcel that is reported again did not leave later.
func TestAResendKeepsTheShipDate(t *testing.T) {
	a := mainAccount()
	at := noon.Add(-26 * time.Hour)
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: at}
	l := live(1, func(l *order.Live) { l.Values = shipped })
	in := input(t, &script{orders: []order.Live{l}}, []spec.Wish{want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1"})},
		stateOf(t, applied(a, live(1), order.Ship, shipped, 25*time.Hour)))
	in.Resend = &plan.Resending{Reason: "again", EvenIfShown: true}
	p := mustBuild(t, in)
	if diff := cmp.Diff(shipped, p.Changes[0].After); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever the state and the configuration count, an attempt that was sent again is
// beyond both, and what the configuration asks for then is no further one.
func TestAResendRaisesTheAttempt(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS", ShippedAt: noon.Add(-26 * time.Hour)}
	l := live(1, func(l *order.Live) { l.Values = shipped })
	rapid.Check(t, func(r *rapid.T) {
		sent, written := rapid.IntRange(1, 9).Draw(r, "applied"), rapid.IntRange(1, 9).Draw(r, "written")
		w := want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS"})
		w.Attempt = written
		in := input(t, &script{orders: []order.Live{l}}, []spec.Wish{w}, stateOf(t, appliedAttempt(a, live(1), order.Ship, shipped, 25*time.Hour, sent)))
		in.Resend = &plan.Resending{Reason: "again", EvenIfShown: true}
		p := mustBuild(t, in)
		if got, want := p.Changes[0].Attempt, max(sent, written)+1; got != want {
			r.Errorf("attempt %d, want %d", got, want)
		}
	})
}

// A resend counts as a correction, whatever its action is, and by its action too.
func TestResendsAreCorrections(t *testing.T) {
	p := &plan.Plan{}
	for range 26 {
		p.Changes = append(p.Changes, plan.Change{Address: `order["o"]`, Actions: []order.Action{order.Acknowledge}, Resend: true})
	}
	policy := policyOf(t)
	policy.MaxAcknowledgements = 20
	var limits []string
	for _, v := range plan.CheckPolicy(p, policy) {
		limits = append(limits, v.Limit)
	}
	if diff := cmp.Diff([]string{"max_acknowledgements", "max_corrections"}, limits); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
