package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// AuditVerification says how far the audit log is proved to be what was written.
func AuditVerification(w io.Writer, _ Style, r *report.AuditVerification) error {
	if r.Lines == 0 || r.Head == nil {
		_, err := fmt.Fprintln(w, "The audit log is empty: nothing was changed yet.")
		return err
	}
	by := "that head"
	if r.SignedBy != nil {
		by = *r.SignedBy + " signed it"
	}
	_, err := fmt.Fprintf(w, "The audit log is intact: %s.\nHead: %s\n", words.Count(r.Lines, "line", "lines"), *r.Head)
	if err == nil && (r.ProvenLines > 0 || r.SignedBy != nil) {
		_, err = fmt.Fprintf(w, "Up to line %d it is unchanged since %s.\n", r.ProvenLines, by)
	}
	return err
}

// Keys are a key pair for signing heads of the audit log, and the variables of the
// environment that they are for.
type Keys struct{ PrivateVariable, Private, PublicVariable, Public string }

// AuditKeys prints a key pair to w, and what to do with it to notes.
func AuditKeys(w, notes io.Writer, k Keys) error {
	if _, err := fmt.Fprintf(w, "%s=%s\n%s=%s\n", k.PrivateVariable, k.Private, k.PublicVariable, k.Public); err != nil {
		return err
	}
	_, err := fmt.Fprintf(notes, `
%s is the private key. Store it in the secrets of the CI system, and only
there: anyone who has it can sign a forged audit log. gdfctl reads it from the
environment and never prints or stores it. This is the only time it is shown.

%s is the public key. Give it to everyone who verifies:
  gdfctl audit verify --signed gdfctl.audit.head --public-key %s
`, k.PrivateVariable, k.PublicVariable, k.Public)
	return err
}

// AuditRotation says which file of the audit log was left for good.
func AuditRotation(w io.Writer, _ Style, r *report.AuditRotation) error {
	_, err := fmt.Fprintf(w, "A new file of the audit log was begun. Lines up to %d are in %s, which is never written again: keep it.\n", r.Lines, r.File)
	auditEnd(w, &r.AuditHead, r.SignedHead)
	return err
}
