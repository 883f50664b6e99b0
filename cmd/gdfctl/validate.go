package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/view"
)

func newValidate(p *program) *cobra.Command {
	var vars variableFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check everything that needs no network",
		Long: `validate checks the configuration and reads all its tables: syntax, types,
columns, times, conflicts. It needs no network and no credentials. A row that
plan would hold back is an error here, so that a review finds it.`,
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
	if asJSON {
		if err := shown(view.DiagnosticsJSON(p.stdout, diags)); err != nil {
			return err
		}
	} else {
		view.Diagnostics(p.stderr, p.styleErr, diags, cfg.Files)
	}
	if diags.HasErrors() {
		return &saidError{exitError}
	}
	if !asJSON {
		what := view.Counted(len(wishes.Orders), "order", "orders")
		if n := len(cfg.Watches); n > 0 {
			what += ", " + view.Counted(n, "watch", "watches")
		}
		fmt.Fprintf(p.stdout, "The configuration is valid: %s.\n", what)
	}
	return nil
}
