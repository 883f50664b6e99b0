package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"
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

// mark is what the line of every chosen record holds, in lower case: the last
// word of the order's number. It is empty where it could be written otherwise in
// JSON.
func (f AuditFilter) mark() []byte {
	word := []byte(strings.ToLower(f.Any[strings.LastIndexByte(f.Any, ' ')+1:]))
	for _, b := range word {
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' && b != '_' {
			return nil
		}
	}
	return word
}

// auditSieve passes by most lines that are not chosen without decoding them,
// which takes fifteen times as long.
type auditSieve struct {
	mark  []byte
	lower []byte // of a line, used again
}

func (v *auditSieve) mayHold(text []byte) bool {
	if len(v.mark) == 0 {
		return true
	}
	v.lower = v.lower[:0]
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return true // two of these are k and s in another case
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		v.lower = append(v.lower, b)
	}
	return bytes.Contains(v.lower, v.mark)
}

// AuditList reads the chosen records, oldest first. It does not verify them:
// VerifyAudit does. A line that is no record ends the list with an error, unless
// the number that is looked for does not stand in it.
func (s *Store) AuditList(filter AuditFilter) iter.Seq2[AuditRecord, error] {
	return func(yield func(AuditRecord, error) bool) {
		number := 0
		sieve := auditSieve{mark: filter.mark()}
		_, err := eachLine(s.fs, s.paths.Audit, func(text []byte) error {
			number++
			if !sieve.mayHold(text) {
				return nil
			}
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
