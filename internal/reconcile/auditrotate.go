package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/state"
)

// RotateRequest asks for a new file of the audit log.
type RotateRequest struct {
	Source
	LockTimeout time.Duration // how long to wait for another run to end
}

// RotateReport is a file of the audit log that was left for good.
type RotateReport struct {
	state.Rotated
	AuditHead  audit.Head
	SignedHead string // the file of the signed head; empty: it was not signed
}

// RotateAudit begins a new file of the audit log, which continues the chain of the one
// that it leaves. Only a log that is as it was written is continued.
func RotateAudit(ctx context.Context, req RotateRequest, d Deps, o Observer) (report *RotateReport, err error) {
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	if w.home.shared() {
		return nil, errRotateShared
	}
	if err := w.signing(); err != nil {
		return nil, err
	}
	session, err := w.lock(ctx, "audit rotate", req.LockTimeout, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w.notices(session.Notices())
	if _, err := w.store.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was rotated, because the audit log is not as it was written: %w", err)
	}
	rotated, err := session.RotateAudit()
	if err != nil {
		return nil, err
	}
	report = &RotateReport{Rotated: rotated, AuditHead: session.AuditHead()}
	report.SignedHead, err = w.signHead(session)
	return report, err
}

// errRotateShared says why a shared log has nothing to rotate.
var errRotateShared = errors.New("nothing was rotated: this state is shared, and its audit log is not a file that grows. " +
	"It is kept in pieces, of which none is written a second time, and every run checks all of them\n" +
	"To keep a copy elsewhere, use `gdfctl audit export --out FILE`, and note the head that `gdfctl audit verify` prints")
