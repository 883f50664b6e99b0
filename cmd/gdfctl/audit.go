package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

func newAudit(p *program) *cobra.Command {
	cmd := commandline.Group("audit", "List, export, verify and rotate the audit log",
		newAuditList(p), newAuditExport(p), newAuditVerify(p), newAuditRotate(p), newAuditKeygen(p))
	cmd.Example = `  gdfctl audit list --order 112-1234567-1234567
  gdfctl audit export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30
  gdfctl audit verify`
	return cmd
}

// auditFilterFlags choose entries of the audit log.
type auditFilterFlags struct {
	commandline.Variables
	since, until string
	order        string
	run          string
	action       string
	address      string
	plan         string
	pullRequest  string
	commit       string
}

func (f *auditFilterFlags) register(cmd *cobra.Command) {
	f.Variables.Register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.order, "order", "", "only this order, by any `number` that it has or had")
	flags.StringVar(&f.run, "run", "", "only what this run did, by its `ID`")
	flags.StringVar(&f.action, "action", "", "only this `action`: "+strings.Join(audit.Actions(), ", "))
	flags.StringVar(&f.address, "address", "", "only what this block wanted, like batch.shipments, or one order of it, by its `address`")
	flags.StringVar(&f.plan, "plan", "", "only changes of this plan, by its `hash` or the beginning of it")
	flags.StringVar(&f.pullRequest, "pull-request", "", "only changes of this pull request, by its `number` or page")
	flags.StringVar(&f.commit, "commit", "", "only changes of this `commit`, also the last one of a pull request, or its merge")
	flags.StringVar(&f.since, "since", "", "at or after this `time`: a date, an RFC 3339 time, or 7d for seven days ago")
	flags.StringVar(&f.until, "until", "", "before this `time`; a date includes the whole day")
	// The error is for a flag that doesn't exist or has completions already.
	_ = cmd.RegisterFlagCompletionFunc("action", cobra.FixedCompletions(audit.Actions(), cobra.ShellCompDirectiveNoFileComp))
}

// fewestDigits is how much of a hash names something.
const fewestDigits = 4

// request is what the flags choose. Dates without a zone are in UTC: the audit
// log is of all accounts.
func (f *auditFilterFlags) request(p *program) (reconcile.AuditRequest, error) {
	if f.action != "" && !slices.Contains(audit.Actions(), f.action) {
		return reconcile.AuditRequest{}, commandline.Usagef("--action takes one of: %s", strings.Join(audit.Actions(), ", "))
	}
	for flag, hash := range map[string]string{"--plan": f.plan, "--commit": f.commit} {
		if hash != "" && len(hash) < fewestDigits {
			return reconcile.AuditRequest{}, commandline.Usagef("%s needs at least %d digits of the hash", flag, fewestDigits)
		}
	}
	period, err := parsePeriod(f.since, f.until)
	if err != nil {
		return reconcile.AuditRequest{}, err
	}
	since, until, err := period.In(nil, p.Now())
	if err != nil {
		return reconcile.AuditRequest{}, err
	}
	return reconcile.AuditRequest{
		Source: p.source(f.Variables), Filter: audit.Filter{
			Any: f.order, RunID: f.run, Action: f.action, Address: f.address, PlanHash: strings.ToLower(f.plan), PullRequest: f.pullRequest, Commit: strings.ToLower(f.commit),
			Since: since, Until: until,
		},
	}, nil
}

type auditListOptions struct {
	auditFilterFlags
	commandline.Format
}

