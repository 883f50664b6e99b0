package state

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
)

// AuditFilter chooses records. An empty field chooses all.
type AuditFilter struct {
	Any    string // one of the order's numbers, old or new, without case
	RunID  string // of the run that made the call, or learned what became of it
	Action string
	Since  time.Time // at or after
	Until  time.Time // before
}

func (f AuditFilter) chooses(r *AuditRecord) bool {
	switch {
	case f.RunID != "" && r.RunID != f.RunID && r.SettledBy != f.RunID,
		f.Action != "" && r.Action != f.Action,
		!f.Since.IsZero() && r.At.Before(f.Since),
		!f.Until.IsZero() && !r.At.Before(f.Until):
		return false
	}
	if f.Any == "" {
		return true
	}
	for _, name := range r.names() {
		if strings.EqualFold(name, f.Any) {
			return true
		}
	}
	return false
}

// AuditList reads the chosen records, oldest first. It does not verify them:
// VerifyAudit does. A line that is no record ends the list with an error.
func (s *Store) AuditList(filter AuditFilter) iter.Seq2[AuditRecord, error] {
	return func(yield func(AuditRecord, error) bool) {
		number := 0
		_, err := eachLine(s.fs, s.paths.Audit, func(text []byte) error {
			number++
			var r AuditRecord
			if err := json.Unmarshal(text, &r); err != nil {
				return fmt.Errorf("%s: line %d is no record: %w", s.paths.Audit, number, err)
			}
			if filter.chooses(&r) && !yield(r, nil) {
				return errStop
			}
			return nil
		})
		if err != nil {
			yield(AuditRecord{}, err)
		}
	}
}
