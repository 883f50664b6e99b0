package report

import (
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// Comment says how a report was shown in a pull request.
type Comment struct {
	FormatVersion string              `json:"format_version"`
	Kind          forge.Kind          `json:"kind"`
	Workspace     string              `json:"workspace"`
	PullRequest   *int                `json:"pull_request"` // null: there is none, or it is not known
	Result        forge.CommentResult `json:"result"`
	Noted         bool                `json:"noted"`   // a new comment says that the plan differs from an approved one
	Deleted       int                 `json:"deleted"` // earlier comments that were there twice
	Problems      []string            `json:"problems"`
}

// NewComment is the report of a comment. failed is why nothing was shown; nil if
// it was.
func NewComment(m forge.Mark, done forge.Commented, failed error) *Comment {
	r := &Comment{
		FormatVersion: jsonformat.Version, Kind: m.Kind, Workspace: m.Workspace, Result: done.Result,
		Noted: done.Noted != "", Deleted: done.Deleted, Problems: []string{},
	}
	if done.PullRequest > 0 {
		r.PullRequest = &done.PullRequest
	}
	if failed != nil {
		r.Problems = append(r.Problems, failed.Error())
	}
	for _, problem := range done.Problems {
		r.Problems = append(r.Problems, problem.Error())
	}
	return r
}
