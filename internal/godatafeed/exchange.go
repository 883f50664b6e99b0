package godatafeed

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody is the most of an answer that is read, decompressed.
const maxBody = 16 << 20

// reply is an answer whose body was read: to its end, or as far as it came.
type reply struct {
	status      int
	contentType string
	retryAfter  time.Duration
	date        time.Time // zero if none
	body        []byte
	broken      *Error // why the body is not whole; nil if it is
}

// exchange makes one attempt: sends r and reads the whole answer within the
// client's timeout. Its error's Outcome says whether anything can have been
// sent.
func (c *Client) exchange(ctx context.Context, r request, token string, waited time.Duration) (rep reply, _ *Error) {
	began := c.now()
	defer func() {
		c.onCall(Call{Op: r.op, Status: rep.status, Sent: began, Duration: c.now().Sub(began), Waited: waited, Date: rep.date})
	}()
	bounded, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("no complete answer within %s", c.timeout))
	defer cancel()

	resp, sent, err := c.send(bounded, r, token)
	if err != nil {
		return rep, c.transportError(ctx, bounded, r.op, err, sent)
	}
	defer func() { _ = resp.Body.Close() }()
	return c.readReply(ctx, bounded, r.op, resp), nil
}

// readReply reads an answer to its end.
func (c *Client) readReply(ctx, bounded context.Context, op string, resp *http.Response) reply {
	body, err := readBody(resp)
	if err == nil && resp.ContentLength > int64(len(body)) && len(body) <= maxBody {
		err = io.ErrUnexpectedEOF // a transport that is not net/http's may not notice
	}
	rep := reply{
		status:      resp.StatusCode,
		contentType: resp.Header.Get("Content-Type"),
		retryAfter:  parseRetryAfter(resp.Header.Get("Retry-After"), c.now()),
		date:        answeredAt(resp.Header),
		body:        body,
	}
	switch {
	case len(body) > maxBody:
		rep.broken = &Error{Op: op, Reason: fmt.Sprintf("the answer is larger than %d MiB", maxBody>>20)}
	case err != nil:
		rep.broken = c.transportError(ctx, bounded, op, err, true)
	}
	return rep
}

// readBody reads what there is of a body, at most a byte more than may be. It makes
// room at once for what is announced: growing took three times the memory of the
// page that is read. An announcement is no proof, and gets no more than a large
// page takes.
func readBody(resp *http.Response) ([]byte, error) {
	const largePage = 4 << 20
	var body bytes.Buffer
	if n := resp.ContentLength; n > 0 {
		body.Grow(int(min(n, largePage)) + bytes.MinRead)
	}
	_, err := body.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	return body.Bytes(), err
}

// answeredAt is when an answer was made, by the API's clock. One that comes from
// a cache says nothing of the time.
func answeredAt(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" {
		return time.Time{}
	}
	return at
}

// send hands r to the transport and returns when the answer's head is there.
// sent reports whether bytes of r can have left.
func (c *Client) send(ctx context.Context, r request, token string) (resp *http.Response, sent bool, err error) {
	// GetConn proves that the transport reports what it does; others (fakes,
	// in-process servers) never call either, and prove nothing by it.
	var asked, got atomic.Bool
	var guard atomic.Pointer[guardedConn]
	way := wayOf(ctx, r)
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			got.Store(true)
			if conn := guardOf(info.Conn); conn != nil {
				conn.passage.Store(way)
				guard.Store(conn)
			}
		},
	})
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	req, err := c.endpoint.bind(traced, r, token)
	if err != nil {
		return nil, false, err
	}
	req.Header.Set("User-Agent", c.userAgent)
	if way != nil && way.ask() != nil {
		_, refused := way.close()
		return nil, false, cmp.Or(asRefusal(refused), ctx.Err())
	}

	resp, err = c.transport.RoundTrip(req)
	if err == nil && (resp == nil || resp.Body == nil) {
		err = errors.New("the transport gave no answer")
	}
	if err == nil {
		if way != nil {
			way.answer()
		}
		return resp, true, nil
	}
	sent = got.Load() || (!asked.Load() && !isDial(err))
	if way != nil {
		left, refused := way.close()
		if guard.Load() != nil {
			sent = left
		}
		err = cmp.Or(asRefusal(refused), err)
	}
	return nil, sent, err
}

