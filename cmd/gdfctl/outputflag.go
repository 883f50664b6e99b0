package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/view"
)

// outputFlag is --output of the commands that show what is live.
type outputFlag struct{ format view.Format }

func (f *outputFlag) register(cmd *cobra.Command) {
	f.format = view.TableFormat
	cmd.Flags().Var(f, "output", "table, json or csv")
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]cobra.Completion{"table", "json", "csv"}, cobra.ShellCompDirectiveNoFileComp))
}

func (f *outputFlag) String() string { return string(f.format) }

func (f *outputFlag) Set(text string) error {
	switch format := view.Format(text); format {
	case view.TableFormat, view.JSONFormat, view.CSVFormat:
		f.format = format
		return nil
	}
	return errors.New("write table, json or csv")
}

// Type is how help calls the value.
func (f *outputFlag) Type() string { return "format" }

// talk reports whether a result may have a sentence beside it, on standard
// error: programs get none.
func (f *outputFlag) talk() bool { return f.format == view.TableFormat }
