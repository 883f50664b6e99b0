package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
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
