package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// flagError says what is wrong with a flag, and how it is written: Terraform's
// have one dash.
func (p *program) flagError(cmd *cobra.Command, err error) error {
	for _, arg := range p.args {
		name, value, given := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if len(name) < 2 || name[0] == '-' || arg[0] != '-' || cmd.Flag(name) == nil || !strings.Contains(err.Error(), arg) {
			continue
		}
		if given && name == "var" {
			value = "…" // it may be secret
		}
		if given {
			value = "=" + safetext.Line(value)
		}
		return usagef("unknown flag -%s; flags have two dashes: --%s%s", name, name, value)
	}
	if words := cmd.Flags().Args(); len(words) > 0 && cmd.HasSubCommands() {
		return cmd.Args(cmd, words) // what the flag belongs to is not a command
	}
	return usagef("%s\nRun `%s --help` for the flags", safetext.Line(err.Error()), cmd.CommandPath())
}
