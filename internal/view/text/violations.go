package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Violations prints the limits of a policy that a plan exceeds.
func Violations(w io.Writer, s Style, violations []plan.Violation) {
	for _, v := range violations {
		fmt.Fprintf(w, "%s The plan exceeds the policy's %s: %s.\n", s.red("Error:"), s.bold(v.Limit), safetext.Line(v.Message))
		fmt.Fprintf(w, "  %s\n", safetext.Line(v.Remedy))
	}
	fmt.Fprintf(w, "  Nothing was changed. Look for the cause first: a limit is raised only if the plan is right.\n")
}
