package forge

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// gitHub is github.com and GitHub Enterprise. Comments go over GraphQL, which
// alone says whether this login wrote one.
type gitHub struct{ c *Client }

// graphQL is the path of GraphQL beside that of REST.
const graphQL = "/graphql"

// query makes one call of GraphQL. Errors come with status 200 there.
func (g *gitHub) query(ctx context.Context, text string, variables map[string]any, data any) error {
	var answer struct {
		Data   any `json:"data"`
		Errors []struct {
			Type string `json:"type"`
		} `json:"errors"`
	}
	answer.Data = data
	body := map[string]any{"query": text, "variables": variables}
	if err := g.c.call(ctx, http.MethodPost, graphQL, nil, body, &answer); err != nil {
		return err
	}
	if len(answer.Errors) == 0 {
		return nil
	}
	switch kind := answer.Errors[0].Type; {
	case kind == "FORBIDDEN", kind == "INSUFFICIENT_SCOPES":
		return &Error{what: "the token lacks a permission", denied: true}
	case kind == "RATE_LIMITED":
		return &Error{what: "its limit of calls is reached"}
	case kind == "NOT_FOUND":
		return &Error{what: "there is no such thing, or the token may not see it", missing: true}
	case errorType.MatchString(kind):
		return &Error{what: "it answered with the error " + kind}
	}
	return &Error{what: "it answered with an error"}
}

var errorType = regexp.MustCompile(`^[A-Z_]{1,40}$`)

const threadQuery = `query($owner:String!,$name:String!,$number:Int!,$before:String){repository(owner:$owner,name:$name){pullRequest(number:$number){id comments(last:100,before:$before){nodes{id body viewerDidAuthor createdAt lastEditedAt}pageInfo{hasPreviousPage startCursor}}}}}`

func (g *gitHub) thread(ctx context.Context, number, pages int) (*thread, error) {
	t := &thread{number: number}
	variables := g.variables(number)
	for range pages {
		var data struct {
			Repository struct {
				PullRequest *struct {
					ID       string
					Comments struct {
						Nodes []struct {
							ID              string
							Body            string
							ViewerDidAuthor bool
							CreatedAt       time.Time
							LastEditedAt    *time.Time
						}
						PageInfo struct {
							HasPreviousPage bool
							StartCursor     string
						}
					}
				}
			}
		}
		if err := g.query(ctx, threadQuery, variables, &data); err != nil {
			return nil, err
		}
		p := data.Repository.PullRequest
		if p == nil || p.ID == "" {
			return nil, &Error{what: "there is no such pull request, or the token may not see it", missing: true}
		}
		t.id = p.ID
		for _, n := range p.Comments.Nodes {
			shownAt := n.CreatedAt
			if n.LastEditedAt != nil {
				shownAt = *n.LastEditedAt
			}
			if n.ViewerDidAuthor {
				t.add(n.ID, n.Body, shownAt)
			}
		}
		if !p.Comments.PageInfo.HasPreviousPage {
			break
		}
		variables["before"] = p.Comments.PageInfo.StartCursor
	}
	return t, nil
}

func (g *gitHub) variables(number int) map[string]any {
	owner, name, _ := strings.Cut(g.c.job.repository, "/")
	return map[string]any{"owner": owner, "name": name, "number": number}
}

func (g *gitHub) create(ctx context.Context, t *thread, body string) error {
	return g.query(ctx, `mutation($id:ID!,$body:String!){addComment(input:{subjectId:$id,body:$body}){clientMutationId}}`, map[string]any{"id": t.id, "body": body}, nil)
}

func (g *gitHub) update(ctx context.Context, _ *thread, id, body string) error {
	return g.query(ctx, `mutation($id:ID!,$body:String!){updateIssueComment(input:{id:$id,body:$body}){clientMutationId}}`, map[string]any{"id": id, "body": body}, nil)
}

func (g *gitHub) remove(ctx context.Context, _ *thread, id string) error {
	return g.query(ctx, `mutation($id:ID!){deleteIssueComment(input:{id:$id}){clientMutationId}}`, map[string]any{"id": id}, nil)
}

const approvedQuery = `query($owner:String!,$name:String!,$number:Int!){repository(owner:$owner,name:$name){pullRequest(number:$number){reviews(last:100,states:[APPROVED]){nodes{submittedAt}}}}}`

func (g *gitHub) approvedSince(ctx context.Context, number int, since time.Time) (bool, error) {
	var data struct {
		Repository struct {
			PullRequest struct {
				Reviews struct {
					Nodes []struct{ SubmittedAt time.Time }
				}
			}
		}
	}
	if err := g.query(ctx, approvedQuery, g.variables(number), &data); err != nil {
		return false, err
	}
	for _, n := range data.Repository.PullRequest.Reviews.Nodes {
		if !n.SubmittedAt.Before(since) {
			return true, nil
		}
	}
	return false, nil
}

func (g *gitHub) ping(ctx context.Context) error {
	return g.c.call(ctx, http.MethodGet, g.c.job.path(), nil, nil, nil)
}
