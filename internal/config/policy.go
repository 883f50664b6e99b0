package config

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// mostOrders is the largest limit that can be written.
const mostOrders = 100_000_000

func (l *loader) policy() hcl.Diagnostics {
	l.cfg.Policy = spec.DefaultPolicy
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
			{Name: "max_review_age"},
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
		case "max_review_age":
			p.MaxReviewAge, more = s.duration(attr, p.MaxReviewAge)
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

var policyRuleSchema = &hcl.BodySchema{Attributes: ruleAttributes}

func (l *loader) rule(b *hcl.Block) (*spec.PolicyRule, hcl.Diagnostics) {
	rule, _, diags := l.ownRule(b, policyRuleSchema, l.scope("change", "var", "local"), changeValues(sampleChange))
	return &spec.PolicyRule{Name: rule.name, Place: rule.place, Digest: l.digest(rule), Check: rule.checkChange}, diags
}

// sampleChange has every value, so that trying a rule on it fails only where
// the rule itself is wrong.
var sampleChange = spec.Change{
	Address: `order["sample"]`, Account: "default", Order: order.Ref{ID: "id", Source: "Amazon", SourceNumber: "112-1234567-1234567"},
	Actions: []order.Action{order.Ship}, Before: order.Values{Status: order.New, OrderNumber: "1", Tracking: "1Z", Carrier: "UPS", ShippedAt: time.Unix(0, 0)},
	After: order.Values{Status: order.Shipped, OrderNumber: "1", Tracking: "1Z", Carrier: "UPS", ShippedAt: time.Unix(0, 0)},
}

// checkChange is a policy rule's Check.
func (r ownRule) checkChange(c spec.Change) (string, error) {
	values := changeValues(c)
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

// changeValues are the names that a policy's rules use.
func changeValues(c spec.Change) map[string]cty.Value {
	return map[string]cty.Value{"change": changeValue(c)}
}

func changeValue(c spec.Change) cty.Value {
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
	values := map[string]cty.Value{}
	for _, f := range v.Fields(rfc3339) {
		values[f.Name] = orNull(f.Value)
	}
	return cty.ObjectVal(values)
}

func orNull(s string) cty.Value {
	if s == "" {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(s)
}
