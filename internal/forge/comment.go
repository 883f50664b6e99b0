package forge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

const (
	// MostCalls is what one comment costs at most.
	MostCalls = 6
	// MostComment is how many bytes a comment may have. A comment of GitHub has
	// room for 65,536 characters.
	MostComment = 60_000
	// pagesOfComments is how many pages are read to find the last comment.
	pagesOfComments = 2
)

// thread is the conversation of a pull request, as far as it was read.
type thread struct {
	number int
	id     string // of the pull request, where the forge has another name for it
	own    []ownComment
}

// ownComment is a comment that this login wrote and whose first line is a mark.
type ownComment struct {
	id      string
	mark    Mark
	shownAt time.Time // since when it says what it says
}

// own keeps a comment if it begins with a mark.
func (t *thread) add(id, body string, shownAt time.Time) {
	if mark, ok := ParseMark(body); ok {
		t.own = append(t.own, ownComment{id, mark, shownAt})
	}
}

// Commented says how a report was shown.
type Commented struct {
	PullRequest int
	Result      CommentResult
	Newer       uint64 // the run whose report is kept; only with KeptNewer
	Noted       string // the new comment about a difference; empty: there was none
	Deleted     int    // earlier comments that were there twice
	Problems    []error
}

// CommentResult says how a comment came about.
type CommentResult string

// The results.
const (
	Created   CommentResult = "created"
	Updated   CommentResult = "updated"
	KeptNewer CommentResult = "kept_newer" // a later run has commented already

	// Nothing was shown: the job is not for a pull request; the token lacks a
	// permission; anything else.
	NoPullRequest CommentResult = "no_pull_request"
	NotPermitted  CommentResult = "not_permitted"
	Failed        CommentResult = "failed"
)

// ErrTooLong is returned for a report that has no room in a comment.
var ErrTooLong = fmt.Errorf("the report has more than %s bytes, which is the most that a comment has room for", words.Number(MostComment))

// Comment shows a report in the pull request of the job: it replaces the last comment of the
// same kind and workspace that this login wrote, unless that is of a later run.
// If it shows a plan that differs from one that somebody approved, a new comment
// says so, because an edit notifies nobody. An apply answers in the pull request
// that its commit came with. body is the report without its mark.
func (c *Client) Comment(ctx context.Context, m Mark, body string) (*Commented, error) {
	if size := len(m.String()) + 1 + len(body); size > MostComment {
		return nil, ErrTooLong
	}
	c.calls, c.most = 0, MostCalls
	number, err := c.pullRequest(ctx, m.Kind)
	if err != nil || number == 0 {
		return &Commented{Result: NoPullRequest}, err
	}
	t, err := c.host.thread(ctx, number, pagesOfComments)
	if err != nil {
		return nil, err
	}
	done := &Commented{PullRequest: number, Result: Created}
	same := slices.DeleteFunc(t.own, func(o ownComment) bool { return o.mark.Kind != m.Kind || o.mark.Workspace != m.Workspace })
	if len(same) == 0 {
		return done, c.host.create(ctx, t, m.String()+"\n"+body)
	}
	slices.SortStableFunc(same, func(a, b ownComment) int {
		return cmp.Or(cmp.Compare(b.mark.Number, a.mark.Number), b.shownAt.Compare(a.shownAt))
	})
	last := same[0]
	if last.mark.Number > m.Number {
		done.Result, done.Newer = KeptNewer, last.mark.Number
	} else {
		done.Result = Updated
		c.note(ctx, t, last, &m, done)
		if err := c.host.update(ctx, t, last.id, m.String()+"\n"+body); err != nil {
			return nil, errors.Join(append(done.Problems, err)...)
		}
	}
	for _, other := range same[1:] {
		if c.calls >= c.most {
			break // the next run goes on
		}
		if err := c.host.remove(ctx, t, other.id); err != nil {
			done.Problems = append(done.Problems, err)
			break
		}
		done.Deleted++
	}
	return done, nil
}

// pullRequest is the number of the one to comment on; 0 if there is none.
func (c *Client) pullRequest(ctx context.Context, kind Kind) (int, error) {
	if c.job.PullRequest > 0 || kind != Apply || c.job.Commit == "" {
		return c.job.PullRequest, nil
	}
	numbers, err := c.host.pullRequestsOf(ctx, c.job.Commit, c.job.Branch)
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return slices.Max(numbers), nil // a commit can be in several that build on each other
}

// note says in a new comment how a plan differs from one that was approved. What
// was approved goes on in the mark until it is said.
func (c *Client) note(ctx context.Context, t *thread, last ownComment, m *Mark, done *Commented) {
	if m.Shown.Changes == "" || last.mark.Shown.Changes == "" {
		return
	}
	approved := last.mark.Approved
	if last.mark.Shown.Changes != m.Shown.Changes || approved.Changes == "" {
		switch now, err := c.host.approvedSince(ctx, t.number, last.shownAt); {
		case err != nil:
			done.Problems = append(done.Problems, fmt.Errorf("who approved the earlier plan can't be read: %w", err))
		case now:
			approved = last.mark.Shown
		}
	}
	m.Approved = approved
	if approved.Changes == "" || approved.Changes == m.Shown.Changes {
		return
	}
	text := fmt.Sprintf("Plan `%s` differs from the plan that was approved: %s.\n", shortHash(m.Hash), m.Shown.against(approved))
	if err := c.host.create(ctx, t, text); err != nil {
		done.Problems = append(done.Problems, err)
		return
	}
	done.Noted, m.Approved = text, Shown{}
}

func shortHash(hash string) string { return hash[:min(len(hash), 12)] }
