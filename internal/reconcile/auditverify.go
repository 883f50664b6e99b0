package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// VerifyRequest asks for a proof that the audit log is what was written. At
// most one of Head and Signed is given.
type VerifyRequest struct {
	Source
	Head      string // an earlier head, HASH@LINE
	Signed    string // the file of a signed head
	PublicKey string // that belongs to it; empty: the environment's
}

// VerifyReport is a log that is what was written.
type VerifyReport struct {
	Head     audit.Head
	Known    audit.Head      // the earlier head that it was compared with; zero: none
	SignedBy *audit.Verifier // nil: the earlier head was not signed
}

// VerifyAudit follows the chain of hashes through the whole audit log and
// compares its end with what the state remembers, and with an earlier head.
func VerifyAudit(_ context.Context, req VerifyRequest, d Deps, o Observer) (*VerifyReport, error) {
	known, err := d.knownHead(req)
	if err != nil {
		return nil, err
	}
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.checkLineage(req.Signed, known); err != nil {
		return nil, err
	}
	earlier := ""
	if known.Head.Lines > 0 {
		earlier = known.Head.String()
	}
	head, err := w.store.VerifyAudit(earlier)
	if fault := (*audit.ChainError)(nil); errors.As(err, &fault) {
		return nil, notAsWritten(fault, head.Head)
	}
	if err != nil {
		return nil, err
	}
	if head.Torn {
		w.warnf("the last line is incomplete; the next run removes it and writes it again")
	}
	return &VerifyReport{Head: head.Head, Known: known.Head, SignedBy: known.key}, nil
}

// knownHead is what people know of the log. An empty Head is nothing.
type knownHead struct {
	audit.SignedHead
	key *audit.Verifier // nil: the head is not signed
}

// notAsWritten adds to a fault what of the record can be relied on.
func notAsWritten(fault *audit.ChainError, head audit.Head) error {
	relied := ""
	switch {
	case fault.Proven > 0:
		relied = fmt.Sprintf("Lines 1 to %d are as they were written. ", fault.Proven)
	case head.Lines > 0 && fault.Fault != audit.LineRewritten:
		relied = fmt.Sprintf("Lines 1 to %d follow from each other. ", head.Lines)
	}
	return fmt.Errorf("%w\n%sCompare the audit log with an earlier copy; don't repair it by hand", fault, relied)
}

// knownHead reads the flags that name an earlier head, and checks a signature.
func (d Deps) knownHead(req VerifyRequest) (knownHead, error) {
	switch {
	case req.Head != "" && req.Signed != "":
		return knownHead{}, requestf("head", "can't be used with a signed one: both name an earlier head")
	case req.PublicKey != "" && req.Signed == "":
		return knownHead{}, requestf("public-key", "requires a signed head")
	case req.Head != "":
		head, err := audit.ParseHead(req.Head)
		if err != nil {
			return knownHead{}, requestf("head", "is not valid: %s", err)
		}
		return knownHead{SignedHead: audit.SignedHead{Head: head}}, nil
	case req.Signed == "":
		return knownHead{}, nil
	}
	key, err := d.publicKey(req.PublicKey)
	if err != nil {
		return knownHead{}, err
	}
	data, err := readSigned(req.Signed)
	if err != nil {
		return knownHead{}, fmt.Errorf("the signed head %s can't be read: %w", req.Signed, disk.Cause(err))
	}
	head, err := audit.OpenSigned(data, key)
	if err != nil {
		return knownHead{}, fmt.Errorf("%s proves nothing: %w", req.Signed, err)
	}
	return knownHead{head, key}, nil
}

func (d Deps) publicKey(flag string) (*audit.Verifier, error) {
	if flag != "" {
		key, err := audit.ParseVerifier(flag)
		if err != nil {
			return nil, requestf("public-key", "can't be used: %s", err)
		}
		return key, nil
	}
	text := d.Env(AuditPublicKeyVariable)
	if text == "" {
		return nil, requestf("signed", "requires the public key of the pair: name it, or set %s", AuditPublicKeyVariable)
	}
	key, err := audit.ParseVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("%s can't be used: %w", AuditPublicKeyVariable, err)
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
		w.warnf("cannot determine whether the signed head belongs to this state: %s", err)
		return nil
	}
	if here := st.Lineage(); here != "" && here != known.Lineage {
		return fmt.Errorf("%s was signed for another state: its lineage is %s, and here it is %s\nIf the state was created again beside the old audit log, verify with the head %s",
			file, known.Lineage, here, known.Head)
	}
	return nil
}
