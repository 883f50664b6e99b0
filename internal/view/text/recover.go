package text

import (
	"fmt"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Recover shows both ends of a log that is not what it was.
func Recover(w io.Writer, s Style, r *report.Recovered) error {
	read, last := "", r.Found.Kind
	if r.Remembered.Time != nil {
		read = ", read at " + moment(*r.Remembered.Time)
	}
	if r.Found.Time != nil {
		last += " at " + moment(*r.Found.Time)
	}
	if by := r.Found.By; by != nil {
		last += fmt.Sprintf(" by %s@%s (%s)", by.Who, by.Host, by.Operation)
	}
	ends := "the log ends before that record"
	if r.Found.Instead != nil {
		ends = fmt.Sprintf("that record is another one, %s", *r.Found.Instead)
	}
	_, err := fmt.Fprintf(w, "%s is not what this machine read before: %s.\n\n  remembered  record %s%s\n  found       the log ends at record %s: %s\n\n"+
		"What was recorded after the records that are still there is lost to the state. Accepted, it goes on from\n"+
		"the end that was found. The next apply finds what was sent by reading the live orders. No order is changed.\n",
		s.bold(safetext.Line(r.Place)), ends, r.Remembered.Record, read, r.Found.Record, safetext.Line(last))
	return err
}

// Recovered says how the other end of a log was accepted.
func Recovered(w io.Writer, _ Style, r *report.Recovered) error {
	if r.Found == nil {
		_, err := fmt.Fprintf(w, "%s is what this machine read before; there is nothing to recover, and nothing was changed.\n", safetext.Line(r.Place))
		return err
	}
	_, err := fmt.Fprintf(w, "Accepted. Whoever locks next sends nothing for the first %s.\n"+
		"Other machines that read the lost records stop as this one did: recover on each of them.\n", words.Duration(time.Duration(r.QuietSeconds)*time.Second))
	auditEnd(w, r.AuditHead, r.SignedHead)
	return err
}
