package json

import (
	"bufio"
	stdjson "encoding/json"
	"io"

	"github.com/gdfctl/gdfctl/internal/audit"
)

// AuditRecords prints entries of the audit log one at a time, and keeps none
// of them. Each is written exactly as it is in the log: whoever
// has an exported line can compute its hash.
type AuditRecords struct {
	out     *bufio.Writer
	encoder *stdjson.Encoder
}

// NewAuditRecords begins such a print. Nothing is certain to be written before
// Flush.
func NewAuditRecords(w io.Writer) *AuditRecords {
	out := bufio.NewWriterSize(w, 1<<16)
	return &AuditRecords{out, stdjson.NewEncoder(text{out})}
}

// Write prints one record.
func (a *AuditRecords) Write(r *audit.Entry) error { return a.encoder.Encode(r) }

// Flush writes what is left, and returns the first error of all writing.
func (a *AuditRecords) Flush() error { return a.out.Flush() }
