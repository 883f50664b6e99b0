package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// RecoverRequest asks for a state to go on from where its log ends now, though this
// machine read another one before.
type RecoverRequest struct {
	Source
	Reason      string        // for the audit log
	LockTimeout time.Duration // how long to wait for another run to end
	// Approve is asked about what is accepted. It is not asked where nothing is wrong.
	Approve func(context.Context, *RecoverReport) (bool, error)
}

// RecoverReport is what was accepted.
type RecoverReport struct {
	Place      string
	Rollback   *shared.Rollback // nil: nothing is wrong, and nothing was changed
	Quiet      time.Duration    // how long from now nothing is sent, by whoever locks next
	AuditHead  audit.Head
	SignedHead string // the file of the signed head; empty: it was not signed
}

// Recover accepts a shared log as it is now. What was sent and is not in it any more is
// found by reading the live orders: nothing is sent until they certainly show it.
func Recover(ctx context.Context, req RecoverRequest, d Deps, o Observer) (report *RecoverReport, err error) {
	w, err := d.onRecord(req.Source, req.Reason, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	log, err := w.recovering()
	if err != nil {
		return nil, err
	}
	if err := w.signing(); err != nil {
		return nil, err
	}
	rollback, err := log.RolledBack(ctx)
	if err != nil {
		return nil, err
	}
	report = &RecoverReport{Place: w.home.name(), Rollback: rollback}
	if rollback == nil {
		return report, nil
	}
	if err := approved(ctx, req.Approve, report); err != nil { // people take their time: no lease meanwhile
		return nil, err
	}
	if err := w.recover(ctx, req, report); err != nil {
		return nil, fmt.Errorf("what this machine remembers was kept, so that commands still stop: %w", err)
	}
	return report, log.Accept()
}

// recovering has the workspace take the log as it is.
func (w *workspace) recovering() (*shared.Backend, error) {
	if !w.home.shared() {
		return nil, fmt.Errorf("there is nothing to recover: the state is kept in files of this machine (%s), and not in a log that machines share\n"+
			"If the state file is lost, make it again from the audit log with: %s", w.store.Name(), w.command("state", "rebuild"))
	}
	place, err := w.home.place(sharedlog.State)
	if err != nil {
		return nil, err
	}
	var lag time.Duration
	for _, account := range w.cfg.Accounts {
		lag = max(lag, account.ReadLag, account.Settle)
	}
	log := shared.New(place, shared.Options{Dir: w.home.dir, Lineage: w.home.state, Recovering: true, ReadLag: lag, Key: w.machineKey})
	w.observe.closing(w.store.Close)
	w.store = w.storeOf(log)
	return log, nil
}

// recover puts on record what is accepted, and gives the lease back with the time for
// which nothing may be sent.
func (w *workspace) recover(ctx context.Context, req RecoverRequest, report *RecoverReport) (err error) {
	session, err := w.lockFor(ctx, state.LockRequest{Operation: "state recover", Wait: req.LockTimeout, Reason: req.Reason})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w.notices(session.Notices())
	r := report.Rollback
	if err := session.RecordRecovery(req.Reason, fmt.Sprintf("this machine read record %s before; the log ends at %s now", r.Seen, r.End)); err != nil {
		return err
	}
	report.Quiet, report.AuditHead = session.Terms().Quiet, session.AuditHead()
	report.SignedHead, err = w.signHead(session)
	return err
}
