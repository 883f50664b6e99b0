package commandline

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/nearest"
)

// Group is a command that only has subcommands.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return Usagef("%q is not a command of %s%s\nRun `%s --help` for the list", args[0], cmd.CommandPath(), Suggestion(cmd, args[0]), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

// Suggestion offers the name of another command, or is empty.
func Suggestion(cmd *cobra.Command, word string) string {
	cmd.SuggestionsMinimumDistance = 2
	if names := cmd.SuggestionsFor(word); len(names) > 0 {
		return fmt.Sprintf(". Did you mean %s?", OneOf(nearest.Sorted(word, names)))
	}
	return ""
}

// OneOf lists what one of can be chosen.
func OneOf(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
