package forge

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// gitLab is gitlab.com and servers of one's own. Its comments are called notes.
type gitLab struct {
	c  *Client
	me int64 // the user whose token this is; 0: not read yet
}

func (g *gitLab) request(number int, parts ...string) string {
	return g.c.job.path(append([]string{"merge_requests", strconv.Itoa(number)}, parts...)...)
}

func (g *gitLab) thread(ctx context.Context, number, pages int) (*thread, error) {
	if g.me == 0 {
		var me struct {
			ID int64 `json:"id"`
		}
		if err := g.c.call(ctx, http.MethodGet, "/user", nil, nil, &me); err != nil {
			return nil, err
		}
		g.me = me.ID
	}
	type note struct {
		ID     int64  `json:"id"`
		Body   string `json:"body"`
		System bool   `json:"system"`
		Author struct {
			ID int64 `json:"id"`
		} `json:"author"`
		UpdatedAt time.Time `json:"updated_at"`
	}
	notes, _, err := list[note](ctx, g.c, g.request(number, "notes"), url.Values{"sort": {"desc"}, "order_by": {"created_at"}}, pages)
	if err != nil {
		return nil, err
	}
	t := &thread{number: number}
	for _, n := range notes {
		if n.Author.ID == g.me && g.me > 0 && !n.System {
			t.add(strconv.FormatInt(n.ID, 10), n.Body, n.UpdatedAt)
		}
	}
	return t, nil
}

func (g *gitLab) create(ctx context.Context, t *thread, body string) error {
	return g.c.call(ctx, http.MethodPost, g.request(t.number, "notes"), nil, map[string]string{"body": body}, nil)
}

func (g *gitLab) update(ctx context.Context, t *thread, id, body string) error {
	return g.c.call(ctx, http.MethodPut, g.request(t.number, "notes", id), nil, map[string]string{"body": body}, nil)
}

func (g *gitLab) remove(ctx context.Context, t *thread, id string) error {
	return g.c.call(ctx, http.MethodDelete, g.request(t.number, "notes", id), nil, nil, nil)
}

// gitLabApproval has no time on servers that do not keep one.
type gitLabApproval struct {
	User struct {
		ID       int64  `json:"id"`
		Username string `json:"username"`
	} `json:"user"`
	At *time.Time `json:"approved_at"`
}

func (g *gitLab) approvals(ctx context.Context, number int) ([]gitLabApproval, error) {
	var found struct {
		ApprovedBy []gitLabApproval `json:"approved_by"`
	}
	err := g.c.call(ctx, http.MethodGet, g.request(number, "approvals"), nil, nil, &found)
	return found.ApprovedBy, err
}

func (g *gitLab) approvedSince(ctx context.Context, number int, since time.Time) (bool, error) {
	approvals, err := g.approvals(ctx, number)
	for _, a := range approvals {
		if a.At == nil || !a.At.Before(since) {
			return true, err
		}
	}
	return false, err
}

func (g *gitLab) ping(ctx context.Context) error {
	return g.c.call(ctx, http.MethodGet, g.c.job.path(), nil, nil, nil)
}
