package state

import (
	"iter"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// auditPart is the audit log as a part of a backend. Without a lease it can only
// be read.
type auditPart struct {
	backend.Lease
	backend backend.Backend
}

func (a auditPart) String() string                    { return a.backend.Name(backend.Audit) }
func (a auditPart) Open() (disk.Reader, int64, error) { return a.backend.Open(backend.Audit) }
func (a auditPart) Append() (disk.Writer, error)      { return a.Lease.Append(backend.Audit) }
func (a auditPart) Truncate(size int64) error         { return a.Lease.Truncate(backend.Audit, size) }

func (a auditPart) Rotate(day time.Time, line int) (string, error) {
	return a.RotateAudit(day, line)
}

func (s *Store) auditLog() audit.Source { return auditPart{backend: s.backend} }

// AuditList reads the chosen entries of the audit log, oldest first, as
// audit.List does.
func (s *Store) AuditList(filter audit.Filter) iter.Seq2[audit.Entry, error] {
	return audit.List(s.auditLog(), filter)
}

// VerifyAudit verifies the whole audit log, as audit.Verify does, against a head
// that was noted earlier, written HASH@LINE, if there is one, and the one that the
// state was saved with.
func (s *Store) VerifyAudit(head string) (audit.Verified, error) {
	var given audit.Head
	if head != "" {
		var err error
		if given, err = audit.ParseHead(head); err != nil {
			return audit.Verified{}, err
		}
	}
	// Before the log: a run that goes on meanwhile adds to the log first.
	remembered := s.remembered()
	return audit.Verify(s.auditLog(), given, remembered)
}

// remembered is the head that the state was saved with. A state that is not
// there, or can't be read, remembers nothing: the log is worth verifying without
// it. The orders are not looked at: every apply verifies the log.
func (s *Store) remembered() audit.Head {
	file, size, err := s.backend.Open(backend.Snapshot)
	if err != nil {
		return audit.Head{}
	}
	defer file.Close() //nolint:errcheck // only read
	head, _, _, err := decodeHead(file, size)
	if err != nil {
		return audit.Head{}
	}
	return head.Recorded
}
