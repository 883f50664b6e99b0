package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state"
)

// The variables that hold the keys for signed heads of the audit log.
const (
	AuditKeyVariable       = "GDF_AUDIT_KEY"
	AuditPublicKeyVariable = "GDF_AUDIT_PUBLIC_KEY"
)

// signing makes the workspace sign the heads of its audit log, if the
// environment holds a key. It belongs before anything is sent or written: a key
// that is no good ends the use case there.
func (w *workspace) signing() error {
	signer, err := w.signer()
	if err == nil && signer != nil {
		w.store = w.store.Signing(signer)
	}
	return err
}

// signer is the key in the environment, nil if there is none.
func (d Deps) signer() (*audit.Signer, error) {
	text := d.Env(AuditKeyVariable)
	if text == "" {
		return nil, nil
	}
	signer, err := audit.ParseSigner(text)
	if err != nil {
		return nil, fmt.Errorf("nothing was changed, because %s can't be used: %w", AuditKeyVariable, err)
	}
	return signer, nil
}

// signHead signs the end of the audit log, and returns the file of the signed head:
// none if heads are not signed.
func (w *workspace) signHead(x *state.Session) (file string, err error) {
	signed, err := x.SignHead()
	if signed {
		file = w.store.SignedHead()
	}
	return file, err
}

// AuditRequest asks for entries of the audit log. They are handed on as they
// are read, and not kept: a log grows without end.
type AuditRequest struct {
	Source
	Filter audit.Filter
	// Out is the file to write, as a whole: it is there when all of it is
	// written, and not before. Empty: To is written.
	Out string
	To  io.Writer
	// Encode begins to write entries.
	Encode func(io.Writer) (AuditEncoder, error)
}

// AuditEncoder writes entries. Nothing is certain to be written before Flush.
type AuditEncoder interface {
	Write(*audit.Entry) error
	Flush() error
}

// ListAudit reads entries of the audit log, all of them at once.
func ListAudit(ctx context.Context, req AuditRequest, d Deps, o Observer) ([]audit.Entry, error) {
	var listed auditList
	req.Encode = func(io.Writer) (AuditEncoder, error) { return &listed, nil }
	_, err := ExportAudit(ctx, req, d, o)
	return listed, err
}

type auditList []audit.Entry

func (l *auditList) Write(e *audit.Entry) error { *l = append(*l, *e); return nil }
func (l *auditList) Flush() error               { return nil }

// ExportAudit writes entries of the audit log, and returns how many.
func ExportAudit(ctx context.Context, req AuditRequest, d Deps, o Observer) (int, error) {
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return 0, err
	}
	defer w.close()
	w.warnUnverified()
	if req.Out == "" {
		return w.writeEntries(ctx, req, req.To)
	}
	if err := writableAside(req.Out, w.store.Files()); err != nil {
		return 0, err
	}
	return w.exportEntries(ctx, req)
}

// warnUnverified warns where the audit log is not what was written: what it says may be
// wrong, and is worth seeing all the same.
func (w *workspace) warnUnverified() {
	if _, err := w.store.VerifyAudit(""); err != nil {
		w.warnf("the audit log is not as it was written, and what is listed may be wrong: %s", err)
	}
}

// exportEntries writes a file that only its owner can read, unless there is one
// already that more people can: entries name orders.
func (w *workspace) exportEntries(ctx context.Context, req AuditRequest) (n int, err error) {
	err = disk.ReplaceFile(req.Out, 0o600, func(f *os.File) (err error) {
		if n, err = w.writeEntries(ctx, req, f); err != nil {
			return fmt.Errorf("%s was not written: %w", req.Out, err)
		}
		return nil
	})
	return n, err
}

// writableAside refuses a file in whose place an export would do harm: one of
// the state's own, or one that can't be replaced.
func writableAside(path string, own []string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return requestf("out", "must be a regular file, and %s is not", path)
	}
	here, _ := filepath.Abs(path) // what can't be found can't be written either
	for _, name := range own {
		there, thereErr := os.Stat(name)
		abs, _ := filepath.Abs(name)
		if abs == here || err == nil && thereErr == nil && os.SameFile(info, there) {
			return requestf("out", "must be another file: %s belongs to the state", path)
		}
	}
	return nil
}

func (w *workspace) writeEntries(ctx context.Context, req AuditRequest, to io.Writer) (n int, err error) {
	out, err := req.Encode(to)
	if err != nil {
		return 0, err
	}
	for r, err := range w.store.AuditList(req.Filter) {
		switch {
		case ctx.Err() != nil:
			return n, ErrInterrupted
		case err != nil:
			return n, errors.Join(w.unreadable(err), out.Flush())
		}
		if err := out.Write(&r); err != nil {
			return n, err
		}
		n++
	}
	return n, out.Flush()
}

// unreadable is the error for a line that is not an entry.
func (w *workspace) unreadable(err error) error {
	return fmt.Errorf("%w\nRun `%s` to find out what was done to the audit log", err, w.command("audit", "verify"))
}
