package state

import (
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/audit"
)

// Rotated is a file of the audit log that was left for good.
type Rotated struct {
	Left  string // its name
	Lines int    // up to which line of the log
}

// RotateAudit begins a new file of the audit log with an entry that says so. Nothing
// may be under way: it belongs into a session of its own. A crash between the two leaves
// a log without that entry, which goes on all the same. The error is
// audit.ErrNothingToRotate where the present file has no lines, and backend.ErrNoFiles
// where the log is not kept in files.
func (x *Session) RotateAudit() (Rotated, error) {
	x.gate.Lock()
	defer x.gate.Unlock()
	if err := x.fenced(); err != nil {
		return Rotated{}, err
	}
	if x.journal != nil {
		return Rotated{}, errors.New("a run is under way: its journal names a place in the audit log")
	}
	at := x.audit.Position().Head
	left, err := x.audit.Rotate(utc(x.store.now()))
	if err != nil {
		return Rotated{}, err
	}
	if err := x.recordAside(audit.Rotate, "", audit.Continues(left, at)); err != nil {
		return Rotated{}, fmt.Errorf("a new file of the audit log was begun, without an entry that says so; the next one continues %s all the same: %w", left, err)
	}
	return Rotated{left, at.Lines}, x.lease.Together(x.save)
}
