package csv

import (
	"bufio"
	"io"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/report"
)

// AuditRecords prints entries of the audit log one at a time, and keeps none
// of them.
type AuditRecords struct {
	out  *bufio.Writer
	rows *rows
	row  []report.Field
}

// NewAuditRecords begins with the header, so that a list without records is a
// table without rows. Nothing is certain to be written before Flush.
func NewAuditRecords(w io.Writer) (*AuditRecords, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	a := &AuditRecords{out: out, rows: newRows(out)}
	return a, a.rows.write(report.Names(report.AuditFields(nil, &audit.Entry{})))
}

// Write prints one record.
func (a *AuditRecords) Write(r *audit.Entry) error {
	a.row = report.AuditFields(a.row[:0], r)
	return a.rows.write(report.Values(a.row))
}

// Flush writes what is left, and returns the first error of all writing.
func (a *AuditRecords) Flush() error {
	if err := a.rows.flush(); err != nil {
		return err
	}
	return a.out.Flush()
}
