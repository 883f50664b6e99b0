package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

func newValidate(p *program) *cobra.Command {
	var vars commandline.Variables
	var f commandline.Format
	var ci commandline.CI
	var ref commandline.PolicyRef
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
	vars.Register(cmd)
	ci.RegisterAnnotate(cmd)
	ref.Register(cmd, reconcile.NoPolicyRef)
	f.Register(cmd, report.Text, report.JSON, report.JUnit)
	return cmd
}

func (p *program) runValidate(ctx context.Context, vars commandline.Variables, ci commandline.CI, ref commandline.PolicyRef, f commandline.Format) error {
	if err := p.beginCI(ci); err != nil {
		return err
	}
	r, err := reconcile.Validate(ctx, reconcile.ValidateRequest{Source: p.source(vars), PolicyRef: ref.Name}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	found := report.NewValidation(r.Diagnostics, r.Batches)
	found.PolicyRef = r.PolicyRef
	p.Mark(found.Diagnostics)
	if f.JSON() {
		if err := console.Shown(json.Object(p.Out, found)); err != nil {
			return err
		}
	} else if f.Chosen == report.JUnit {
		if err := console.Shown(junit.Validation(p.Out, found)); err != nil {
			return err
		}
	} else {
		text.Diagnostics(p.Err, p.StyleErr, r.Diagnostics, r.Files)
		text.Batches(p.Out, found)
		text.PolicyRef(p.Out, p.StyleOut, r.PolicyRef)
	}
	if r.Diagnostics.HasErrors() {
		return &saidError{exitError}
	}
	if f.Talk() {
		text.Valid(p.Out, r.Orders, r.Standing, r.Watches)
	}
	return nil
}
