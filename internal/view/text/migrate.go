package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Migrate shows what a migration is about to do.
func Migrate(w io.Writer, s Style, r *report.Migrated) error {
	from := ""
	if r.From != nil {
		from = safetext.Line(*r.From)
	}
	open := ""
	if r.OpenCalls > 0 {
		open = fmt.Sprintf(", and %s whose outcome is not known", words.Count(r.OpenCalls, "call", "calls"))
	}
	_, err := fmt.Fprintf(w, "The state moves to the place that the backend block names.\n\n  from  %s\n  to    %s\n\n"+
		"%s that are not closed%s, the closed orders and the audit log go along. Published plans stay behind.\n"+
		"The former place takes nothing more afterward: whoever still has the former block is told so. No order is changed.\n",
		s.bold(from), s.bold(safetext.Line(r.To)), words.Count(r.Orders, "order", "orders"), open)
	return err
}
