package sharedlog

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// attemptTime bounds one attempt to append.
	attemptTime = 30 * time.Second
	// firstPause and longestPause are between two attempts.
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
)

var errNoAnswer = fmt.Errorf("no answer came within %s", attemptTime)

// UnclearError says that it is not known whether a record was appended: nothing
// else was appended in its place, and nothing may be sent on account of it.
type UnclearError struct {
	Place string
	N     int64
	Err   error // of the last attempt
}

func (e *UnclearError) Error() string {
	return fmt.Sprintf("it is not known whether record %d was appended to %s: %v", e.N, e.Place, e.Err)
}

func (e *UnclearError) Unwrap() error { return e.Err }

// attempt is a record that may be in the log already.
type attempt struct {
	prev Position
	raw  Raw
}

// Unclear reports whether an append had no answer yet. Nothing may be sent
// meanwhile: another writer may have come first.
func (c *Chain) Unclear() bool { return c.waiting.Load() }

// Append puts a record directly behind prev, and returns its position. An attempt
// whose answer does not come is repeated, byte for byte and at the same place, until
// that place is known to be taken; the record's random id then says by whom. Until
// then no other record is appended. The error is
//   - a *TakenError if the log goes on otherwise: the record is not in it;
//   - a *RefusedError or a *TimelineError: likewise;
//   - an *UnclearError if ctx ended first: the next Append tries that record again
//     before its own.
func (c *Chain) Append(ctx context.Context, prev Position, r *Record) (Position, error) {
	c.appending <- struct{}{}
	defer func() { <-c.appending }()
	if _, _, err := c.settleUnclear(ctx); err != nil {
		return Position{}, err
	}
	r.N, r.Prev, r.ID = prev.N+1, prev.Hash, c.random()
	if r.Kind == Acquire {
		r.Epoch = r.N
	}
	if reason := r.unsafe(); reason != "" { // one that no reader believes would end the log
		return Position{}, fmt.Errorf("record %d was not appended to %s: %s", r.N, c.place, reason)
	}
	data, err := r.encode()
	if err != nil {
		return Position{}, err
	}
	return c.settle(ctx, &attempt{prev, Raw{
		N: r.N, Data: data, Kind: string(r.Kind), At: r.At, Snapshot: r.Begins(), Timeline: r.Timeline, Readable: r.readable(),
	}})
}

// Settle finds out whether the record of an append that was unclear is in the log. It
// returns that record's position if it is.
func (c *Chain) Settle(ctx context.Context) (at Position, appended bool, err error) {
	c.appending <- struct{}{}
	defer func() { <-c.appending }()
	return c.settleUnclear(ctx)
}

func (c *Chain) settleUnclear(ctx context.Context) (at Position, appended bool, err error) {
	if c.unclear == nil {
		return Position{}, false, nil
	}
	at, err = c.settle(ctx, c.unclear)
	if err != nil && c.unclear != nil {
		return Position{}, false, err
	}
	return at, err == nil, nil
}

// settle makes attempts until it is known what became of the record.
func (c *Chain) settle(ctx context.Context, a *attempt) (Position, error) {
	unclear := c.unclear == a
	pause := firstPause
	for {
		if ctx.Err() != nil {
			return Position{}, c.ended(unclear, a, context.Cause(ctx))
		}
		err := c.try(ctx, a)
		if err == nil {
			return c.known(a.raw.Position(), nil)
		}
		refused, taken, elsewhere := (*RefusedError)(nil), (*TakenError)(nil), (*TimelineError)(nil)
		switch {
		case !unclear && (errors.As(err, &refused) || errors.As(err, &taken) || errors.As(err, &elsewhere)):
			return c.known(Position{}, err)
		case errors.As(err, &taken) || errors.As(err, &elsewhere):
			// An attempt before may have appended it.
			mine, readErr := c.appended(ctx, a)
			if readErr == nil && mine {
				return c.known(a.raw.Position(), nil)
			}
			if readErr == nil {
				return c.known(Position{}, err)
			}
		case !unclear:
			unclear, c.unclear = true, a
			c.waiting.Store(true)
		}
		select {
		case <-ctx.Done():
			return Position{}, c.ended(unclear, a, context.Cause(ctx))
		case <-time.After(pause/2 + time.Duration(c.jitter()*float64(pause/2))):
		}
		pause = min(2*pause, longestPause)
	}
}

func (c *Chain) try(ctx context.Context, a *attempt) error {
	bounded, cancel := context.WithTimeoutCause(ctx, attemptTime, errNoAnswer)
	defer cancel()
	return c.place.Append(bounded, a.prev, a.raw)
}

// known ends an append whose outcome is known.
func (c *Chain) known(at Position, err error) (Position, error) {
	c.unclear = nil
	c.waiting.Store(false)
	return at, err
}

func (c *Chain) ended(unclear bool, a *attempt, err error) error {
	if !unclear {
		return err // nothing was tried
	}
	return &UnclearError{c.place.String(), a.raw.N, err}
}

// appended reports whether the record in the place of an attempt is its own. One
// that was trimmed since is not worth anything any more.
func (c *Chain) appended(ctx context.Context, a *attempt) (bool, error) {
	page, err := c.place.Read(ctx, a.prev.N)
	if errors.Is(err, ErrTrimmed) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return len(page.Records) > 0 && page.Records[0].Position() == a.raw.Position(), nil
}
