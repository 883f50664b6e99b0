package commandline

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
)

// Format is --format of all commands that print something for programs, and
// --json, which is its short form.
type Format struct {
	Chosen report.Format
	offers []report.Format
	given  string // the flag that chose it, as it was written
}

// Register offers formats; the first one is what is printed without a flag.
func (f *Format) Register(cmd *cobra.Command, offers ...report.Format) {
	f.Chosen, f.offers = offers[0], offers
	words := make([]string, len(offers))
	for i, offer := range offers {
		words[i] = string(offer)
	}
	flags := cmd.Flags()
	flags.Var(f, "format", "`format` of the output: "+strings.Join(words, ", "))
	short := flags.VarPF(jsonFlag{f}, "json", "", "short for --format json")
	short.NoOptDefVal = "true"
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

func (f *Format) String() string { return string(f.Chosen) }

// Set takes --format.
func (f *Format) Set(text string) error { return f.choose(report.Format(text), "--format "+text) }

func (f *Format) choose(format report.Format, flag string) error {
	if !slices.Contains(f.offers, format) {
		words := make([]string, len(f.offers))
		for i, offer := range f.offers {
			words[i] = string(offer)
		}
		return errors.New("must be " + OneOf(words))
	}
	if f.given != "" && f.Chosen != format {
		return fmt.Errorf("%s and %s ask for two formats", f.given, flag)
	}
	f.Chosen, f.given = format, flag
	return nil
}

// Type is how help calls the value.
func (f *Format) Type() string { return "format" }

// JSON reports whether the output is JSON.
func (f *Format) JSON() bool { return f.Chosen == report.JSON }

// Talk reports whether a result may have a sentence beside it, on standard
// error: programs get none.
func (f *Format) Talk() bool { return f.Chosen == report.Text }

// jsonFlag is --json.
type jsonFlag struct{ *Format }

func (f jsonFlag) Set(text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil || !on {
		return err
	}
	return f.choose(report.JSON, "--json")
}

func (f jsonFlag) String() string   { return "false" }
func (f jsonFlag) Type() string     { return "bool" }
func (f jsonFlag) IsBoolFlag() bool { return true }

// outputFlag is --output, which some commands had before --format.
type outputFlag struct {
	*Format
	warn func(string)
}

// RegisterOutput keeps --output for one more release, out of the help.
func (f *Format) RegisterOutput(cmd *cobra.Command, warn func(string)) {
	cmd.Flags().Var(outputFlag{f, warn}, "output", "before --format")
	_ = cmd.Flags().MarkHidden("output") // the error is for a flag that doesn't exist
}

func (f outputFlag) Set(text string) error {
	f.warn("--output is called --format now, and will be removed: write --format, or --json")
	if text == "table" {
		text = string(report.Text)
	}
	return f.choose(report.Format(text), "--output "+text)
}

// AsksForJSON reports whether a command line asks for JSON, also one that can't
// be understood otherwise.
func AsksForJSON(args []string) bool {
	for i, arg := range args {
		if arg == "--" {
			return false
		}
		name, value, set := strings.Cut(arg, "=")
		if !set && i+1 < len(args) {
			value = args[i+1]
		}
		switch name {
		case "--json":
			if !set || value == "true" {
				return true
			}
		case "--format", "--output":
			if value == string(report.JSON) {
				return true
			}
		}
	}
	return false
}
