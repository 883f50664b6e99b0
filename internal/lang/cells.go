package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// cell replaces row.name or row["name"] in an expression and is given the value of
// each row. Making an object of the row, only to take one attribute out of it
// again, was a third of the time that a table took and half of the memory.
//
// It is in parentheses that are not there for the same reason as metered.
type cell struct {
	hclsyntax.ParenthesesExpr // of the traversal
	column                    int
	value                     cty.Value // cty.NilVal where the row has no such column
}

// Value implements hcl.Expression. HCL itself says what is wrong where there is no
// such column: fill has then made the object that the traversal looks into.
func (c *cell) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if c.value == cty.NilVal {
		return c.Expression.Value(ctx)
	}
	return c.value, nil
}

// placeCells puts cells, and constants, where expr reads columns and looks up what
// is the same for all rows. Loops are left as they are: names mean something else
// in them. What is left of row needs the object.
func (e *RowExpr) placeCells(expr hclsyntax.Expression, base *hcl.EvalContext) hclsyntax.Expression {
	switch n := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e.placeCell(n, base)
	case *hclsyntax.TemplateExpr:
		if n.IsStringLiteral() { // which HCL would build from its parts for each row
			if v, diags := n.Value(nil); !diags.HasErrors() {
				return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: n.SrcRange}
			}
		}
	}
	for _, operand := range operands(expr) {
		*operand = e.placeCells(*operand, base)
	}
	return quicken(expr, base)
}

func (e *RowExpr) placeCell(t *hclsyntax.ScopeTraversalExpr, base *hcl.EvalContext) hclsyntax.Expression {
	if t.Traversal.RootName() == RowCount {
		return t
	}
	if t.Traversal.RootName() != rowName {
		if v, diags := t.Traversal.TraverseAbs(base); !diags.HasErrors() {
			return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: t.SrcRange}
		}
		return t
	}
	name, ok := columnOf(t.Traversal)
	if !ok || len(t.Traversal) != 2 {
		return t
	}
	for i, c := range e.columns {
		if c.Name == name {
			placed := &cell{ParenthesesExpr: hclsyntax.ParenthesesExpr{Expression: t, SrcRange: t.SrcRange}, column: i}
			e.cells = append(e.cells, placed)
			return placed
		}
	}
	return t
}

// operands are the places of the operands of expr. The variables that
// these may read are those of expr itself, so that loops have none.
func operands(expr hclsyntax.Expression) []*hclsyntax.Expression {
	switch n := expr.(type) {
	case *metered:
		return []*hclsyntax.Expression{&n.Expression}
	case *hclsyntax.ParenthesesExpr:
		return []*hclsyntax.Expression{&n.Expression}
	case *hclsyntax.BinaryOpExpr:
		return []*hclsyntax.Expression{&n.LHS, &n.RHS}
	case *hclsyntax.UnaryOpExpr:
		return []*hclsyntax.Expression{&n.Val}
	case *hclsyntax.ConditionalExpr:
		return []*hclsyntax.Expression{&n.Condition, &n.TrueResult, &n.FalseResult}
	case *hclsyntax.IndexExpr:
		return []*hclsyntax.Expression{&n.Collection, &n.Key}
	case *hclsyntax.RelativeTraversalExpr:
		return []*hclsyntax.Expression{&n.Source}
	case *hclsyntax.TemplateWrapExpr:
		return []*hclsyntax.Expression{&n.Wrapped}
	case *hclsyntax.TemplateExpr:
		return each(n.Parts)
	case *hclsyntax.TupleConsExpr:
		return each(n.Exprs)
	case *hclsyntax.FunctionCallExpr:
		return each(n.Args)
	}
	return nil
}

func each(exprs []hclsyntax.Expression) []*hclsyntax.Expression {
	places := make([]*hclsyntax.Expression, len(exprs))
	for i := range exprs {
		places[i] = &exprs[i]
	}
	return places
}
