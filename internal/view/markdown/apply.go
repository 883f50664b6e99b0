package markdown

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Apply prints how an apply ended: each change that did not end well, and counts
// of the others.
func Apply(w io.Writer, r *report.Apply) error {
	intro := marked(r.Mark) + fmt.Sprintf("## Apply\n\n**%s**\n\nCalls: %s sent, %s.\n", r.Outcome, words.Number(r.Calls), words.Count(r.Rereads, "reread", "rereads"))
	if r.AuditHead != "" {
		intro += "Audit: <code>" + r.AuditHead + "</code>\n"
	}
	stopped := &section{title: "Stopped", columns: []string{"why"}}
	if r.Stopped != "" {
		stopped.add(code(r.Stopped))
	}
	unrecorded := &section{title: "Not recorded: write these down", columns: []string{"order", "what"}}
	for _, item := range r.Unrecorded {
		unrecorded.add(orderName(item.Order, item.Address), code(string(item.Action))+"<br>"+code(item.Message))
	}
	sections := []*section{stopped, unrecorded}
	for _, result := range []apply.ItemResult{apply.Unknown, apply.Failed, apply.HeldBack, apply.NotReviewed, apply.Skipped} {
		s := &section{title: report.ResultTitle(result), columns: []string{"order", "what"}}
		for _, item := range r.Items {
			if item.Result == result {
				s.add(orderName(item.Order, item.Address), code(string(item.Action))+"<br>"+code(item.Message))
			}
		}
		sections = append(sections, s)
	}
	return write(w, intro, sections...)
}
