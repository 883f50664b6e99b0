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

// add keeps a comment of this login if it begins with a mark.
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

// Comment shows a report in the pull request of the job: it replaces the last
// comment of the same kind and workspace that this login wrote, unless that is of
// a later run. If it shows a plan that differs from one that somebody approved, a
// new comment says so, because an edit notifies nobody. An apply answers in the
// pull request that its commit came with. body is the report without its mark.
func (c *Client) Comment(ctx context.Context, m Mark, body string) (*Commented, error) {
	if len(m.String())+1+len(body) > MostComment {
		return nil, ErrTooLong
	}
	c.calls, c.most = 0, MostCalls
	c.restart = true
	defer func() { c.restart, c.most = false, mostFactCalls }()
	w := &writing{Client: c, mark: m, body: body, done: Commented{Result: NoPullRequest}}
	for {
		switch err := w.pass(ctx); {
		case errors.Is(err, errAgain):
		case err == nil, w.created: // what is left to do, the next run does
			return &w.done, nil
		default:
			return nil, errors.Join(append(w.done.Problems, err)...)
		}
	}
}

// errAgain is returned when time has passed, or another run may have commented
// meanwhile: what was read is not good any more.
var errAgain = errors.New("what was read must be read again")

// writing is one comment on its way.
type writing struct {
	*Client
	mark Mark
	body string
	done Commented

	created  bool // in an earlier pass
	approved *approvedBefore
}

// pass reads the conversation and brings the comment into it. The writes come
// right after the read: in between, nothing is waited for.
func (w *writing) pass(ctx context.Context) error {
	if w.done.PullRequest == 0 {
		number, err := w.pullRequest(ctx, w.mark.Kind)
		if err != nil || number == 0 {
			return err
		}
		w.done.PullRequest = number
	}
	t, err := w.host.thread(ctx, w.done.PullRequest, pagesOfComments)
	if err != nil {
		return err
	}
	same := slices.DeleteFunc(t.own, func(o ownComment) bool { return o.mark.Kind != w.mark.Kind || o.mark.Workspace != w.mark.Workspace })
	slices.SortStableFunc(same, func(a, b ownComment) int {
		return cmp.Or(cmp.Compare(b.mark.Number, a.mark.Number), b.shownAt.Compare(a.shownAt))
	})
	switch {
	case len(same) == 0 && !w.created:
		if err := w.host.create(ctx, t, w.mark.String()+"\n"+w.body); err != nil {
			return err
		}
		// Another run may have found none either: one of the two comments goes.
		w.created, w.done.Result = true, Created
		return errAgain
	case len(same) == 0:
		return nil // a forge that does not show what was just written
	case same[0].mark.Number > w.mark.Number:
		w.done.Result, w.done.Newer = KeptNewer, same[0].mark.Number
	case !w.created:
		if err := w.replace(ctx, t, same[0]); err != nil {
			return err
		}
		w.done.Result = Updated
	}
	return w.tidy(ctx, t, same[1:])
}

// replace edits the last comment.
func (w *writing) replace(ctx context.Context, t *thread, last ownComment) error {
	m := w.mark
	if err := w.note(ctx, t, last, &m); err != nil {
		return err
	}
	return w.host.update(ctx, t, last.id, m.String()+"\n"+w.body)
}

// tidy deletes comments that are there besides the newest one.
func (w *writing) tidy(ctx context.Context, t *thread, others []ownComment) error {
	for _, other := range others {
		if w.calls >= w.most {
			break
		}
		switch err := w.host.remove(ctx, t, other.id); {
		case isMissing(err): // the other run was faster
		case errors.Is(err, errAgain):
			return nil
		case err != nil:
			w.problem(err)
			return nil
		default:
			w.done.Deleted++
		}
	}
	return nil
}

// pullRequest is the number of the one to comment on; 0 if there is none.
func (c *Client) pullRequest(ctx context.Context, kind Kind) (int, error) {
	if c.job.PullRequest > 0 || kind != Apply || c.job.Commit == "" {
		return c.job.PullRequest, nil
	}
	number := 0
	all, err := c.host.pullRequestsOf(ctx, c.job.Commit, c.job.Branch)
	for _, f := range all {
		number = max(number, f.number) // a commit can be in several that build on each other
	}
	return number, err
}

func (w *writing) problem(err error) { w.done.Problems = append(w.done.Problems, err) }

func shortHash(hash string) string { return hash[:min(len(hash), 12)] }
