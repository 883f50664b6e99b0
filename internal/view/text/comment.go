package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Comment prints how a report was shown in a pull request. What failed is a
// warning of the caller's.
func Comment(w io.Writer, _ Style, r *report.Comment) error {
	number := 0
	if r.PullRequest != nil {
		number = *r.PullRequest
	}
	var line string
	switch r.Result {
	case forge.Created:
		line = fmt.Sprintf("Commented on pull request %d.", number)
	case forge.Updated:
		line = fmt.Sprintf("Updated the comment on pull request %d.", number)
	case forge.KeptNewer:
		line = fmt.Sprintf("Kept the comment on pull request %d: it is of a later run.", number)
	case forge.NoPullRequest:
		line = "There is nothing to comment on: this job is not for a pull request."
	case forge.NotPermitted:
		line = "Not commented: the token of this job may not write comments, as in pull requests from forks and of Dependabot."
	default:
		return nil
	}
	if r.Noted {
		line += "\nAdded a comment: the plan differs from the one that was approved."
	}
	if r.Deleted > 0 {
		line += "\nDeleted " + plural(r.Deleted, "earlier comment", "earlier comments") + " of the same kind."
	}
	_, err := fmt.Fprintln(w, line)
	return err
}
