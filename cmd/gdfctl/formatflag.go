package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// formatFlag is --format of all commands that print something for programs, and
// --json, which is its short form.
type formatFlag struct {
	format report.Format
	offers []report.Format
	given  string // the flag that chose it, as it was written
}

// register offers formats; the first one is what is printed without a flag.
func (f *formatFlag) register(cmd *cobra.Command, offers ...report.Format) {
	f.format, f.offers = offers[0], offers
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

func (f *formatFlag) String() string { return string(f.format) }

// Set takes --format.
func (f *formatFlag) Set(text string) error { return f.choose(report.Format(text), "--format "+text) }

func (f *formatFlag) choose(format report.Format, flag string) error {
	if !slices.Contains(f.offers, format) {
		words := make([]string, len(f.offers))
		for i, offer := range f.offers {
			words[i] = string(offer)
		}
		return errors.New("must be " + oneOf(words))
	}
	if f.given != "" && f.format != format {
		return fmt.Errorf("%s and %s ask for two formats", f.given, flag)
	}
	f.format, f.given = format, flag
	return nil
}

// Type is how help calls the value.
func (f *formatFlag) Type() string { return "format" }

// json reports whether the output is JSON.
func (f *formatFlag) json() bool { return f.format == report.JSON }

// talk reports whether a result may have a sentence beside it, on standard
// error: programs get none.
func (f *formatFlag) talk() bool { return f.format == report.Text }

// jsonFlag is --json.
type jsonFlag struct{ *formatFlag }

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
	*formatFlag
	p *program
}

// registerOutput keeps --output for one more release, out of the help.
func (f *formatFlag) registerOutput(p *program, cmd *cobra.Command) {
	cmd.Flags().Var(outputFlag{f, p}, "output", "before --format")
	_ = cmd.Flags().MarkHidden("output") // the error is for a flag that doesn't exist
}

func (f outputFlag) Set(text string) error {
	f.p.warn("--output is called --format now, and will be removed: write --format, or --json")
	if text == "table" {
		text = string(report.Text)
	}
	return f.choose(report.Format(text), "--output "+text)
}

// printAs prints a document in the format that was chosen.
func printAs[D any](f *formatFlag, p *program, document D, asCSV func(io.Writer, D) error, asText func(io.Writer, text.Style, D) error) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, document)
	case report.CSV:
		return asCSV(p.stdout, document)
	}
	return asText(p.stdout, p.styleOut, document)
}

func (f *formatFlag) orders(p *program, list *report.OrderList) error {
	return printAs(f, p, list, csv.Orders, text.Orders)
}

func (f *formatFlag) order(p *program, single *report.SingleOrder) error {
	return printAs(f, p, single, csv.Order, text.Order)
}

func (f *formatFlag) feeds(p *program, list *report.FeedList) error {
	return printAs(f, p, list, csv.Feeds, text.Feeds)
}

func (f *formatFlag) feed(p *program, single *report.SingleFeed) error {
	return printAs(f, p, single, csv.Feed, text.Feed)
}

func (f *formatFlag) count(p *program, n int) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, report.CountOf(n))
	case report.CSV:
		return csv.Count(p.stdout, report.CountOf(n))
	}
	_, err := fmt.Fprintln(p.stdout, n)
	return err
}