// wayOf is the passage of a request that has an effect; nil for others, which may
// be sent at any time. That a token is fetched is none.
func wayOf(ctx context.Context, r request) *passage {
	if r.method == http.MethodGet || r.open {
		return nil
	}
	return newPassage(ctx)
}

// refusal is a gate's error.
type refusal struct{ error }

func (r *refusal) Unwrap() error { return r.error }

func asRefusal(err error) error {
	if err == nil {
		return nil
	}
	return &refusal{err}
}

// transportError wraps what a transport returned for an attempt. bounded is
// ctx with the attempt's own deadline, whose cause says which that is.
func (c *Client) transportError(ctx, bounded context.Context, op string, err error, sent bool) *Error {
	e := &Error{Op: op, Outcome: Unknown, again: fault}
	if !sent {
		e.Outcome = NotExecuted
	}
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		e.Reason, e.cause, e.again = "not sent: "+refused.Error(), refused.error, never
		if sent {
			e.Reason = "not sent to its end: " + refused.Error()
		}
	case ctx.Err() != nil:
		e.Reason, e.cause, e.again = "stopped while waiting for the answer", ctx.Err(), never
		if !sent {
			e.Reason = "stopped before it was sent"
		}
	case bounded.Err() != nil:
		e.Reason, e.timeout = context.Cause(bounded).Error(), true
	case isPermanent(err):
		e.Reason, e.again = c.noConnection(err), never
	case !sent:
		e.Reason = c.noConnection(err)
	default:
		e.Reason = c.describe(err)
	}
	return e
}

// rejected turns an answer other than 2xx into an error, and tells the bucket
// and the token's keeper about it.
func (c *Client) rejected(r request, rep reply, token string) *Error {
	e := &Error{
		Op: r.op, Status: rep.status, RetryAfter: rep.retryAfter,
		Message: c.messageOf(r, rep), Outcome: outcomeOfStatus(rep.status),
	}
	switch {
	case rep.status == http.StatusTooManyRequests:
		c.limiter.Penalise(rep.retryAfter)
		e.again = throttled
	case rep.status == http.StatusUnauthorized && r.open:
		e.denied = true
	case rep.status == http.StatusUnauthorized:
		if c.tokens.refused(token) {
			e.again = renewed
		} else {
			e.denied = true
			e.Reason = statusText(rep.status) + ": the token was refused; fetch a new one, or check the account's consumer key"
		}
	case rep.status == http.StatusForbidden:
		e.denied = true
	case rep.status == http.StatusNotFound, rep.status == http.StatusGone:
		e.missing = true
	case rep.status >= 300 && rep.status < 400:
		e.Reason = statusText(rep.status) + ": the API redirects, and redirects are not followed; check the endpoint"
	case rep.status >= 500:
		e.again = down
	}
	return e
}

// messageOf is the API's Message, or the beginning of an answer that is no
// JSON. JSON without a Message is not quoted: it may hold an order.
func (c *Client) messageOf(r request, rep reply) string {
	var head envelope
	if err := decodeJSON(rep.body, &head); err == nil {
		return c.foreign(string(head.Message))
	}
	var alone string
	if err := decodeJSON(rep.body, &alone); err == nil {
		return c.foreign(alone)
	}
	return c.quoted(r, rep)
}

// quoted names the content type of an answer that is no JSON, and quotes its
// beginning.
func (c *Client) quoted(r request, rep reply) string {
	switch {
	case len(rep.body) == 0:
		return ""
	case isJSON(rep):
		return "(" + c.kind(rep) + ")"
	}
	return "(" + c.kind(rep) + ") " + c.quote(rep.body)
}

// kind names an answer's content type.
func (c *Client) kind(rep reply) string {
	if rep.contentType == "" {
		return "no content type"
	}
	return c.quote([]byte(rep.contentType))
}

func isJSON(rep reply) bool {
	text := strings.TrimSpace(string(rep.body[:min(len(rep.body), 64)]))
	return strings.Contains(strings.ToLower(rep.contentType), "json") && !strings.HasPrefix(text, "<") ||
		strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}
