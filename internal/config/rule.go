package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// ownRule is a rule block: a condition with words for when it is not met. The
// rules of a policy and those of a watch differ in the names that they use.
type ownRule struct {
	name                     string
	place                    spec.Place
	when, condition, message hcl.Expression // when may be nil
	base                     *hcl.EvalContext
}

// ruleAttributes are what a rule block has at least.
var ruleAttributes = []hcl.AttributeSchema{{Name: "when"}, {Name: "condition", Required: true}, {Name: "message", Required: true}}

// ownRule reads a rule block whose expressions use the names of s. sample has a
// value for each of them: a rule that can't be evaluated with all values there
// is wrong. The second result are the attributes of the block.
func (l *loader) ownRule(b *hcl.Block, schema *hcl.BodySchema, s scope, sample map[string]cty.Value) (ownRule, hcl.Attributes, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, schema)
	rule := ownRule{name: b.Labels[0], place: placeOf(b.DefRange), base: s.ctx}
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		switch name {
		case "when":
			rule.when = attr.Expr
		case "condition":
			rule.condition = attr.Expr
		case "message":
			rule.message = attr.Expr
		default:
			continue
		}
		diags = append(diags, s.check(attr.Expr)...)
		diags = append(diags, withoutTables(lang.UnknownFunctions(attr.Expr, s.ctx))...)
	}
	if diags.HasErrors() {
		return rule, content.Attributes, diags
	}
	// What stands behind a `when` that is not met is tried too.
	if err := rule.try(sample); errors.Is(err, errNotKnown) {
		diags = append(diags, reportedAlready)
	} else if err != nil {
		diags = append(diags, errorAt(b.DefRange, fmt.Sprintf("The rule %q can't be evaluated", rule.name), err.Error())...)
	}
	return rule, content.Attributes, diags
}

// errNotKnown is a rule that depends on what could not be evaluated.
var errNotKnown = errors.New("a value is not known")

// try evaluates all parts of a rule.
func (r ownRule) try(values map[string]cty.Value) error {
	ctx := r.context(values)
	if r.when != nil {
		if _, err := r.boolean("when", r.when, ctx); err != nil {
			return err
		}
	}
	if _, err := r.boolean("condition", r.condition, ctx); err != nil {
		return err
	}
	v, err := evaluated("message", r.message, ctx)
	if err != nil {
		return err
	}
	if _, err := convert.Convert(v, cty.String); err != nil {
		return fmt.Errorf("message: %s: this is not text.", placeOf(r.message.Range())) //nolint:staticcheck // a sentence of a diagnostic
	}
	return nil
}

func (r ownRule) context(values map[string]cty.Value) *hcl.EvalContext {
	ctx := r.base.NewChild()
	ctx.Variables = values
	return ctx
}

// says is the rule's message, fit to be shown. It may name a value that is
// absent, which a template can't hold: "none" stands in its place.
func (r ownRule) says(values map[string]cty.Value) string {
	present := map[string]cty.Value{}
	for name, v := range values {
		present[name] = withoutNulls(v)
	}
	v, diags := lang.EvalBudgeted(r.message, r.context(present), evalLimit)
	if !diags.HasErrors() {
		text, err := convert.Convert(v, cty.String)
		if err == nil && text.IsKnown() && !text.IsNull() {
			return safetext.Message(text.AsString())
		}
	}
	return fmt.Sprintf("the rule %q is not met", r.name)
}

// withoutNulls puts the word none in the place of absent values.
func withoutNulls(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsNull() && v.Type().IsPrimitiveType() {
			return cty.StringVal("none"), nil
		}
		return v, nil
	})
	if err != nil {
		return v // can't happen: the function returns no error
	}
	return out
}

func (r ownRule) boolean(name string, expr hcl.Expression, ctx *hcl.EvalContext) (bool, error) {
	v, err := evaluated(name, expr, ctx)
	if err != nil {
		return false, err
	}
	v, err = convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() {
		return false, fmt.Errorf("%s: %s: this is neither true nor false. Write a comparison.", name, placeOf(expr.Range())) //nolint:staticcheck // a sentence of a diagnostic
	}
	return v.True(), nil
}

// evaluated is the value of an expression that is evaluated for an order or a feed;
// name is the attribute that it stands in.
func evaluated(name string, expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, error) {
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
