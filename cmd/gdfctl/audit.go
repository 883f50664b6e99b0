package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newAudit(p *program) *cobra.Command {
	cmd := commandline.Group("audit", "List, export and verify the audit log",
		newAuditList(p), newAuditExport(p), newAuditVerify(p), newAuditKeygen(p))
	cmd.Example = `  gdfctl audit list --order 112-1234567-1234567
  gdfctl audit export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30
  gdfctl audit verify`
	return cmd
}

// auditActions are what an entry can be about.
var auditActions = []string{
	string(order.Acknowledge), string(order.Ship), string(order.Correct), string(order.Cancel),
	audit.StateRm, audit.StatePush, audit.StateRecover, audit.StateMigrate, audit.Unlock, audit.Older, audit.Gap,
}

// auditFilterFlags choose entries of the audit log.
type auditFilterFlags struct {
	variableFlags
	since, until string
	order        string
	run          string
	action       string
}

func (f *auditFilterFlags) register(cmd *cobra.Command) {
	f.variableFlags.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.order, "order", "", "only this order, by any `number` that it has or had")
	flags.StringVar(&f.run, "run", "", "only what this run did, by its `ID`")
	flags.StringVar(&f.action, "action", "", "only this `action`: "+strings.Join(auditActions, ", "))
	flags.StringVar(&f.since, "since", "", "at or after this `time`: a date, an RFC 3339 time, or 7d for seven days ago")
	flags.StringVar(&f.until, "until", "", "before this `time`; a date includes the whole day")
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("action", cobra.FixedCompletions(auditActions, cobra.ShellCompDirectiveNoFileComp))
}

// request is what the flags choose. Dates without a zone are in UTC: the audit
// log is of all accounts.
func (f *auditFilterFlags) request(p *program) (reconcile.AuditRequest, error) {
	if f.action != "" && !slices.Contains(auditActions, f.action) {
		return reconcile.AuditRequest{}, commandline.Usagef("--action takes one of: %s", strings.Join(auditActions, ", "))
	}
	period, err := parsePeriod(f.since, f.until)
	if err != nil {
		return reconcile.AuditRequest{}, err
	}
	since, until, err := period.In(nil, p.now())
	if err != nil {
		return reconcile.AuditRequest{}, err
	}
	source, err := p.source(f.variableFlags)
	return reconcile.AuditRequest{
		Source: source, Filter: audit.Filter{Any: f.order, RunID: f.run, Action: f.action, Since: since, Until: until},
	}, err
}

type auditListOptions struct {
	auditFilterFlags
	commandline.Format
}

func newAuditList(p *program) *cobra.Command {
	o := auditListOptions{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what was changed, when and by whom",
		Example: `  gdfctl audit list --since 7d
  gdfctl audit list --order 1Z999AA10123456784
  gdfctl audit list --action cancel --since 2026-11-01 --json`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditList(cmd.Context(), o) },
	}
	o.auditFilterFlags.register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON, report.CSV)
	return cmd
}

func (p *program) runAuditList(ctx context.Context, o auditListOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	if !o.Talk() {
		_, err := p.exportAudit(ctx, req, o.Chosen)
		return err
	}
	var listed auditEntries
	req.Encode = func(io.Writer) (reconcile.AuditEncoder, error) { return &listed, nil }
	if _, err := reconcile.ExportAudit(ctx, req, p.deps(), p.observe); err != nil {
		return err
	}
	if len(listed) == 0 {
		fmt.Fprintln(p.stdout, "No entries match.")
		return nil
	}
	if err := text.Audit(p.stdout, p.styleOut, listed); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%s.\n", words.Count(len(listed), "entry", "entries"))
	return nil
}

// auditEntries gathers entries: a table needs all of them for its columns.
type auditEntries []audit.Entry

func (l *auditEntries) Write(r *audit.Entry) error {
	*l = append(*l, *r)
	return nil
}

func (l *auditEntries) Flush() error { return nil }

// exportAudit writes entries as a program reads them.
func (p *program) exportAudit(ctx context.Context, req reconcile.AuditRequest, format report.Format) (int, error) {
	req.To = p.stdout
	req.Encode = func(w io.Writer) (reconcile.AuditEncoder, error) {
		if format == report.CSV {
			return csv.NewAuditRecords(w)
		}
		return json.NewAuditRecords(w), nil
	}
	return reconcile.ExportAudit(ctx, req, p.deps(), p.observe)
}

type auditExportOptions struct {
	auditFilterFlags
	commandline.Format
	out string
}

