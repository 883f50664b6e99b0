package provenance

import "github.com/gdfctl/gdfctl/internal/safetext"

// Review is how a change was reviewed: what the forge says of the pull request that
// brought it. It is kept with each call, because a run makes changes of several.
type Review struct {
	PullRequest string   `json:"pull_request,omitempty"` // its page
	Author      string   `json:"author,omitempty"`
	Approvers   []string `json:"approvers,omitempty"`
	Merger      string   `json:"merger,omitempty"`
	Head        string   `json:"head_commit,omitempty"`
	Base        string   `json:"base_commit,omitempty"`
	Merge       string   `json:"merge_commit,omitempty"`
}

// mostApprovers is how many approvers are kept: a change is one line of the audit log.
const mostApprovers = 20

// Kept is the review as it may be kept: nothing of it acts on a terminal, and
// addresses hold no credentials.
func (r Review) Kept() *Review {
	for _, field := range []*string{&r.Author, &r.Merger, &r.Head, &r.Base, &r.Merge} {
		*field = safetext.Message(*field)
	}
	r.PullRequest = safetext.Line(withoutCredentials(r.PullRequest))
	var approvers []string
	for _, login := range r.Approvers[:min(len(r.Approvers), mostApprovers)] {
		approvers = append(approvers, safetext.Message(login))
	}
	r.Approvers = approvers
	return &r
}

// ReviewedIn is the provenance of a change that was reviewed: of author and pull
// request, the forge knows more than the environment of the job.
func (p Provenance) ReviewedIn(r *Review) Provenance {
	if r == nil {
		return p
	}
	if r.PullRequest != "" {
		p.PullRequest = r.PullRequest
	}
	if r.Author != "" {
		p.Author = r.Author
	}
	p.Approvers, p.Merger, p.Head, p.Base, p.Merge = r.Approvers, r.Merger, r.Head, r.Base, r.Merge
	return p
}

// Review is what ReviewedIn made of a review; nil where there was none.
func (p Provenance) Review() *Review {
	if p.Merge == "" && p.Merger == "" && len(p.Approvers) == 0 {
		return nil
	}
	return &Review{p.PullRequest, p.Author, p.Approvers, p.Merger, p.Head, p.Base, p.Merge}
}
