package main

import (
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

// The codes of errors, for programs. docs/json.md lists them.
const (
	failedUsage       = "usage"         // the command line is wrong
	failedLocked      = "locked"        // another run holds the state
	failedInterrupted = "interrupted"   // stopped by a signal
	failedConfig      = "configuration" // the configuration can't be used
	failedPolicy      = "policy"        // the plan exceeds a limit of the policy
	failedOther       = "failed"        // anything else; the message says what
)

// failure is an error for programs.
func (p *program) failure(err error, exitCode int) *report.Failure {
	code := map[int]string{exitUsage: failedUsage, exitLocked: failedLocked, exitInterrupted: failedInterrupted}[exitCode]
	if config, ok := errors.AsType[*reconcile.ConfigError](err); ok {
		found := report.Diagnostics(config.Diagnostics)
		return report.NewFailure(firstError(found), failedConfig, exitCode, found)
	}
	if policy, ok := errors.AsType[*reconcile.PolicyError](err); ok {
		found := make([]report.Diagnostic, len(policy.Violations))
		for i, v := range policy.Violations {
			found[i] = report.Diagnostic{Severity: report.SeverityError, Summary: "The plan exceeds the policy's " + v.Limit, Detail: v.Message + ". " + v.Remedy}
			if at := v.DefinedAt; at != nil {
				found[i].Range = report.NewRange(at)
			}
		}
		return report.NewFailure(firstError(found), failedPolicy, exitCode, found)
	}
	if code == "" {
		code = failedOther
	}
	return report.NewFailure(p.errorText(err), code, exitCode, nil)
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

// tellPrograms prints an error for programs, unless the command has printed what
// it had for them.
func (p *program) tellPrograms(out *console.Counted, err error, exitCode int) {
	if out.Printed || !commandline.AsksForJSON(p.args) {
		return
	}
	if _, said := errors.AsType[*saidError](err); said {
		err = errors.New("standard error says what went wrong")
	}
	_ = json.Object(p.stdout, p.failure(err, exitCode)) // a program that reads no more needs no error either
}
