package commandline

import "github.com/spf13/cobra"

// NoArgs is cobra's, with a usage error.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usagef("%s takes no arguments, but got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// OneArg takes one argument, and says what it is.
func OneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return Usagef("%s takes one argument: %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// AtMostOneArg takes no argument or one, and says what that is.
func AtMostOneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return Usagef("%s takes at most one argument: %s", cmd.CommandPath(), what)
		}
		return nil
	}
}
