package reconcile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state"
)

// PushRequest asks for the orders of a state to be as in a file.
type PushRequest struct {
	Source
	File        string        // that Pull wrote
	Reason      string        // for the audit log
	LockTimeout time.Duration // how long to wait for another run to end
	// Approve is asked about what will change. It is not asked where nothing does.
	Approve func(context.Context, *state.Difference) (bool, error)
}

// PushReport is what was changed.
type PushReport struct {
	Difference state.Difference
	AuditHead  audit.Head
	SignedHead string // the file of the signed head; empty: it was not signed
}

// Push makes the orders of the state what a file says that was pulled: nothing was
// done since then that the file does not know, and no open call is lost.
func Push(ctx context.Context, req PushRequest, d Deps, o Observer) (report *PushReport, err error) {
	w, err := d.onRecord(req.Source, req.Reason, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return nil, err
	}
	pulled, err := w.readPulled(req.File)
	if err != nil {
		return nil, err
	}
	different, err := w.couldPush(ctx, pulled)
	if err != nil {
		return nil, err
	}
	if different.Len() == 0 {
		return &PushReport{}, nil
	}
	if err := approved(ctx, req.Approve, different); err != nil { // people take their time: no lease meanwhile
		return nil, err
	}
	session, err := w.lockFor(ctx, state.LockRequest{
		Operation: "state push", Wait: req.LockTimeout, Reason: req.Reason,
		Still: func(ctx context.Context) error { return w.store.StillAt(ctx, pulled.Position) },
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w.notices(session.Notices())
	if different, err = session.Push(pulled, req.Reason); err != nil {
		return nil, fmt.Errorf("nothing was written: %w", err)
	}
	if err := session.Commit(); err != nil {
		return nil, err
	}
	report = &PushReport{Difference: *different, AuditHead: session.AuditHead()}
	report.SignedHead, err = w.signHead(session)
	return report, err
}

// approved asks about something. The error is ErrNotApproved where the answer is no.
func approved[T any](ctx context.Context, ask func(context.Context, T) (bool, error), about T) error {
	ok, err := ask(ctx, about)
	switch {
	case ctx.Err() != nil:
		return ErrInterrupted
	case err == nil && !ok:
		return ErrNotApproved
	}
	return err
}

// readPulled reads the file, and finds out whether it is this state's.
func (w *workspace) readPulled(path string) (*state.Pulled, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s can't be opened: %w", path, disk.Cause(err))
	}
	defer f.Close()
	pulled, err := state.DecodePulled(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if pulled.Name != w.home.state {
		return nil, fmt.Errorf("%s was pulled from another state (%s): nothing was written", path, pulled.Place)
	}
	return pulled, nil
}

// couldPush finds out what a push would change. It takes no lease.
func (w *workspace) couldPush(ctx context.Context, pulled *state.Pulled) (*state.Difference, error) {
	st, err := w.readState(ctx)
	if err != nil {
		return nil, err
	}
	different, unfit := st.Difference(pulled)
	if unfit == nil && different.Len() == 0 { // also where a push was cut off once it was there
		return different, nil
	}
	if err := w.store.StillAt(ctx, pulled.Position); err != nil {
		return nil, err
	}
	if _, err := w.store.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was written, because the audit log is not as it was written: %w", err)
	}
	if unfit != nil {
		return nil, fmt.Errorf("nothing was written: %w", unfit)
	}
	return different, nil
}
