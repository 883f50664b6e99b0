package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view"
)

func newAudit(p *program) *cobra.Command {
	cmd := group("audit", "Look at and verify the record of every change", newAuditList(p), newAuditVerify(p))
	cmd.Example = `  gdfctl audit list --order 112-1234567-1234567
  gdfctl audit verify`
	return cmd
}

// auditActions are what a record can be about.
var auditActions = []string{
	string(order.Insert), string(order.Acknowledge), string(order.Ship), string(order.Correct), string(order.Cancel),
	state.AuditStateRm, state.AuditUnlock, state.AuditGap,
}

type auditListOptions struct {
	variableFlags
	periodFlags
	order  string
	run    string
	action string
	json   bool
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
	o.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.order, "order", "", "only this order, by any of its `number`s, old or new")
	flags.StringVar(&o.run, "run", "", "only what this run did, by its `id`")
	flags.StringVar(&o.action, "action", "", "only this `action`: "+strings.Join(auditActions, ", "))
	flags.StringVar(&o.from, "since", "", "at or after this `time`: a date, RFC 3339, or like 7d for seven days ago")
	flags.StringVar(&o.to, "until", "", "before this `time`; a date counts to its end")
	flags.BoolVar(&o.json, "json", false, "print JSON for programs, one record a line")
	_ = cmd.RegisterFlagCompletionFunc("action", cobra.FixedCompletions(auditActions, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (p *program) runAuditList(ctx context.Context, o auditListOptions) error {
	if o.action != "" && !slices.Contains(auditActions, o.action) {
		return usagef("--action takes one of: %s", strings.Join(auditActions, ", "))
	}
	since, until, err := o.period([2]string{"since", "until"}, p.now(), nil)
	if err != nil {
		return err
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	var records []state.AuditRecord
	for r, err := range w.store.AuditList(state.AuditFilter{Any: o.order, RunID: o.run, Action: o.action, Since: since, Until: until}) {
		if err != nil {
			return fmt.Errorf("%w\n`gdfctl audit verify` tells what was done to the record", err)
		}
		if !o.json {
			records = append(records, r)
		} else if err := view.AuditJSON(p.stdout, r); err != nil {
			return err
		}
	}
	switch {
	case o.json:
		return nil
	case len(records) == 0:
		fmt.Fprintln(p.stdout, "No changes are on record that match.")
		return nil
	}
	if err := view.Audit(p.stdout, p.styleOut, records); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%s.\n", view.Counted(len(records), "record", "records"))
	return nil
}

type auditVerifyOptions struct {
	variableFlags
	head string
}

func newAuditVerify(p *program) *cobra.Command {
	o := auditVerifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the record is what was written",
		Long: `verify follows the chain of hashes through the whole record. Every apply ends
with the head that it reached, HASH@LINE: with --head, verify also proves that
nothing up to that line was changed since.`,
		Example: `  gdfctl audit verify
  gdfctl audit verify --head "$(cat last-audit-head)"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditVerify(cmd.Context(), o) },
	}
	o.register(cmd)
	cmd.Flags().StringVar(&o.head, "head", "", "an earlier head, `HASH@LINE`")
	return cmd
}

func (p *program) runAuditVerify(ctx context.Context, o auditVerifyOptions) error {
	if o.head != "" {
		if _, err := state.ParseAuditHead(o.head); err != nil {
			return usagef("--head: %w", err)
		}
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	head, err := w.store.VerifyAudit(o.head)
	if fault := (*state.AuditError)(nil); errors.As(err, &fault) {
		return fmt.Errorf("%w\nLines 1 to %d are as they were written. Compare the record with a copy from before; don't mend it by hand", err, head.Lines)
	}
	if err != nil {
		return err
	}
	if head.Torn {
		view.Warning(p.stderr, p.styleErr, "the last line was not written to its end; the next run cuts it off and writes it anew")
	}
	if head.Lines == 0 {
		fmt.Fprintln(p.stdout, "The record is empty: nothing was changed yet.")
		return nil
	}
	fmt.Fprintf(p.stdout, "The record is whole: %s.\nHead: %s\n", view.Counted(head.Lines, "line", "lines"), head)
	return nil
}
