package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newAudit(p *program) *cobra.Command {
	cmd := group("audit", "Look at, export and verify the record of every change",
		newAuditList(p), newAuditExport(p), newAuditVerify(p), newAuditKeygen(p))
	cmd.Example = `  gdfctl audit list --order 112-1234567-1234567
  gdfctl audit export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30
  gdfctl audit verify`
	return cmd
}

type auditListOptions struct {
	variableFlags
	auditFilterFlags
	json bool
}

func newAuditList(p *program) *cobra.Command {
	o := auditListOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what was changed, when and by whom",
		Example: `  gdfctl audit list --since 7d
  gdfctl audit list --order 1Z999AA10123456784
  gdfctl audit list --action cancel --since 2026-11-01 --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditList(cmd.Context(), o) },
	}
	o.variableFlags.register(cmd)
	o.auditFilterFlags.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs, one record a line")
	return cmd
}

func (p *program) runAuditList(ctx context.Context, o auditListOptions) error {
	filter, err := o.filter(p.now())
	if err != nil {
		return err
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	if o.json {
		_, err := p.writeRecords(ctx, p.stdout, report.JSON, w.store, filter)
		return err
	}
	var records []state.AuditRecord
	for r, err := range w.store.AuditList(filter) {
		if err != nil {
			return p.unreadable(err)
		}
		records = append(records, r)
	}
	if len(records) == 0 {
		fmt.Fprintln(p.stdout, "No changes are on record that match.")
		return nil
	}
	if err := text.Audit(p.stdout, p.styleOut, records); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(records), "record", "records"))
	return nil
}
