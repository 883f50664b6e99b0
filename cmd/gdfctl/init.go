package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

func newInit(p *program) *cobra.Command {
	var f commandline.Format
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write an example configuration",
		Long: `init writes a commented configuration that runs on the built-in sandbox, a small
table of shipments, a .gitignore and a .gitattributes. It creates the directory
if needed, never overwrites a file, and writes nothing into a directory that
has a configuration.`,
		Example: `  gdfctl init
  gdfctl --chdir orders init`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runInit(cmd.Context(), f) },
	}
	f.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runInit(ctx context.Context, f commandline.Format) error {
	r, err := reconcile.Init(ctx, reconcile.Source{Dir: p.chdir}, p.deps(), p.observe)
	if f.JSON() && err == nil {
		return json.Object(p.stdout, report.NewInitialized(r.Written, r.Kept))
	}
	if r != nil && !f.JSON() {
		for _, name := range r.Written {
			fmt.Fprintf(p.stdout, "Wrote %s\n", name)
		}
		for _, name := range r.Kept {
			fmt.Fprintf(p.stdout, "Kept %s, which was there already\n", name)
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\nIt runs on the built-in sandbox: nothing reaches a marketplace. See what it would change:\n  %s\n", p.command("plan"))
	return nil
}
