package lang

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/gdfctl/gdfctl/internal/nearest"
)

// functionIn is the function of a name that ctx has, and whether ctx allows
// functions at all.
func functionIn(ctx *hcl.EvalContext, name string) (f function.Function, exists, allowed bool) {
	for ; ctx != nil; ctx = ctx.Parent() {
		allowed = allowed || ctx.Functions != nil
		if f, exists = ctx.Functions[name]; exists {
			return f, true, true
		}
	}
	return f, false, allowed
}

// unknownFunction is an error if call names a function that does not exist, with
// the nearest name that does. HCL has such an error too, but takes the first
// similar name of a map, a different one each time; and it finds only calls that
// are evaluated, which in a loop, a condition or a try can be late or never.
func unknownFunction(call *hclsyntax.FunctionCallExpr, ctx *hcl.EvalContext) hcl.Diagnostics {
	if _, exists, allowed := functionIn(ctx, call.Name); exists || !allowed {
		return nil // HCL says where functions are not allowed
	}
	names := map[string]bool{}
	for c := ctx; c != nil; c = c.Parent() {
		for name := range c.Functions {
			names[name] = true
		}
	}
	detail := fmt.Sprintf("There is no function named %q.", call.Name)
	if name := nearest.Name(call.Name, slices.Collect(maps.Keys(names))); name != "" {
		detail += fmt.Sprintf(" Did you mean %q?", name)
	}
	return hcl.Diagnostics{{
		Severity: hcl.DiagError,
		Summary:  summaryUnknownFunction,
		Detail:   detail,
		Subject:  &call.NameRange,
		Context:  call.Range().Ptr(),
	}}
}

// UnknownFunctions is an error for each call in the expression of a function that
// ctx does not have. Those who evaluate the expression learn of them anyway.
func UnknownFunctions(expr hcl.Expression, ctx *hcl.EvalContext) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, call := range findCalls(expr).functions {
		diags = append(diags, unknownFunction(call, ctx)...)
	}
	return diags
}

// summaryUnknownFunction is HCL's, so that both errors read the same.
const summaryUnknownFunction = "Call to unknown function"
