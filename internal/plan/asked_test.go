package plan_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// askedWorld has an order for each action and each way to name one.
func askedWorld() (api *script, wishes []spec.Wish) {
	a := mainAccount()
	api = &script{orders: []order.Live{
		live(0),
		live(1),
		live(2, func(l *order.Live) { l.Values = order.Values{Status: order.Processing, OrderNumber: "O2"} }),
		live(3),
		live(4, func(l *order.Live) {
			l.Values = order.Values{Status: order.Shipped, Tracking: "1Z-old", Carrier: "FedEx", ShippedAt: noon.Add(-time.Hour)}
		}),
	}}
	return api, []spec.Wish{
		want(a, byID(0), order.Values{Status: order.Acknowledged, OrderNumber: "O0"}),
		want(a, byNumber(1), order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z1", Carrier: "UPS", ShippedAt: noon.Add(-time.Hour)}),
		want(a, spec.Find{OrderNumber: "O2"}, order.Values{Status: order.Shipped, Tracking: "1Z2"}),
		func() spec.Wish {
			w := want(a, byID(3), order.Values{Status: order.Cancelled})
			w.Reason = "out of stock"
			return w
		}(),
		want(a, byNumber(4), order.Values{Status: order.Shipped, Tracking: "1Z4"}),
	}
}

func askedPlan(t testing.TB, api *script, wishes []spec.Wish, st *state.State) (*plan.Plan, plan.Input) {
	t.Helper()
	in := input(t, api, wishes, st)
	p, diags := plan.Build(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p, in
}

func asked(in plan.Input, p *plan.Plan) (*plan.Plan, []plan.Unasked) {
	return plan.Asked(p, plan.Asking{Wishes: in.Wishes, Accounts: in.Accounts, State: in.State, Policy: in.Policy, Now: in.Now})
}

func TestAPlanOfTheSameWishesIsAsked(t *testing.T) {
	api, wishes := askedWorld()
	p, in := askedPlan(t, api, wishes, stateOf(t))
	if len(p.Changes) != 5 {
		t.Fatalf("%d changes", len(p.Changes))
	}
	content, _ := encoded(t, p)
	saved, _, err := plan.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	got, unasked := asked(in, saved)
	if len(unasked) > 0 {
		t.Fatal(unasked)
	}
	if diff := cmp.Diff(p.Changes, got.Changes, cmpopts.IgnoreFields(plan.Change{}, "ReadAt", "Read")); diff != "" {
		t.Errorf("it became another plan:\n%s", diff)
	}
	for _, c := range got.Changes {
		if !c.ReadAt.IsZero() {
			t.Error("the reads of a saved plan are believed")
		}
	}
	saved.Changes = saved.Changes[2:4] // as with --target
	if got, unasked := asked(in, saved); len(unasked) > 0 || len(got.Changes) != 2 {
		t.Errorf("a part of it: %v", unasked)
	}
}

// Settings are the configuration's, whatever the file says of them.
func TestSettingsAreNotTakenFromThePlan(t *testing.T) {
	api, wishes := askedWorld()
	p, in := askedPlan(t, api, wishes, stateOf(t))
	p.Accounts[0].Burst, p.Accounts[0].PerSecond = 1e6, 1e6
	got, unasked := asked(in, p)
	if len(unasked) > 0 || got.Accounts[0].Burst != 50 || got.Accounts[0].PerSecond != 2 {
		t.Errorf("%v %+v", unasked, got)
	}
}

// Each way in which a plan is not what is asked for: the whole plan is refused,
// and the message says why.
func TestWhatIsNotAsked(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(p *plan.Plan, in *plan.Input)
		why   string
	}{
		"an altered tracking number": {func(p *plan.Plan, _ *plan.Input) { change(p, 1).After.Tracking = "1Z9" }, `tracking number is "1Z1", not "1Z9"`},
		"another carrier":            {func(p *plan.Plan, _ *plan.Input) { change(p, 1).After.Carrier = "evil" }, "the carrier differs"},
		"another ship date":          {func(p *plan.Plan, _ *plan.Input) { change(p, 1).After.ShippedAt = noon }, "the ship date differs"},
		"a ship date where none is":  {func(p *plan.Plan, _ *plan.Input) { change(p, 2).After.ShippedAt = noon }, "the ship date differs"},
		"no ship date to be chosen":  {func(p *plan.Plan, _ *plan.Input) { change(p, 2).AfterUnknown = nil }, "the ship date differs"},
		"another order number":       {func(p *plan.Plan, _ *plan.Input) { change(p, 0).After.OrderNumber = "O9" }, `order number is "O0", not "O9"`},
		"another reason":             {func(p *plan.Plan, _ *plan.Input) { change(p, 3).Reason = "because" }, "the reason differs"},
		"another attempt":            {func(p *plan.Plan, _ *plan.Input) { change(p, 4).Attempt = 2 }, "attempt is 1, not 2"},
		"an unknown action":          {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Actions = []order.Action{"destroy"} }, "the action is acknowledge"},
		"an action too many":         {func(p *plan.Plan, _ *plan.Input) { change(p, 1).Actions = append(change(p, 1).Actions, order.Ship) }, "the action is acknowledge and ship"},
		"an action that the table could not produce": {func(p *plan.Plan, _ *plan.Input) {
			change(p, 3).Before.Status = order.Shipped
		}, "already_shipped"},
		"nothing to do": {func(p *plan.Plan, _ *plan.Input) {
			change(p, 4).Before.Tracking = "1Z4"
		}, "it is as wanted"},
		"an order that no wish names": {func(p *plan.Plan, _ *plan.Input) {
			c := *change(p, 1)
			c.Order = order.Ref{ID: "id-9", Source: "Amazon", SourceNumber: "112-9"}
			p.Changes = append(p.Changes, c)
		}, "has no wish with this address for this order"},
		"another order by its ID":      {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Order.ID = "id-9" }, "has no wish with this address for this order"},
		"another order by its number":  {func(p *plan.Plan, _ *plan.Input) { change(p, 1).Order.SourceNumber = "112-9" }, "has no wish with this address for this order"},
		"no order":                     {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Order.ID = "" }, "it names no order"},
		"a change twice":               {func(p *plan.Plan, _ *plan.Input) { p.Changes = append(p.Changes, *change(p, 0)) }, "changes this order twice"},
		"another address":              {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Address = `batch.x["id-0"]` }, `the order's wish is batch.b["id-0"]`},
		"an unknown account":           {func(p *plan.Plan, _ *plan.Input) { change(p, 0).Account = "other" }, `not made for account "other"`},
		"an unknown account's part":    {func(p *plan.Plan, _ *plan.Input) { p.Accounts[0].Name = "other" }, `account "other" is not in the configuration`},
		"no accounts":                  {func(p *plan.Plan, _ *plan.Input) { p.Accounts = nil }, `not made for account "main"`},
		"an account twice":             {func(p *plan.Plan, _ *plan.Input) { p.Accounts = append(p.Accounts, p.Accounts[0]) }, "listed twice"},
		"another endpoint":             {func(p *plan.Plan, _ *plan.Input) { p.Accounts[0].Endpoint = "https://evil.example" }, "had a different endpoint"},
		"another path at the endpoint": {func(p *plan.Plan, _ *plan.Input) { p.Accounts[0].EndpointHash = "0" }, "had a different endpoint"},
		"an id that the state contradicts": {func(p *plan.Plan, in *plan.Input) {
			in.State = stateOf(t, applied(mainAccount(), live(1), order.Ship, order.Values{Status: order.Shipped}, time.Hour))
			change(p, 1).Order.ID = "id-7"
		}, "has a different ID"},
		"a wish that changed": {func(_ *plan.Plan, in *plan.Input) { in.Wishes.Orders[0].Want.OrderNumber = "O9" }, `order number is "O9", not "O0"`},
		"a wish that is gone": {func(_ *plan.Plan, in *plan.Input) { in.Wishes.Orders = in.Wishes.Orders[1:] }, "has no wish with this address"},
		"a row that is bad now": {func(_ *plan.Plan, in *plan.Input) {
			in.Wishes.Orders[0].Problem = &spec.Problem{Code: spec.BadRow, Message: "no time"}
		}, "can't be used: no time"},
		"another entry that wants something else": {func(_ *plan.Plan, in *plan.Input) {
			w := want(in.Accounts[0], byNumber(0), order.Values{Status: order.Cancelled})
			w.Origin = &spec.Origin{Kind: "order", Name: "stop", Account: in.Accounts[0]}
			in.Wishes.Orders = append([]*spec.Wish{&w}, in.Wishes.Orders...)
		}, `want different things of one order (status)`},
	} {
		api, wishes := askedWorld()
		p, in := askedPlan(t, api, wishes, stateOf(t))
		c.alter(p, &in)
		got, unasked := asked(in, p)
		if got != nil || len(unasked) == 0 {
			t.Errorf("%s: not refused", name)
			continue
		}
		if why := unasked[0].Why; !strings.Contains(why, c.why) {
			t.Errorf("%s: %q, want %q", name, why, c.why)
		}
	}
}

