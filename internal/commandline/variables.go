package commandline

import (
	"strings"

	"github.com/spf13/cobra"
)

// Variables are the flags that give variables their values.
type Variables struct {
	set   []string // name=value
	Files []string
}

// Register adds the flags, and checks them before the command runs.
func (f *Variables) Register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.set, "var", nil, "the value of a variable, as `name=value` (repeatable)")
	cmd.Flags().StringArrayVar(&f.Files, "var-file", nil, "a `file` with values of variables, HCL or JSON (repeatable)")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		for _, v := range f.set {
			if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
				return Usagef("--var must be name=value, for example --var carrier=UPS")
			}
		}
		return nil
	}
}

// HalfWritten are those of a command line that somebody is writing. It may have none.
func HalfWritten(cmd *cobra.Command) Variables {
	var f Variables
	f.set, _ = cmd.Flags().GetStringArray("var") // commands without the flag have no values
	f.Files, _ = cmd.Flags().GetStringArray("var-file")
	return f
}

// Values are the values by name, without those of files.
func (f *Variables) Values() map[string]string {
	values := map[string]string{}
	for _, v := range f.set {
		if name, value, ok := strings.Cut(v, "="); ok && name != "" {
			values[name] = value
		}
	}
	return values
}

// Named names what gave variables their values, without the values.
func (f *Variables) Named() []string {
	var flags []string
	for _, v := range f.set {
		name, _, _ := strings.Cut(v, "=")
		flags = append(flags, "--var "+name)
	}
	for _, file := range f.Files {
		flags = append(flags, "--var-file "+file)
	}
	return flags
}
