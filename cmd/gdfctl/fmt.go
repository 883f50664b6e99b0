package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/layout"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type fmtOptions struct {
	check     bool
	diff      bool
	recursive bool
	commandline.Format
}

func newFmt(p *program) *cobra.Command {
	o := fmtOptions{}
	cmd := &cobra.Command{
		Use:   "fmt [DIR | FILE | -]...",
		Short: "Format HCL files",
		Long: `fmt formats .hcl files in place, and prints the names of the files that it
changed: those of the configuration directory, of each DIR, and each FILE. With
-, it reads standard input and writes to standard output.`,
		Example: `  gdfctl fmt
  gdfctl fmt --recursive            format all configurations below, too
  gdfctl fmt --check --diff shops   in CI: exit 1 if a file is not formatted
  gdfctl fmt - < main.hcl`,
		RunE: func(_ *cobra.Command, args []string) error { return p.runFmt(args, o) },
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "write nothing; exit 1 if a file is not formatted")
	cmd.Flags().BoolVar(&o.diff, "diff", false, "show the differences")
	cmd.Flags().BoolVar(&o.recursive, "recursive", false, "also format the files in directories below")
	o.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runFmt(targets []string, o fmtOptions) error {
	if slices.Contains(targets, "-") {
		if len(targets) > 1 || o.recursive || o.JSON() {
			return commandline.Usagef("- is standard input, and can't be combined with files, --recursive or --json")
		}
		return p.fmtStdin(o)
	}
	if o.diff && o.JSON() {
		return commandline.Usagef("--diff is for people, and can't be combined with --json")
	}
	files, err := layout.Search{Dir: p.Dir, Recursive: o.recursive, Empty: func(dir string) {
		fmt.Fprintf(p.Err, "There is no .hcl file in %s.\n", safetext.Line(dir))
	}}.Files(targets)
	if err != nil {
		return err
	}
	failed := false
	done := report.NewFormatted(!o.check)
	for _, f := range files {
		src, err := f.Format(!o.check)
		if src != nil {
			p.showFormatted(f.Name, src)
		}
		if err != nil {
			p.Error(err)
			failed = true
			continue
		}
		if !src.Changed() {
			continue
		}
		done.Files = append(done.Files, f.Name)
		if !o.JSON() {
			fmt.Fprintln(p.Out, safetext.Line(f.Name))
		}
		if o.diff {
			if err := text.Unified(p.Out, p.StyleOut, f.Name, src.Before, src.After); err != nil {
				return err
			}
		}
	}
	if o.JSON() {
		err = json.Object(p.Out, done)
	}
	if err == nil && (failed || o.check && len(done.Files) > 0) {
		return &saidError{exitError}
	}
	return err
}

// showFormatted shows what was found of a text.
func (p *program) showFormatted(name string, src *layout.Text) {
	text.Diagnostics(p.Err, p.StyleErr, src.Diagnostics, map[string]*diag.Source{name: {Text: src.Before}})
}

func (p *program) fmtStdin(o fmtOptions) error {
	const name = "<stdin>"
	src, err := layout.Of(name, p.In)
	if err != nil {
		return fmt.Errorf("standard input can't be read: %w", err)
	}
	p.showFormatted(name, src)
	switch {
	case src.Diagnostics.HasErrors():
		return &saidError{exitError}
	case o.diff:
		err = text.Unified(p.Out, p.StyleOut, name, src.Before, src.After)
	case !o.check:
		_, err = p.Out.Write(src.After)
	}
	if err == nil && o.check && src.Changed() {
		return &saidError{exitError}
	}
	return err
}
