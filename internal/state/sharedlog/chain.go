package sharedlog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
)

// Chain is a log that is read and appended to: verified as it is read, and with
// one attempt at a time to append. Its methods may be called from several
// goroutines.
type Chain struct {
	place  Place
	random func() string  // a new id
	jitter func() float64 // from 0 to 1

	appending chan struct{} // has room for the one that appends; a mutex would stop the time of testing/synctest
	unclear   *attempt      // guarded by appending: appended or not, nobody knows yet
	waiting   atomic.Bool   // for the answer to an append that had none
}

// Open returns the log of a place. It touches nothing of it. random makes ids.
func Open(place Place, random func() string) *Chain {
	return &Chain{place: place, random: random, jitter: rand.Float64, appending: make(chan struct{}, 1)}
}

// Place is where the log is kept.
func (c *Chain) Place() Place { return c.place }

// Entry is a record with its position.
type Entry struct {
	*Record
	Position Position
	Size     int // in bytes
}

// RolledBackError says that a log is not the one that was read before: records of
// it are gone or are others.
type RolledBackError struct {
	Place string
	Seen  Position // what was read before
	Found Position // what is there instead: the record of that number, or the end of the log
}

func (e *RolledBackError) Error() string {
	what := fmt.Sprintf("its record %d is another one: %s", e.Seen.N, e.Found)
	if e.Found.N != e.Seen.N {
		what = fmt.Sprintf("it ends at %s now", e.Found)
	}
	return fmt.Sprintf("%s is not what it was: this machine read record %s before, and %s. It was rolled back, restored, or replaced by another one.\n"+
		"Nothing was sent or changed. See what was lost, and go on from there, with: gdfctl state recover", e.Place, e.Seen, what)
}

// First is record 0.
func (c *Chain) First(ctx context.Context) (Entry, error) {
	return c.At(ctx, 0)
}

// At is the record of a number. The error is ErrNoLog if the log ends before it, and
// ErrTrimmed if it was trimmed.
func (c *Chain) At(ctx context.Context, n int64) (Entry, error) {
	page, err := c.place.Read(ctx, n-1)
	if err != nil {
		return Entry{}, err
	}
	if len(page.Records) == 0 {
		return Entry{}, ErrNoLog
	}
	if err := c.numbered(page.Records[0], n); err != nil {
		return Entry{}, err
	}
	return c.entry(page.Records[0])
}

// Head is the beginning of a log.
type Head struct {
	Entries  []Entry // record 0, and those behind it that the place returned with it
	Timeline string
	Whole    bool // there are no others
}

// Head reads the beginning of the log, in one look. The error is ErrNoLog if there is
// none.
func (c *Chain) Head(ctx context.Context) (Head, error) {
	page, err := c.place.Read(ctx, -1)
	if err != nil {
		return Head{}, err
	}
	h := Head{Timeline: page.Timeline, Whole: page.End}
	if h.Entries, err = c.follow(nil, page.Records, -1); err == nil && len(h.Entries) == 0 {
		err = ErrNoLog
	}
	return h, err
}

// From reads the log from a record on to its end. What is before that record is
// not looked at.
func (c *Chain) From(ctx context.Context, n int64) (entries []Entry, timeline string, err error) {
	for after := n - 1; ; {
		page, err := c.place.Read(ctx, after)
		if err != nil {
			return nil, "", err
		}
		timeline = page.Timeline
		if len(page.Records) == 0 {
			return entries, timeline, nil
		}
		if entries, err = c.follow(entries, page.Records, after); err != nil {
			return nil, "", err
		}
		if len(entries) > 0 {
			after = entries[len(entries)-1].N
		}
		if page.End {
			return entries, timeline, nil
		}
	}
}

// follow adds records that were read behind the number after.
func (c *Chain) follow(entries []Entry, records []Raw, after int64) ([]Entry, error) {
	for _, raw := range records {
		if raw.N <= after { // a place may return more than it was asked for
			continue
		}
		if err := c.numbered(raw, after+1); err != nil {
			return nil, err
		}
		e, err := c.entry(raw)
		if err != nil {
			return nil, err
		}
		if len(entries) > 0 && e.Prev != entries[len(entries)-1].Position.Hash {
			return nil, &DamagedError{c.place.String(), e.N, "it does not follow the record before it"}
		}
		entries = append(entries, e)
		after = e.N
	}
	return entries, nil
}

func (c *Chain) numbered(raw Raw, want int64) error {
	if raw.N != want {
		return &DamagedError{c.place.String(), want, fmt.Sprintf("the place returned record %d instead", raw.N)}
	}
	return nil
}

func (c *Chain) entry(raw Raw) (Entry, error) {
	r, err := decode(c.place.String(), raw)
	if err != nil {
		return Entry{}, err
	}
	return Entry{r, raw.Position(), len(raw.Data)}, nil
}

// Since reads what came after a position. It reads the record of that position
// again: the error is a *RolledBackError if that is gone from the end of the log or
// is another one, and ErrTrimmed if later ones are there.
func (c *Chain) Since(ctx context.Context, at Position) (entries []Entry, timeline string, err error) {
	entries, timeline, err = c.From(ctx, at.N)
	if err != nil {
		return nil, "", err
	}
	if len(entries) == 0 {
		end, err := c.end(ctx)
		if err != nil {
			return nil, "", err
		}
		return nil, "", &RolledBackError{c.place.String(), at, end}
	}
	if found := entries[0].Position; found != at {
		return nil, "", &RolledBackError{c.place.String(), at, found}
	}
	return entries[1:], timeline, nil
}

// end is the last record of the log.
func (c *Chain) end(ctx context.Context) (Position, error) {
	start, err := c.place.Start(ctx)
	if err != nil {
		return Position{}, err
	}
	entries, _, err := c.From(ctx, start)
	if err != nil || len(entries) == 0 {
		return Before, err
	}
	return entries[len(entries)-1].Position, nil
}
