package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/endpoint"
)

// How long sending may take: each attempt at a message, and everything.
const (
	attemptTimeout = 8 * time.Second
	TotalTimeout   = 30 * time.Second
)

// waits stand between the attempts at one message.
var waits = []time.Duration{time.Second, 3 * time.Second, 9 * time.Second}

// longestWait is the most that a receiver's Retry-After is heeded.
const longestWait = 10 * time.Second

// Target is a notify block as it is sent to.
type Target struct {
	Name   string
	Format Format
	On     []Kind
	// URL is the webhook: secret, and checked by the caller to be https, or on
	// this machine, and at a host that may be sent messages.
	URL     *url.URL
	Secret  string // signs messages; empty: they are not signed
	Problem error  // why nothing can be sent there now; nil if it can
}

// failed names the block in an error, and the host: the rest of the address is
// secret.
func (t *Target) failed(err error) error {
	where := ""
	if t.URL != nil {
		where = " (" + t.URL.Host + ")"
	}
	return fmt.Errorf("notify %q%s: the message could not be sent: %w; it will be sent next time", t.Name, where, err)
}

// Sender posts messages.
type Sender struct {
	// Transport follows no redirect and keeps no cookies.
	Transport http.RoundTripper
	Now       func() time.Time
	Version   string // of the program
}

// Send posts one message about all events, and again where that may help: no
// connection, no answer, 408, 429 and 5xx. Its error holds neither the address
// nor anything that the receiver said but the status.
func (s *Sender) Send(ctx context.Context, t *Target, events []Event) error {
	body, err := t.Format.body(t.Name, s.Version, s.Now(), events)
	if err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		asked, again, err := s.post(ctx, t, body)
		if err == nil || !again {
			return err
		}
		if attempt == len(waits) {
			return fmt.Errorf("%w, at each of %d attempts", err, attempt+1)
		}
		wait := max(waits[attempt], min(asked, longestWait))
		if end, bounded := ctx.Deadline(); bounded && time.Until(end) <= wait {
			return fmt.Errorf("%w, and no time is left for another attempt", err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// post makes one attempt. again says that another one may help, asked how long
// the receiver wants that to wait.
func (s *Sender) post(ctx context.Context, t *Target, body []byte) (asked time.Duration, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL.String(), bytes.NewReader(body))
	if err != nil {
		return 0, false, errors.New("the message can't be made") // the cause quotes the address
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "gdfctl/"+s.Version)
	if t.Secret != "" {
		req.Header.Set(SignatureHeader, sign(t.Secret, s.Now(), body))
	}
	return s.exchange(ctx, req)
}

// Heartbeat calls an address once, for whoever waits for a sign of life: the next one
// comes soon. Its error does not hold the address.
func (s *Sender) Heartbeat(ctx context.Context, to *url.URL) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), http.NoBody)
	if err != nil {
		return errors.New("the call can't be made") // the cause quotes the address
	}
	req.Header.Set("User-Agent", "gdfctl/"+s.Version)
	_, _, err = s.exchange(ctx, req)
	return err
}

// exchange sends a request, and says of its answer what post says.
func (s *Sender) exchange(ctx context.Context, req *http.Request) (asked time.Duration, again bool, err error) {
	resp, err := s.Transport.RoundTrip(req)
	if err != nil {
		cause, permanent := endpoint.Failure(ctx, err)
		return 0, !permanent, errors.New(cause)
	}
	defer func() { _ = resp.Body.Close() }()
	// Read to its end, the connection can be used again; the content is nobody's business.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	status := resp.StatusCode
	if status >= 200 && status < 300 {
		return 0, false, nil
	}
	err = fmt.Errorf("it answered %d %s", status, http.StatusText(status))
	switch {
	case status >= 300 && status < 400:
		return 0, false, fmt.Errorf("%w: redirects are not followed", err)
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		return retryAfter(resp.Header.Get("Retry-After"), s.Now()), true, err
	}
	return 0, false, err
}

// retryAfter reads both forms of the header; 0 where it says nothing.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), 3600)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return at.Sub(now)
	}
	return 0
}
