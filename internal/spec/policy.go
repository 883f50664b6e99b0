package spec

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Policy bounds what one plan may do.
type Policy struct {
	MaxChanges           int     // orders, in the whole plan
	MaxCancellations     int     // orders
	MaxCancellationRatio float64 // of the orders counted in the lookback
	MaxHeld              int     // orders
	MaxPlanAge           time.Duration
	Rules                []*PolicyRule
}

// RatioTestedFrom is the least number of cancels that MaxCancellationRatio
// applies to: one cancel of ten orders is no sign of a mistake.
const RatioTestedFrom = 6

// DefaultPolicy holds where the configuration has no policy block.
var DefaultPolicy = Policy{MaxChanges: 20000, MaxCancellations: 25, MaxCancellationRatio: 0.02, MaxHeld: 20, MaxPlanAge: 24 * time.Hour}

// PolicyRule is a condition that every change must meet.
type PolicyRule struct {
	Name                     string
	Place                    Place
	when, condition, message hcl.Expression
	base                     *hcl.EvalContext
}

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
	content, diags := blocks[0].Body.Content(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{
			{Name: "max_changes"},
			{Name: "max_cancellations"},
			{Name: "max_cancellation_ratio"},
			{Name: "max_held"},
			{Name: "max_plan_age"},
			{Name: "severity"},
		},
		Blocks: []hcl.BlockHeaderSchema{{Type: "rule", LabelNames: []string{"name"}}},
	})
	diags = append(diags, unsupported(content, "severity")...)
	p, s := &l.cfg.Policy, l.scope("var", "local")
	const most = 100_000_000
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		var more hcl.Diagnostics
		switch name {
		case "max_changes":
			p.MaxChanges, more = s.whole(attr, 0, most, p.MaxChanges)
		case "max_cancellations":
			p.MaxCancellations, more = s.whole(attr, 0, most, p.MaxCancellations)
		case "max_cancellation_ratio":
			p.MaxCancellationRatio, more = s.number(attr, 0, 1, p.MaxCancellationRatio)
		case "max_held":
			p.MaxHeld, more = s.whole(attr, 0, most, p.MaxHeld)
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
	content, diags := contentOf(b, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
		{Name: "when"}, {Name: "condition", Required: true}, {Name: "message", Required: true}, {Name: "severity"},
	}})
	diags = append(diags, unsupported(content, "severity")...)
	rule := &PolicyRule{Name: b.Labels[0], Place: placeOf(b.DefRange), base: l.cfg.base}
	s := l.scope("change", "var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		diags = append(diags, s.check(attr.Expr)...)
		switch name {
		case "when":
			rule.when = attr.Expr
		case "condition":
			rule.condition = attr.Expr
		case "message":
			rule.message = attr.Expr
		}
	}
	if diags.HasErrors() {
		return rule, diags
	}
	// A rule that can't be evaluated would hold back every order: try it now,
	// what stands behind a `when` that is not met too.
	if err := rule.try(); errors.Is(err, errNotKnown) {
		diags = append(diags, toldAlready)
	} else if err != nil {
		diags = append(diags, errorAt(b.DefRange, fmt.Sprintf("The rule %q can't be evaluated", rule.Name), err.Error())...)
	}
	return rule, diags
}

// errNotKnown is a rule that depends on what could not be evaluated.
var errNotKnown = errors.New("a value is not known")

// try evaluates all parts of a rule for a change that has every value.
func (r *PolicyRule) try() error {
	ctx := r.base.NewChild()
	ctx.Variables = map[string]cty.Value{"change": sampleChange.value()}
	if r.when != nil {
		if _, err := r.boolean("when", r.when, ctx); err != nil {
			return err
		}
	}
	if _, err := r.boolean("condition", r.condition, ctx); err != nil {
		return err
	}
	v, err := r.eval("message", r.message, ctx)
	if err != nil {
		return err
	}
	if _, err := convert.Convert(v, cty.String); err != nil {
		return fmt.Errorf("message: %s: this is no text.", placeOf(r.message.Range())) //nolint:staticcheck // a sentence of a diagnostic
	}
	return nil
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
	ctx := r.base.NewChild()
	ctx.Variables = map[string]cty.Value{"change": c.value()}
	if r.when != nil {
		if applies, err := r.boolean("when", r.when, ctx); err != nil || !applies {
			return "", err
		}
	}
	met, err := r.boolean("condition", r.condition, ctx)
	if err != nil || met {
		return "", err
	}
	// a message may name a value that is absent, which a template can't hold
	ctx.Variables = map[string]cty.Value{"change": withoutNulls(c.value())}
	v, diags := lang.EvalBudgeted(r.message, ctx, evalLimit)
	text, ok := cty.NilVal, false
	if !diags.HasErrors() {
		converted, err := convert.Convert(v, cty.String)
		text, ok = converted, err == nil && converted.IsKnown() && !converted.IsNull()
	}
	if !ok {
		return fmt.Sprintf("the rule %q is not met", r.Name), nil
	}
	return safetext.Message(text.AsString()), nil
}

// withoutNulls puts the word none in the place of absent strings.
func withoutNulls(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsNull() && v.Type() == cty.String {
			return cty.StringVal("none"), nil
		}
		return v, nil
	})
	if err != nil {
		return v // can't happen: the function returns no error
	}
	return out
}

func (r *PolicyRule) boolean(name string, expr hcl.Expression, ctx *hcl.EvalContext) (bool, error) {
	v, err := r.eval(name, expr, ctx)
	if err != nil {
		return false, err
	}
	v, err = convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() {
		return false, fmt.Errorf("%s: %s: this is neither true nor false. Write a comparison.", name, placeOf(expr.Range())) //nolint:staticcheck // a sentence of a diagnostic
	}
	return v.True(), nil
}

func (r *PolicyRule) eval(name string, expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, error) {
	v, diags := lang.EvalBudgeted(expr, ctx, evalLimit)
	if diags.HasErrors() {
		d := withoutTables(diags)[0]
		return v, fmt.Errorf("%s: %s: %s. %s", name, placeOf(expr.Range()), strings.TrimSuffix(d.Summary, "."), strings.TrimSpace(d.Detail))
	}
	if !v.IsWhollyKnown() {
		return v, errNotKnown
	}
	return v, nil
}

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
	at := ""
	if !v.ShippedAt.IsZero() {
		at = v.ShippedAt.UTC().Format(time.RFC3339)
	}
	return cty.ObjectVal(map[string]cty.Value{
		"status": orNull(string(v.Status)), "order_number": orNull(v.OrderNumber),
		"tracking_number": orNull(v.Tracking), "carrier": orNull(v.Carrier), "shipped_at": orNull(at),
	})
}

func orNull(s string) cty.Value {
	if s == "" {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(s)
}