// change is that of order number i.
func change(p *plan.Plan, i int) *plan.Change {
	at := slices.IndexFunc(p.Changes, func(c plan.Change) bool { return c.Order.ID == sprintf("id-%d", i) })
	return &p.Changes[at]
}

// What a shipment takes over from the order is compared to the second, as the
// API's times and those of a file are.
func TestKept(t *testing.T) {
	at := noon.Add(300 * time.Millisecond)
	for name, c := range map[string]struct {
		before, after, live order.Values
		want                bool
	}{
		"nothing is taken over":             {order.Values{}, order.Values{Carrier: "UPS", ShippedAt: noon}, order.Values{Carrier: "FedEx"}, true},
		"neither carrier nor date":          {order.Values{}, order.Values{}, order.Values{Carrier: "FedEx", ShippedAt: noon}, true},
		"the carrier that is there":         {order.Values{Carrier: "UPS"}, order.Values{Carrier: "UPS"}, order.Values{Carrier: "UPS"}, true},
		"a carrier that is another one now": {order.Values{Carrier: "UPS"}, order.Values{Carrier: "UPS"}, order.Values{Carrier: "FedEx"}, false},
		"the date that is there":            {order.Values{ShippedAt: at}, order.Values{ShippedAt: at}, order.Values{ShippedAt: at}, true},
		"the date of a file":                {order.Values{ShippedAt: noon}, order.Values{ShippedAt: noon}, order.Values{ShippedAt: at}, true},
		"a date that is another one now":    {order.Values{ShippedAt: noon}, order.Values{ShippedAt: noon}, order.Values{ShippedAt: noon.Add(time.Hour)}, false},
	} {
		if plan.Kept(c.before, c.after, c.live) != c.want {
			t.Errorf("%s: not %v", name, c.want)
		}
	}
}

