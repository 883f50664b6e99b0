package godatafeed

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// A maintenance page lasts for a minute rather than a second. So a read that is
// answered with a status from 500 on is made again for as long as that, with
// growing pauses. The reads of a client wait together: one of them tries, and
// when it got an answer, the others go on. An outage costs a dozen calls by that,
// however many reads it strikes, and no client comes back to a server that just
// recovered with all that it has.

// DefaultPatience is for how long reads are repeated while the API is down.
const DefaultPatience = time.Minute

// outage is what a client knows about the API being down.
type outage struct {
	turn chan struct{} // held by the read that tries; channels queue in order

	mu      sync.Mutex // guards what follows
	streak  int        // tries since the API last answered
	next    time.Time  // when the next one is due
	answers int        // so often the API answered
	told    time.Time  // until when somebody was told to wait
}

// tries is the course of one read.
type tries struct {
	faults, throttles, tokens int

	last    *Error        // nil before the first attempt
	failed  time.Time     // when that was
	pause   time.Duration // before the next attempt
	since   time.Time     // when the API was first found down
	answers int           // of the outage, at the last attempt
}

// attempted takes note of what a read found. Only the first read that finds the
// API down and those that have the turn move the next try: others that were
// under way say nothing new.
func (c *Client) attempted(t *tries, failed *Error, now time.Time) {
	o := &c.outage
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case failed == nil, failed.Status != 0 && failed.again != down:
		o.answers++
		o.streak, o.next = 0, time.Time{}
		if failed == nil {
			o.told = time.Time{}
		}
	case failed.again == down && (o.streak == 0 || !t.since.IsZero()):
		o.streak++
		o.next = now.Add(c.backoff(o.streak))
	}
	t.last, t.failed, t.answers = failed, now, o.answers
	if failed != nil && failed.again == down && t.since.IsZero() {
		t.since = now
	}
}

// out reports whether a read was patient for long enough: its time is over, and
// the API answered nobody since its last attempt.
func (c *Client) out(t *tries) bool {
	c.outage.mu.Lock()
	defer c.outage.mu.Unlock()
	if c.patience < 0 {
		return t.faults >= maxAttempts
	}
	return c.now().Sub(t.since) >= c.patience && c.outage.answers == t.answers
}

// takeTurn waits until it is t's turn to see whether the API is back, and
// reports whether it still is to be seen. The turn is given back after the
// attempt, or before.
func (c *Client) takeTurn(ctx context.Context, t *tries) (goOn bool, giveTurn func(), err error) {
	select {
	case c.outage.turn <- struct{}{}:
		giveTurn = sync.OnceFunc(func() { <-c.outage.turn })
	case <-ctx.Done():
		return false, func() {}, ctx.Err()
	}
	if c.out(t) || !c.budget.spend() {
		return false, giveTurn, nil
	}
	c.outage.mu.Lock()
	at := t.failed.Add(t.pause)
	if c.outage.next.After(at) {
		at = c.outage.next
	}
	c.outage.mu.Unlock()
	// The last try is made when the time is over, unless the API named a later one.
	end := t.since.Add(c.patience)
	if asked := t.failed.Add(t.last.RetryAfter); asked.After(end) {
		end = asked
	}
	if at.After(end) && c.patience > 0 {
		at = end
	}
	pause := at.Sub(c.now())
	c.tellWait(ctx, t.last, pause, end)
	err = sleep(ctx, pause)
	return err == nil, giveTurn, err
}

// Wait is what a call waits for, other than its room under the limit.
type Wait struct {
	Account string        // as Options name it
	Status  int           // that the API answered; 0: it was not asked
	Limit   string        // why the call limit of many machines can't be kept, if that is what it waits for
	For     time.Duration // how long it will try at most, or what the API asked for
}

// String says it for people, without the account.
func (w Wait) String() string {
	switch {
	case w.Limit != "":
		return fmt.Sprintf("the call limit that machines share can't be kept: trying again for up to %s (%s)", words.Duration(w.For), w.Limit)
	case w.Status == http.StatusTooManyRequests:
		return fmt.Sprintf("the API asked to slow down (%s): reading goes on in %s", statusText(w.Status), words.Duration(w.For))
	}
	return fmt.Sprintf("the API is down (%s): trying again for up to %s", statusText(w.Status), words.Duration(w.For))
}

type waitKey struct{}

// OnWait returns a context whose reads call f when they wait for the API to come
// back, or because it asked for a long pause, and all calls when they wait for what
// keeps the call limit: once for a wait that several share. f must be quick, and safe for concurrent use.
func OnWait(ctx context.Context, f func(Wait)) context.Context {
	return context.WithValue(ctx, waitKey{}, f)
}

// tellFrom is the least pause that somebody is told about.
const tellFrom = 2 * time.Second

// tellWait tells of a pause, unless that was told until then.
func (c *Client) tellWait(ctx context.Context, failed *Error, pause time.Duration, until time.Time) {
	f, _ := ctx.Value(waitKey{}).(func(Wait))
	if f == nil || pause < tellFrom {
		return
	}
	now := c.now()
	c.outage.mu.Lock()
	tell := !c.outage.told.After(now)
	if tell {
		c.outage.told = until
	}
	c.outage.mu.Unlock()
	if tell {
		f(Wait{Account: c.account, Status: failed.Status, For: until.Sub(now)})
	}
}
