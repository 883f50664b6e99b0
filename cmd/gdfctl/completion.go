package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// newCompletion replaces cobra's command, whose errors have no exit codes.
func newCompletion(p *program) *cobra.Command {
	cmd := commandline.Group("completion", "Print a script that completes command lines in a shell",
		shellCompletion(p, "bash", `  source <(gdfctl completion bash)
  gdfctl completion bash > /etc/bash_completion.d/gdfctl`,
			func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }),
		shellCompletion(p, "zsh", `  gdfctl completion zsh > "${fpath[1]}/_gdfctl"`,
			func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) }),
		shellCompletion(p, "fish", `  gdfctl completion fish > ~/.config/fish/completions/gdfctl.fish`,
			func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }),
		shellCompletion(p, "powershell", `  gdfctl completion powershell | Out-String | Invoke-Expression`,
			func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) }),
	)
	cmd.Example = `  source <(gdfctl completion bash)`
	return cmd
}

func shellCompletion(p *program, shell, example string, print func(*cobra.Command, io.Writer) error) *cobra.Command {
	return &cobra.Command{
		Use: shell, Short: "Print the script for " + shell, Example: example, Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return print(cmd.Root(), p.stdout) },
	}
}

// completedSource is the configuration that a half-written command line is about.
func (p *program) completedSource(cmd *cobra.Command) reconcile.Source {
	var f variableFlags
	f.vars, _ = cmd.Flags().GetStringArray("var") // commands without the flag have no values
	f.files, _ = cmd.Flags().GetStringArray("var-file")
	source, err := p.source(f)
	if err != nil { // a --var that is half written
		source.Vars = nil
	}
	return source
}
