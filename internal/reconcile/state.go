package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/state"
)

// StateRequest asks what is kept of orders.
type StateRequest struct {
	Source
	Account string // empty: all
	Order   string // any of an order's names; for a list it is not used
}

// StateReport is what is kept of orders.
type StateReport struct {
	Lineage string
	Serial  uint64
	Entries []*state.Entry
	Closed  []state.ClosedEntry
}

// ListState lists the orders that are not closed.
func ListState(ctx context.Context, req StateRequest, d Deps, o Observer) (*StateReport, error) {
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	st, err := w.readState(ctx)
	if err != nil {
		return nil, err
	}
	entries := slices.DeleteFunc(slices.Collect(st.Entries()), func(e *state.Entry) bool {
		return req.Account != "" && e.Account != req.Account
	})
	return &StateReport{Lineage: st.Lineage(), Serial: st.Serial(), Entries: entries}, nil
}

// ShowState finds all that is kept of one order. That there is nothing is an
// error.
func ShowState(ctx context.Context, req StateRequest, d Deps, o Observer) (*StateReport, error) {
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	st, err := w.readState(ctx)
	if err != nil {
		return nil, err
	}
	found, err := w.findKept(st, req.Order, req.Account)
	if err != nil {
		return nil, err
	}
	return &StateReport{Lineage: st.Lineage(), Serial: st.Serial(), Entries: found.entries, Closed: found.closed}, nil
}

// readState reads the state as it is now.
func (w *workspace) readState(ctx context.Context) (*state.State, error) {
	return w.observe.readNow(ctx, w.store)
}

// readNow reads a state as it is now, and tells what was noticed.
func (o Observer) readNow(ctx context.Context, s *state.Store) (*state.State, error) {
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	st, notices, err := s.Read()
	if err != nil {
		return nil, err
	}
	o.notices(notices)
	return st, nil
}

// RemoveRequest asks for an order to be forgotten.
type RemoveRequest struct {
	StateRequest
	Reason      string        // for the audit log
	LockTimeout time.Duration // how long to wait for another run to end
}

// RemoveReport is what was removed from the state.
type RemoveReport struct {
	Key        state.Key
	AuditHead  audit.Head
	SignedHead string // the file of the signed head; empty: it was not signed
}

// Remove takes an order out of the state. An order with a call whose outcome is
// unknown can't be removed: only that entry keeps it from being sent twice.
func Remove(ctx context.Context, req RemoveRequest, d Deps, o Observer) (report *RemoveReport, err error) {
	w, err := d.onRecord(req.Source, req.Reason, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return nil, err
	}
	session, err := w.lock(ctx, "state rm", req.LockTimeout, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	w.notices(session.Notices())
	if _, err := w.store.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was removed, because the audit log is not as it was written: %w", err)
	}
	found, err := w.findKept(session.State(), req.Order, req.Account)
	if err != nil {
		return nil, err
	}
	key, err := single(found, req.Order)
	if err != nil {
		return nil, err
	}
	if e, ok := session.State().Entry(key); ok && len(e.Intents) > 0 {
		return nil, w.stillOpen(e)
	}
	if err := session.Begin(state.Run{ID: w.runID(), Command: "state rm"}); err != nil {
		return nil, err
	}
	if err := session.Remove(key, req.Reason); err != nil {
		return nil, err
	}
	if err := session.Commit(); err != nil {
		return nil, err
	}
	report = &RemoveReport{Key: key, AuditHead: session.AuditHead()}
	report.SignedHead, err = w.signHead(session)
	return report, err
}

// single is the one order that a name means.
func single(found kept, name string) (state.Key, error) {
	keys := found.keys()
	if len(keys) == 1 {
		return keys[0], nil
	}
	var which []string
	for _, k := range keys {
		which = append(which, fmt.Sprintf("%s (account %s)", k.ID, k.Account))
	}
	return state.Key{}, fmt.Errorf("%d orders go by %q; name one by its ID, and by its account where that is not enough:\n%s", len(keys), name, strings.Join(which, "\n"))
}

// stillOpen says which call keeps an order in the state, and what to do.
func (w *workspace) stillOpen(e *state.Entry) error {
	in := e.Intents[0]
	return fmt.Errorf("%s can't be removed: the outcome of the call to %s it at %s (run %s) is unknown\nRun `%s` first: it reads the order again before it sends anything for it",
		e.ID, in.Action, in.At.UTC().Format("2006-01-02 15:04:05Z"), in.RunID, w.command("apply"))
}

// RebuildReport is a state that was made again.
type RebuildReport struct {
	File   string
	Orders int
}

// Rebuild makes the state file again from the audit log, where it is missing. A
// state that is there is never replaced.
func Rebuild(ctx context.Context, s Source, d Deps, o Observer) (*RebuildReport, error) {
	w, err := d.forRecords(s, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	if _, err := w.store.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was rebuilt, because the audit log is not as it was written: %w", err)
	}
	n, notices, err := w.store.Rebuild(ctx)
	if err != nil {
		return nil, err
	}
	w.notices(notices)
	return &RebuildReport{File: w.store.Name(), Orders: n}, nil
}
