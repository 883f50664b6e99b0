package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/agent"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// The exit codes. docs/commands.md lists them; where several hold, the first
// of usage, locked, feeds, error, interrupted, incomplete and changes is meant.
const (
	exitDone        = 0
	exitError       = 1   // nothing was changed, or only what the summary says
	exitChanges     = 2   // --detailed-exitcode: there are changes; status --check: something waits
	exitIncomplete  = 3   // some changes failed, were skipped or are unknown; an account was left out; a batch is stopped
	exitFeeds       = 4   // feeds check: a rule of severity error failed
	exitLocked      = 5   // another run holds the state
	exitUsage       = 64  // the command line is wrong
	exitInterrupted = 130 // stopped by a signal
)

// saidError ends a command whose output has told everything already.
type saidError struct{ code int }

func (e *saidError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// exitCode is the one place where errors become exit codes.
func exitCode(ctx context.Context, err error) int {
	var usage *commandline.UsageError
	var request *reconcile.RequestError
	var config *reconcile.ConfigError
	var policy *reconcile.PolicyError
	var locked *backend.LockedError
	var agentRuns *agentdb.RunningError
	var busy *agent.BusyError
	var unknown *agent.UnknownScheduleError
	var said *saidError
	switch {
	case err == nil, errors.Is(err, console.ErrNobodyReads):
		return exitDone
	case errors.As(err, &usage), errors.As(err, &request), errors.As(err, &unknown):
		return exitUsage
	case errors.As(err, &locked), errors.As(err, &agentRuns), errors.As(err, &busy):
		return exitLocked
	case errors.As(err, &said):
		return said.code
	case errors.As(err, &config), errors.As(err, &policy):
		return exitError
	case ctx.Err() != nil:
		return exitInterrupted
	}
	return exitError
}

// planCode is how a plan that was shown ends.
func planCode(r *reconcile.PlanReport, detailed bool) error {
	switch {
	case len(r.Plan.Missing)+len(r.Plan.Stopped) > 0:
		return &saidError{exitIncomplete}
	case detailed && len(r.Plan.Changes) > 0:
		return &saidError{exitChanges}
	}
	return nil
}

// statusCode is how a status that was shown ends. A screen for people fails nothing;
// what is not known is no reason to say that nothing is open.
func statusCode(r *report.Status, check bool) error {
	switch {
	case !check:
		return nil
	case r.Result == report.NeedsPerson:
		return &saidError{exitIncomplete}
	case len(r.Problems) > 0:
		return &saidError{exitError}
	}
	return resultCode(r.Result)
}

// resultCode is how a command ends whose result says what is open.
func resultCode(r report.StatusResult) error {
	switch r {
	case report.NeedsPerson:
		return &saidError{exitIncomplete}
	case report.OnlyWaits:
		return &saidError{exitChanges}
	}
	return nil
}

// applyCode is how an apply ends, which its summary says too.
func applyCode(r *reconcile.ApplyReport, err error) int {
	switch {
	case err != nil:
		return exitError
	case r.Result.Interrupted:
		return exitInterrupted
	case !r.Complete():
		return exitIncomplete
	}
	return exitDone
}

// feedsCode is how a check of feeds ends: a feed that fails goes before an
// account that could not be read.
func feedsCode(r *reconcile.FeedsReport) int {
	switch {
	case r.Fails():
		return exitFeeds
	case len(r.Unread) > 0:
		return exitError
	}
	return exitDone
}

// agentCode is how a run by hand ends.
func agentCode(ctx context.Context, r *report.AgentRun) int {
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case r.State == "done":
		return exitDone
	case r.State == "incomplete":
		return exitIncomplete
	}
	return exitError
}
