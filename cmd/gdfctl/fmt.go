package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

type fmtOptions struct {
	check bool
	diff  bool
}

func newFmt(p *program) *cobra.Command {
	o := fmtOptions{}
	cmd := &cobra.Command{
		Use:   "fmt [FILE...]",
		Short: "Give HCL files the canonical layout",
		Long: `fmt gives the .hcl files of the configuration's directory, or those that are
named, the canonical layout, in place, and prints the names of those that it
changed. FILE may be -: then standard input is laid out to standard output.`,
		Example: `  gdfctl fmt
  gdfctl fmt --check --diff       in CI: exit 1 if a file has another layout
  gdfctl fmt - < main.hcl`,
		RunE: func(_ *cobra.Command, args []string) error { return p.runFmt(args, o) },
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "write nothing; exit 1 if a file has another layout")
	cmd.Flags().BoolVar(&o.diff, "diff", false, "show the differences")
	return cmd
}

func (p *program) runFmt(names []string, o fmtOptions) error {
	if len(names) == 1 && names[0] == "-" {
		return p.fmtStdin(o)
	}
	files := make([]layoutFile, len(names))
	for i, name := range names {
		if name == "-" {
			return usagef("- stands for standard input, and can't be named beside files")
		}
		files[i] = layoutFile{name: name, path: name}
	}
	if len(names) == 0 {
		found, err := p.configFiles()
		if err != nil {
			return err
		}
		files = found
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

// layoutFile is a file to be laid out: name is what people call it.
type layoutFile struct{ name, path string }

// configFiles are the files of the configuration's directory. A link that leads
// out of it is none of them.
func (p *program) configFiles() ([]layoutFile, error) {
	root, err := os.OpenRoot(p.chdir)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be opened: %w", p.chdir, bare(err))
	}
	defer root.Close()
	names, err := spec.ConfigFiles(root)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be read: %w", p.chdir, bare(err))
	}
	var files []layoutFile
	for _, name := range names {
		if _, err := root.Stat(name); err != nil {
			return nil, fmt.Errorf("%s can't be read: %w", name, bare(err))
		}
		files = append(files, layoutFile{name, filepath.Join(p.chdir, name)})
	}
	if len(files) == 0 {
		fmt.Fprintf(p.stderr, "There is no .hcl file in %s.\n", safetext.Line(p.chdir))
	}
	return files, nil
}

// fmtFile lays one file out, and reports whether it had another layout.
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
		text.Diagnostics(p.stderr, p.styleErr, diags, map[string]*hcl.File{f.name: {Bytes: before}})
		return false, fmt.Errorf("%s is left as it is", f.name)
	}
	text.Diagnostics(p.stderr, p.styleErr, spec.LineEnds(before, f.name), map[string]*hcl.File{f.name: {Bytes: before}})
	if bytes.Equal(before, after) {
		return false, nil
	}
	if !o.check {
		err := reconcile.SwapIn(path, mode, func(f *os.File) error {
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
		text.Diagnostics(p.stderr, p.styleErr, diags, map[string]*hcl.File{name: {Bytes: before}})
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
