package plan_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// sharing wishes that n orders be shipped under one number.
func sharing(a *spec.Account, n int) []spec.Wish {
	var wishes []spec.Wish
	for i := range n {
		wishes = append(wishes, want(a, byID(i), order.Values{Status: order.Shipped, Tracking: "1Z999AA10123456784", Carrier: "UPS"}))
	}
	return wishes
}

func TestOneNumberOnManyOrders(t *testing.T) {
	a := mainAccount()
	for name, c := range map[string]struct {
		wishes int
		raised rules.Raised
		want   string
	}{
		"one":                     {1, nil, "1 changes, 0 held, findings: 0"},
		"two":                     {2, nil, "2 changes, 0 held, findings: 1"},
		"as many as there may be": {20, nil, "20 changes, 0 held, findings: 1"},
		"more":                    {21, nil, "0 changes, 21 held, findings: 0"},
		"two, raised":             {2, rules.Raised{"SHIP12": true}, "0 changes, 2 held, findings: 0"},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t, &script{orders: lives(25)}, sharing(a, c.wishes), stateOf(t))
			in.Policy.Raised = c.raised
			p := mustBuild(t, in)
			if got := fmt.Sprintf("%d changes, %d held, findings: %d", len(p.Changes), len(p.Held), len(p.Findings)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for _, h := range p.Held {
				if h.Code != "SHIP12" {
					t.Errorf("held as %s", h.Code)
				}
			}
		})
	}
}

// An order that is shipped under the number, or that the state knows by it,
// counts too.
func TestANumberOfAnotherOrder(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z 999 AA1 01 2345 6784", Carrier: "UPS"}
	wish := sharing(a, 1)
	shown := live(1, func(l *order.Live) { l.Values = shipped })
	for name, c := range map[string]struct {
		in   plan.Input
		want int
	}{
		"of the state":   {input(t, &script{orders: lives(3)}, wish, stateOf(t, applied(a, live(1), order.Ship, shipped, time.Hour))), 1},
		"its own":        {input(t, &script{orders: lives(3)}, wish, stateOf(t)), 0},
		"shipped before": {input(t, &script{orders: []order.Live{live(0), shown}}, sharing(a, 2), stateOf(t)), 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := mustBuild(t, c.in)
			if len(p.Changes) != 1 || len(p.Findings) != c.want {
				t.Errorf("%d changes, findings %+v, want %d", len(p.Changes), p.Findings, c.want)
			}
			for _, f := range p.Findings {
				if f.Rule != "SHIP12" || f.Message != "the tracking number is also on Amazon 112-1; right if both went in one parcel" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

func TestUnknownFormsAreCounted(t *testing.T) {
	a := mainAccount()
	var wishes []spec.Wish
	for i, number := range []string{"987654321", "987654322", "AB12345", "1Z999AA10123456784"} {
		w := want(a, byID(i), order.Values{Status: order.Shipped, Tracking: number, Carrier: "UPS Ground"})
		w.Origin, w.Place.Line = &spec.Origin{Kind: "batch", Name: "b", Account: a}, 9-i
		wishes = append(wishes, w)
	}
	for i := range wishes {
		wishes[i].Origin = wishes[0].Origin
	}
	p := mustBuild(t, input(t, &script{orders: lives(5)}, wishes, stateOf(t)))
	var got []string
	for _, f := range p.Findings {
		if f.Rule == "SHIP19" {
			got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Address, f.Message))
		}
	}
	if diff := cmp.Diff([]string{
		"info batch.b 1 number named UPS has a format that gdfctl does not know (7 letters and digits), first at t.csv:7",
		"info batch.b 2 numbers named UPS have a format that gdfctl does not know (9 digits), first at t.csv:8",
	}, got); diff != "" || len(p.Changes) != 4 {
		t.Errorf("%d changes (-want +got):\n%s", len(p.Changes), diff)
	}
}

// What the state remembers of an order decides, also of one that it closed.
func TestNumbersThatTheStateRemembers(t *testing.T) {
	a := mainAccount()
	const first, second, third = "1Z999AA10123456784", "1Z999AA10123456793", "9400111206206407628746"
	values := func(tracking string) order.Values { return order.Values{Status: order.Shipped, Tracking: tracking} }
	shown := func(tracking string) order.Live { return live(1, func(l *order.Live) { l.Values = values(tracking) }) }
	for name, c := range map[string]struct {
		wanted, live string
		attempt      int
		want         []string
	}{
		"as sent":                        {first, first, 1, []string{"no-op 1"}},
		"a new number":                   {second, first, 1, []string{"correct id-1", "warning SHIP17"}},
		"changed by others":              {first, third, 1, []string{"warning drifted", "no-op 1"}},
		"changed by others, and a new":   {second, third, 1, []string{"correct id-1", "warning SHIP21"}},
		"damaged":                        {"9.40031E+21", first, 1, []string{"warning tracking_not_compared", "no-op 1"}},
		"changed by others, raised":      {first, third, 2, []string{"correct id-1", "warning SHIP21"}},
		"damaged, with a raised attempt": {"9.40031E+21", first, 2, []string{"warning tracking_not_compared", "no-op 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t, applied(a, live(1), order.Ship, values(first), 2*time.Hour))
			w := want(a, byID(1), values(c.wanted))
			w.Attempt = c.attempt
			p := mustBuild(t, input(t, &script{orders: []order.Live{shown(c.live)}}, []spec.Wish{w}, st))
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for name, c := range map[string]struct {
		wanted, live string
		attempt      int
		want         []string
	}{
		// The attempt is that with which the order was closed.
		"closed, changed by others": {first, third, 1, []string{"no-op 1"}},
		"closed, with its attempt":  {first, third, 2, []string{"no-op 1"}},
		"closed, damaged":           {"TBD", first, 1, []string{"no-op 1"}},
		"closed, and a new number":  {second, first, 1, []string{"correct id-1", "warning SHIP21"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t, closed(a, live(1), values(first)))
			w := want(a, byID(1), values(c.wanted))
			w.Attempt = c.attempt
			p := mustBuild(t, input(t, &script{orders: []order.Live{shown(c.live)}}, []spec.Wish{w}, st))
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