func newAuditList(p *program) *cobra.Command {
	o := auditListOptions{}
	cmd := &cobra.Command{
		Use:   "list [NUMBER]",
		Short: "List what was changed, when and by whom",
		Long: `list prints one line per change: when, by whom, with which plan, for which commit
and pull request, and who approved it.

With a number, it prints all entries of the order that has or had this number:
its ID, the marketplace's number, the seller's number, or a tracking number, also
one that was replaced. It warns if the audit log is not what gdfctl wrote.`,
		Example: `  gdfctl audit list --since 7d
  gdfctl audit list 1Z999AA10123456784
  gdfctl audit list --pull-request 17
  gdfctl audit list --action cancel --since 2026-11-01 --json`,
		Args: commandline.AtMostOneArg("a number of an order"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && o.order != "" {
				return commandline.Usagef("name the order once: as an argument, or with --order")
			}
			o.order = cmp.Or(append(args, o.order)...)
			return p.runAuditList(cmd.Context(), o)
		},
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
	listed, err := reconcile.ListAudit(ctx, req, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	if len(listed) == 0 {
		fmt.Fprintln(p.Out, "No entries match.")
		return nil
	}
	if err := text.Audit(p.Out, p.StyleOut, listed); err != nil {
		return err
	}
	fmt.Fprintf(p.Err, "%s.\n", words.Count(len(listed), "entry", "entries"))
	return nil
}

// exportAudit writes entries as a program reads them.
func (p *program) exportAudit(ctx context.Context, req reconcile.AuditRequest, format report.Format) (int, error) {
	req.To = p.Out
	req.Encode = func(w io.Writer) (reconcile.AuditEncoder, error) {
		if format == report.CSV {
			return csv.NewAuditRecords(w)
		}
		return json.NewAuditRecords(w), nil
	}
	return reconcile.ExportAudit(ctx, req, p.deps(), p.Observe)
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
		err = text.Written(p.Out, o.out, n, "entry", "entries")
	}
	return err
}

type auditVerifyOptions struct {
	commandline.Variables
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
	o.Variables.Register(cmd)
	flags := cmd.Flags()
	o.Format.Register(cmd, report.Text, report.JSON)
	flags.StringVar(&o.head, "head", "", "an earlier head, `HASH@LINE`")
	flags.StringVar(&o.signed, "signed", "", "an earlier head, in a signed `file`")
	flags.StringVar(&o.publicKey, "public-key", "", "the public `key` for --signed (default: GDF_AUDIT_PUBLIC_KEY)")
	return cmd
}

func (p *program) runAuditVerify(ctx context.Context, o auditVerifyOptions) error {
	r, err := reconcile.VerifyAudit(ctx, reconcile.VerifyRequest{Source: p.source(o.Variables), Head: o.head, Signed: o.signed, PublicKey: o.publicKey}, p.deps(), p.Observe)
	if err != nil {
		return err
	}
	return screen.Print(&p.Screen, o.Chosen, report.NewAuditVerification(r.Head, r.Known, r.SignedBy), text.AuditVerification)
}

type auditRotateOptions struct {
	commandline.Variables
	commandline.Format
	lockTimeout commandline.Duration
}

func newAuditRotate(p *program) *cobra.Command {
	o := auditRotateOptions{}
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Begin a new file of the audit log",
		Long: `rotate gives the file of the audit log another name, with the day and the number of
its last line, and begins a new one. The first entry of the new file names the
last line of the old file and its hash, so the chain goes on. gdfctl never writes
to an old file again. It still reads all of them: list, export, verify and
"state rebuild" see one log, and earlier heads stay valid. Keep the old files
where they are.

The audit log is verified first.`,
		Example: `  gdfctl audit rotate`,
		Args:    commandline.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runAuditRotate(cmd.Context(), o) },
	}
	o.Variables.Register(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	o.lockTimeout.RegisterLockTimeout(cmd)
	return cmd
}

func (p *program) runAuditRotate(ctx context.Context, o auditRotateOptions) error {
	r, err := reconcile.RotateAudit(ctx, reconcile.RotateRequest{Source: p.source(o.Variables), LockTimeout: time.Duration(o.lockTimeout)}, p.deps(), p.Observe)
	if r == nil {
		return whatToDoIfLocked(err)
	}
	left := report.NewAuditRotation(r.Left, r.Lines, r.AuditHead, r.SignedHead)
	return cmp.Or(err, screen.Print(&p.Screen, o.Chosen, left, text.AuditRotation))
}

func newAuditKeygen(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "keygen NAME",
		Short: "Create a key pair for signing heads of the audit log",
		Long: `keygen creates an Ed25519 key pair with a name and prints both keys. It does not
store them.

With the private key in GDF_AUDIT_KEY, every command that changes orders or repairs
the state by hand signs the end of the audit log in gdfctl.audit.head, beside it,
and so does "audit rotate". With the public key,
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
	return text.AuditKeys(p.Out, p.Err, text.Keys{
		PrivateVariable: reconcile.AuditKeyVariable, Private: private, PublicVariable: reconcile.AuditPublicKeyVariable, Public: public,
	})
}
