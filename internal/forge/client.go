package forge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
)

const (
	callTimeout = 20 * time.Second
	// mostAnswer bounds an answer, decompressed: a page of comments is a hundred
	// times 65,536 characters of up to four bytes.
	mostAnswer = 32 << 20
	// longestWait is how long a Retry-After is waited for.
	longestWait = 60 * time.Second
	// pageSize is what both forges serve at most.
	pageSize = 100
)

// Client calls one forge for one job.
type Client struct {
	job       *Job
	host      host
	transport http.RoundTripper
	now       func() time.Time
	agent     string
	onWait    func(time.Duration)

	calls, most int // made, and allowed
	// restart makes a call that had to wait end with errAgain: what was read
	// before the wait is not to be acted on.
	restart bool

	date time.Time // of the last answer
	link string    // where its other pages are
}

// Options are what a client needs of the world.
type Options struct {
	Transport http.RoundTripper // follows no redirect and keeps no cookies
	Now       func() time.Time
	UserAgent string
	OnWait    func(time.Duration) // is called before the forge's limit is waited for; nil: nobody is
}

// host is what the two forges do differently. Pull requests are named by their
// numbers.
type host interface {
	// thread reads comments of this login that begin with a mark, the newest
	// ones first, over at most pages pages.
	thread(ctx context.Context, number, pages int) (*thread, error)
	create(ctx context.Context, t *thread, body string) error
	update(ctx context.Context, t *thread, id, body string) error
	remove(ctx context.Context, t *thread, id string) error
	// approvedSince reports whether somebody approved the pull request after a
	// time, and the approval still holds.
	approvedSince(ctx context.Context, number int, since time.Time) (bool, error)

	// pullRequestsOf are the merged pull requests that a commit came with, to a
	// branch if it is not empty.
	pullRequestsOf(ctx context.Context, commit, branch string) ([]found, error)
	// facts reads a pull request, and all that approvals depend on. Those of the run
	// are added.
	facts(ctx context.Context, number int, ofRun []Review) (*PullRequest, error)
	// runApprovals are those of the run that this job is a part of.
	runApprovals(ctx context.Context, commit string) ([]Review, error)
	// guard, restricted, access and oneBranch read the settings that protect what is
	// reviewed.
	guard(ctx context.Context, branch string) (Guard, error)
	restricted(ctx context.Context, branch string) (Answer, error)
	access(ctx context.Context) (Access, error)
	oneBranch(ctx context.Context, environment string) (Answer, error)
	// ping is a small read.
	ping(ctx context.Context) error
}

// New returns a client for a job.
func New(job *Job, o Options) *Client {
	c := &Client{job: job, transport: o.Transport, now: o.Now, agent: o.UserAgent, onWait: o.OnWait, most: mostFactCalls}
	if job.gitlab {
		c.host = &gitLab{c: c}
	} else {
		c.host = &gitHub{c}
	}
	return c
}

// Time is the forge's time, from a call of its own. Approvals are compared with
// it, so no clock of a runner counts.
func (c *Client) Time(ctx context.Context) (time.Time, error) {
	if err := c.host.ping(ctx); err != nil {
		return time.Time{}, err
	}
	if c.date.IsZero() {
		return time.Time{}, &Error{what: "its answers have no Date"}
	}
	return c.date, nil
}

// call makes a call, and again where the forge's limit is over within
// longestWait; with restart, the caller does that. A body that is not nil is sent as JSON; an answer is decoded into
// out, if that is not nil.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	for {
		wait, err := c.attempt(ctx, method, path, query, body, out)
		if wait < 0 || err == nil {
			return err
		}
		if c.onWait != nil {
			c.onWait(wait)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		if c.restart {
			return errAgain
		}
	}
}

// attempt makes one call. A wait of 0 or more says that the call may be made
// again then.
func (c *Client) attempt(ctx context.Context, method, path string, query url.Values, body, out any) (wait time.Duration, err error) {
	if c.calls >= c.most {
		return -1, &Error{what: fmt.Sprintf("it would take more than %d calls", c.most)}
	}
	c.calls++
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := c.request(ctx, method, path, query, body)
	if err != nil {
		return -1, &Error{what: "the call can't be made"} // the cause quotes the address
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		cause, _ := endpoint.Failure(ctx, err)
		return -1, &Error{what: cause}
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	if err != nil {
		return -1, &Error{what: "the answer was cut off"}
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.date = date
	}
	c.link = strings.Join(resp.Header.Values("Link"), ", ") // a proxy can add its own
	switch {
	case len(answer) > mostAnswer:
		return -1, &Error{what: "the answer is too large"}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return c.refused(resp)
	case out == nil:
		return -1, nil
	}
	if json.Unmarshal(answer, out) != nil { // whose error can quote the answer
		return -1, &Error{what: "the answer can't be understood"}
	}
	return -1, nil
}

func (c *Client) request(ctx context.Context, method, path string, query url.Values, body any) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	address := c.job.api.String() + path
	if path == graphQL {
		address = strings.TrimSuffix(c.job.api.String(), "/v3") + path // as on Enterprise
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.job.gitlab {
		req.Header.Set("PRIVATE-TOKEN", c.job.token)
	} else {
		req.Header.Set("Authorization", "Bearer "+c.job.token)
		req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	}
	return req, nil
}

// linksNext finds a link to the next page, however it is written.
var linksNext = regexp.MustCompile(`(?i)\brel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)`)

// list reads a list page by page, at most pages pages. complete is false if
// there may be more. A page can be short although others follow: GitLab leaves
// out notes that this login may not see. So the forge says whether there is a
// next one; its address is not used.
func list[T any](ctx context.Context, c *Client, path string, query url.Values, pages int) (all []T, complete bool, err error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("per_page", fmt.Sprint(pageSize))
	for n := 1; n <= pages; n++ {
		query.Set("page", fmt.Sprint(n))
		var page pageOf[T]
		if err := c.call(ctx, http.MethodGet, path, query, nil, &page); err != nil {
			return nil, false, err
		}
		all = append(all, page...)
		if next := linksNext.MatchString(c.link); !next && (c.link != "" || len(page) < pageSize) {
			return all, true, nil
		}
	}
	return all, false, nil
}

// pageOf is a page of a list: an array of at most as much as was asked for, since an
// answer that is small as a text can be large as what it means.
type pageOf[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (p *pageOf[T]) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
		return errors.New("it is not a list")
	}
	for d.More() {
		if len(*p) == pageSize {
			return errors.New("it is more than was asked for")
		}
		var one T
		if err := d.Decode(&one); err != nil {
			return err
		}
		*p = append(*p, one)
	}
	return nil
}
