package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// PublishedPlans lists published plans.
func PublishedPlans(w io.Writer, s Style, list *report.PublishedPlans) error {
	if len(list.Plans) == 0 {
		_, err := fmt.Fprintln(w, "No plan is published.")
		return err
	}
	columns := []column{{title: "PLAN"}, {title: "PUBLISHED"}, {title: "COMMIT"}, {title: "CHANGES"}, {title: "BY"}, {title: "PULL REQUEST"}, {title: "STATUS"}}
	rows := make([][]string, len(list.Plans))
	for i, p := range list.Plans {
		status := "open"
		if p.DoneBy != nil {
			status = "carried out by " + *p.DoneBy
		}
		if p.Partial {
			status += ", partial"
		}
		rows[i] = []string{words.ShortHash(p.PlanHash), optionalMoment(p.PublishedAt), words.ShortHash(p.Head), number(p.Changes), p.Who, p.PullRequest, status}
	}
	return writeTable(w, s, columns, rows)
}
