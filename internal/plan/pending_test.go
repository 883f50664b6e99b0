package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// A change that was accepted and that reads don't show yet is pending, for
// however long: only another attempt sends it again.
func TestPending(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	for name, c := range map[string]struct {
		ago     time.Duration
		attempt int
		live    order.Live
		want    []string
	}{
		"just applied":                 {time.Minute, 1, live(1), []string{"pending ship id-1 not taken false"}},
		"at the end of its time":       {time.Hour, 1, live(1), []string{"pending ship id-1 not taken false"}},
		"after its time":               {time.Hour + time.Second, 1, live(1), []string{"pending ship id-1 not taken true", "warning not_taken"}},
		"another attempt":              {2 * time.Hour, 2, live(1), []string{"ship id-1"}},
		"shown":                        {2 * time.Hour, 1, live(1, func(l *order.Live) { l.Values = shipped }), []string{"no-op 1"}},
		"shown with another number":    {2 * time.Hour, 1, live(1, func(l *order.Live) { l.Status, l.Tracking = order.Shipped, "1Z9" }), []string{"warning drifted", "no-op 1"}},
		"cancelled meanwhile":          {time.Minute, 1, live(1, func(l *order.Live) { l.Status = order.Cancelled }), []string{"held id-1 Amazon 112-1 already_cancelled"}},
		"only the acknowledge is seen": {time.Minute, 1, live(1, func(l *order.Live) { l.Status = order.Processing }), []string{"pending ship id-1 not taken false"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t, applied(a, live(1), order.Ship, shipped, c.ago))
			w := want(a, byID(1), shipped)
			w.Attempt = c.attempt
			p := mustBuild(t, input(t, &script{orders: []order.Live{c.live}}, []spec.Wish{w}, st))
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A pending change says who has to show it: the marketplace, unless it is known never to,
// or has no word for the change.
func TestWhoVerifiesAPendingChange(t *testing.T) {
	shipped, acknowledged := order.Values{Status: order.Shipped, Tracking: "1Z1"}, order.Values{Status: order.Processing, OrderNumber: "O1"}
	for name, c := range map[string]struct {
		action   order.Action
		after    order.Values
		word     order.Status
		confirms bool
		want     uptake.Witness
	}{
		"it has a word":             {order.Ship, shipped, order.New, true, uptake.Marketplace},
		"it is known to confirm":    {order.Ship, shipped, "", true, uptake.Marketplace},
		"it is known not to":        {order.Ship, shipped, order.New, false, uptake.GoDataFeed},
		"nobody confirms these":     {order.Acknowledge, acknowledged, order.New, true, uptake.GoDataFeed},
		"an unknown word is a word": {order.Ship, shipped, "unknown:odd", true, uptake.Marketplace},
	} {
		t.Run(name, func(t *testing.T) {
			a := mainAccount()
			a.Sources = map[string]spec.SourceSettings{order.SourceKey("Amazon"): {Confirms: &c.confirms}}
			l := live(1, func(l *order.Live) { l.SourceStatus = c.word })
			w := want(a, byID(1), c.after)
			if c.action == order.Acknowledge {
				w.Want.Status = order.Acknowledged
			}
			p := mustBuild(t, input(t, &script{orders: []order.Live{l}}, []spec.Wish{w}, stateOf(t, applied(a, l, c.action, c.after, time.Minute))))
			if len(p.Pending) != 1 || p.Pending[0].VerifiedBy != c.want {
				t.Errorf("%+v", p.Pending)
			}
		})
	}
}

// What is wanted beyond a pending change is decided as if it showed.
func TestAChangeAfterAPendingOne(t *testing.T) {
	a := mainAccount()
	st := stateOf(t, applied(a, live(1), order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "O1"}, time.Minute))
	w := want(a, byID(1), order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z1"})
	p := mustBuild(t, input(t, &script{orders: lives(2)}, []spec.Wish{w}, st))
	if diff := cmp.Diff([]string{"ship id-1"}, outcome(p)); diff != "" {
		t.Error(diff)
	}
	if before := p.Changes[0].Before; before.OrderNumber != "O1" || before.Status != order.Processing {
		t.Errorf("before: %+v", before)
	}
}

// A closed order costs no call and counts as unchanged, as long as the same is
// wanted of it.
func TestClosedOrders(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	l := live(1, func(l *order.Live) { l.Values = shipped })
	for name, c := range map[string]struct {
		wish  spec.Wish
		all   bool
		calls string
		want  []string
	}{
		"by ID":           {want(a, byID(1), shipped), false, "", []string{"no-op 1"}},
		"by number":       {want(a, byNumber(1), shipped), false, "", []string{"no-op 1"}},
		"nothing less":    {want(a, byID(1), order.Values{Status: order.Shipped}), false, "", []string{"no-op 1"}},
		"all are read":    {want(a, byID(1), shipped), true, "get id-1", []string{"no-op 1"}},
		"a stale read":    {want(a, byID(1), shipped), true, "get id-1", []string{"no-op 1"}},
		"another number":  {want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z2"}), false, "get id-1", []string{"correct id-1", "warning SHIP21"}},
		"another status":  {want(a, byID(1), order.Values{Status: order.Cancelled}), false, "get id-1", []string{"held id-1 Amazon 112-1 already_shipped"}},
		"another account": {want(&spec.Account{Name: "main", Endpoint: "https://other.example.com", PageSize: 10, PerSecond: 1}, byID(1), shipped), false, "get id-1", []string{"no-op 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t, closed(a, l, shipped))
			shows := l
			if name == "a stale read" {
				shows = live(1)
			}
			api := &script{orders: []order.Live{shows}}
			req := reading(api, []spec.Wish{c.wish}, st)
			req.All = c.all
			in := plan.Input{Accounts: req.Accounts, Policy: spec.DefaultPolicy, Wishes: req.Wishes, State: st, Snapshot: mustRead(t, req), All: c.all, Now: noon}
			p := mustBuild(t, in)
			if diff := cmp.Diff(c.want, outcome(p)); diff != "" || p.Orders != 1 {
				t.Errorf("%d orders (-want +got):\n%s", p.Orders, diff)
			}
			if got := api.said(); got != c.calls {
				t.Errorf("calls: %s", got)
			}
		})
	}
}

// A marketplace's number can come to be that of a second order. What is wanted
// by that number stays with the order that was closed with it, and is never done
// to the other one.
func TestAnotherOrderOfAClosedOnesNumber(t *testing.T) {
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	first := live(1, func(l *order.Live) { l.Values = shipped })
	second := live(2, func(l *order.Live) { l.SourceNumber = first.SourceNumber })
	for tracking, wanted := range map[string][]string{
		"1Z1": {"no-op 1"},
		"1Z2": {"held amazon 112-1 ambiguous_match"},
	} {
		st := stateOf(t, closed(a, first, shipped), observed(a, second, second.Values))
		api := &script{orders: []order.Live{first, second}}
		in := input(t, api, []spec.Wish{want(a, byNumber(1), order.Values{Status: order.Shipped, Tracking: tracking})}, st)
		p := mustBuild(t, in)
		if diff := cmp.Diff(wanted, outcome(p)); diff != "" || len(api.calls) > 0 {
			t.Errorf("%s: by %q (-want +got):\n%s", tracking, api.calls, diff)
		}
		if got := slices.Collect(plan.Observe(in)); len(got) > 0 {
			t.Errorf("%s: observed %+v", tracking, got)
		}
	}
}

// What a read says: verified only after take_time, closed only when the
// marketplace took it and had a day to refuse it, and nothing while a call is under
// way.
func TestObserve(t *testing.T) {
	const day = 24 * time.Hour
	a := mainAccount()
	shipped := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	acknowledged := order.Values{Status: order.Processing, OrderNumber: "O1"}
	showing := func(v order.Values, change ...func(l *order.Live)) order.Live {
		return live(1, append([]func(l *order.Live){func(l *order.Live) { l.Values = v }}, change...)...)
	}
	source := func(s order.Status) func(l *order.Live) { return func(l *order.Live) { l.SourceStatus = s } }
	ship := func(ago time.Duration) func(x *state.Session) error {
		return applied(a, live(1), order.Ship, shipped, ago)
	}
	for name, c := range map[string]struct {
		want             order.Values
		live             order.Live
		state            func(x *state.Session) error
		verified, closed bool
	}{
		"not there yet":               {shipped, live(1), ship(2 * time.Hour), false, false},
		"shown too early":             {shipped, showing(shipped), ship(time.Hour - time.Second), false, false},
		"shown in time":               {shipped, showing(shipped), ship(time.Hour), true, false},
		"shown for a day":             {shipped, showing(shipped), ship(day), true, true},
		"the marketplace has not":     {shipped, showing(shipped, source(order.Processing)), ship(day), true, false},
		"the marketplace has":         {shipped, showing(shipped, source(order.Shipped)), ship(day), true, true},
		"it can still refuse":         {shipped, showing(shipped, source(order.Shipped)), ship(day - time.Second), true, false},
		"the marketplace says a word": {shipped, showing(shipped, source("unknown:Odd")), ship(day), true, false},
		"the marketplace refused":     {shipped, showing(shipped, func(l *order.Live) { l.SyncError = "no such carrier" }), ship(day), false, false},
		"a call is under way":         {shipped, showing(shipped), begun(a, live(1), order.Ship, shipped), false, false},
		"as wanted from the start":    {shipped, showing(shipped), nil, false, true},
		"another number":              {shipped, showing(order.Values{Status: order.Shipped, Tracking: "1Z9"}), ship(2 * time.Hour), false, false},
		"acknowledged":                {order.Values{Status: order.Acknowledged, OrderNumber: "O1"}, showing(acknowledged), nil, false, true},
		"cancelled at its source":     {order.Values{Status: order.Cancelled}, live(1, source(order.Cancelled)), nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t)
			if c.state != nil {
				st = stateOf(t, c.state)
			}
			in := input(t, &script{orders: []order.Live{c.live}}, []spec.Wish{want(a, byID(1), c.want)}, st)
			got := slices.Collect(plan.Observe(in))
			if len(got) != 1 || got[0].Verified != c.verified || (got[0].Closed != nil) != c.closed || got[0].Key != keyOf(a, c.live) || !got[0].At.Equal(noon) {
				t.Fatalf("got %+v", got)
			}
			if v := got[0].Closed; v != nil && v.Status != c.want.Status && c.want.Status != order.Acknowledged {
				t.Errorf("closed as %+v", v)
			}
		})
	}
}

// Nothing is observed of what was not read, and nothing of what is not wanted.
func TestObserveLeavesTheRest(t *testing.T) {
	a := mainAccount()
	bad := want(a, byID(2), order.Values{Status: order.Shipped})
	bad.Problem = &spec.Problem{Code: spec.BadRow}
	st := stateOf(t, closed(a, live(3), order.Values{Status: order.Shipped}))
	in := input(t, &script{orders: lives(9)}, []spec.Wish{
		want(a, byID(1), order.Values{Status: order.Shipped}), bad,
		want(a, byID(3), order.Values{Status: order.Shipped}), want(a, byID(77), order.Values{Status: order.Shipped}),
	}, st)
	if got := slices.Collect(plan.Observe(in)); len(got) != 1 || got[0].Live.ID != "id-1" {
		t.Errorf("got %+v", got)
	}
}
