package forges

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// World is one repository on a forge. Fields are set before the server starts;
// methods are safe for concurrent use.
type World struct {
	Now     func() time.Time
	Tokens  map[string]Login // who may call
	Members map[string]string
	Pulls   []*Pull
	// Intercept is asked before each call is answered; nil, or a status of 0, lets it
	// pass.
	Intercept func(r *http.Request, n int) (status int, header http.Header)

	// Runs are those of GitHub Actions, by their numbers.
	Runs map[string]Run

	Guards       map[string]Guard // of branches, and on GitLab of patterns
	Environments map[string]bool  // true: it can be used from some branches only

	// Settings of GitLab.
	KeepsApprovalsOnPush, CommittersApprove, NoApprovalTimes bool

	mu    sync.Mutex
	calls []string
	last  int // id of a comment
}

// Run is one of GitHub Actions: the commit that it is for, and who approved its
// environments, as "LOGIN STATE".
type Run struct {
	Commit    string
	Approvals []string
}

// Login is who a token belongs to.
type Login struct {
	Name     string
	ReadOnly bool // as the tokens of forks
	Scopes   []string
}

// Pull is a pull request.
type Pull struct {
	Number      int
	Author      string
	Branch      string // that it was merged to; empty: main
	Head        string
	Base        string // the commit of the branch; empty: "base"
	Merge       string
	Became      []string // other commits that it became, as after a rebase
	Merged      bool
	MergedAt    time.Time // zero: now
	Commits     []Commit
	MoreCommits int // that are counted and not in Commits
	Reviews     []Review
	Comments    []Comment
}

// Commit is one of a pull request's commits. Author and committer are logins;
// empty where no account has the e-mail address.
type Commit struct{ SHA, Author, Committer string }

// Review is a decision, in the words of GitHub. GitLab has only those that are
// APPROVED, and their versions begin when commits were pushed.
type Review struct {
	Login, State, Commit string
	At                   time.Time
}

// Comment is a comment as it is now.
type Comment struct {
	ID              int
	Author, Body    string
	Created, Edited time.Time
}

// Serve starts a server that answers with a handler of this package.
func Serve(h http.Handler) (url string, stop func()) {
	s := httptest.NewServer(h)
	return s.URL, s.Close
}

// Transport answers calls of a handler without a network, for tests with a fake
// clock.
type Transport struct{ Handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.Handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// Calls are the calls so far, as "METHOD path".
func (w *World) Calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.calls...)
}

// Shown are the comments of a pull request, the oldest one first.
func (w *World) Shown(number int) []Comment {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Comment{}, w.pull(number).Comments...)
}

// Say adds a comment.
func (w *World) Say(number int, author, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.say(w.pull(number), author, body)
}

// Open adds a pull request.
func (w *World) Open(p *Pull) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Pulls = append(w.Pulls, p)
}

// Merge merges a pull request: it became that commit, and the others before it.
func (w *World) Merge(number int, commit string, others ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pull(number)
	p.Merge, p.Became, p.Merged, p.MergedAt = commit, others, true, w.Now()
}

// Review adds a review.
func (w *World) Review(number int, r Review) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pull(number)
	p.Reviews = append(p.Reviews, r)
}

func (w *World) say(p *Pull, author, body string) Comment {
	w.last++
	c := Comment{ID: w.last, Author: author, Body: body, Created: w.Now()}
	p.Comments = append(p.Comments, c)
	return c
}

func (w *World) pull(number int) *Pull {
	for _, p := range w.Pulls {
		if p.Number == number {
			return p
		}
	}
	return nil
}

// comment finds a comment by its id.
func (w *World) comment(id int) (*Pull, int) {
	for _, p := range w.Pulls {
		for i := range p.Comments {
			if p.Comments[i].ID == id {
				return p, i
			}
		}
	}
	return nil, 0
}

// of are the pull requests that a commit came with.
func (w *World) of(commit string) (found []*Pull) {
	for _, p := range w.Pulls {
		is := p.Merge == commit || p.Head == commit || slices.Contains(p.Became, commit)
		for _, c := range p.Commits {
			is = is || c.SHA == commit
		}
		if is {
			found = append(found, p)
		}
	}
	return found
}

// begin counts a call, finds out who makes it, and lets Intercept answer.
func (w *World) begin(rw http.ResponseWriter, r *http.Request, token string) (who Login, ok bool) {
	w.calls = append(w.calls, r.Method+" "+r.URL.Path)
	rw.Header().Set("Date", w.Now().UTC().Format(http.TimeFormat))
	rw.Header().Set("Content-Type", "application/json")
	if w.Intercept != nil {
		if status, header := w.Intercept(r, len(w.calls)); status != 0 {
			maps.Copy(rw.Header(), header)
			rw.WriteHeader(status)
			fmt.Fprintf(rw, `{"message":"you sent %s to https://forge.example/?private_token=%s"}`, token, token)
			return who, false
		}
	}
	if who, ok = w.Tokens[token]; !ok {
		rw.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(rw, `{"message":"Bad credentials %s"}`, token)
	}
	return who, ok
}

func (p *Pull) branch() string {
	if p.Branch == "" {
		return "main"
	}
	return p.Branch
}

func (p *Pull) base() string {
	if p.Base == "" {
		return "base"
	}
	return p.Base
}

// mergedAt is the time of the merge.
func (w *World) mergedAt(p *Pull) time.Time {
	if p.MergedAt.IsZero() {
		return w.Now()
	}
	return p.MergedAt
}

func isBot(login string) bool { return strings.HasSuffix(login, "[bot]") }
