package lang

import (
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

const (
	maxSteps    = 200_000 // values that the loops of one evaluation may take and make
	failureCost = 50      // steps: a round that fails leaves a diagnostic behind
)

// meter counts the work of one evaluation. It travels in the EvalContext, so that
// one parsed expression can be evaluated at several places at a time.
type meter struct {
	left     int
	deadline time.Time // zero: none
	over     error     // why the evaluation was given up
}

// meterName is no identifier, so that no configuration can name it.
const meterName = "(meter)"

var meterType = cty.Capsule("meter", reflect.TypeFor[meter]())

// contextWith is a child of ctx that carries the meter.
func contextWith(ctx *hcl.EvalContext, m *meter) *hcl.EvalContext {
	child := ctx.NewChild()
	if ctx != nil {
		child.Functions = ctx.Functions // HCL suggests names from the innermost only
	}
	child.Variables = map[string]cty.Value{meterName: cty.CapsuleVal(meterType, m)}
	return child
}

func meterOf(ctx *hcl.EvalContext) *meter {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[meterName]; ok {
			return v.EncapsulatedValue().(*meter)
		}
	}
	return nil
}

// charge takes the size of v off the budget.
func (m *meter) charge(v cty.Value) error {
	if m.over == nil && !m.deadline.IsZero() && time.Now().After(m.deadline) {
		m.over = errTime
	}
	if m.over == nil {
		m.over = weigh(v, &m.left)
		if m.over == errWeight { //nolint:errorlint // compared with itself
			m.over = errSteps
		}
	}
	return m.over
}

// metered is an expression within a loop, whose value is charged to the meter of
// the evaluation, or an operand of arithmetic. Loops are the one place where a
// few bytes of source can make a machine work without end: everything else costs
// what is written.
//
// It is in parentheses that are not in the source, because HCL's walkers look through
// those: a wrapper of its own kind would hide variables from them.
type metered struct {
	hclsyntax.ParenthesesExpr
	number bool // an operand of arithmetic
}

func (e *metered) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	m := meterOf(ctx)
	if m != nil && m.over != nil {
		return cty.DynamicVal, e.diagnostics(m.over)
	}
	v, diags := e.Expression.Value(ctx)
	if e.number {
		v, err := asOperand(v)
		if err != nil {
			return cty.DynamicVal, append(diags, e.diagnostics(err)...)
		}
		return v, diags
	}
	if m == nil {
		return v, diags
	}
	if diags.HasErrors() {
		if m.left -= failureCost; m.left < 0 {
			m.over = errSteps
		}
		return v, diags
	}
	if err := m.charge(v); err != nil {
		return cty.DynamicVal, e.diagnostics(err)
	}
	return v, diags
}

func (e *metered) diagnostics(err error) hcl.Diagnostics {
	return hcl.Diagnostics{budgetDiagnostic(err, e.Range())}
}

// asOperand refuses numbers that would take minutes to add to another, and
// converts text here because text may be such a number too.
func asOperand(v cty.Value) (cty.Value, error) {
	if v.IsMarked() || !v.IsKnown() || v.IsNull() {
		return v, nil
	}
	if v.Type() == cty.String {
		if text := v.AsString(); len(text) > maxExponent && strings.Trim(text[:maxExponent], "0123456789.") == "" {
			return v, errNumber
		}
		number, err := convert.Convert(v, cty.Number)
		if err != nil {
			return v, nil //nolint:nilerr // HCL says it better
		}
		v = number
	}
	if !moderate(v) {
		return v, errNumber
	}
	return v, nil
}

// instrument puts meters into the loops and the arithmetic of an expression,
// once, in place: HCL evaluates it as before. It returns errors for functions
// that ctx does not have and for number literals that can't be printed in any
// reasonable time, and whether anything in the expression can take long.
func instrument(expr hclsyntax.Expression, ctx *hcl.EvalContext) (diags hcl.Diagnostics, long bool) {
	walkDiags := hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		switch n := node.(type) {
		case *hclsyntax.ForExpr:
			long = true
			n.CollExpr = meteredOnce(n.CollExpr, false)
			n.KeyExpr = meteredOnce(n.KeyExpr, false)
			n.ValExpr = meteredOnce(n.ValExpr, false)
			n.CondExpr = meteredOnce(n.CondExpr, false)
		case *hclsyntax.FunctionCallExpr:
			long = true
			return unknownFunction(n, ctx)
		case *hclsyntax.SplatExpr:
			long = true
		case *hclsyntax.BinaryOpExpr:
			if arithmetic(n.Op) {
				n.LHS = meteredOnce(n.LHS, true)
				n.RHS = meteredOnce(n.RHS, true)
			}
		case *hclsyntax.UnaryOpExpr:
			if n.Op == hclsyntax.OpNegate {
				n.Val = meteredOnce(n.Val, true)
			}
		case *hclsyntax.LiteralValueExpr:
			if !moderate(n.Val) {
				return hcl.Diagnostics{budgetDiagnostic(errNumber, n.SrcRange)}
			}
		}
		return nil
	})
	return walkDiags, long
}

func arithmetic(op *hclsyntax.Operation) bool {
	return op.Type == cty.Number
}

func meteredOnce(expr hclsyntax.Expression, number bool) hclsyntax.Expression {
	if expr == nil {
		return nil
	}
	if _, done := expr.(*metered); done {
		return expr
	}
	return &metered{ParenthesesExpr: hclsyntax.ParenthesesExpr{Expression: expr, SrcRange: expr.Range()}, number: number}
}
