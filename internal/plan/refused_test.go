package plan_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// What the marketplace refused is told first, and sent again only if something else
// is wanted by now.
func TestRefusedLater(t *testing.T) {
	a := mainAccount()
	sent := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPSS", ShippedAt: noon.Add(-3 * time.Hour)}
	wish := func(change func(v *order.Values)) order.Values {
		v := sent
		v.ShippedAt = time.Time{}
		change(&v)
		return v
	}
	refused := func(l *order.Live) { l.SyncError = "The carrier Quorvath is not valid" }
	shows := func(l *order.Live) { l.Values = sent }
	ship := func(before ...func(l *order.Live)) func(x *state.Session) error {
		return applied(a, live(1, before...), order.Ship, sent, 2*time.Hour)
	}
	for name, c := range map[string]struct {
		live  []func(l *order.Live)
		state func(x *state.Session) error
		want  order.Values
		plan  []string
	}{
		"the same":            {[]func(*order.Live){shows, refused}, ship(), wish(func(*order.Values) {}), []string{"error refused_later", "no-op 1"}},
		"the same, and a lag": {[]func(*order.Live){refused}, ship(), wish(func(*order.Values) {}), []string{"pending ship id-1 not taken false", "error refused_later"}},
		"another carrier": {
			[]func(*order.Live){shows, refused},
			ship(), wish(func(v *order.Values) { v.Carrier = "UPS" }),
			[]string{"correct id-1", "error refused_later"},
		},
		"another carrier, and a lag": {
			[]func(*order.Live){refused},
			ship(), wish(func(v *order.Values) { v.Carrier = "UPS" }),
			[]string{"correct id-1", "error refused_later"},
		},
		"another carrier than GoDataFeed shows": {
			[]func(*order.Live){shows, refused, func(l *order.Live) { l.Carrier = "Other" }},
			ship(), wish(func(*order.Values) {}),
			[]string{"error refused_later", "no-op 1"},
		},
		"another number": {
			[]func(*order.Live){shows, refused},
			ship(), wish(func(v *order.Values) { v.Tracking = "9400111206206407628746" }),
			[]string{"correct id-1", "error refused_later"},
		},
		"another date": {
			[]func(*order.Live){shows, refused},
			ship(), wish(func(v *order.Values) { v.ShippedAt = noon.Add(-4 * time.Hour) }),
			[]string{"correct id-1", "error refused_later"},
		},
		"canceled since": {
			[]func(*order.Live){shows, refused, func(l *order.Live) { l.SourceStatus = order.Cancelled }},
			ship(), wish(func(v *order.Values) { v.Carrier = "UPS" }),
			[]string{"held id-1 Amazon 112-1 already_cancelled", "error refused_later"},
		},
		"an error that was there": {
			[]func(*order.Live){shows, refused},
			ship(refused), wish(func(v *order.Values) { v.Carrier = "UPS" }),
			[]string{"warning SHIP16", "info carrier_differs", "no-op 1"},
		},
		"nothing was sent": {
			[]func(*order.Live){shows, refused},
			nil, wish(func(*order.Values) {}),
			[]string{"info SHIP16", "no-op 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t)
			if c.state != nil {
				st = stateOf(t, c.state)
			}
			in := input(t, &script{orders: []order.Live{live(1, c.live...)}}, []spec.Wish{want(a, byID(1), c.want)}, st)
			p := mustBuild(t, in)
			got := slices.DeleteFunc(outcome(p), func(s string) bool { return s == "info SHIP19" })
			if diff := cmp.Diff(c.plan, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range p.Findings {
				if strings.Contains(f.Message, "Quorvath") {
					t.Errorf("a name is shown: %s", f.Message)
				}
			}
			content, _ := encoded(t, p)
			saved, _, err := plan.Decode(bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if _, unasked := asked(in, saved); len(unasked) > 0 {
				t.Errorf("saved, it is refused: %+v", unasked)
			}
			if len(saved.Changes) == 1 && saved.Changes[0].Refused == "" {
				t.Error("apply can't know that the marketplace refused it")
			}
		})
	}
}

// An order that nobody wants anything of any more is read until its change is closed,
// once a read can say more; not where only a part is planned.
func TestFollowed(t *testing.T) {
	a := mainAccount()
	sent := order.Values{Status: order.Shipped, Tracking: "1Z1"}
	shown := func(l *order.Live) { l.Values, l.SourceStatus = sent, order.Shipped }
	for name, c := range map[string]struct {
		ago      time.Duration
		change   func(l *order.Live)
		sel      plan.Selection
		calls    string
		want     []string
		observed bool
		closed   bool
	}{
		"too early":      {5 * time.Minute, shown, plan.Selection{}, "get id-2", []string{"ship id-2"}, false, false},
		"in time":        {2 * time.Hour, shown, plan.Selection{}, "get id-1, get id-2", []string{"ship id-2"}, true, false},
		"after a day":    {25 * time.Hour, shown, plan.Selection{}, "get id-1, get id-2", []string{"ship id-2"}, true, true},
		"refused":        {2 * time.Hour, func(l *order.Live) { l.SyncError = "no" }, plan.Selection{}, "get id-1, get id-2", []string{"ship id-2", "error refused_later"}, true, false},
		"a part is made": {2 * time.Hour, shown, plan.Selection{Targets: []string{"order"}}, "", nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			st := stateOf(t, applied(a, live(1), order.Ship, sent, c.ago))
			api := &script{orders: []order.Live{live(1, c.change), live(2)}}
			req := reading(api, []spec.Wish{want(a, byID(2), order.Values{Status: order.Shipped, Tracking: "1Z999AA10123456784", Carrier: "UPS"})}, st)
			req.Select = c.sel
			in := plan.Input{Accounts: req.Accounts, Policy: spec.DefaultPolicy, Wishes: req.Wishes, State: st, Snapshot: mustRead(t, req), Select: c.sel, Now: noon}
			if diff := cmp.Diff(c.want, outcome(mustBuild(t, in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := api.said(); got != c.calls {
				t.Errorf("calls: %s", got)
			}
			var observed, closed bool
			for o := range plan.Observe(in) {
				if o.Live.ID == "id-1" {
					observed, closed = true, o.Closed != nil
				}
			}
			if observed != c.observed || closed != c.closed {
				t.Errorf("observed %v, closed %v", observed, closed)
			}
		})
	}
}

// Errors that are no news, and marketplaces that hear of nothing, are one line each.
func TestOldErrors(t *testing.T) {
	a := mainAccount()
	var wishes []spec.Wish
	var orders []order.Live
	for i := range 4 {
		orders = append(orders, live(i, func(l *order.Live) {
			l.SyncError = []string{"carrier is not valid", "order is not valid"}[i%2]
			l.Values = order.Values{Status: order.Shipped}
			if i > 1 {
				l.Status, l.SyncError, l.SyncStatus = order.New, "", "Disabled"
			}
			if i%2 == 1 {
				l.Source = "amazon" // the same marketplace
			}
		}))
		wishes = append(wishes, want(a, byID(i), order.Values{Status: order.Shipped, Tracking: "1Z999AA1012345678" + string(rune('0'+i)), Carrier: "Own"}))
	}
	wishes[0].Want.Tracking, wishes[1].Want.Tracking = "", ""
	p := mustBuild(t, input(t, &script{orders: orders}, wishes, stateOf(t)))
	var got []string
	for _, f := range p.Findings {
		if f.Rule == "SHIP16" {
			got = append(got, sprintf("%s %d %s", f.Severity, f.Count, f.Message))
		}
	}
	if diff := cmp.Diff([]string{
		"warning 2 synchronization with Amazon is not enabled for 2 orders: changes will not reach it",
		"info 2 2 older errors on Amazon, 2 texts: gdfctl status --older",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What was no news when a change was shown is none later: the same read says the same
// once the state holds it. An error that was gone in between, and comes again, is news.
func TestAnOldErrorStaysOld(t *testing.T) {
	a := mainAccount()
	one, two := order.Values{Status: order.Shipped, Tracking: "1Z1"}, order.Values{Status: order.Shipped, Tracking: "1Z2"}
	old := func(l *order.Live) { l.SyncError = "an old error" }
	for name, c := range map[string]struct {
		between string
		want    uptake.Word
	}{
		"another error between": {"another error", uptake.Verified},
		"no error between":      {"", uptake.RefusedLater},
	} {
		between := live(1, func(l *order.Live) { l.Values, l.SyncError = one, c.between })
		st := stateOf(t, applied(a, live(1, old), order.Ship, one, 3*time.Hour), applied(a, between, order.Correct, two, 2*time.Hour))
		shows := live(1, old, func(l *order.Live) { l.Values, l.SourceStatus = two, order.Shipped })
		in := input(t, &script{orders: []order.Live{shows}}, []spec.Wish{want(a, byID(1), two)}, st)
		told := slices.ContainsFunc(mustBuild(t, in).Findings, func(f plan.Finding) bool { return f.Rule == plan.RefusedLater })
		entry, _ := st.Entry(keyOf(a, shows))
		for o := range plan.Observe(in) {
			entry = entry.As(o.State())
		}
		word, _ := plan.UptakeOf(entry, plan.UptakeSettings(a, "Amazon", in.Learned["main"]), noon)
		if word.Word != c.want || told != (c.want == uptake.RefusedLater) {
			t.Errorf("%s: %s, and refused in the plan is %v", name, word.Word, told)
		}
	}
}

// What needs a person is told of orders that are as wanted, too: GoDataFeed shows the
// carrier that was before, and no wish sends a carrier alone.
func TestLeftOpenAsWanted(t *testing.T) {
	a := mainAccount()
	before := live(1, func(l *order.Live) { l.Values = order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "UPS"} })
	sent := order.Values{Status: order.Shipped, Tracking: "1Z1", Carrier: "FedEx"}
	st := stateOf(t, applied(a, before, order.Correct, sent, 2*time.Hour))
	in := input(t, &script{orders: []order.Live{before}}, []spec.Wish{want(a, byID(1), order.Values{Status: order.Shipped, Tracking: "1Z1"})}, st)
	if diff := cmp.Diff([]string{"warning not_taken", "no-op 1"}, outcome(mustBuild(t, in))); diff != "" {
		t.Error(diff)
	}
}

// What helps depends on what was refused: a canceled order may be on its way.
func TestWhatHelpsAfterARefusal(t *testing.T) {
	a := mainAccount()
	for _, c := range []struct {
		action order.Action
		sent   order.Values
		says   string
	}{
		{order.Ship, order.Values{Status: order.Shipped, Tracking: "1Z1"}, "change its number, carrier or date"},
		{order.Cancel, order.Values{Status: order.Cancelled}, "it may be shipped by now"},
		{order.Acknowledge, order.Values{Status: order.Processing, OrderNumber: "O1"}, "; send it again with"},
	} {
		l := live(1, func(l *order.Live) { l.Values, l.SyncError = c.sent, "no" })
		w := want(a, byID(1), c.sent)
		if c.action == order.Acknowledge {
			w.Want.Status = order.Acknowledged
		}
		p := mustBuild(t, input(t, &script{orders: []order.Live{l}}, []spec.Wish{w}, stateOf(t, applied(a, live(1), c.action, c.sent, 2*time.Hour))))
		if len(p.Findings) != 1 || p.Findings[0].Rule != plan.RefusedLater || !strings.Contains(p.Findings[0].Message, c.says) {
			t.Errorf("%s: %+v", c.action, p.Findings)
		}
	}
}
