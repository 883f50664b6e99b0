package godatafeed

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How often reads are repeated (docs/safety.md): broken ones rarely, and never
// more than a tenth of a run's calls, so that an outage is not made worse;
// throttled ones with patience, since waiting is the remedy.
const (
	maxAttempts  = 3
	maxThrottled = 10
	minBudget    = 3
	budgetShare  = 10 // a tenth

	backoffStart = 500 * time.Millisecond
	backoffMost  = 10 * time.Second

	// maxRetryAfter caps what an answer can make this client wait.
	maxRetryAfter = 5 * time.Minute
)

// answer is a wire type that can be asked whether it is one.
type answer[A any] interface {
	*A
	head() *envelope
	check() error // what JSON's own rules can't: that nothing needed is missing
}

// fetch reads an A, again if need be.
func fetch[A any, P answer[A]](ctx context.Context, c *Client, r request) (A, error) {
	var result A
	err := c.repeat(ctx, r, func(ctx context.Context, token string, waited time.Duration) *Error {
		rep, failed := c.exchange(ctx, r, token, waited)
		if failed != nil {
			return failed
		}
		if rep.status/100 != 2 {
			return c.rejected(r, rep, token)
		}
		c.tokens.worked(token)
		a := P(new(A))
		if failed := c.understand(r, rep, a); failed != nil {
			return failed
		}
		result = *a
		return nil
	})
	return result, err
}

// repeat makes attempts until one succeeds or the rules say no. Each takes its
// own room in the bucket.
func (c *Client) repeat(ctx context.Context, r request, attempt func(context.Context, string, time.Duration) *Error) error {
	c.budget.call()
	for faults, throttles, tokens := 0, 0, 0; ; {
		token, err := c.tokenFor(ctx, r)
		if err != nil {
			return asError(r.op, err)
		}
		waited, err := c.limiter.Wait(ctx)
		if err != nil {
			return asError(r.op, err)
		}
		failed := attempt(ctx, token, waited)
		if failed == nil {
			return nil
		}
		var pause time.Duration
		switch failed.again {
		case fault:
			faults++
			if faults == maxAttempts || !c.budget.spend() {
				return failed
			}
			pause = max(c.backoff(faults), failed.RetryAfter)
		case throttled:
			throttles++
			if throttles == maxThrottled {
				return failed
			}
			// The bucket keeps everybody waiting; the pause is for a bucket
			// that is configured larger than the API's.
			pause = c.backoff(throttles)
			if c.limiter == nil {
				pause = max(pause, failed.RetryAfter)
			}
		case renewed:
			tokens++
			if tokens > 1 {
				failed.denied = true
				return failed
			}
		default:
			return failed
		}
		if err := sleep(ctx, pause); err != nil {
			failed.Reason, failed.cause = "stopped while waiting to try again", err
			return failed
		}
	}
}

// tokenFor returns the token for r, fetching one if there is none.
func (c *Client) tokenFor(ctx context.Context, r request) (string, error) {
	if r.open {
		return "", nil
	}
	return c.tokens.get(ctx, c.authorize)
}

// understand decodes a 2xx answer. The Outcome of its error is what the answer
// says about a write.
func (c *Client) understand(r request, rep reply, into interface {
	head() *envelope
	check() error
},
) *Error {
	e := &Error{Op: r.op, Status: rep.status, Outcome: Unknown, again: fault}
	switch {
	case rep.broken != nil:
		*e = *rep.broken
		e.Status, e.Reason = rep.status, statusText(rep.status)+", but "+rep.broken.Reason
		return e
	case len(rep.body) == 0:
		e.Reason = statusText(rep.status) + " with an empty answer (" + c.kind(rep) + ")"
		return e
	}
	if err := decodeJSON(rep.body, into); err != nil {
		e.Reason = statusText(rep.status) + ", but the answer is not what the API documents: " + err.Error()
		if !isJSON(rep) {
			e.Reason = statusText(rep.status) + ", but the answer is no JSON"
		}
		e.Message = c.quoted(r, rep)
		return e
	}
	if head := into.head(); head.Success.said && !head.Success.yes {
		e.Reason = statusText(rep.status) + ", but Success is false"
		e.Message = c.foreign(string(head.Message))
		e.Outcome, e.again = Refused, never
		return e
	}
	if err := into.check(); err != nil {
		e.Reason = statusText(rep.status) + ", but " + err.Error()
		return e
	}
	return nil
}

// backoff is the pause before the n-th repetition: doubling, and by half at
// random, so that clients that failed together don't come back together.
func (c *Client) backoff(n int) time.Duration {
	d := min(backoffStart<<(n-1), backoffMost)
	return d/2 + time.Duration(c.jitter()*float64(d/2))
}

// budget bounds the repetitions of a client's life.
type budget struct {
	mu           sync.Mutex
	calls, extra int
}

func (b *budget) call() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
}

// spend takes one repetition, if one is left.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.extra >= max(minBudget, b.calls/budgetShare) {
		return false
	}
	b.extra++
	return true
}

// asError gives an error of a token's fetch, or of waiting, the name of the
// operation that needed it. Nothing was sent for that operation.
func asError(op string, err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		if e.Op == op {
			return e
		}
		e := *e
		e.Reason = strings.TrimPrefix(e.Error(), op+": ")
		e.Op, e.Message, e.Outcome, e.missing = op, "", NotExecuted, false
		return &e
	}
	return &Error{Op: op, Reason: "stopped before it was sent", Outcome: NotExecuted, cause: err}
}

// parseRetryAfter reads a Retry-After header: seconds or a date. What makes no
// sense counts as nothing; the rest is capped.
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(seconds) {
		seconds = min(max(seconds, 0), maxRetryAfter.Seconds())
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// sleep waits for d, or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
