package config

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/spec"
)

var watchRuleSchema = &hcl.BodySchema{Attributes: slices.Concat(ruleAttributes, []hcl.AttributeSchema{{Name: "severity"}})}

// watchRuleBlock reads a rule of a watch. The first result says that the rule
// is about the feed's file.
func (l *loader) watchRuleBlock(w *spec.Watch, b *hcl.Block) (content bool, diags hcl.Diagnostics) {
	names := l.scope("feed", "previous", "content", "now", "var", "local")
	if w.Account != nil {
		names = l.scopeOf(w.Account, names.roots...)
	}
	rule, attributes, diags := l.ownRule(b, watchRuleSchema, names, observedValues(sampleObserved))
	r := &spec.WatchRule{Name: rule.name, Place: rule.place, Severity: "error", Check: rule.checkObserved}
	if attr, ok := attributes["severity"]; ok {
		level, set, more := l.scope("var", "local").optional(attr)
		diags = append(diags, more...)
		switch {
		case more.HasErrors() || !set:
		case !slices.Contains([]string{"error", "warning"}, severityWord(level)):
			diags = append(diags, errorAt(attr.Expr.Range(), "Unknown severity", `Write "error" or "warning".`)...)
		default:
			r.Severity = severityWord(level)
		}
	}
	w.Rules = append(w.Rules, r)
	return rule.uses("content"), diags
}

// checkObserved is a watch rule's Check.
func (r ownRule) checkObserved(o spec.Observed) spec.RuleOutcome {
	values := observedValues(o)
	ctx := r.context(values)
	if r.when != nil {
		applies, err := r.holds("when", r.when, ctx)
		if err != nil {
			return notKnown(err)
		}
		if !applies {
			return spec.RuleOutcome{}
		}
	}
	met, err := r.holds("condition", r.condition, ctx)
	if err != nil {
		return notKnown(err)
	}
	out := spec.RuleOutcome{Applies: true, Known: true, Met: met, Value: r.named(ctx)}
	if !met {
		out.Message = r.says(values)
	}
	return out
}

func notKnown(err error) spec.RuleOutcome {
	return spec.RuleOutcome{Applies: true, Message: strings.TrimSuffix(err.Error(), ".")}
}

// holds is whether an expression of the rule is true. It is an error if that
// can't be known.
func (r ownRule) holds(name string, expr hcl.Expression, ctx *hcl.EvalContext) (bool, error) {
	if err := missing(expr, ctx); err != nil {
		return false, err
	}
	return r.boolean(name, expr, ctx)
}

// missing says which value that an expression names is not there, unless it
// provides for the absence.
func missing(expr hcl.Expression, ctx *hcl.EvalContext) error {
	if providesForNull(expr) {
		return nil
	}
	for _, t := range expr.Variables() {
		switch root := ctx.Variables[t.RootName()]; {
		case root == cty.NilVal: // var and local
		case root.IsNull() && t.RootName() == "previous":
			return errors.New("there is no earlier look to compare with yet")
		case root.IsNull():
			return errors.New("the file could not be looked at")
		default:
			if v, diags := t.TraverseAbs(ctx); !diags.HasErrors() && v.IsNull() {
				return errors.New(pathOf(t) + " is not known")
			}
		}
	}
	return nil
}

// providesForNull reports whether an expression says itself what is to be when
// a value is absent.
func providesForNull(expr hcl.Expression) bool {
	syntax, ok := expr.(hclsyntax.Expression)
	if !ok {
		return false
	}
	found := false
	_ = hclsyntax.VisitAll(syntax, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.LiteralValueExpr:
			found = found || n.Val.IsNull()
		case *hclsyntax.FunctionCallExpr:
			found = found || slices.Contains([]string{"try", "can", "coalesce"}, n.Name)
		}
		return nil
	})
	return found
}

// mostNamed is how many values of a condition are shown.
const mostNamed = 4

// named writes the values that the condition names: "feed.score = 72".
func (r ownRule) named(ctx *hcl.EvalContext) string {
	var parts []string
	for _, t := range r.condition.Variables() {
		v, diags := t.TraverseAbs(ctx)
		if _, ok := ctx.Variables[t.RootName()]; !ok || diags.HasErrors() {
			continue
		}
		text, err := convert.Convert(v, cty.String)
		if err != nil {
			continue // a whole object
		}
		shown := "unknown"
		if !text.IsNull() {
			shown = text.AsString()
		}
		if part := pathOf(t) + " = " + shown; !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if len(parts) > mostNamed {
		parts = append(parts[:mostNamed], "…")
	}
	return strings.Join(parts, ", ")
}

func pathOf(t hcl.Traversal) string {
	if name := stepName(t); name != "" {
		return t.RootName() + "." + name
	}
	return t.RootName()
}

// uses reports whether the rule names one of the things that it may be about.
func (r ownRule) uses(root string) bool {
	for _, expr := range []hcl.Expression{r.when, r.condition, r.message} {
		if expr == nil {
			continue
		}
		for _, t := range expr.Variables() {
			if t.RootName() == root {
				return true
			}
		}
	}
	return false
}
