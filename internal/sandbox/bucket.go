package sandbox

import "time"

// bucket is the leaky bucket of the reference: each call adds one, perSecond
// leak out, and a call that does not fit is refused without adding anything.
type bucket struct {
	burst, perSecond float64 // a negative burst is no limit

	level float64
	at    time.Time
}

// take reports whether a call fits at now. A clock that went back leaks
// nothing.
func (b *bucket) take(now time.Time) bool {
	if b.burst < 0 {
		return true
	}
	if elapsed := now.Sub(b.at); elapsed > 0 {
		b.level = max(0, b.level-elapsed.Seconds()*b.perSecond)
	}
	b.at = now
	if b.level+1 > b.burst {
		return false
	}
	b.level++
	return true
}
