package commandline

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// WrongFlag says what is wrong with a flag of a command line, and how it is
// written: Terraform's have one dash.
func WrongFlag(cmd *cobra.Command, err error, line []string) error {
	for _, arg := range line {
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
		return Usagef("unknown flag -%s; flags have two dashes: --%s%s", name, name, value)
	}
	if words := cmd.Flags().Args(); len(words) > 0 && cmd.HasSubCommands() {
		return cmd.Args(cmd, words) // what the flag belongs to is not a command
	}
	return Usagef("%s\nRun `%s --help` for the flags", wrongFlag(cmd, err), cmd.CommandPath())
}

// wrongFlag is what pflag says about a flag, without Go's own words in it.
func wrongFlag(cmd *cobra.Command, err error) string {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		why := invalid.Unwrap()
		if number, ok := errors.AsType[*strconv.NumError](why); ok && errors.Is(number, strconv.ErrRange) {
			why = errors.New("the number is too large")
		} else if ok {
			why = notOfType[invalid.GetFlag().Value.Type()]
		}
		if why != nil {
			return safetext.Line(fmt.Sprintf("--%s %q: %s", invalid.GetFlag().Name, invalid.GetValue(), why))
		}
	}
	said := safetext.Line(err.Error())
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		if name := nearest.Name(unknown.GetSpecifiedName(), names); name != "" {
			said += ". Did you mean --" + name + "?"
		}
	}
	return said
}

// notOfType says what the value of a flag must be, by the type of the flag.
var notOfType = map[string]error{
	"bool":    errors.New("must be true or false"),
	"int":     errors.New("must be a whole number"),
	"int64":   errors.New("must be a whole number"),
	"uint64":  errors.New("must be a whole number, at least 0"),
	"float64": errors.New("must be a number"),
}
