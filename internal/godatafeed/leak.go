package godatafeed

import (
	"math"
	"time"
)

// How 429s slow clients down.
const (
	Recovery = 0.05 / 10 // of the nominal rate, in a second
	MinShare = 0.05
	// HalvingPause lets a burst of calls that is refused as one halve the rate once.
	HalvingPause = time.Second
)

// Bucket is the state of a leaky bucket at one moment. It is a value: its methods
// return what it becomes. All of its times are by one clock.
type Bucket struct {
	Level  float64   // calls in it
	At     time.Time // when that was so
	Until  time.Time // nobody calls before
	Share  float64   // of the nominal rate that is used, at that time; 1 is all
	Halved time.Time // when Share was last halved
	Filled time.Time // when a 429 last filled it
	// Crowded is when somebody last found neither room nor a place in the queue for it.
	Crowded time.Time
}

// Leaked is the bucket at a later time. Where the clock was set back, nothing leaks, and
// what lasts until later lasts as long as before.
func (b Bucket) Leaked(now time.Time, rate float64) Bucket {
	seconds := math.Max(0, now.Sub(b.At).Seconds())
	b.Level = math.Max(0, b.Level-rate*b.fullSeconds(seconds))
	b.Share = math.Min(1, b.Share+Recovery*seconds)
	if now.Before(b.At) && !b.Until.IsZero() {
		b.Until = b.Until.Add(now.Sub(b.At))
	}
	if most := now.Add(MaxRetryAfter); b.Until.After(most) {
		b.Until = most
	}
	b.At, b.Halved, b.Filled, b.Crowded = now, earlier(b.Halved, now), earlier(b.Filled, now), earlier(b.Crowded, now)
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

// fullSeconds is how many seconds at the nominal rate leak as much as the
// given ones do while share recovers: the area under it.
func (b Bucket) fullSeconds(seconds float64) float64 {
	recovering := math.Min(seconds, (1-b.Share)/Recovery)
	return recovering*(b.Share+Recovery*recovering/2) + (seconds - recovering)
}

// TimeToLeak is how long it takes until so many calls have leaked, rounded up.
func (b Bucket) TimeToLeak(calls, rate float64) time.Duration {
	full := calls / rate // in seconds at the nominal rate
	recovering := (1 - b.Share) / Recovery
	seconds := full + recovering - b.fullSeconds(recovering)
	if full < b.fullSeconds(recovering) {
		// share·t + recovery·t²/2 = full
		seconds = (math.Sqrt(b.Share*b.Share+2*Recovery*full) - b.Share) / Recovery
	}
	// Beyond an hour it is asked again then; that also keeps it a Duration.
	return time.Duration(math.Min(seconds, 3600)*float64(time.Second)) + 1
}

// Refused is the bucket after a 429.
func (b Bucket) Refused(now time.Time, size float64, retryAfter time.Duration) Bucket {
	b.Level, b.Filled = size, now
	if until := now.Add(retryAfter); retryAfter > 0 && until.After(b.Until) {
		b.Until = until
	}
	if b.Halved.IsZero() || now.Sub(b.Halved) >= HalvingPause {
		b.Share = math.Max(MinShare, b.Share/2)
		b.Halved = now
	}
	return b
}
