package godatafeed

import (
	"math"
	"time"
)

// How 429s slow this client down.
const (
	recovery = 0.05 / 10 // of the nominal rate, in a second
	minShare = 0.05
	// A burst of calls that is refused as one must halve the rate once.
	halvingPause = time.Second
)

// bucket is the state of a leaky bucket at one moment. It is a value: its
// methods return what it becomes.
type bucket struct {
	level  float64   // calls in it
	at     time.Time // when that was so
	until  time.Time // nobody calls before
	share  float64   // of the nominal rate that is used, at that time; 1 is all
	halved time.Time // when share was last halved
}

// leaked is the bucket at a later time. A clock that went back leaks nothing.
func (b bucket) leaked(now time.Time, rate float64) bucket {
	seconds := math.Max(0, now.Sub(b.at).Seconds())
	b.level = math.Max(0, b.level-rate*b.fullSeconds(seconds))
	b.share = math.Min(1, b.share+recovery*seconds)
	b.at = now
	return b
}

// fullSeconds is how many seconds at the nominal rate leak as much as the
// given ones do while share recovers: the area under it.
func (b bucket) fullSeconds(seconds float64) float64 {
	recovering := math.Min(seconds, (1-b.share)/recovery)
	return recovering*(b.share+recovery*recovering/2) + (seconds - recovering)
}

// timeToLeak is how long it takes until so many calls have leaked, rounded up.
func (b bucket) timeToLeak(calls, rate float64) time.Duration {
	full := calls / rate // in seconds at the nominal rate
	recovering := (1 - b.share) / recovery
	seconds := full + recovering - b.fullSeconds(recovering)
	if full < b.fullSeconds(recovering) {
		// share·t + recovery·t²/2 = full
		seconds = (math.Sqrt(b.share*b.share+2*recovery*full) - b.share) / recovery
	}
	// Beyond an hour it is asked again then; that also keeps it a Duration.
	return time.Duration(math.Min(seconds, 3600)*float64(time.Second)) + 1
}

// penalised is the bucket after a 429.
func (b bucket) penalised(now time.Time, size float64, retryAfter time.Duration) bucket {
	b.level = size
	if until := now.Add(retryAfter); retryAfter > 0 && until.After(b.until) {
		b.until = until
	}
	if b.halved.IsZero() || now.Sub(b.halved) >= halvingPause {
		b.share = math.Max(minShare, b.share/2)
		b.halved = now
	}
	return b
}
