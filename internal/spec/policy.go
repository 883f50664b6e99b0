package spec

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
)

// Policy bounds what one plan may do.
type Policy struct {
	MaxChanges           int     // orders, in the whole plan
	MaxCancellations     int     // orders
	MaxCorrections       int     // orders
	MaxCancellationRatio float64 // of the orders counted in the lookback
	MaxHeld              int     // orders
	MaxPlanAge           time.Duration
	Rules                []*PolicyRule
	Raised               rules.Raised // rules that are errors here
}

// mostOrders is the largest limit that can be written.
const mostOrders = 100_000_000

// RatioTestedFrom is the least number of cancels that MaxCancellationRatio
// applies to: one cancel of ten orders is no sign of a mistake.
const RatioTestedFrom = 6

// DefaultPolicy holds where the configuration has no policy block.
var DefaultPolicy = Policy{MaxChanges: 20000, MaxCancellations: 25, MaxCorrections: 25, MaxCancellationRatio: 0.02, MaxHeld: 20, MaxPlanAge: 24 * time.Hour}

// PolicyRule is a condition that every change must meet.
type PolicyRule struct{ ownRule }

// Change is a planned change as a rule sees it.
type Change struct {
	Address   string
	Account   string
	Order     order.Ref
	Actions   []order.Action
	Before    order.Values
	After     order.Values
	DefinedAt Place
}

func (l *loader) policy() hcl.Diagnostics {
	l.cfg.Policy = DefaultPolicy
	blocks := l.blocks["policy"]
	if len(blocks) == 0 {
		return nil
	}
	content, diags := contentOf(blocks[0].Body, &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{
			{Name: "max_changes"},
			{Name: "max_cancellations"},
			{Name: "max_cancellation_ratio"},
			{Name: "max_corrections"},
			{Name: "max_held"},
			{Name: "max_plan_age"},
			{Name: "severity"},
		},
		Blocks: []hcl.BlockHeaderSchema{{Type: "rule", LabelNames: []string{"name"}}},
	})
	p, s := &l.cfg.Policy, l.scope("var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		var more hcl.Diagnostics
		switch name {
		case "max_changes":
			p.MaxChanges, more = s.whole(attr, 0, mostOrders, p.MaxChanges)
		case "max_cancellations":
			p.MaxCancellations, more = s.whole(attr, 0, mostOrders, p.MaxCancellations)
		case "max_cancellation_ratio":
			p.MaxCancellationRatio, more = s.ratio(attr, p.MaxCancellationRatio)
		case "max_corrections":
			p.MaxCorrections, more = s.whole(attr, 0, mostOrders, p.MaxCorrections)
		case "severity":
			p.Raised, more = s.raised(attr)
		case "max_held":
			p.MaxHeld, more = s.whole(attr, 0, mostOrders, p.MaxHeld)
		case "max_plan_age":
			p.MaxPlanAge, more = s.duration(attr, p.MaxPlanAge)
		}
		diags = append(diags, more...)
	}
	for _, b := range content.Blocks {
		rule, more := l.rule(b)
		diags = append(diags, more...)
		p.Rules = append(p.Rules, rule)
	}
	return diags
}

func (l *loader) rule(b *hcl.Block) (*PolicyRule, hcl.Diagnostics) {
	rule, attributes, diags := l.ownRule(b, l.scope("change", "var", "local"), sampleChange.values())
	return &PolicyRule{rule}, append(diags, unsupported(attributes, "severity")...)
}

// sampleChange has every value, so that trying a rule on it fails only where
// the rule itself is wrong.
var sampleChange = Change{
	Address: `order["sample"]`, Account: "default", Order: order.Ref{ID: "id", Source: "Amazon", SourceNumber: "112-1234567-1234567"},
	Actions: []order.Action{order.Ship}, Before: order.Values{Status: order.New, OrderNumber: "1", Tracking: "1Z", Carrier: "UPS", ShippedAt: time.Unix(0, 0)},
	After: order.Values{Status: order.Shipped, OrderNumber: "1", Tracking: "1Z", Carrier: "UPS", ShippedAt: time.Unix(0, 0)},
}

// Check holds one change against the rule and returns the rule's message if
// it is not met, or "". An error means that the rule itself can't be
// evaluated for this change.
func (r *PolicyRule) Check(c Change) (string, error) {
	values := c.values()
	ctx := r.context(values)
	if r.when != nil {
		if applies, err := r.boolean("when", r.when, ctx); err != nil || !applies {
			return "", err
		}
	}
	met, err := r.boolean("condition", r.condition, ctx)
	if err != nil || met {
		return "", err
	}
	return r.says(values), nil
}

func (c Change) values() map[string]cty.Value { return map[string]cty.Value{"change": c.value()} }

func (c Change) value() cty.Value {
	actions := []cty.Value{}
	for _, a := range c.Actions {
		actions = append(actions, cty.StringVal(string(a)))
	}
	list := cty.ListValEmpty(cty.String)
	if len(actions) > 0 {
		list = cty.ListVal(actions)
	}
	return cty.ObjectVal(map[string]cty.Value{
		"address": cty.StringVal(c.Address), "account": cty.StringVal(c.Account), "actions": list,
		"order":  cty.ObjectVal(map[string]cty.Value{"id": orNull(c.Order.ID), "source": orNull(c.Order.Source), "source_order_number": orNull(c.Order.SourceNumber)}),
		"before": valuesValue(c.Before), "after": valuesValue(c.After),
		"defined_at": cty.ObjectVal(map[string]cty.Value{"file": cty.StringVal(c.DefinedAt.File), "line": cty.NumberIntVal(int64(c.DefinedAt.Line))}),
	})
}

func valuesValue(v order.Values) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"status": orNull(string(v.Status)), "order_number": orNull(v.OrderNumber),
		"tracking_number": orNull(v.Tracking), "carrier": orNull(v.Carrier), "shipped_at": timeOrNull(v.ShippedAt),
	})
}

func orNull(s string) cty.Value {
	if s == "" {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(s)
}
