package config

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// workload bounds what all expressions of a configuration together may take,
// tables aside. Each has a limit of its own; thousands of them, each just below
// it, would still stop the machine that checks a pull request.
type workload struct {
	spent time.Duration
	size  int // bytes of text and elements of the values
}

const (
	mostTime = 15 * time.Second
	mostSize = 128 << 20
	// perElement is what a value costs besides its text, roughly.
	perElement = 32
)

func (w *workload) exhausted() bool {
	return w != nil && (w.spent > mostTime || w.size > mostSize)
}

func (w *workload) add(took time.Duration, v cty.Value) {
	if w == nil {
		return
	}
	w.spent += took
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) { // the function returns no error
		w.size += perElement
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
			w.size += len(v.AsString())
		}
		return w.size <= mostSize, nil
	})
}

func tooMuchWork(expr hcl.Expression) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "The configuration takes too much work",
		Detail:  "All its expressions together take too long, or make values that are too large. Put large data into a table, which is read row by row.",
		Subject: expr.Range().Ptr(),
	}
}
