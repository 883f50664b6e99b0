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

// How often reads are repeated (docs/safety.md): broken ones rarely; those that
// find the API down for as long as a client's patience (outage.go); throttled
// ones with patience too, since waiting is the remedy.
//
// The first two cost a tenth of a run's calls at most, so that an outage is not
// made worse. A tenth of a short run is less than it takes to wait for a minute:
// every run may spend what one outage costs, a dozen tries, and one call more
// for each of the reads that waited for them.
const (
	maxAttempts  = 3
	maxThrottled = 10
	minBudget    = 20
	budgetShare  = 10 // a tenth

	backoffStart = 500 * time.Millisecond
	backoffMost  = 15 * time.Second
)

// MaxRetryAfter caps what an answer can make clients wait.
const MaxRetryAfter = 5 * time.Minute

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
	for t := new(tries); ; {
		token, err := c.tokenFor(ctx, r)
		if err != nil {
			return asError(r.op, err)
		}
		failed, final := c.once(ctx, r, t, func(waited time.Duration) *Error { return attempt(ctx, token, waited) })
		if failed == nil {
			return nil
		}
		if final || !c.again(ctx, t, failed) {
			return failed
		}
	}
}

// once pauses, where an attempt failed before, and makes the next one. The
// token is known before: fetching one is a read too, which may need the turn.
func (c *Client) once(ctx context.Context, r request, t *tries, attempt func(waited time.Duration) *Error) (failed *Error, final bool) {
	if t.last != nil {
		goOn, giveTurn, err := c.wait(ctx, t)
		defer giveTurn()
		if err != nil {
			t.last.Reason, t.last.cause = "stopped while waiting to try again", err
		}
		if !goOn {
			return t.last, true
		}
		if r.op == OpDownloadFeed {
			giveTurn() // a file takes minutes
		}
	}
	waited, err := c.limiter.Wait(ctx)
	if err != nil {
		return asError(r.op, err), true
	}
	failed = attempt(waited)
	c.attempted(t, failed, c.now())
	return failed, false
}

// wait pauses before the next attempt, and reports whether it is to be made.
func (c *Client) wait(ctx context.Context, t *tries) (goOn bool, giveTurn func(), err error) {
	if t.last.again == down {
		return c.takeTurn(ctx, t)
	}
	err = sleep(ctx, t.pause)
	return err == nil, func() {}, err
}

// again reports whether the rules allow another attempt, and sets the pause
// before it.
func (c *Client) again(ctx context.Context, t *tries, failed *Error) bool {
	switch failed.again {
	case down:
		t.faults++
		t.pause = max(c.backoff(t.faults), failed.RetryAfter)
		return !c.out(t)
	case fault:
		t.faults++
		t.pause = max(c.backoff(t.faults), failed.RetryAfter)
		return t.faults < maxAttempts && c.budget.spend()
	case throttled:
		// The bucket keeps everybody waiting; the pause is for a bucket that is
		// configured larger than the API's.
		t.throttles++
		t.pause = c.backoff(t.throttles)
		if c.limiter == nil {
			t.pause = max(t.pause, failed.RetryAfter)
		}
		if t.throttles == maxThrottled {
			return false
		}
		c.tellWait(ctx, failed, failed.RetryAfter, c.now().Add(failed.RetryAfter))
		return true
	case renewed:
		t.pause = 0
		if t.tokens++; t.tokens > 1 {
			failed.denied = true
			return false
		}
		return true
	}
	return false
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
			e.Reason = statusText(rep.status) + ", but the answer is not JSON"
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
	mu           sync.Mutex // guards what follows
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
	reason := "stopped before it was sent"
	if unlimited, ok := errors.AsType[*UnlimitedError](err); ok {
		reason = "not sent, because " + unlimited.Error()
	}
	return &Error{Op: op, Reason: reason, Outcome: NotExecuted, cause: err}
}

// parseRetryAfter reads a Retry-After header: seconds or a date. What makes no
// sense counts as nothing; the rest is capped.
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(seconds) {
		seconds = min(max(seconds, 0), MaxRetryAfter.Seconds())
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), MaxRetryAfter)
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
