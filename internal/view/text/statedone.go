package text

import (
	"fmt"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Begun says that a state was begun, and which line the backend block lacks.
func Begun(w io.Writer, _ Style, r *report.Begun) error {
	_, err := fmt.Fprintf(w, "A state was begun: %s.\n", safetext.Line(r.Place))
	if err == nil && r.State != nil {
		err = BlockLine(w, *r.State)
	}
	return err
}

// BlockLine says which line the backend block lacks.
func BlockLine(w io.Writer, state string) error {
	_, err := fmt.Fprintf(w, "Add this line to the backend block, and commit it:\n\n    state = %q\n", state)
	return err
}

// Removed says that an order was removed from the state.
func Removed(w io.Writer, _ Style, r *report.RemovedOrder) error {
	_, err := fmt.Fprintf(w, "Removed %s of account %s from the state. The live order was not changed.\n", r.ID, r.Account)
	auditEnd(w, &r.AuditHead, r.SignedHead)
	return err
}

// Rebuilt says that a state was rebuilt.
func Rebuilt(w io.Writer, _ Style, r *report.Rebuilt) error {
	_, err := fmt.Fprintf(w, "Rebuilt %s from the audit log: %s.\n", safetext.Line(r.File), words.Count(r.Orders, "order", "orders"))
	return err
}

// Unlocked says whose lock was removed, if there was one. Free: machines share the
// state, and none of them has locked it since.
func Unlocked(w io.Writer, holder string, free bool, quiet time.Duration) error {
	if holder == "" {
		_, err := fmt.Fprintln(w, "The state is not locked; there was nothing to remove.")
		return err
	}
	_, err := fmt.Fprintf(w, "Removed the lock of %s.\n", safetext.Line(holder))
	if err == nil && free {
		_, err = fmt.Fprintf(w, "The next run can lock at once. It sends nothing for the first %s, because the former run may not know yet that it\n"+
			"lost the lock. If that run is alive, it stops at the next record that it writes. Its calls are not lost.\n", words.Duration(quiet))
	}
	return err
}

// auditEnd is AuditHead for reports.
func auditEnd(w io.Writer, head, signed *string) {
	AuditHead(w, orNothing(head), orNothing(signed))
}

func orNothing(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
