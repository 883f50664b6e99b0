package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newStateRebuild(p *program) *cobra.Command {
	vars := variableFlags{}
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make a lost state again from the audit log",
		Long: `rebuild makes the state file again from the audit log, where the state file is
missing and no copy of it is left. It knows every change that was applied and
every tracking number that was sent, so that nothing is sent again. It does not
know calls whose outcome was unknown when the state was lost: look at the last
orders of the audit log before the next apply.

A state that is there is never replaced.`,
		Example: `  gdfctl audit verify
  gdfctl state rebuild`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runStateRebuild(cmd.Context(), vars) },
	}
	vars.register(cmd)
	return cmd
}

func (p *program) runStateRebuild(ctx context.Context, vars variableFlags) error {
	w, err := p.openRecords(vars)
	if err != nil {
		return err
	}
	defer w.close()
	if _, err := w.store.VerifyAudit(""); err != nil {
		return fmt.Errorf("nothing was made, because the audit log is not as it was written: %w", err)
	}
	n, notices, err := w.store.Rebuild(ctx)
	if err != nil {
		return whatToDoIfLocked(err)
	}
	p.notices(notices)
	fmt.Fprintf(p.stdout, "Made %s from the audit log: %s.\n", safetext.Line(w.store.Paths().State), words.Count(n, "order", "orders"))
	return nil
}