// Another entry that wants the same of an order is no contradiction.
func TestAnotherEntryThatWantsTheSame(t *testing.T) {
	api, wishes := askedWorld()
	w := wishes[0]
	w.Find = byNumber(0)
	w.Origin = &spec.Origin{Kind: "order", Name: "again", Account: w.Origin.Account}
	p, in := askedPlan(t, api, append(wishes, w), stateOf(t))
	if _, unasked := asked(in, p); len(unasked) > 0 {
		t.Error(unasked)
	}
}

// Whatever one field of one line of a plan is changed to: the plan is refused,
// or apply, which compares with the live order, sends what the good plan sends,
// or nothing.
func TestNoAlteredFieldChangesWhatIsSent(t *testing.T) {
	st := stateOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		api, wishes := askedWorld()
		p, in := askedPlan(t, api, wishes, st)
		content, _ := encoded(t, p)
		lines := strings.SplitAfter(string(content), "\n")
		number := rapid.IntRange(0, len(lines)-3).Draw(rt, "line")
		var line any
		if err := json.Unmarshal([]byte(lines[number]), &line); err != nil {
			rt.Fatal(err)
		}
		altered, err := json.Marshal(mutate(rt, line))
		if err != nil {
			rt.Fatal(err)
		}
		lines[number] = string(altered) + "\n"
		body := strings.Join(lines[:len(lines)-2], "")
		if rapid.Bool().Draw(rt, "a line twice") {
			body += lines[1+number%(len(lines)-3)]
		}
		saved, _, err := plan.Decode(strings.NewReader(body + trailer(body)))
		if err != nil {
			return
		}
		got, unasked := asked(in, saved)
		if len(unasked) > 0 {
			return
		}
		if diff := sendsMore(p, got, api); diff != "" {
			rt.Fatalf("line %d became %s, and something else is sent:\n%s", number+1, altered, diff)
		}
	})
}

