package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type initOptions struct {
	ci    string
	force bool
	from  reconcile.InitFromRequest
	commandline.Format
}

func newInit(p *program) *cobra.Command {
	o := initOptions{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration to start from, for an export, or a pipeline",
		Long: `init writes a commented configuration that runs on the built-in simulator, a
small table of shipments, a .gitignore and a .gitattributes. It creates the
directory if needed, never overwrites a file, and writes nothing into a directory
that has a configuration.

With --ci, it writes the pipeline of a CI system for the configuration into the
root of its repository: what checks, plans and applies pull requests. It says
what to set up on the forge, in order. Files that are there are kept, unless
--force is set.

With --from, it reads an export of another program, such as ShipStation or
Amazon, recognizes its preset, shows how it reads the columns, and writes a batch
for it into a new file. With --out, it also writes a copy of the export into that
folder, with only the columns that the batch needs and without buyers' data. If a
batch reads the export already, it only writes the copy.`,
		Example: `  gdfctl init
  gdfctl --chdir orders init
  gdfctl init --from shipments.csv
  gdfctl init --from ~/Downloads/export.csv --out shipments
  gdfctl init --ci github`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runInit(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.ci, "ci", "", "write the pipeline for `github|gitlab` instead")
	cmd.Flags().StringVar(&o.from.File, "from", "", "write a batch that reads this export: a CSV `file` of another program")
	cmd.Flags().StringVar(&o.from.Out, "out", "", "with --from: copy the needed columns of the export into this `directory` of the configuration")
	cmd.Flags().StringVar(&o.from.Preset, "preset", "", "with --from: the `name` of the program's preset, if it is not recognized")
	_ = cmd.RegisterFlagCompletionFunc("preset", cobra.FixedCompletions(reconcile.Presets(), cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().StringVar(&o.from.Timezone, "timezone", "", "with --from: the `zone` of the times in the export, for a new configuration")
	cmd.Flags().BoolVar(&o.force, "force", false, "with --ci: also overwrite files that are there")
	o.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runInit(ctx context.Context, o initOptions) error {
	source := reconcile.Source{Dir: p.Dir}
	var r *reconcile.InitReport
	var err error
	switch {
	case o.ci != "" && o.from.File != "":
		return commandline.Usagef("--ci and --from can't be used together")
	case o.ci != "":
		r, err = reconcile.InitCI(ctx, reconcile.InitCIRequest{Source: source, Forge: o.ci, Force: o.force}, p.deps(), p.Observe)
	case o.force:
		return commandline.Usagef("--force is for --ci")
	case o.from.File != "":
		o.from.Source = source
		return p.runInitFrom(ctx, o)
	case o.from.Out != "" || o.from.Preset != "" || o.from.Timezone != "":
		return commandline.Usagef("--out, --preset and --timezone are for --from")
	default:
		r, err = reconcile.Init(ctx, source, p.deps(), p.Observe)
	}
	if o.JSON() && err == nil {
		return json.Object(p.Out, report.NewInitialized(r.Written, r.Kept, r.Next))
	}
	if r != nil && !o.JSON() {
		text.Files(p.Out, r.Written, r.Kept)
	}
	switch {
	case err != nil:
		return err
	case o.ci != "":
		text.Pipeline(p.Out, p.StyleOut, r.Next)
	default:
		text.Initialized(p.Out, p.Command("plan"))
	}
	return nil
}

func (p *program) runInitFrom(ctx context.Context, o initOptions) error {
	r, err := reconcile.InitFrom(ctx, o.from, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	found := present.ReadExport(r)
	var refused error // so that a script does not go on as if there were a plan
	if r.Unreadable() {
		refused = &saidError{exitError}
	}
	if o.JSON() {
		return cmp.Or(console.Shown(json.Object(p.Out, found)), refused)
	}
	text.Diagnostics(p.Err, p.StyleErr, r.Diagnostics, r.Files)
	if err := text.ReadExport(p.Out, p.StyleOut, found); err != nil {
		return err
	}
	text.Files(p.Out, r.Written, r.Kept)
	for _, step := range r.Next {
		text.Sentence(p.Out, p.StyleOut, step+".")
	}
	if refused != nil {
		text.Sentence(p.Out, p.StyleOut, fmt.Sprintf("%s is written, but its table can't be read as it is: correct what the errors above say, and `%s` shows whether it can.", r.Batch, p.Command("validate")))
		return refused
	}
	if !r.There {
		fmt.Fprintf(p.Out, "\nSee what it would change:\n  %s\n", p.Command("plan"))
	}
	return nil
}
