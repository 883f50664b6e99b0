package forge

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Error is a call of the forge that failed. It holds no address, no token and
// nothing that the forge wrote.
type Error struct {
	what    string
	denied  bool
	missing bool
}

func (e *Error) Error() string { return "the forge: " + e.what }

// IsDenied reports whether the token lacks a permission, as those of pull
// requests from forks and of Dependabot do.
func IsDenied(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.denied
}

func isMissing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.missing
}

// refused says what an answer means that is not a success.
func (c *Client) refused(resp *http.Response) (wait time.Duration, err error) {
	status := resp.StatusCode
	said := fmt.Sprintf("it answered %d %s", status, http.StatusText(status))
	switch {
	case status >= 300 && status < 400:
		return -1, &Error{what: said + ": redirects are not followed"}
	case status == http.StatusUnauthorized:
		return -1, &Error{what: said + ": the token is not valid or has expired"}
	case status == http.StatusNotFound:
		return -1, &Error{what: said + ": there is no such thing, or the token may not see it", missing: true}
	case status != http.StatusForbidden && status != http.StatusTooManyRequests:
		return -1, &Error{what: said}
	}
	wait, limited := limitOver(resp.Header, c.now())
	switch {
	case limited && wait <= longestWait:
		return wait, &Error{what: said + ": its limit of calls is reached"}
	case limited || status == http.StatusTooManyRequests:
		return -1, &Error{what: said + ": its limit of calls is reached"}
	}
	return -1, &Error{what: said + ": the token lacks a permission", denied: true}
}

// limitOver reads when calls are answered again. limited is false if the answer
// says nothing of a limit.
func limitOver(h http.Header, now time.Time) (wait time.Duration, limited bool) {
	if after := h.Get("Retry-After"); after != "" {
		if seconds, err := strconv.Atoi(after); err == nil {
			return time.Duration(min(max(seconds, 0), 1<<20)) * time.Second, true
		}
		if at, err := http.ParseTime(after); err == nil {
			return max(at.Sub(now), 0), true
		}
	}
	if h.Get("X-RateLimit-Remaining") == "0" || h.Get("RateLimit-Remaining") == "0" {
		for _, name := range []string{"X-RateLimit-Reset", "RateLimit-Reset"} {
			if at, err := strconv.ParseInt(h.Get(name), 10, 64); err == nil {
				return max(time.Unix(at, 0).Sub(now), time.Second), true
			}
		}
		return longestWait + 1, true
	}
	return 0, false
}
