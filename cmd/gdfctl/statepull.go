package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

func newStatePull(p *program) *cobra.Command {
	o := commandline.Variables{}
	cmd := &cobra.Command{
		Use:   "pull [FILE]",
		Short: "Write the state into one readable file",
		Long: `pull writes the state as it is now, with the calls that are under way, and the
position that it is as of: the number and the hash of the last record, or the
serial of a file. It takes no lock and disturbs no run. The file is JSON with one
order per line and mode 0600. Without FILE, or with -, it goes to standard output.
push accepts the file, after it was changed by hand.`,
		Example: `  gdfctl state pull kept.json
  gdfctl state pull | jq '.orders'`,
		Args: commandline.AtMostOneArg("the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runStatePull(cmd.Context(), strings.Join(args, ""), len(args) > 0, o)
		},
	}
	o.Register(cmd)
	return cmd
}

func (p *program) runStatePull(ctx context.Context, file string, named bool, o commandline.Variables) error {
	if named && file == "" { // as with a variable of the shell that is not set
		return commandline.Usagef("the name of the file is empty: nothing was written")
	}
	if file == "-" {
		file = ""
	}
	pulled, err := reconcile.Pull(ctx, reconcile.PullRequest{Source: p.source(o), Out: file, To: p.Out}, p.deps(), p.Observe)
	if err != nil || file == "" {
		return err
	}
	fmt.Fprintf(p.Out, "Wrote %s: the state at %s.\n", safetext.Line(file), pulled.Position)
	return nil
}
