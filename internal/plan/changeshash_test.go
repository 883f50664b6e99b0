package plan

import (
	"slices"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// The hash changes with what is sent, and with nothing else.
func TestChangesHash(t *testing.T) {
	base := func() *Plan {
		return &Plan{
			Accounts: []AccountPlan{{Name: "us", EndpointHash: "e1"}},
			Changes: []Change{
				{Account: "us", Order: order.Ref{ID: "a", SourceNumber: "1"}, Actions: []order.Action{order.Ship}, After: order.Values{Tracking: "1Z1", Carrier: "UPS"}, AfterUnknown: []string{}},
				{Account: "us", Order: order.Ref{ID: "b"}, Actions: []order.Action{order.Cancel}, Reason: "lost", AfterUnknown: []string{}},
			},
		}
	}
	want := base().ChangesHash()
	for name, change := range map[string]func(*Plan){
		"the time":         func(p *Plan) { p.CreatedAt = time.Now() },
		"the order":        func(p *Plan) { slices.Reverse(p.Changes) },
		"the place":        func(p *Plan) { p.Changes[0].DefinedAt = spec.Place{File: "x", Line: 7} },
		"what was read":    func(p *Plan) { p.Changes[0].Before.Status, p.Changes[0].ReadAt = order.New, time.Now() },
		"what is held":     func(p *Plan) { p.Held = []Held{{Address: "x"}} },
		"other findings":   func(p *Plan) { p.Findings = []Finding{{Rule: "SHIP01"}} },
		"another hash":     func(p *Plan) { p.ConfigHash = "x" },
		"another cost":     func(p *Plan) { p.Accounts[0].Calls.Read = 7 },
		"the same, closed": func(p *Plan) { p.NoOp = 4 },
	} {
		p := base()
		if change(p); p.ChangesHash() != want {
			t.Errorf("%s changes the hash", name)
		}
	}
	seen := map[string]string{want: "base"}
	for name, change := range map[string]func(*Plan){
		"a number":     func(p *Plan) { p.Changes[0].After.Tracking = "1Z2" },
		"a carrier":    func(p *Plan) { p.Changes[0].After.Carrier = "USPS" },
		"a ship time":  func(p *Plan) { p.Changes[0].After.ShippedAt = time.Unix(1e9, 0) },
		"an order":     func(p *Plan) { p.Changes[0].Order.ID = "c" },
		"an action":    func(p *Plan) { p.Changes[0].Actions = []order.Action{order.Correct} },
		"a reason":     func(p *Plan) { p.Changes[1].Reason = "sold" },
		"an attempt":   func(p *Plan) { p.Changes[0].Attempt = 2 },
		"the endpoint": func(p *Plan) { p.Accounts[0].EndpointHash = "e2" },
		"one less":     func(p *Plan) { p.Changes = p.Changes[:1] },
		"one twice":    func(p *Plan) { p.Changes = append(p.Changes, p.Changes[1]) },
	} {
		p := base()
		change(p)
		if other, ok := seen[p.ChangesHash()]; ok {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[p.ChangesHash()] = name
	}
}
