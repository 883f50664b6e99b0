package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/completion"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// newRoot assembles the command tree.
func newRoot(p *program) *cobra.Command {
	var showVersion bool
	root := &cobra.Command{
		Use:   "gdfctl",
		Short: "Change marketplace orders to the states that you write down",
		Long: `gdfctl changes marketplace orders to the states in a configuration: acknowledged,
shipped with a tracking number, or canceled. Write the states in HCL, next to the
CSV that your shipping software exports. plan shows what would change; apply
makes the changes, within GoDataFeed's call limit and never twice.`,
		Example: `  gdfctl init                  write an example configuration
  gdfctl plan                  show what would change
  gdfctl apply                 make the changes, after asking`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(*cobra.Command, []string) error {
			p.Colors(p.noColor)
			if p.Dir == "" { // as with a variable of the shell that is not set
				return commandline.Usagef("--chdir must not be empty: name the directory of the configuration")
			}
			return nil
		},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return commandline.Usagef("%q is not a command of gdfctl%s\nRun `gdfctl --help` for the list", args[0], commandline.Suggestion(cmd, args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				fmt.Fprintf(p.Out, "gdfctl %s\n", version) // as the first line of version
				return nil
			}
			return cmd.Help()
		},
	}
	root.PersistentFlags().StringVar(&p.Dir, "chdir", ".", "the `directory` of the configuration")
	root.PersistentFlags().BoolVar(&p.noColor, "no-color", false, "disable color")
	// cobra's own flag would link text/template, and with it every exported method.
	root.Flags().BoolVarP(&showVersion, "version", "v", false, "version for gdfctl")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return commandline.WrongFlag(cmd, err, p.Args) })
	root.AddCommand(
		newInit(p), newValidate(p), newFmt(p), newPlan(p), newShow(p), newApply(p), newResend(p), newExplain(p),
		newState(p), newPlans(p), newAudit(p), newOrders(p), newFeeds(p), newStatus(p), newVerify(p), newComment(p), newDoctor(p), newAgent(p), newSandbox(p), newVersion(p), commandline.Completion(p.Out),
	)
	root.SetHelpCommand(commandline.Help())
	completion.Words{
		Source: func(cmd *cobra.Command) reconcile.Source { return p.source(commandline.HalfWritten(cmd)) },
		Deps:   p.deps, Machine: p.completedMachine,
	}.Register(root)
	return root
}
