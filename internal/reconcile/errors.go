package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// ErrInterrupted ends a use case that was stopped before it changed anything.
var ErrInterrupted = errors.New("interrupted; nothing was changed")

// ErrNotApproved ends an apply whose plan was not approved.
var ErrNotApproved = errors.New("not approved; nothing was changed")

// RequestError is a request that can't be fulfilled whatever the world is like:
// the caller's mistake.
type RequestError struct {
	Field   string // of the request, in lower case; the problem is said of it
	Problem string // "must be in the past"
}

func (e *RequestError) Error() string { return e.Field + " " + e.Problem }

func requestf(field, format string, args ...any) error {
	return &RequestError{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// LocalStateError is a state on this machine, where any machine may make the next run.
type LocalStateError struct{ Backend string }

func (e *LocalStateError) Error() string {
	return fmt.Sprintf("its backend is %q, which keeps the state on one machine. A workspace from git runs on any machine: keep its state in \"postgres\", \"s3\" or \"git\".", e.Backend)
}

// ConfigError is a configuration that can't be used. Diagnostics hold all that
// was found, warnings included.
type ConfigError struct {
	Diagnostics diag.List
	Files       map[string]*diag.Source
}

func (e *ConfigError) Error() string { return e.Diagnostics.Error() }

// PolicyError is a plan beyond the limits of a policy: nothing of it is
// executed.
type PolicyError struct{ Violations []plan.Violation }

func (e *PolicyError) Error() string {
	return fmt.Sprintf("the plan exceeds the policy's limits: %d violations", len(e.Violations))
}

// withinPolicy is the error for violations, or nil if there are none.
func withinPolicy(violations []plan.Violation) error {
	if len(violations) == 0 {
		return nil
	}
	return &PolicyError{violations}
}

// noClientError is why there is no client for an account, which it names.
type noClientError struct{ error }

// apiError says whose call failed and, where people can do something about it,
// what.
func apiError(ctx context.Context, account string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ErrInterrupted
	case errors.As(err, &noClientError{}):
		return err
	}
	err = fmt.Errorf("account %s: %w", account, err)
	if failed, ok := errors.AsType[*godatafeed.Error](err); ok && godatafeed.IsDenied(err) && failed.Reason == "" {
		return fmt.Errorf("%w\nThe API refuses this to these credentials: check GDF_CONSUMER_KEY (or GDF_TOKEN) and the account's endpoint,\nor have it permitted in the GoDataFeed control panel", err)
	}
	return err
}