func newAuditExport(p *program) *cobra.Command {
	o := auditExportOptions{}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the audit log, or a part of it, as JSON or CSV",
		Long: `export writes every entry: who changed what, when, for which commit and pull
request, every number of the order, the values before and after, the API's
answer, and the hashes. JSON is one entry per line, exactly as stored. CSV has a
column for each value; a cell that a spreadsheet would read as a formula starts
with an apostrophe.

The file of --out appears only when it is complete.`,
		Example: `  gdfctl audit export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30
  gdfctl audit export --order 112-1234567-1234567 | jq .`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditExport(cmd.Context(), o) },
	}
	o.auditFilterFlags.register(cmd)
	o.Format.Register(cmd, report.JSON, report.CSV)
	cmd.Flags().StringVar(&o.out, "out", "", "write to this `file` instead of standard output")
	return cmd
}

func (p *program) runAuditExport(ctx context.Context, o auditExportOptions) error {
	req, err := o.request(p)
	if err != nil {
		return err
	}
	req.Out = o.out
	n, err := p.exportAudit(ctx, req, o.Chosen)
	if err == nil && o.out != "" {
		fmt.Fprintf(p.stdout, "Wrote %s: %s.\n", safetext.Line(o.out), words.Count(n, "entry", "entries"))
	}
	return err
}

type auditVerifyOptions struct {
	variableFlags
	commandline.Format
	head      string
	signed    string
	publicKey string
}

func newAuditVerify(p *program) *cobra.Command {
	o := auditVerifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the audit log was not changed",
		Long: `verify follows the chain of hashes through the whole audit log, and compares its
end with the state. It reports which line was changed, removed, inserted or
moved.

Anyone who can write all the files here can create a whole new chain. An earlier
head that was kept elsewhere reveals that: every apply ends by printing its head,
HASH@LINE, and signs it if GDF_AUDIT_KEY is set. With --head, or --signed and the
public key, verify also proves that no entry up to that line was changed since.
The audit log may have grown.`,
		Example: `  gdfctl audit verify
  gdfctl audit verify --head "$(cat last-audit-head)"
  gdfctl audit verify --signed gdfctl.audit.head --public-key "$KEY"`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditVerify(cmd.Context(), o) },
	}
	o.variableFlags.register(cmd)
	flags := cmd.Flags()
	o.Format.Register(cmd, report.Text, report.JSON)
	flags.StringVar(&o.head, "head", "", "an earlier head, `HASH@LINE`")
	flags.StringVar(&o.signed, "signed", "", "an earlier head, in a signed `file`")
	flags.StringVar(&o.publicKey, "public-key", "", "the public `key` for --signed (default: GDF_AUDIT_PUBLIC_KEY)")
	return cmd
}

func (p *program) runAuditVerify(ctx context.Context, o auditVerifyOptions) error {
	source, err := p.source(o.variableFlags)
	if err != nil {
		return err
	}
	r, err := reconcile.VerifyAudit(ctx, reconcile.VerifyRequest{Source: source, Head: o.head, Signed: o.signed, PublicKey: o.publicKey}, p.deps(), p.observe)
	if err != nil {
		return err
	}
	proved := report.NewAuditVerification(r.Head, r.Known, r.SignedBy)
	if o.JSON() {
		return json.Object(p.stdout, proved)
	}
	return text.AuditVerification(p.stdout, proved)
}

func newAuditKeygen(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "keygen NAME",
		Short: "Create a key pair for signing heads of the audit log",
		Long: `keygen creates an Ed25519 key pair with a name and prints both keys. It does not
store them.

With the private key in GDF_AUDIT_KEY, apply, state rm and state unlock sign the
end of the audit log in gdfctl.audit.head, beside it. With the public key,
"audit verify --signed" proves that the audit log was not replaced since.`,
		Example: `  gdfctl audit keygen example.com/shop`,
		Args:    commandline.OneArg("a name for the key"),
		RunE:    func(_ *cobra.Command, args []string) error { return p.runAuditKeygen(args[0]) },
	}
}

func (p *program) runAuditKeygen(name string) error {
	private, public, err := audit.NewKeys(name)
	if err != nil {
		return commandline.Usagef("%w", err)
	}
	return text.AuditKeys(p.stdout, p.stderr, text.Keys{
		PrivateVariable: reconcile.AuditKeyVariable, Private: private, PublicVariable: reconcile.AuditPublicKeyVariable, Public: public,
	})
}
