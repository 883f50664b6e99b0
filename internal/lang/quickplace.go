package lang

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// quicken replaces an expression, whose operands were placed, by one that does without
// HCL where it can.
func quicken(expr hclsyntax.Expression, base *hcl.EvalContext) hclsyntax.Expression {
	wrapped := hclsyntax.ParenthesesExpr{Expression: expr, SrcRange: expr.Range()}
	switch n := expr.(type) {
	case *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		if v, ok := literal(n); ok {
			return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: n.Range()}
		}
	case *hclsyntax.BinaryOpExpr:
		switch n.Op {
		case hclsyntax.OpEqual, hclsyntax.OpNotEqual, hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
			return &quickOp{wrapped, n}
		}
	case *hclsyntax.ConditionalExpr:
		if isCondition(n.TrueResult) && isCondition(n.FalseResult) {
			return &quickChoice{wrapped, n}
		}
	case *hclsyntax.FunctionCallExpr:
		if n.ExpandFinal {
			return expr
		}
		if n.Name == "can" && len(n.Args) == 1 || n.Name == "try" {
			return &quickTry{wrapped, n.Args, n.Name == "can"}
		}
		if args, do := quickFunction(n, base); do != nil {
			return &quickCall{wrapped, args, make([]string, len(args)), do}
		}
	}
	return expr
}

// literal is the value of a list or an object in which nothing is computed.
func literal(expr hclsyntax.Expression) (cty.Value, bool) {
	computed := len(expr.Variables()) > 0
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		switch node.(type) {
		case *hclsyntax.FunctionCallExpr, *hclsyntax.ForExpr, *hclsyntax.SplatExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr:
			computed = true
		}
		return nil
	})
	if computed {
		return cty.NilVal, false
	}
	v, diags := expr.Value(nil)
	return v, !diags.HasErrors()
}

// quickFunction is how a function is computed, and the arguments that change from row to
// row.
func quickFunction(call *hclsyntax.FunctionCallExpr, base *hcl.EvalContext) ([]hclsyntax.Expression, func([]string) (cty.Value, outcome)) {
	if f, ok := textFunctions[call.Name]; ok && len(call.Args) == f.params {
		return call.Args, func(texts []string) (cty.Value, outcome) { return f.do(texts), done }
	}
	switch {
	case call.Name == "regex" && len(call.Args) == 2:
		return call.Args[1:], quickPattern(call.Args[0])
	case call.Name == "parse_time" && len(call.Args) == 2:
		return call.Args[1:], quickTime(call.Args[0], base)
	}
	return nil, nil
}

// quickPattern searches for a pattern without groups, whose match is a text.
func quickPattern(pattern hclsyntax.Expression) func([]string) (cty.Value, outcome) {
	fixed, ok := pattern.(*hclsyntax.LiteralValueExpr)
	if !ok || !plainOf(fixed.Val, cty.String) {
		return nil
	}
	re, err := regexp.Compile(fixed.Val.AsString())
	if err != nil || re.NumSubexp() > 0 {
		return nil
	}
	return func(texts []string) (cty.Value, outcome) {
		if quickSearch([]cty.Value{fixed.Val, cty.StringVal(texts[0])}) != nil {
			return cty.NilVal, unsure
		}
		at := re.FindStringIndex(texts[0])
		if at == nil {
			return cty.NilVal, failed
		}
		return cty.StringVal(texts[0][at[0]:at[1]]), done
	}
}

// quickTime reads times in formats that are the same for all rows, in the zone of the
// account.
func quickTime(formats hclsyntax.Expression, base *hcl.EvalContext) func([]string) (cty.Value, outcome) {
	fixed, ok := formats.(*hclsyntax.LiteralValueExpr)
	if !ok || fixed.Val.IsMarked() || !fixed.Val.IsWhollyKnown() {
		return nil
	}
	list, err := formatsOf(fixed.Val)
	if err != nil {
		return nil
	}
	list = slices.Clone(list)
	zone, ok := zoneOf(base)
	if !ok {
		return nil
	}
	return func(texts []string) (cty.Value, outcome) {
		text := strings.TrimSpace(texts[0])
		if text == "" {
			return cty.NullVal(cty.String), done
		}
		read, err := parseFirst(list, text, zone)
		if err != nil {
			return cty.NilVal, failed
		}
		return cty.StringVal(read), done
	}
}

// zoneOf asks parse_time for the zone of times that name none.
func zoneOf(base *hcl.EvalContext) (*time.Location, bool) {
	f, exists, _ := functionIn(base, "parse_time")
	if !exists {
		return nil, false
	}
	var asked zoneQuestion
	_, err := f.Call([]cty.Value{cty.CapsuleVal(zoneQuestionType, &asked), cty.StringVal("?")})
	return asked.zone, err == nil && asked.answered
}
