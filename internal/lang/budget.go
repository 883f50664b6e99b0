package lang

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// DefaultLimit is how long the evaluation of one expression may take.
const DefaultLimit = 2 * time.Second

var (
	errSteps = fmt.Errorf("its loops process more than %d values", maxSteps)
	errTime  = errors.New("it takes too long")
)

// EvalBudgeted is the value of an expression that is evaluated once: locals,
// attributes of blocks, a list of rows. Numbers, texts and values that are too
// large, loops that go on too long and evaluations that take longer than limit
// (0: DefaultLimit) are errors with a place, whatever a few bytes of source ask
// for.
//
// Diagnostics quote only what is written in the expression: other text could be
// that of a file, or of an order.
//
// Loops count their work and stop by themselves. What is slow without a loop is
// left behind at the limit, still running, because Go can't stop it: after such
// an error the program should come to its end, and ctx must not be changed. The
// first time, the expression is changed in place (see instrument), which must
// not happen in two goroutines at once.
func EvalBudgeted(expr hcl.Expression, ctx *hcl.EvalContext, limit time.Duration) (cty.Value, hcl.Diagnostics) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	long := true
	if syntax, ok := expr.(hclsyntax.Expression); ok {
		var diags hcl.Diagnostics
		if diags, long = instrument(syntax, ctx); diags.HasErrors() {
			return cty.DynamicVal, diags
		}
	}
	v, diags := evalBudgeted(expr, ctx, limit, long)
	if len(diags) > 0 {
		diags = scrubbed(diags, spokenIn(expr, ctx), nil)
	}
	return v, diags
}

func evalBudgeted(expr hcl.Expression, ctx *hcl.EvalContext, limit time.Duration, long bool) (cty.Value, hcl.Diagnostics) {
	m := &meter{left: maxSteps}
	if !long {
		v, diags := expr.Value(ctx)
		return m.conclude(v, diags, expr.Range())
	}
	m.deadline = time.Now().Add(limit)

	type outcome struct {
		value cty.Value
		diags hcl.Diagnostics
	}
	done := make(chan outcome, 1)
	go func() {
		v, diags := expr.Value(contextWith(ctx, m))
		v, diags = m.conclude(v, diags, expr.Range())
		done <- outcome{v, diags}
	}()
	// A loop notices the deadline itself and should be the one to say so.
	timer := time.NewTimer(limit + limit/4)
	defer timer.Stop()
	select {
	case o := <-done:
		return o.value, o.diags
	case <-timer.C:
		return cty.DynamicVal, hcl.Diagnostics{budgetDiagnostic(errTime, expr.Range())}
	}
}

// conclude is the outcome of an evaluation, with the meter's word before the
// value's: a try in the expression must not swallow it.
func (m *meter) conclude(v cty.Value, diags hcl.Diagnostics, where hcl.Range) (cty.Value, hcl.Diagnostics) {
	if m.over == nil && !diags.HasErrors() {
		left := maxSteps
		m.over = weigh(v, &left)
	}
	if m.over == nil {
		return v, diags
	}
	return cty.DynamicVal, hcl.Diagnostics{budgetDiagnostic(m.over, where)}
}

func budgetDiagnostic(err error, where hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "Expression too large",
		Detail:   fmt.Sprintf("Evaluation stopped: %s. Put large data into a table, which a batch reads row by row.", err),
		Subject:  where.Ptr(),
	}
}
