package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// VouchRequest says that a configuration's state is the one that agents are to use.
type VouchRequest struct {
	Source
	Reason      string        // for the audit log
	LockTimeout time.Duration // how long to wait for another run to end
}

// VouchReport is that state.
type VouchReport struct {
	State      StateSeen
	SignedHead string // the file of the signed head; empty: it was not signed
}

// Vouch writes into the audit log that people want agents to use this state from now on, whichever it was before. There
// must be one: nobody begins a second one by that.
func Vouch(ctx context.Context, req VouchRequest, d Deps, o Observer) (report *VouchReport, err error) {
	w, err := d.onRecord(req.Source, req.Reason, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return nil, err
	}
	if err := w.store.Refresh(ctx); err != nil {
		return nil, err
	}
	if !w.home.shared() && w.store.Left() == "" {
		return nil, fmt.Errorf("there is no state at %s: bring it here, or begin one on purpose with `%s`", w.store.Name(), w.command("state", "init"))
	}
	session, err := w.lock(ctx, "agent accept-state", req.LockTimeout, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w.notices(session.Notices())
	if _, err := w.store.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was accepted, because the audit log is not as it was written: %w", err)
	}
	if err := session.RecordRecovery(req.Reason, "agents use this state from now on"); err != nil {
		return nil, err
	}
	if err := errors.Join(session.Commit(), session.Name()); err != nil {
		return nil, err
	}
	report = &VouchReport{State: w.stateSeen(session)}
	report.SignedHead, err = w.signHead(session)
	return report, err
}
