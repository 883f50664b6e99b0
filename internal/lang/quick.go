package lang

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Presets look at each cell with several functions, and HCL and cty take most of the
// time of such an expression to find out of what kind the operands are. Here they are
// text nearly always. So calls and comparisons are replaced by expressions that compute
// text with text themselves, and leave everything else, and every error message, to HCL.
//
// All of them are in parentheses that are not there for the same reason as metered.

// outcome is how an expression was evaluated without HCL.
type outcome int

const (
	unsure outcome = iota // HCL has to say
	done
	failed // HCL would report an error
)

// quick is an expression that can be evaluated without HCL.
type quick interface {
	hclsyntax.Expression
	attempt(ctx *hcl.EvalContext) (cty.Value, outcome)
}

// attempt evaluates any expression without diagnostics, as far as that is possible.
func attempt(expr hclsyntax.Expression, ctx *hcl.EvalContext) (cty.Value, outcome) {
	switch e := expr.(type) {
	case *cell:
		if e.value == cty.NilVal {
			return e.value, failed
		}
		return e.value, done
	case quick:
		if v, o := e.attempt(ctx); o != unsure {
			return v, o
		}
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return v, failed
	}
	return v, done
}

// attempted is the value of a quick expression: HCL's, if it is not certain.
func attempted(q quick, slow hclsyntax.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if v, o := q.attempt(ctx); o == done {
		return v, nil
	}
	return slow.Value(ctx)
}

func plainOf(v cty.Value, t cty.Type) bool {
	return v != cty.NilVal && !v.IsMarked() && v.Type() == t && v.IsKnown() && !v.IsNull()
}

// quickCall is a call of a function that computes text with text.
type quickCall struct {
	hclsyntax.ParenthesesExpr // of the call
	args                      []hclsyntax.Expression
	texts                     []string // of one evaluation, used again
	do                        func(texts []string) (cty.Value, outcome)
}

func (q *quickCall) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return attempted(q, q.Expression, ctx)
}

func (q *quickCall) attempt(ctx *hcl.EvalContext) (cty.Value, outcome) {
	for i, arg := range q.args {
		v, o := attempt(arg, ctx)
		if o == failed {
			return v, failed
		}
		if !plainOf(v, cty.String) {
			return v, unsure
		}
		q.texts[i] = v.AsString()
	}
	v, o := q.do(q.texts)
	if o == done && v.Type() == cty.String && !v.IsNull() && len(v.AsString()) > MaxText {
		return v, unsure
	}
	return v, o
}

// quickTry is try or can.
type quickTry struct {
	hclsyntax.ParenthesesExpr // of the call
	args                      []hclsyntax.Expression
	can                       bool
}

func (q *quickTry) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return attempted(q, q.Expression, ctx)
}

func (q *quickTry) attempt(ctx *hcl.EvalContext) (cty.Value, outcome) {
	for _, arg := range q.args {
		v, o := attempt(arg, ctx)
		switch {
		case o == failed && q.can:
			return cty.False, done
		case o == failed:
			continue
		case v.IsMarked() || !v.IsKnown() || !v.Type().IsPrimitiveType():
			return v, unsure
		case q.can:
			return cty.True, done
		}
		return v, done
	}
	return cty.NilVal, failed
}

// quickOp compares two texts, or combines two conditions.
type quickOp struct {
	hclsyntax.ParenthesesExpr // of the operation
	op                        *hclsyntax.BinaryOpExpr
}

func (q *quickOp) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return attempted(q, q.Expression, ctx)
}

func (q *quickOp) attempt(ctx *hcl.EvalContext) (cty.Value, outcome) {
	operand := cty.String
	if q.op.Op == hclsyntax.OpLogicalAnd || q.op.Op == hclsyntax.OpLogicalOr {
		operand = cty.Bool
	}
	left, o := attempt(q.op.LHS, ctx)
	if o != done || !plainOf(left, operand) {
		return cty.NilVal, unsure
	}
	right, o := attempt(q.op.RHS, ctx)
	if o != done || !plainOf(right, operand) {
		return cty.NilVal, unsure
	}
	switch q.op.Op {
	case hclsyntax.OpEqual:
		return cty.BoolVal(left.AsString() == right.AsString()), done
	case hclsyntax.OpNotEqual:
		return cty.BoolVal(left.AsString() != right.AsString()), done
	case hclsyntax.OpLogicalAnd:
		return cty.BoolVal(left.True() && right.True()), done
	}
	return cty.BoolVal(left.True() || right.True()), done
}

// quickChoice is a condition with two results that are conditions: HCL evaluates both.
type quickChoice struct {
	hclsyntax.ParenthesesExpr // of the conditional expression
	choice                    *hclsyntax.ConditionalExpr
}

func (q *quickChoice) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return attempted(q, q.Expression, ctx)
}

func (q *quickChoice) attempt(ctx *hcl.EvalContext) (cty.Value, outcome) {
	c, o := attempt(q.choice.Condition, ctx)
	if o != done || !plainOf(c, cty.Bool) {
		return cty.NilVal, unsure
	}
	chosen := q.choice.FalseResult
	if c.True() {
		chosen = q.choice.TrueResult
	}
	v, o := attempt(chosen, ctx)
	if o != done || !plainOf(v, cty.Bool) {
		return cty.NilVal, unsure
	}
	return v, done
}

// isCondition reports whether an expression that was placed is true or false, if it has
// a value.
func isCondition(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *quickOp, *quickChoice:
		return true
	case *quickTry:
		return e.can
	}
	return false
}

// textFunctions are those that compute text with text, whatever the options are.
var textFunctions = map[string]struct {
	params int
	do     func(texts []string) cty.Value
}{
	"lower":       {1, func(t []string) cty.Value { return cty.StringVal(strings.ToLower(t[0])) }},
	"upper":       {1, func(t []string) cty.Value { return cty.StringVal(strings.ToUpper(t[0])) }},
	"trim":        {2, func(t []string) cty.Value { return cty.StringVal(strings.Trim(t[0], t[1])) }},
	"trimspace":   {1, func(t []string) cty.Value { return cty.StringVal(strings.TrimSpace(t[0])) }},
	"startswith":  {2, func(t []string) cty.Value { return cty.BoolVal(strings.HasPrefix(t[0], t[1])) }},
	"endswith":    {2, func(t []string) cty.Value { return cty.BoolVal(strings.HasSuffix(t[0], t[1])) }},
	"strcontains": {2, func(t []string) cty.Value { return cty.BoolVal(strings.Contains(t[0], t[1])) }},
	"carrier":     {1, func(t []string) cty.Value { return nameOfCarrier(t[0]) }},
}
