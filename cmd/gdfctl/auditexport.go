package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/words"
)

type auditExportOptions struct {
	variableFlags
	auditFilterFlags
	format string
	out    string
}

func newAuditExport(p *program) *cobra.Command {
	o := auditExportOptions{}
	formats := []cobra.Completion{string(report.JSON), string(report.CSV)}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the record, or a part of it, as JSON or CSV",
		Long: `export writes all that is on record: who changed what, when, for which commit and
pull request, every number of the order, the values before and after, the API's
answer, and the hashes. JSON is one record a line, to the letter as the record
holds it. CSV has a column for each value; a cell that a spreadsheet would take
for a formula begins with an apostrophe.

The file that --out names is there when all of it is written, and not before.`,
		Example: `  gdfctl audit export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30
  gdfctl audit export --order 112-1234567-1234567 | jq .`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditExport(cmd.Context(), o) },
	}
	o.variableFlags.register(cmd)
	o.auditFilterFlags.register(cmd)
	cmd.Flags().StringVar(&o.format, "format", string(report.JSON), "json or csv")
	cmd.Flags().StringVar(&o.out, "out", "", "write to this `file` instead of standard output")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (p *program) runAuditExport(ctx context.Context, o auditExportOptions) error {
	format := report.Format(o.format)
	if format != report.JSON && format != report.CSV {
		return usagef("--format takes json or csv")
	}
	filter, err := o.filter(p.now())
	if err != nil {
		return err
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	if o.out == "" {
		_, err := p.writeRecords(ctx, p.stdout, format, w.store, filter)
		return err
	}
	if err := writableAside(o.out, w.store.Paths()); err != nil {
		return err
	}
	n, err := p.exportRecords(ctx, o.out, format, w.store, filter)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Wrote %s: %s.\n", safetext.Line(o.out), words.Count(n, "record", "records"))
	return nil
}

// exportRecords writes a file that only its owner can read, unless there is one
// already that more people can: records name orders.
func (p *program) exportRecords(ctx context.Context, path string, format report.Format, store *state.Store, filter state.AuditFilter) (int, error) {
	n := 0
	err := replaceFile(path, 0o600, func(f *os.File) (err error) {
		if n, err = p.writeRecords(ctx, f, format, store, filter); err != nil {
			return fmt.Errorf("%s was not written: %w", path, err)
		}
		return nil
	})
	return n, err
}

// writableAside refuses a file in whose place an export would do harm: one of
// the state's own, or none that can be replaced.
func writableAside(path string, own state.Paths) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return usagef("--out takes a file, and %s is none", path)
	}
	here, _ := filepath.Abs(path) // what can't be found can't be written either
	for _, name := range []string{own.State, own.Backup(), own.Lock, own.Journal, own.Closed, own.Audit, own.Head, own.Feeds} {
		there, thereErr := os.Stat(name)
		abs, _ := filepath.Abs(name)
		if abs == here || err == nil && thereErr == nil && os.SameFile(info, there) {
			return usagef("--out takes a new file, and %s is gdfctl's own", path)
		}
	}
	return nil
}

// recordsView prints records one at a time.
type recordsView interface {
	Write(r *state.AuditRecord) error
	Flush() error
}

// writeRecords prints records as they are read, and counts them. It keeps none
// of them: a record grows for ever.
func (p *program) writeRecords(ctx context.Context, w io.Writer, format report.Format, store *state.Store, filter state.AuditFilter) (int, error) {
	var out recordsView = json.NewAuditRecords(w)
	if format == report.CSV {
		table, err := csv.NewAuditRecords(w)
		if err != nil {
			return 0, err
		}
		out = table
	}
	n := 0
	for r, err := range store.AuditList(filter) {
		switch {
		case ctx.Err() != nil:
			return n, errInterrupted
		case err != nil:
			return n, errors.Join(p.unreadable(err), out.Flush())
		}
		if err := out.Write(&r); err != nil {
			return n, err
		}
		n++
	}
	return n, out.Flush()
}

// unreadable is the error for a line that is no record.
func (p *program) unreadable(err error) error {
	return fmt.Errorf("%w\n`%s` tells what was done to the record", err, p.command("audit", "verify"))
}
