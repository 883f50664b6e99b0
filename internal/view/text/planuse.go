package text

import (
	"fmt"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// PlanSaved says where a plan was saved, if it was, and how to apply it.
func PlanSaved(w io.Writer, file string, command func(words ...string) string) {
	if file != "" {
		fmt.Fprintf(w, "\nSaved to %s. To make exactly these changes: %s\n", safetext.Line(file), command("apply", file))
	}
}

// PlanPublished says which plan was published, for the head of a pull request or for
// no commit, and how to apply it.
func PlanPublished(w io.Writer, hash, head string, command func(words ...string) string) {
	hash = words.ShortHash(hash)
	if head == "" {
		fmt.Fprintf(w, "\nPublished plan %s for no commit. When it was reviewed: %s\n", hash, command("apply", "--published", hash))
		return
	}
	fmt.Fprintf(w, "\nPublished plan %s for commit %s. When that is merged: %s\n", hash, words.ShortHash(safetext.Line(head)), command("apply", "--published"))
}

// PlanDiscarded says which published plan counts no more.
func PlanDiscarded(w io.Writer, _ Style, r *report.Discarded) error {
	_, err := fmt.Fprintf(w, "Discarded plan %s.\n", words.ShortHash(r.PlanHash))
	return err
}

// PlanOpened says which saved plan is applied.
func PlanOpened(w io.Writer, file, hash string, made time.Time) {
	fmt.Fprintf(w, "Applying %s, plan hash %s, made %s.\n", safetext.Line(file), words.ShortHash(hash), made.Format("2006-01-02 15:04:05 MST"))
}

// PlanDoneBefore says that a saved plan has nothing left to do.
func PlanDoneBefore(w io.Writer, file, runID string) {
	fmt.Fprintf(w, "%s was already carried out, by run %s; there is nothing left to do.\n", safetext.Line(file), safetext.Line(runID))
}
