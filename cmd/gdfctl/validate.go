package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newValidate(p *program) *cobra.Command {
	var vars variableFlags
	var f commandline.Format
	var ci ciFlags
	var ref policyRefFlag
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check the configuration and its tables, without the network",
		Long: `validate checks the configuration and reads all its tables: syntax, types,
columns, times, conflicts. It needs neither network nor credentials. A row that
plan would hold back is an error here, so that a review finds it. Tracking
numbers are compared with their carriers, except those of orders that are closed
in the state. For each batch it counts how every row is used.`,
		Example: `  gdfctl validate
  gdfctl validate --json`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runValidate(cmd.Context(), vars, ci, ref, f) },
	}
	vars.register(cmd)
	ci.registerAnnotate(cmd)
	ref.register(cmd)
	f.Register(cmd, report.Text, report.JSON, report.JUnit)
	return cmd
}

func (p *program) runValidate(ctx context.Context, vars variableFlags, ci ciFlags, ref policyRefFlag, f commandline.Format) error {
	source, err := p.source(vars)
	if err == nil {
		err = p.beginCI(ci)
	}
	if err != nil {
		return err
	}
	r, err := reconcile.Validate(ctx, reconcile.ValidateRequest{Source: source, PolicyRef: string(ref)}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	found := report.NewValidation(r.Diagnostics, r.Batches)
	found.PolicyRef = r.PolicyRef
	p.annotations.Diagnostics(found.Diagnostics)
	if f.JSON() {
		if err := console.Shown(json.Object(p.stdout, found)); err != nil {
			return err
		}
	} else if f.Chosen == report.JUnit {
		if err := console.Shown(junit.Validation(p.stdout, found)); err != nil {
			return err
		}
	} else {
		text.Diagnostics(p.stderr, p.styleErr, r.Diagnostics, r.Files)
		text.Batches(p.stdout, found)
		text.PolicyRef(p.stdout, p.styleOut, r.PolicyRef)
	}
	if r.Diagnostics.HasErrors() {
		return &saidError{exitError}
	}
	if f.Talk() {
		what := words.Count(r.Orders, "order", "orders")
		if r.Watches > 0 {
			what += ", " + words.Count(r.Watches, "watch", "watches")
		}
		fmt.Fprintf(p.stdout, "The configuration is valid: %s.\n", what)
	}
	return nil
}
