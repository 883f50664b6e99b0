package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

type auditVerifyOptions struct {
	variableFlags
	head      string
	signed    string
	publicKey string
}

func newAuditVerify(p *program) *cobra.Command {
	o := auditVerifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the record is what was written",
		Long: `verify follows the chain of hashes through the whole record, and holds its end
against what the state remembers. It says which line was changed, removed,
inserted or moved.

Whoever can write all files here can make a whole new chain. That shows against
a head from elsewhere: every apply ends with the one that it reached, HASH@LINE,
and with GDF_AUDIT_KEY it signs that too. With --head, or --signed and the
public key, verify also proves that nothing up to that line was changed since.
The record may have grown.`,
		Example: `  gdfctl audit verify
  gdfctl audit verify --head "$(cat last-audit-head)"
  gdfctl audit verify --signed gdfctl.audit.head --public-key "$KEY"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAuditVerify(cmd.Context(), o) },
	}
	o.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.head, "head", "", "an earlier head, `HASH@LINE`")
	flags.StringVar(&o.signed, "signed", "", "an earlier head, in a signed `file`")
	flags.StringVar(&o.publicKey, "public-key", "", "the public `key` that belongs to --signed (default: GDF_AUDIT_PUBLIC_KEY)")
	return cmd
}

// knownHead is what people know of the record. An empty Head is nothing.
type knownHead struct {
	state.SignedHead
	key *state.HeadVerifier // nil: the head is not signed
}

func (p *program) runAuditVerify(_ context.Context, o auditVerifyOptions) error {
	known, err := p.knownHead(o)
	if err != nil {
		return err
	}
	w, err := p.openRecords(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.checkLineage(o.signed, known); err != nil {
		return err
	}
	earlier := ""
	if known.Head.Lines > 0 {
		earlier = known.Head.String()
	}
	head, err := w.store.VerifyAudit(earlier)
	if fault := (*state.AuditError)(nil); errors.As(err, &fault) {
		return notAsWritten(fault, head)
	}
	if err != nil {
		return err
	}
	if head.Torn {
		text.Warning(p.stderr, p.styleErr, "the last line was not written to its end; the next run cuts it off and writes it anew")
	}
	if head.Lines == 0 {
		fmt.Fprintln(p.stdout, "The record is empty: nothing was changed yet.")
		return nil
	}
	fmt.Fprintf(p.stdout, "The record is whole: %s.\nHead: %s\n", words.Count(head.Lines, "line", "lines"), head)
	switch {
	case known.key != nil:
		fmt.Fprintf(p.stdout, "Up to line %d it is what %s signed.\n", known.Head.Lines, known.key)
	case known.Head.Lines > 0:
		fmt.Fprintf(p.stdout, "Up to line %d it is what it was when the head was taken.\n", known.Head.Lines)
	}
	return nil
}

// notAsWritten adds to a fault what of the record can be relied on.
func notAsWritten(fault *state.AuditError, head state.AuditHead) error {
	relied := ""
	switch {
	case fault.Proven > 0:
		relied = fmt.Sprintf("Lines 1 to %d are as they were written. ", fault.Proven)
	case head.Lines > 0 && fault.Fault != state.LineRewritten:
		relied = fmt.Sprintf("Lines 1 to %d follow from each other. ", head.Lines)
	}
	return fmt.Errorf("%w\n%sCompare the record with a copy from before; don't mend it by hand", fault, relied)
}

// knownHead reads the flags that name an earlier head, and checks a signature.
func (p *program) knownHead(o auditVerifyOptions) (knownHead, error) {
	switch {
	case o.head != "" && o.signed != "":
		return knownHead{}, usagef("--head and --signed both name an earlier head: give one of them")
	case o.publicKey != "" && o.signed == "":
		return knownHead{}, usagef("--public-key belongs to --signed: give the file with the signed head too")
	case o.head != "":
		head, err := state.ParseAuditHead(o.head)
		if err != nil {
			return knownHead{}, usagef("--head: %w", err)
		}
		return knownHead{SignedHead: state.SignedHead{Head: head}}, nil
	case o.signed == "":
		return knownHead{}, nil
	}
	key, err := p.publicKey(o.publicKey)
	if err != nil {
		return knownHead{}, err
	}
	data, err := readSigned(o.signed)
	if err != nil {
		return knownHead{}, fmt.Errorf("the signed head %s can't be read: %w", o.signed, bare(err))
	}
	head, err := state.OpenSignedHead(data, key)
	if err != nil {
		return knownHead{}, fmt.Errorf("%s proves nothing: %w", o.signed, err)
	}
	return knownHead{head, key}, nil
}

func (p *program) publicKey(flag string) (*state.HeadVerifier, error) {
	if flag != "" {
		key, err := state.ParseHeadVerifier(flag)
		if err != nil {
			return nil, usagef("--public-key can't be used: %w", err)
		}
		return key, nil
	}
	text := p.env(auditPublicKeyVariable)
	if text == "" {
		return nil, usagef("--signed needs the public key of the pair, in --public-key or %s", auditPublicKeyVariable)
	}
	key, err := state.ParseHeadVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("%s can't be used: %w", auditPublicKeyVariable, err)
	}
	return key, nil
}

// maxSigned is far more than a signed head has, in bytes, many signatures
// included.
const maxSigned = 1 << 16

func readSigned(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSigned))
}

// checkLineage refuses a signed head of another state's record: with one key
// for several states, one record could stand in for another. Where there is no
// state, as beside a copy of the record, there is nothing to compare with.
func (w *workspace) checkLineage(file string, known knownHead) error {
	if known.Lineage == "" {
		return nil
	}
	st, _, err := w.store.Read()
	if err != nil {
		text.Warning(w.p.stderr, w.p.styleErr, fmt.Sprintf("whether the signed head belongs to this state can't be told: %s", err))
		return nil
	}
	if here := st.Lineage(); here != "" && here != known.Lineage {
		return fmt.Errorf("%s was signed for another state: its lineage is %s, and here it is %s\nIf the state was begun anew beside the old record, verify with --head %s",
			file, known.Lineage, here, known.Head)
	}
	return nil
}
