package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// variableFlags are the flags that give variables their values.
type variableFlags struct {
	vars  []string
	files []string
}

func (f *variableFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.vars, "var", nil, "the value of a variable, as `name=value` (repeatable)")
	cmd.Flags().StringArrayVar(&f.files, "var-file", nil, "a `file` with values of variables, HCL or JSON (repeatable)")
}

// source is the configuration of --chdir with these variables.
func (p *program) source(f variableFlags) (reconcile.Source, error) {
	s := reconcile.Source{Dir: p.chdir, Vars: map[string]string{}, VarFiles: f.files}
	for _, v := range f.vars {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return s, commandline.Usagef("--var must be name=value, for example --var carrier=UPS")
		}
		s.Vars[name] = value
	}
	return s, nil
}

// madeWith names what gave variables their values, without the values.
func (f *variableFlags) madeWith() []string {
	var flags []string
	for _, v := range f.vars {
		name, _, _ := strings.Cut(v, "=")
		flags = append(flags, "--var "+name)
	}
	for _, file := range f.files {
		flags = append(flags, "--var-file "+file)
	}
	return flags
}

// accountFlag chooses one of the configuration's accounts.
type accountFlag struct{ account string }

func (f *accountFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.account, "account", "", "the account's `name` (default: the configuration's default account)")
}

// registerFilter is register for commands that mean every account without it.
func (f *accountFlag) registerFilter(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&f.account, "account", "", usage)
}

// renamed is the value of a flag that had another name. The old name is still
// taken, with a warning.
func (p *program) renamed(old, oldValue, name, value string) (string, error) {
	switch {
	case oldValue == "":
		return value, nil
	case value != "":
		return "", commandline.Usagef("--%s is the old name of --%s: use --%[2]s only", old, name)
	}
	p.warn(fmt.Sprintf("--%s is now called --%s; the old name will stop working in the next release", old, name))
	return oldValue, nil
}

// parsePeriod reads --since and --until.
func parsePeriod(since, until string) (reconcile.Period, error) {
	var p reconcile.Period
	var err error
	if p.Since, err = reconcile.ParseMoment(since); err != nil {
		return p, commandline.Usagef("--since %w", err)
	}
	if p.Until, err = reconcile.ParseMoment(until); err != nil {
		return p, commandline.Usagef("--until %w", err)
	}
	return p, nil
}
