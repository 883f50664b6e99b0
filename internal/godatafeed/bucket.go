package godatafeed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"time"

	endpoints "github.com/gdfctl/gdfctl/internal/endpoint"
)

// reserve is how many places of the bucket are left free, for a server whose
// bucket leaks by the second rather than steadily, and for other clients of the
// account. A bucket too small for it keeps one place in use.
const reserve = 2

// LimiterOptions configure a Limiter. Zero values stand for the API's limits.
type LimiterOptions struct {
	Burst     int     // calls that the bucket holds
	PerSecond float64 // calls that leak out of it in a second

	// Path is the file that the processes of this machine share the bucket by
	// (BucketPath); empty keeps it in memory.
	Path string

	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: a timer
}

// Limiter keeps calls from overflowing the API's leaky bucket. It is safe for
// concurrent use; callers get room in the order in which they came. A nil
// Limiter never waits.
type Limiter struct {
	size     float64 // places of the bucket
	usable   float64 // of these, the ones that calls may fill
	rate     float64 // nominal leak, calls a second
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	turn     chan struct{} // held by the caller who is next; channels queue in order
	mu       sync.Mutex    // guards what follows
	bucket   bucket        // as this process last saw it
	file     *bucketFile   // nil: memory only
	fallback error         // why file is nil although a path was given
}

// NewLimiter returns a limiter. It touches no file before the first call.
func NewLimiter(o LimiterOptions) *Limiter {
	if o.Burst <= 0 {
		o.Burst = endpoints.DefaultBurst
	}
	if !(o.PerSecond > 0) || math.IsInf(o.PerSecond, 0) {
		o.PerSecond = endpoints.DefaultPerSecond
	}
	l := &Limiter{
		size:   float64(o.Burst),
		usable: math.Max(1, float64(o.Burst-reserve)),
		rate:   o.PerSecond,
		now:    o.Now,
		sleep:  o.Sleep,
		turn:   make(chan struct{}, 1),
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.sleep == nil {
		l.sleep = sleep
	}
	l.bucket = bucket{at: l.now(), share: 1}
	if o.Path != "" {
		l.file = &bucketFile{path: o.Path, size: l.size}
	}
	return l
}

// BucketPath is where the processes of a machine share the bucket of one
// account: below a cache directory (os.UserCacheDir), under a hash of endpoint
// and key. An empty directory gives an empty path: memory only.
func BucketPath(cacheDir, endpoint, key string) string {
	if cacheDir == "" {
		return ""
	}
	if e, err := parseEndpoint(endpoint); err == nil {
		endpoint = e.scheme + "://" + e.authority() + e.path
	}
	sum := sha256.Sum256([]byte(endpoint + "\x00" + strings.TrimSpace(key)))
	return filepath.Join(cacheDir, "gdfctl", "bucket-"+hex.EncodeToString(sum[:16])+".json")
}

// Wait takes room for one call as soon as there is some, and returns how long
// that took. Its error is the context's; then no room was taken.
func (l *Limiter) Wait(ctx context.Context) (waited time.Duration, err error) {
	if l == nil {
		return 0, ctx.Err()
	}
	began := l.now()
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return l.now().Sub(began), ctx.Err()
	}
	defer func() { <-l.turn }()
	for {
		if err := ctx.Err(); err != nil {
			return l.now().Sub(began), err
		}
		pause := l.take()
		if pause == 0 {
			return l.now().Sub(began), nil
		}
		if err := l.sleep(ctx, pause); err != nil {
			return l.now().Sub(began), err
		}
	}
}

// Penalise takes note of a 429: others fill the bucket too. It counts as full,
// the own rate is halved and comes back by 5 % of the nominal one every 10
// seconds, and nobody calls before retryAfter (at most 5 minutes) is over.
func (l *Limiter) Penalise(retryAfter time.Duration) {
	if l == nil {
		return
	}
	l.update(func(b bucket, now time.Time) bucket {
		return b.penalised(now, l.size, min(max(retryAfter, 0), maxRetryAfter))
	})
}

// Level returns how many calls are in the bucket now, as far as is known here.
func (l *Limiter) Level() float64 {
	if l == nil {
		return 0
	}
	return l.update(func(b bucket, _ time.Time) bucket { return b }).level
}

// Slowed returns the share of the nominal rate that is used now, 1 where all of
// it is, and when a 429 last cut it; zero if none is remembered.
func (l *Limiter) Slowed() (share float64, at time.Time) {
	if l == nil {
		return 1, time.Time{}
	}
	b := l.update(func(b bucket, _ time.Time) bucket { return b })
	return b.share, b.halved
}

// Fallback says why the bucket is not shared with the machine's other processes
// although it has a path; nil as long as it is.
func (l *Limiter) Fallback() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fallback
}

// take puts a call into the bucket and returns 0, or returns how long to wait
// before trying again.
func (l *Limiter) take() (pause time.Duration) {
	// Sums of fractions miss whole numbers by a little.
	const tolerance = 1e-6
	l.update(func(b bucket, now time.Time) bucket {
		surplus := b.level + 1 - l.usable
		switch {
		case b.until.After(now):
			pause = b.until.Sub(now)
		case surplus > tolerance:
			pause = b.timeToLeak(surplus, l.rate)
		default:
			b.level++
		}
		return b
	})
	return pause
}

// update changes the bucket, in the file if there is one, after it leaked up to
// now. A file that fails is given up for good: memory goes on from where it
// was.
func (l *Limiter) update(change func(bucket, time.Time) bucket) bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	step := func(b bucket) bucket { return change(b.leaked(now, l.rate), now) }
	if l.file != nil {
		b, err := l.file.update(now, step)
		if err == nil {
			l.bucket = b
			return b
		}
		l.file, l.fallback = nil, err
	}
	l.bucket = step(l.bucket)
	return l.bucket
}
