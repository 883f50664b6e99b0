package godatafeed

import (
	"context"
	"math"
	"sync"
	"time"
)

// Shape is what a bucket is like.
type Shape struct {
	Size float64 // calls that it holds
	Rate float64 // that leak out of it in a second
}

// Ask asks for room for calls.
type Ask struct {
	Shape
	Usable float64 // of the size, the places that these calls may fill
	// Ahead is how far beyond that one call may be put into a bucket without room. It may
	// be made when so much has leaked, and nobody else takes its turn meanwhile.
	Ahead float64
	Want  int
}

// Place is where the level of one account's bucket is kept: on this machine, or where many
// machines see it. Each method changes it in one step, for all who share it, and goes by
// the place's clock. It is safe for concurrent use. An error is a *PlaceError, or the
// context's.
type Place interface {
	// Take puts calls into the bucket: as many as are wanted and have room, or one ahead
	// of its room. After an error it is not known whether it did.
	Take(ctx context.Context, a Ask) (taken int, after Bucket, err error)
	// Return takes calls out again that were taken at that time and not made.
	Return(ctx context.Context, s Shape, taken time.Time, unused int) error
	// Refuse takes note of a 429.
	Refuse(ctx context.Context, s Shape, retryAfter time.Duration) error
	// Look is what is in the bucket now.
	Look(ctx context.Context, s Shape) (Bucket, error)
}

// PlaceError says why a level can't be had from a place.
type PlaceError struct {
	Reason string // holds no secret
	Remedy string // what a person can do; may be empty
	Absent bool   // no levels are kept there for this program
	Final  bool   // to try again is of no use
	Known  bool   // it has answered this program before, whichever run asked
}

func (e *PlaceError) Error() string {
	if e.Remedy == "" {
		return e.Reason
	}
	return e.Reason + ". " + e.Remedy
}

// Tolerance is by how much sums of fractions miss whole numbers.
const Tolerance = 1e-6

// Took is the bucket with what a taking puts into it.
func (b Bucket) Took(a Ask) (taken int, after Bucket) {
	room := a.Usable - b.Level + Tolerance
	switch {
	case b.Until.After(b.At):
	case room >= 1:
		taken = int(math.Min(room, float64(a.Want)))
	case room+a.Ahead >= 1:
		taken = 1
	default:
		b.Crowded = b.At
	}
	b.Level += float64(taken)
	return taken, b
}

// Pause is how long to wait after a taking: until the call that was put in ahead of its
// room may be made, or until it is of use to ask again.
func (b Bucket) Pause(a Ask, taken int) time.Duration {
	surplus := b.Level - a.Usable
	if taken == 0 {
		if b.Until.After(b.At) {
			return b.Until.Sub(b.At)
		}
		surplus += 1 - a.Ahead
	}
	if surplus <= Tolerance {
		return 0
	}
	return b.TimeToLeak(surplus, a.Rate)
}

// Returned is the bucket without calls that were taken at that time and not made. So
// much may have leaked since that it would have leaked without them: that stays. What
// was taken before a 429 filled the bucket is not in it any more.
func (b Bucket) Returned(taken time.Time, unused int, rate float64) Bucket {
	if b.Filled.Before(taken) {
		leaked := rate * math.Max(0, b.At.Sub(taken).Seconds())
		b.Level = math.Max(0, b.Level-math.Max(0, float64(unused)-leaked))
	}
	return b
}

// local keeps a level on this machine: in a file if there is one, in memory otherwise.
type local struct {
	now func() time.Time

	mu       sync.Mutex  // guards what follows
	bucket   Bucket      // as this process last saw it
	file     *bucketFile // nil: memory only
	fallback error       // why file is nil although there was one
}

// NewPlace keeps a level in memory.
func NewPlace(now func() time.Time) Place { return newLocal(now, nil) }

func newLocal(now func() time.Time, file *bucketFile) *local {
	return &local{now: now, bucket: Bucket{At: now(), Share: 1}, file: file}
}

// Take implements Place.
func (p *local) Take(_ context.Context, a Ask) (taken int, after Bucket, err error) {
	after = p.update(a.Rate, func(b Bucket) Bucket {
		taken, b = b.Took(a)
		return b
	})
	return taken, after, nil
}

// Return implements Place.
func (p *local) Return(_ context.Context, s Shape, taken time.Time, unused int) error {
	p.update(s.Rate, func(b Bucket) Bucket { return b.Returned(taken, unused, s.Rate) })
	return nil
}

// Refuse implements Place.
func (p *local) Refuse(_ context.Context, s Shape, retryAfter time.Duration) error {
	p.update(s.Rate, func(b Bucket) Bucket { return b.Refused(b.At, s.Size, retryAfter) })
	return nil
}

// Look implements Place.
func (p *local) Look(_ context.Context, s Shape) (Bucket, error) {
	return p.update(s.Rate, func(b Bucket) Bucket { return b }), nil
}

// update changes the bucket, in the file if there is one, after it leaked up to
// now. A file that fails is given up for good: memory goes on from where it
// was.
func (p *local) update(rate float64, change func(Bucket) Bucket) Bucket {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	step := func(b Bucket) Bucket { return change(b.Leaked(now, rate)) }
	if p.file != nil {
		b, err := p.file.update(now, step)
		if err == nil {
			p.bucket = b
			return b
		}
		p.file, p.fallback = nil, err
	}
	p.bucket = step(p.bucket)
	return p.bucket
}

// why says why the level is in memory although there was a file.
func (p *local) why() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fallback
}
