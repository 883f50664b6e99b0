package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// Recovered is a log that is not what this machine read before, and that was accepted.
type Recovered struct {
	FormatVersion string      `json:"format_version"`
	Place         string      `json:"place"`
	Remembered    *Remembered `json:"remembered"`    // null: nothing was wrong, and nothing was changed
	Found         *FoundLog   `json:"found"`         // likewise
	QuietSeconds  int         `json:"quiet_seconds"` // for how long nothing is sent, by whoever locks next
	AuditHead     *string     `json:"audit_head"`    // null: nothing was changed
	SignedHead    *string     `json:"signed_head"`   // the file of the signed head; null: it was not signed
}

// Remembered is how far this machine read a log before.
type Remembered struct {
	Record string     `json:"record"` // its number and the beginning of its hash
	Time   *time.Time `json:"time"`   // null: not known
}

// FoundLog is where a log ends now.
type FoundLog struct {
	Instead *string     `json:"instead"` // the record that has the number of the remembered one; null: the log ends before it
	Record  string      `json:"record"`  // the last one
	Kind    string      `json:"kind"`
	Time    *time.Time  `json:"time"`
	By      *LockHolder `json:"by"` // who wrote it, or held the lock then; null: nobody is named
}

// NewRecovered is the report of a log that is what it was.
func NewRecovered(place string) *Recovered {
	return &Recovered{FormatVersion: jsonformat.Version, Place: place}
}

// Lost says how the log is not what it was.
func (r *Recovered) Lost(remembered string, read time.Time, found FoundLog, at time.Time) {
	r.Remembered = &Remembered{remembered, wholeSeconds(read)}
	found.Time = wholeSeconds(at)
	if found.By != nil && found.By.Since != nil {
		found.By.Since = wholeSeconds(*found.By.Since)
	}
	r.Found = &found
}

// Accepted says what was written.
func (r *Recovered) Accepted(quiet time.Duration, head, signed string) {
	r.QuietSeconds, r.AuditHead, r.SignedHead = int(quiet.Seconds()), nullable(head), nullable(signed)
}
