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

type initOptions struct {
	ci    string
	force bool
	commandline.Format
}

func newInit(p *program) *cobra.Command {
	o := initOptions{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write an example configuration, or a pipeline for one",
		Long: `init writes a commented configuration that runs on the built-in sandbox, a small
table of shipments, a .gitignore and a .gitattributes. It creates the directory
if needed, never overwrites a file, and writes nothing into a directory that
has a configuration.

With --ci, it writes the pipeline of a CI system for the configuration into the
root of its repository: what checks, plans and applies pull requests. It says
what to set up on the forge, in order. Files that are there are kept, unless
--force is set.`,
		Example: `  gdfctl init
  gdfctl --chdir orders init
  gdfctl init --ci github`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runInit(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.ci, "ci", "", "write the pipeline for `github|gitlab` instead")
	cmd.Flags().BoolVar(&o.force, "force", false, "with --ci: also overwrite files that are there")
	o.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runInit(ctx context.Context, o initOptions) error {
	source := reconcile.Source{Dir: p.chdir}
	var r *reconcile.InitReport
	var err error
	switch {
	case o.ci != "":
		r, err = reconcile.InitCI(ctx, reconcile.InitCIRequest{Source: source, Forge: o.ci, Force: o.force}, p.deps(), p.observe)
	case o.force:
		return commandline.Usagef("--force is for --ci")
	default:
		r, err = reconcile.Init(ctx, source, p.deps(), p.observe)
	}
	if o.JSON() && err == nil {
		return json.Object(p.stdout, report.NewInitialized(r.Written, r.Kept, r.Next))
	}
	if r != nil && !o.JSON() {
		for _, name := range r.Written {
			fmt.Fprintf(p.stdout, "Wrote %s\n", name)
		}
		for _, name := range r.Kept {
			fmt.Fprintf(p.stdout, "Kept %s, which was there already\n", name)
		}
	}
	switch {
	case err != nil:
		return err
	case o.ci != "":
		fmt.Fprintf(p.stdout, "\nWhat comes next, in this order:\n")
		for i, step := range r.Next {
			fmt.Fprintf(p.stdout, "  %d. %s\n", i+1, step)
		}
		fmt.Fprintf(p.stdout, "\ndocs/ci.md of gdfctl explains each step.\n")
	default:
		fmt.Fprintf(p.stdout, "\nIt runs on the built-in sandbox: nothing reaches a marketplace. See what it would change:\n  %s\n", p.command("plan"))
	}
	return nil
}
