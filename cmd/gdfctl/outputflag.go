package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// outputFlag is --output of the commands that show what is live.
type outputFlag struct{ format report.Format }

func (f *outputFlag) register(cmd *cobra.Command) {
	f.format = report.Text
	cmd.Flags().Var(f, "output", "table, json or csv")
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]cobra.Completion{"table", "json", "csv"}, cobra.ShellCompDirectiveNoFileComp))
}

func (f *outputFlag) String() string { return string(f.format) }

func (f *outputFlag) Set(text string) error {
	if text == "table" {
		text = string(report.Text)
	}
	switch format := report.Format(text); format {
	case report.Text, report.JSON, report.CSV:
		f.format = format
		return nil
	}
	return errors.New("write table, json or csv")
}

// Type is how help calls the value.
func (f *outputFlag) Type() string { return "format" }

// talk reports whether a result may have a sentence beside it, on standard
// error: programs get none.
func (f *outputFlag) talk() bool { return f.format == report.Text }

func (f *outputFlag) orders(p *program, list *report.OrderList) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, list)
	case report.CSV:
		return csv.Orders(p.stdout, list)
	}
	return text.Orders(p.stdout, p.styleOut, list)
}

func (f *outputFlag) order(p *program, single *report.SingleOrder) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, single)
	case report.CSV:
		return csv.Order(p.stdout, single)
	}
	return text.Order(p.stdout, p.styleOut, single)
}

func (f *outputFlag) feeds(p *program, list *report.FeedList) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, list)
	case report.CSV:
		return csv.Feeds(p.stdout, list)
	}
	return text.Feeds(p.stdout, p.styleOut, list)
}

func (f *outputFlag) feed(p *program, single *report.SingleFeed) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, single)
	case report.CSV:
		return csv.Feed(p.stdout, single)
	}
	return text.Feed(p.stdout, p.styleOut, single)
}

func (f *outputFlag) count(p *program, n int) error {
	switch f.format {
	case report.JSON:
		return json.Object(p.stdout, report.CountOf(n))
	case report.CSV:
		return csv.Count(p.stdout, report.CountOf(n))
	}
	_, err := fmt.Fprintln(p.stdout, n)
	return err
}
