package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Apply prints the end of an apply for people.
func Apply(w io.Writer, s Style, r *report.Apply) {
	last := apply.ItemResult("")
	for _, item := range r.Items {
		if item.Result != last {
			last = item.Result
			fmt.Fprintf(w, "\n%s\n", s.bold(report.ResultTitle(item.Result)))
		}
		fmt.Fprintf(w, "  %s %s %s\n", s.red("!"), safetext.Line(item.Order.String()), item.Action)
		fmt.Fprintf(w, "      %s\n", safetext.Line(item.Message))
		if item.DefinedAt.File != "" {
			fmt.Fprintf(w, "      %s\n", s.faint(safetext.Line(item.DefinedAt.String())))
		}
	}
	for _, item := range r.Unrecorded {
		fmt.Fprintf(w, "%s %s %s: %s; write it down, the journal could not be written\n", s.red("NOT RECORDED"), safetext.Line(item.Order.String()), item.Action, safetext.Line(item.Message))
	}
	fmt.Fprintf(w, "\n%s\n", s.bold(r.Outcome))
	if r.Stopped != "" {
		fmt.Fprintf(w, "%s %s\n", s.red("Stopped because"), safetext.Line(r.Stopped))
	}
	fmt.Fprintf(w, "Calls: %s sent, %s to read again, in %s.", number(r.Calls), number(r.Rereads), words.Duration(r.Elapsed))
	if r.Throttled > 0 {
		fmt.Fprintf(w, " %s asked to slow down.", plural(r.Throttled, "answer", "answers"))
	}
	fmt.Fprintln(w)
	for _, p := range r.Reviewed {
		fmt.Fprintf(w, "Plan %s, %s\n", words.ShortHash(p.PlanHash), p.How(safetext.Line))
	}
	AuditHead(w, r.AuditHead, r.SignedHead)
	if r.NextStep != "" {
		fmt.Fprintln(w, r.NextStep)
	}
}

// AuditHead prints the end of the audit log, and the file of the signed head, each
// where there is one.
func AuditHead(w io.Writer, head, signed string) {
	if head != "" {
		fmt.Fprintf(w, "Audit: %s\n", head)
	}
	if signed != "" {
		fmt.Fprintf(w, "Signed: %s\n", safetext.Line(signed))
	}
}
