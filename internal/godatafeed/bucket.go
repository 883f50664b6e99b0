package godatafeed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync/atomic"
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

	// Shared is where many machines share the bucket; nil: this machine is alone. Path is
	// the file that the processes of this machine share it by (BucketPath), where Shared
	// is nil or keeps no levels; empty keeps it in memory.
	Shared Place
	Path   string

	Account string                                     // as Wait names it
	Now     func() time.Time                           // nil: time.Now
	Sleep   func(context.Context, time.Duration) error // nil: a timer
	Jitter  func() float64                             // in [0,1), for how long a machine waits of many; nil: random
}

// Limiter keeps calls from overflowing the API's leaky bucket. It is safe for
// concurrent use; callers get room in the order in which they came. A nil
// Limiter never waits.
type Limiter struct {
	shape   Shape
	usable  float64 // places of the bucket that calls may fill
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	turn    chan struct{} // held by the caller who is next; channels queue in order
	waiting atomic.Int64  // callers
	local   *local
	shared  sharing
}

// NewLimiter returns a limiter. It touches no file and no server before the first
// call.
func NewLimiter(o LimiterOptions) *Limiter {
	if o.Burst <= 0 {
		o.Burst = endpoints.DefaultBurst
	}
	if !(o.PerSecond > 0) || math.IsInf(o.PerSecond, 0) {
		o.PerSecond = endpoints.DefaultPerSecond
	}
	l := &Limiter{
		shape:  Shape{float64(o.Burst), o.PerSecond},
		usable: math.Max(1, float64(o.Burst-reserve)),
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
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	var file *bucketFile
	if o.Path != "" {
		file = &bucketFile{path: o.Path, size: l.shape.Size}
	}
	l.local = newLocal(l.now, file)
	l.shared = newSharing(l.shape, o)
	return l
}

// BucketID stands for the bucket of one account: a hash of endpoint and key.
func BucketID(endpoint, key string) string {
	if e, err := parseEndpoint(endpoint); err == nil {
		endpoint = e.scheme + "://" + e.authority() + e.path
	}
	sum := sha256.Sum256([]byte(endpoint + "\x00" + strings.TrimSpace(key)))
	return hex.EncodeToString(sum[:16])
}

// BucketPath is where the processes of a machine share the bucket of one
// account: below a cache directory (os.UserCacheDir). An empty directory gives an
// empty path: memory only.
func BucketPath(cacheDir, endpoint, key string) string {
	if cacheDir == "" {
		return ""
	}
	return filepath.Join(cacheDir, "gdfctl", "bucket-"+BucketID(endpoint, key)+".json")
}

// Wait takes room for one call as soon as there is some, and returns how long
// that took. After an error no call may be made: it is the context's, or an
// *UnlimitedError.
func (l *Limiter) Wait(ctx context.Context) (waited time.Duration, err error) {
	if l == nil {
		return 0, ctx.Err()
	}
	began := l.now()
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
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
		pause, err := l.take(ctx)
		if pause == 0 || err != nil {
			return l.now().Sub(began), err
		}
		if err := l.sleep(ctx, pause); err != nil {
			return l.now().Sub(began), err
		}
	}
}

// take takes room for a call and returns 0, or returns how long to wait before
// trying again.
func (l *Limiter) take(ctx context.Context) (pause time.Duration, err error) {
	if place := l.shared.at(); place != nil {
		if pause, err = l.takeShared(ctx, place); l.shared.at() != nil {
			return pause, err
		}
	}
	a := Ask{Shape: l.shape, Usable: l.usable, Want: 1}
	taken, after, err := l.local.Take(ctx, a)
	if taken == 1 || err != nil {
		return 0, err
	}
	return after.Pause(a, 0), nil
}

// Penalise takes note of a 429: others fill the bucket too. It counts as full,
// the own rate is halved and comes back by 5 % of the nominal one every 10
// seconds, and nobody calls before retryAfter (at most 5 minutes) is over.
func (l *Limiter) Penalise(retryAfter time.Duration) {
	if l == nil {
		return
	}
	retryAfter = min(max(retryAfter, 0), MaxRetryAfter)
	if place := l.shared.at(); place != nil {
		l.refuseShared(place, retryAfter)
		return
	}
	_ = l.local.Refuse(context.Background(), l.shape, retryAfter) // it has no errors
}

// Level returns how many calls are in the bucket now, as far as is known here.
func (l *Limiter) Level() float64 {
	if l == nil {
		return 0
	}
	return l.look().Level
}

// Slowed returns the share of the nominal rate that is used now, 1 where all of
// it is, and when a 429 last cut it; zero if none is remembered.
func (l *Limiter) Slowed() (share float64, at time.Time) {
	if l == nil {
		return 1, time.Time{}
	}
	b := l.look()
	return b.Share, b.Halved
}

// Fallback says why the bucket is not shared with the machine's other processes
// although it has a path; nil as long as it is.
func (l *Limiter) Fallback() error {
	if l == nil {
		return nil
	}
	return l.local.why()
}

func (l *Limiter) look() Bucket {
	if place := l.shared.at(); place != nil {
		return l.lookShared(place)
	}
	b, _ := l.local.Look(context.Background(), l.shape) // it has no errors
	return b
}
