package present

import (
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
)

// FailureCode is the code of an error, for programs. docs/json.md lists them.
type FailureCode string

// The codes.
const (
	FailedUsage       FailureCode = "usage"         // the command line is wrong
	FailedLocked      FailureCode = "locked"        // another run holds the state
	FailedInterrupted FailureCode = "interrupted"   // stopped by a signal
	failedConfig      FailureCode = "configuration" // the configuration can't be used
	failedPolicy      FailureCode = "policy"        // the plan exceeds a limit of the policy
	FailedOther       FailureCode = "failed"        // anything else; the message says what
)

// Failure is an error for programs: what it says, in words that can be shown, and its
// code. An empty code is that of any other error.
func Failure(err error, message string, code FailureCode, exitCode int) *report.Failure {
	if config, ok := errors.AsType[*reconcile.ConfigError](err); ok {
		found := report.Diagnostics(config.Diagnostics)
		return report.NewFailure(firstError(found), string(failedConfig), exitCode, found)
	}
	if policy, ok := errors.AsType[*reconcile.PolicyError](err); ok {
		found := make([]report.Diagnostic, len(policy.Violations))
		for i, v := range policy.Violations {
			found[i] = report.Diagnostic{Severity: report.SeverityError, Summary: "The plan exceeds the policy's " + v.Limit, Detail: v.Message + ". " + v.Remedy}
			if at := v.DefinedAt; at != nil {
				found[i].Range = report.NewRange(at)
			}
		}
		return report.NewFailure(firstError(found), string(failedPolicy), exitCode, found)
	}
	if code == "" {
		code = FailedOther
	}
	return report.NewFailure(message, string(code), exitCode, nil)
}

// firstError is the summary of the first error, and how many there are.
func firstError(found []report.Diagnostic) string {
	first, more := "", -1
	for _, d := range found {
		if d.Severity != report.SeverityError {
			continue
		}
		if more++; more == 0 {
			first = d.Summary
		}
	}
	if more > 0 {
		return fmt.Sprintf("%s, and %d more", first, more)
	}
	return first
}
