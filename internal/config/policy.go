package config

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// mostApprovals is the largest number of approvals that can be asked for.
const mostApprovals = 100

func (l *loader) policy() hcl.Diagnostics {
	l.cfg.Policy = spec.DefaultPolicy
	p, s := &l.cfg.Policy, l.scope("var", "local")
	p.Source = l.opts.Source
	blocks := l.blocks["policy"]
	if len(blocks) == 0 {
		return nil
	}
	wholes := countLimits(p)
	schema := &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "max_cancellation_ratio"}, {Name: "confirm_cancellations"}, {Name: "max_plan_age"}, {Name: "max_review_age"}, {Name: "min_approvals"}, {Name: "approvals"}, {Name: "severity"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "rule", LabelNames: []string{"name"}}},
	}
	for _, name := range sortedKeys(wholes) {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	content, diags := contentOf(blocks[0].Body, schema)
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		p.Put(name, placeOf(attr.NameRange))
		var more hcl.Diagnostics
		switch name {
		case "max_cancellation_ratio":
			p.MaxCancellationRatio, more = s.ratio(attr, p.MaxCancellationRatio)
		case "confirm_cancellations":
			p.ConfirmCancellations, more = s.boolean(attr)
		case "severity":
			p.Raised, more = s.raised(attr)
		case "max_plan_age":
			p.MaxPlanAge, more = s.duration(attr, p.MaxPlanAge)
		case "max_review_age":
			p.MaxReviewAge, more = s.duration(attr, p.MaxReviewAge)
		case "min_approvals":
			p.MinApprovals, more = s.whole(attr, 0, mostApprovals, p.MinApprovals)
		case "approvals":
			var of string
			of, more = s.oneOf(attr, []string{"reviews", "environment"})
			p.EnvironmentApproves = of == "environment"
		default:
			*wholes[name], more = s.whole(attr, 0, spec.NoLimit, *wholes[name])
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

// countLimits are the limits of a policy that count orders, by their attributes.
func countLimits(p *spec.Policy) map[string]*int {
	return map[string]*int{
		"max_changes": &p.MaxChanges, "max_ships": &p.MaxShips, "max_acknowledgements": &p.MaxAcknowledgements,
		"max_cancellations": &p.MaxCancellations, "max_corrections": &p.MaxCorrections, "max_inserts": &p.MaxInserts, "max_held": &p.MaxHeld,
	}
}

// onlyPolicy reads the policy and nothing else. A value that it does not use may be
// missing: whoever made the configuration gave it elsewhere.
func (l *loader) onlyPolicy() hcl.Diagnostics {
	l.keys, l.secrets = map[string]bool{}, map[string]bool{}
	before := l.variables()
	diags := l.policy()
	for _, b := range l.blocks["batch"] {
		content, _, _ := b.Body.PartialContent(batchSchema)
		origin := spec.Origin{Kind: "batch", Name: b.Labels[0]}
		l.cfg.Batches = append(l.cfg.Batches, origin.String())
		diags = append(diags, l.batchLimits(origin.String(), content.Attributes)...)
	}
	if diags.HasErrors() {
		return append(before, diags...)
	}
	for _, b := range l.blocks["schedule"] {
		if s, more := l.schedule(b); !more.HasErrors() { // or no agent could run it
			l.cfg.Schedules = append(l.cfg.Schedules, s)
		}
	}
	return nil
}

// batchLimits reads the limits that a batch has of its own.
func (l *loader) batchLimits(address string, attributes hcl.Attributes) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, name := range []string{"max_changes", "max_held"} {
		attr, ok := attributes[name]
		if !ok {
			continue
		}
		most, more := l.scope("var", "local").whole(attr, 0, spec.NoLimit, -1)
		if diags = append(diags, more...); most >= 0 {
			l.cfg.Policy.LimitBatch(address, name, most, placeOf(attr.NameRange))
		}
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
