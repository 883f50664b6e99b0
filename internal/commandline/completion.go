package commandline

import (
	"io"

	"github.com/spf13/cobra"
)

// Completion stands for cobra's own command, whose errors have no exit codes.
func Completion(out io.Writer) *cobra.Command {
	shell := func(name, example string, print func(*cobra.Command, io.Writer) error) *cobra.Command {
		return &cobra.Command{
			Use: name, Short: "Print the script for " + name, Example: example, Args: NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return print(cmd.Root(), out) },
		}
	}
	cmd := Group("completion", "Print a script that completes command lines in a shell",
		shell("bash", `  source <(gdfctl completion bash)
  gdfctl completion bash > /etc/bash_completion.d/gdfctl`,
			func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }),
		shell("zsh", `  gdfctl completion zsh > "${fpath[1]}/_gdfctl"`,
			func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) }),
		shell("fish", `  gdfctl completion fish > ~/.config/fish/completions/gdfctl.fish`,
			func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }),
		shell("powershell", `  gdfctl completion powershell | Out-String | Invoke-Expression`,
			func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) }),
	)
	cmd.Example = `  source <(gdfctl completion bash)`
	return cmd
}
