package lang

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// analyse finds what the expression reads of a row, and the mistakes in it that
// no row can change.
func (e *RowExpr) analyse(base *hcl.EvalContext) hcl.Diagnostics {
	calls := findCalls(e.expr)
	calls.addParameters(base)

	var diags hcl.Diagnostics
	e.constant = true
	e.spoken = calls.spoken
	for _, t := range e.expr.Variables() {
		if t.RootName() == RowCount {
			e.counts, e.constant = true, false
		}
		if t.RootName() != rowName {
			diags = append(diags, e.analyseOther(t, base, calls.guarded(t))...)
			continue
		}
		e.constant = false
		name, ok := columnOf(t)
		if !ok {
			e.dynamic = true
			continue
		}
		e.addColumn(name, t, calls.guarded(t))
	}
	e.plain = !e.dynamic && !e.counts && len(e.columns) == 1 && isColumn(e.expr)
	return diags
}

// analyseOther looks a variable up that is not row, so that one which does not
// exist is one error, not one for every row.
func (e *RowExpr) analyseOther(t hcl.Traversal, base *hcl.EvalContext, guarded bool) hcl.Diagnostics {
	for _, step := range t {
		e.spoken.add(stepName(step))
	}
	if name := t.RootName(); len(t) > 1 {
		if name += "." + stepName(t[1]); !slices.Contains(e.others, name) {
			e.others = append(e.others, name)
		}
	}
	if _, diags := t.TraverseAbs(base); diags.HasErrors() && !guarded {
		return scrubbed(diags, e.spoken, nil)
	}
	return nil
}

func (e *RowExpr) addColumn(name string, t hcl.Traversal, optional bool) {
	e.spoken.add(name)
	for _, step := range t[1:] {
		e.spoken.add(stepName(step))
	}
	for i, c := range e.columns {
		if c.Name == name {
			e.columns[i].Optional = c.Optional && optional
			return
		}
	}
	e.columns = append(e.columns, ColumnRef{Name: name, Range: t.SourceRange(), Optional: optional})
}

// columnOf is the column that a traversal of row reads: row.name, row["name"].
func columnOf(t hcl.Traversal) (string, bool) {
	if len(t) < 2 {
		return "", false
	}
	name := stepName(t[1])
	return name, name != ""
}

func stepName(step hcl.Traverser) string {
	switch s := step.(type) {
	case hcl.TraverseRoot:
		return s.Name
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}

// isColumn reports whether the expression is row.name or row["name"] and nothing
// else.
func isColumn(expr hcl.Expression) bool {
	for {
		parens, ok := expr.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		expr = parens.Expression
	}
	t, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	return ok && len(t.Traversal) == 2
}

// calls is what a walk through the syntax finds.
type calls struct {
	functions []*hclsyntax.FunctionCallExpr
	guards    []hcl.Range // try(…) and can(…), in which a failure is no error
	spoken    spoken
}

func findCalls(expr hcl.Expression) calls {
	c := calls{spoken: spoken{"true": true, "false": true, "null": true, "for": true, "if": true}}
	syntax, ok := expr.(hclsyntax.Expression)
	if !ok {
		return c
	}
	_ = hclsyntax.VisitAll(syntax, func(node hclsyntax.Node) hcl.Diagnostics {
		switch n := node.(type) {
		case *hclsyntax.FunctionCallExpr:
			c.functions = append(c.functions, n)
			c.spoken.add(n.Name)
			if n.Name == "try" || n.Name == "can" {
				c.guards = append(c.guards, n.Range())
			}
		case *hclsyntax.ObjectConsKeyExpr:
			c.spoken.add(hcl.ExprAsKeyword(n.Wrapped))
		case *hclsyntax.RelativeTraversalExpr:
			for _, step := range n.Traversal {
				c.spoken.add(stepName(step))
			}
		case *hclsyntax.LiteralValueExpr:
			if n.Val.Type() == cty.String && !n.Val.IsNull() {
				c.spoken.add(n.Val.AsString())
			}
		}
		return nil
	})
	return c
}

func (c calls) guarded(t hcl.Traversal) bool {
	r := t.SourceRange()
	for _, g := range c.guards {
		if g.Filename == r.Filename && g.Start.Byte <= r.Start.Byte && r.End.Byte <= g.End.Byte {
			return true
		}
	}
	return false
}

// addParameters notes the names of the parameters of the functions: HCL quotes
// them.
func (c calls) addParameters(base *hcl.EvalContext) {
	for _, call := range c.functions {
		f, exists, _ := functionIn(base, call.Name)
		if !exists {
			continue
		}
		for _, p := range f.Params() {
			c.spoken.add(p.Name)
		}
		if p := f.VarParam(); p != nil {
			c.spoken.add(p.Name)
		}
	}
}