// sendsMore is what a plan would send that the good one does not, once apply has
// compared it with the live orders.
func sendsMore(good, got *plan.Plan, api *script) string {
	for _, c := range got.Changes {
		at := slices.IndexFunc(api.orders, func(l order.Live) bool { return l.ID == c.Order.ID })
		if at < 0 || !plan.SameOrder(c.Order, api.orders[at].Ref) || !plan.Unchanged(c.Before, api.orders[at]) || !plan.Kept(c.Before, c.After, api.orders[at].Values) {
			continue // apply leaves it alone
		}
		asked := good.Changes[slices.IndexFunc(good.Changes, func(g plan.Change) bool { return g.Order.ID == c.Order.ID })]
		if diff := cmp.Diff(asked, c, cmpopts.IgnoreFields(plan.Change{}, "ReadAt", "Read", "Created", "Before")); diff != "" {
			return diff
		}
	}
	return ""
}

// mutate changes one value somewhere in a JSON value.
func mutate(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 && rapid.IntRange(0, 9).Draw(t, "deeper") > 0 {
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			key := rapid.SampledFrom(keys).Draw(t, "key")
			if rapid.IntRange(0, 5).Draw(t, "drop") == 0 {
				delete(v, key)
			} else {
				v[key] = mutate(t, v[key])
			}
			return v
		}
	case []any:
		if len(v) > 0 && rapid.Bool().Draw(t, "element") {
			i := rapid.IntRange(0, len(v)-1).Draw(t, "index")
			v[i] = mutate(t, v[i])
			return v
		}
		return append(v, rapid.SampledFrom([]any{"ship", "cancel", "correct", "shipped_at", 7}).Draw(t, "more"))
	}
	return rapid.SampledFrom([]any{
		nil, "", "main", "other", "id-0", "id-1", "id-9", "Amazon", "eBay", "112-0", "112-1", "O0", "O2", "1Z1", "1Z4", "UPS", "FedEx", "new", "processing", "shipped", "cancelled",
		"2026-11-22T11:00:00Z", "2026-11-22T10:00:00Z", 0, 1, 2, -1, 1e9, true,
		[]any{},
		[]any{"ship"},
		[]any{"cancel"},
		[]any{"acknowledge", "ship"},
		[]any{"shipped_at"},
		map[string]any{},
	}).Draw(t, "value")
}

// trailer is the last line of a plan file, for who makes one again.
func trailer(body string) string {
	line, _ := json.Marshal(struct { // always can be
		Lines  int    `json:"lines"`
		SHA256 string `json:"sha256"`
	}{strings.Count(body, "\n"), digest(body)})
	return string(line) + "\n"
}

func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
