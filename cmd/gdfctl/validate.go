package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newValidate(p *program) *cobra.Command {
	var vars variableFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check everything that needs no network",
		Long: `validate checks the configuration and reads all its tables: syntax, types,
columns, times, conflicts. It needs no network and no credentials. A row that
plan would hold back is an error here, so that a review finds it. Tracking
numbers are compared with their carriers; where there is a state, those of
orders that are closed are left out. For each batch it says what became of all
rows.`,
		Example: `  gdfctl validate
  gdfctl validate --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runValidate(cmd.Context(), vars, asJSON) },
	}
	vars.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON for programs")
	return cmd
}

func (p *program) runValidate(ctx context.Context, vars variableFlags, asJSON bool) error {
	cfg, diags, err := p.load(vars, false)
	if err != nil {
		return err
	}
	defer cfg.Close()
	wishes, more := cfg.Wishes(ctx)
	if ctx.Err() != nil {
		return errInterrupted
	}
	diags = append(diags, more...)
	diags = append(diags, wishes.Diagnostics()...)
	diags = append(diags, wishes.NumberDiagnostics(cfg.Policy.Raised, p.closedOrders(cfg))...)
	found := report.NewValidation(diags, wishes.Batches)
	if asJSON {
		if err := shown(json.Object(p.stdout, found)); err != nil {
			return err
		}
	} else {
		text.Diagnostics(p.stderr, p.styleErr, diags, cfg.Files)
		text.Batches(p.stdout, found)
	}
	if diags.HasErrors() {
		return &saidError{exitError}
	}
	if !asJSON {
		what := words.Count(len(wishes.Orders), "order", "orders")
		if n := len(cfg.Watches); n > 0 {
			what += ", " + words.Count(n, "watch", "watches")
		}
		fmt.Fprintf(p.stdout, "The configuration is valid: %s.\n", what)
	}
	return nil
}

// closedOrders tells which wishes are about orders that the state knows to be
// closed. A state that can't be read is told of, and then all orders are checked.
func (p *program) closedOrders(cfg *spec.Config) func(*spec.Wish) bool {
	none := func(*spec.Wish) bool { return false }
	if cfg.Backend.Path == "" {
		return none
	}
	st, notices, err := p.storeAt(state.PathsFor(filepath.Join(p.chdir, cfg.Backend.Path))).Read()
	p.notices(notices)
	if err != nil {
		text.Warning(p.stderr, p.styleErr, fmt.Sprintf("rows of closed orders are checked too: %s", err))
		return none
	}
	return func(w *spec.Wish) bool { return plan.Closed(st, w) }
}
