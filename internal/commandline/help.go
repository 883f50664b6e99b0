package commandline

import "github.com/spf13/cobra"

// Help stands for cobra's own, which explains gdfctl, as if that was asked
// for, where the name of a command is mistyped.
func Help() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about any command",
		Example: `  gdfctl help plan
  gdfctl help orders list`,
		ValidArgsFunction: func(cmd *cobra.Command, words []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if topic, rest, err := cmd.Root().Find(words); err == nil && len(rest) == 0 {
				for _, child := range topic.Commands() {
					if child.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(child.Name(), child.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, words []string) error {
			topic, rest, err := cmd.Root().Find(words)
			if err == nil && len(rest) > 0 && topic.HasSubCommands() {
				err = topic.Args(topic, rest) // which says that it has no such command
			}
			if err != nil {
				return err
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}
