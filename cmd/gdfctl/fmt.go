package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type fmtOptions struct {
	check     bool
	diff      bool
	recursive bool
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
	return cmd
}

func (p *program) runFmt(targets []string, o fmtOptions) error {
	if slices.Contains(targets, "-") {
		if len(targets) > 1 || o.recursive {
			return usagef("- is standard input, and can't be combined with files or --recursive")
		}
		return p.fmtStdin(o)
	}
	files, err := p.layoutFiles(targets, o.recursive)
	if err != nil {
		return err
	}
	failed, changed := false, false
	for _, f := range files {
		different, err := p.fmtFile(f, o)
		if err != nil {
			p.tellError(err)
		}
		failed = failed || err != nil
		changed = changed || different
	}
	if failed || (changed && o.check) {
		return &saidError{exitError}
	}
	return nil
}

// fmtFile formats a file, and reports whether it was not formatted.
func (p *program) fmtFile(f layoutFile, o fmtOptions) (bool, error) {
	// A link stays one: what it leads to is replaced.
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return false, fmt.Errorf("%s can't be read: %w", f.name, bare(err))
	}
	before, mode, err := readSource(path)
	if err != nil {
		return false, fmt.Errorf("%s can't be read: %w", f.name, bare(err))
	}
	after, diags := layout(f.name, before)
	if diags.HasErrors() {
		text.Diagnostics(p.stderr, p.styleErr, diags, map[string]*diag.Source{f.name: {Text: before}})
		return false, fmt.Errorf("%s was not changed", f.name)
	}
	text.Diagnostics(p.stderr, p.styleErr, config.LineEnds(before, f.name), map[string]*diag.Source{f.name: {Text: before}})
	if bytes.Equal(before, after) {
		return false, nil
	}
	if !o.check {
		err := disk.Swap(path, mode, func(f *os.File) error {
			_, err := f.Write(after)
			return err
		})
		if err != nil {
			return true, fmt.Errorf("%s can't be written: %w", f.name, bare(err))
		}
	}
	fmt.Fprintln(p.stdout, safetext.Line(f.name))
	if o.diff {
		return true, text.Unified(p.stdout, p.styleOut, f.name, before, after)
	}
	return true, nil
}

func (p *program) fmtStdin(o fmtOptions) error {
	const name = "<stdin>"
	before, err := readAtMost(p.stdin)
	if err != nil {
		return fmt.Errorf("standard input can't be read: %w", err)
	}
	after, diags := layout(name, before)
	if diags.HasErrors() {
		text.Diagnostics(p.stderr, p.styleErr, diags, map[string]*diag.Source{name: {Text: before}})
		return &saidError{exitError}
	}
	if o.diff {
		err = text.Unified(p.stdout, p.styleOut, name, before, after)
	} else if !o.check {
		_, err = p.stdout.Write(after)
	}
	if err == nil && o.check && !bytes.Equal(before, after) {
		return &saidError{exitError}
	}
	return err
}
