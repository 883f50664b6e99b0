package report

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/words"
)

// ReviewedPlan is a published plan that an apply took up, with what the forge says
// of its pull request.
type ReviewedPlan struct {
	PlanHash string `json:"plan_hash"`
	provenance.Review
	Name string `json:"-"` // of the pull request: #17
}

// fewApprovers is how many approvers are named in a line.
const fewApprovers = 3

// NewReviewedPlan is the report of one. Without a review, head is the commit that the
// plan was published for.
func NewReviewedPlan(hash, head, name string, review *provenance.Review) ReviewedPlan {
	if review == nil {
		review = provenance.Review{Head: head}.Kept()
	}
	return ReviewedPlan{hash, *review, name}
}

// How says how the plan was reviewed, behind its name: "reviewed in #17, approved by
// carol". shown makes logins safe to show.
func (p ReviewedPlan) How(shown func(login string) string) string {
	var by []string
	for _, login := range p.Approvers[:min(len(p.Approvers), fewApprovers)] {
		by = append(by, shown(login))
	}
	if more := len(p.Approvers) - len(by); more > 0 {
		by = append(by, words.Count(more, "other", "others"))
	}
	switch {
	case p.Name == "" && p.Head == "":
		return "published without a commit"
	case p.Name == "":
		return "published for commit " + words.ShortHash(p.Head)
	case len(by) > 0:
		return "reviewed in " + p.Name + ", approved by " + strings.Join(by, ", ")
	case p.Merger != "":
		return "shown in " + p.Name + ", merged by " + shown(p.Merger)
	}
	return "shown in " + p.Name
}
