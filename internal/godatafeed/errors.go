package godatafeed

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Outcome is what is certain about the effect of a write that failed.
type Outcome int

const (
	// Unknown: the write may have been executed, or may still be. It is the
	// zero value, so that what nobody thought of is looked up, not repeated.
	Unknown Outcome = iota
	// NotExecuted: the API did not act on the write; it may be sent again.
	NotExecuted
	// Refused: the API, or this package before sending, said no. Sending the
	// same again would be refused again.
	Refused
)

// String returns "unknown", "not executed" or "refused".
func (o Outcome) String() string {
	switch o {
	case NotExecuted:
		return "not executed"
	case Refused:
		return "refused"
	default:
		return "unknown"
	}
}

// Error is what every call returns on failure. Its text holds no URL, no
// credential and no unescaped foreign text.
type Error struct {
	Op         string        // one of the Op constants
	Status     int           // HTTP status; 0 if no answer came
	Reason     string        // what went wrong, in this package's words; may be empty when Status is set
	Message    string        // the API's words: masked, escaped, at most 200 characters of them; often empty
	RetryAfter time.Duration // what the API asked for, at most 5 minutes; 0 if it did not ask
	Outcome    Outcome       // of writes only

	again   again
	denied  bool
	missing bool
	page    bool
	timeout bool
	cause   error // a context's error or the caller's own; never a transport's
}

// again says under which rule a read may be repeated.
type again int

const (
	never     again = iota
	fault           // the way to the server, or its answer, was broken
	down            // the server said that it fails: a status from 500 on
	throttled       // 429: not executed, wait
	renewed         // 401, and another token is to be had
)

// Brief is what went wrong without the operation, which callers often name
// themselves: "HTTP 404 Not Found: order not found".
func (e *Error) Brief() string {
	brief := e.Reason
	if brief == "" && e.Status != 0 {
		brief = statusText(e.Status)
	}
	if e.Message != "" {
		brief += ": " + e.Message
	}
	return brief
}

// Error returns "op: what went wrong: the API's message".
func (e *Error) Error() string {
	parts := []string{e.Op}
	switch {
	case e.Reason != "":
		parts = append(parts, e.Reason)
	case e.Status != 0:
		parts = append(parts, statusText(e.Status))
	}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the context's error or the one that BeforeSend or a download's
// reader returned, if one of these ended the call.
func (e *Error) Unwrap() error { return e.cause }

// Timeout reports whether the client's own deadline ended the call; the
// context's deadline shows through errors.Is.
func (e *Error) Timeout() bool { return e.timeout }

// OutcomeOf returns what is certain about the effect of the write that
// returned err. It is Unknown for errors that are not this package's.
func OutcomeOf(err error) Outcome {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	return Unknown
}

// IsNotFound reports whether the API has no such order or feed: 404, 410, or
// an answer without the one that was asked for.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.missing
}

// IsPage reports whether a download returned an HTML page instead of the file.
func IsPage(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.page
}

// IsDenied reports whether the credentials were refused for good: 403, 401
// with a token that can't be renewed or was just renewed, or a refused consumer
// key. Every further call would fail likewise.
func IsDenied(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.denied
}

// outcomeOfStatus is what a status other than 2xx says about a write. Only the
// refusals that the reference names are believed; any other status may come
// from something between, after the write went through.
func outcomeOfStatus(status int) Outcome {
	switch status {
	case http.StatusUnauthorized, http.StatusTooManyRequests:
		return NotExecuted
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone:
		return Refused
	}
	return Unknown
}

// invalid is the error for arguments that can't be sent.
func invalid(op, reason string) *Error {
	return &Error{Op: op, Reason: reason, Outcome: Refused}
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("HTTP %d %s", status, text)
	}
	return "HTTP " + strconv.Itoa(status)
}

var anyURL = regexp.MustCompile(`(?i)[a-z][a-z0-9+.\-]*://[^\s"'<>]*`)

// foreign makes text of the API fit for an error: masked, without URLs, since
// the request's own is one, and without any word that could be a buyer's.
func (c *Client) foreign(s string) string {
	return safetext.Foreign(anyURL.ReplaceAllLiteralString(c.mask.hide(s), " "))
}

// quote shows the beginning of an answer that is not JSON, in at most 200
// characters.
func (c *Client) quote(body []byte) string {
	text := []rune(c.foreign(strings.Join(strings.Fields(string(body)), " ")))
	if len(text) > safetext.MaxMessage {
		text = append(text[:safetext.MaxMessage], '…')
	}
	return string(text)
}
