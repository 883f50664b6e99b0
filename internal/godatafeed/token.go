package godatafeed

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
)

// maxToken bounds what is taken for a token: it becomes part of every URL.
const maxToken = 4096

// tokens holds the token that calls are made with. It is fetched by one
// goroutine for all, and kept in memory only.
type tokens struct {
	key string // empty: current is all there is

	mu      sync.Mutex // guards what follows
	current string     // empty: to be fetched
	suspect bool       // current replaced a token that the API refused, and has not worked yet
	flight  *flight    // the fetch that is under way
}

type flight struct {
	done  chan struct{}
	token string
	err   error
}

func (t *tokens) renewable() bool { return t.key != "" }

// forget makes the next get fetch a token.
func (t *tokens) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = ""
}

// get returns the current token, or fetches one; who comes meanwhile shares
// the result, error included.
func (t *tokens) get(ctx context.Context, fetch func(context.Context) (string, error)) (string, error) {
	for {
		t.mu.Lock()
		if t.current != "" {
			defer t.mu.Unlock()
			return t.current, nil
		}
		f := t.flight
		if f == nil {
			f = &flight{done: make(chan struct{})}
			t.flight = f
			t.mu.Unlock()
			return t.lead(ctx, f, fetch)
		}
		t.mu.Unlock()

		select {
		case <-f.done:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		// A leader whose own context ended says nothing about the API.
		if !isContext(f.err) {
			return f.token, f.err
		}
	}
}

func (t *tokens) lead(ctx context.Context, f *flight, fetch func(context.Context) (string, error)) (string, error) {
	f.token, f.err = fetch(ctx)
	t.mu.Lock()
	t.current, t.flight = f.token, nil
	t.mu.Unlock()
	close(f.done)
	return f.token, f.err
}

// refused takes note of a 401 for the token that was used, and reports whether
// another token is to be had: not when this one was itself the replacement.
func (t *tokens) refused(used string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.key == "":
		return false
	case used != t.current:
		return true // somebody renewed it meanwhile
	}
	t.current = ""
	again := !t.suspect
	t.suspect = again
	return again
}

// worked takes note that the API took the token that was used; an
// authorization uses none.
func (t *tokens) worked(used string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if used != "" && used == t.current {
		t.suspect = false
	}
}

type tokenAnswer struct {
	envelope
	Token string
}

func (a *tokenAnswer) check() error {
	switch {
	case a.Token == "":
		return errors.New("the answer holds no token")
	case len(a.Token) > maxToken:
		return errors.New("the answer's token is too long to be one")
	}
	return nil
}

// authorize fetches a token (reference: Authorization). A PUT, but one that may
// be repeated: a fresh token may be fetched at any time.
func (c *Client) authorize(ctx context.Context) (string, error) {
	body, err := json.Marshal(struct{ ConsumerKey string }{c.tokens.key})
	if err != nil {
		return "", invalid(OpAuthorize, "the consumer key can't be written as JSON")
	}
	answer, err := fetch[tokenAnswer](ctx, c, request{
		op: OpAuthorize, method: http.MethodPut, path: []string{"Authorization"}, body: body, open: true,
	})
	if err != nil {
		return "", keyRefused(err)
	}
	c.mask.add(answer.Token)
	return answer.Token, nil
}

// keyRefused explains the answers that mean a wrong consumer key.
func keyRefused(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	switch {
	case e.Outcome == Refused, e.Status == http.StatusUnauthorized:
	default:
		return err
	}
	if e.missing || e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusNotAcceptable {
		e.Reason = statusText(e.Status) + ": this endpoint gives no tokens; check the account's endpoint"
		return e
	}
	e.denied = true
	e.Reason = "the consumer key was refused (" + statusText(e.Status) + "): " +
		"compare GDF_CONSUMER_KEY, or the account's consumer_key, with the key in the GoDataFeed control panel"
	return e
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
