package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Migrate shows what a migration is about to do.
func Migrate(w io.Writer, s Style, r *report.Migrated) error {
	from := ""
	if r.From != nil {
		from = safetext.Line(*r.From)
	}
	_, err := fmt.Fprintf(w, "The state moves to the place that the backend block names.\n\n  from  %s\n  to    %s\n\n"+
		"  orders that are not closed: %s\n  calls whose outcome is not known: %s\n\n"+
		"These go along, with the closed orders and the audit log. Published plans stay behind. The former place takes\n"+
		"nothing more afterward: commands with the former block stop, and say where the state is. No order is changed.\n\n",
		s.bold(from), s.bold(safetext.Line(r.To)), number(r.Orders), number(r.OpenCalls))
	return err
}

// Migrated says how a move ended.
func Migrated(w io.Writer, r *report.Migrated) error {
	said := "The state moved: it is kept at %s now.\n"
	switch r.Result {
	case report.MigrateAlready:
		said = "The state is kept at %s already; nothing was changed.\n"
	case report.MigrateContinued:
		said = "A move that was cut off came to its end: the state is kept at %s now.\n"
	}
	_, err := fmt.Fprintf(w, said, safetext.Line(r.To))
	return err
}
