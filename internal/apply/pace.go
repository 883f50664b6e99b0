package apply

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
)

// pace is how fast a lane gets on. It counts what the call limit is spent on to
// some purpose, changes that ended and reads, and so knows another client's
// share of the limit too: it is what is missing.
type pace struct {
	began time.Time
	total int
	by    []int // how many were counted before second i
}

const (
	// paceWindow is the time that the present pace is taken from: long enough to
	// even out another client's bunches and the pauses for reading ahead.
	paceWindow = 4 * time.Minute
	// paceStart is left out once there is more: in it, the room that was free in
	// the bucket is used up, at a pace that does not last.
	paceStart = 10 * time.Second
)

func (p *pace) count(now time.Time, n int) {
	for second := int(now.Sub(p.began) / time.Second); len(p.by) <= second; {
		p.by = append(p.by, p.total)
	}
	p.total += n
}

// rate is how many a second were counted of late; 0 in the first second.
func (p *pace) rate(now time.Time) float64 {
	elapsed := now.Sub(p.began)
	if len(p.by) == 0 || elapsed < time.Second {
		return 0
	}
	from := max(0, elapsed-paceWindow)
	if elapsed > 2*paceStart {
		from = max(from, paceStart)
	}
	first := min(int(from/time.Second), len(p.by)-1)
	return float64(p.total-p.by[first]) / (elapsed - time.Duration(first)*time.Second).Seconds()
}

// left estimates how long so many calls take at that rate, which is not 0.
func (p *pace) left(now time.Time, rate float64, calls, burst int, perSecond float64) time.Duration {
	const unsteady = 1.05
	if rate <= perSecond*unsteady {
		return seconds(float64(calls) / rate)
	}
	// The bucket is still being filled. What there is room for goes on like this,
	// the rest as the limit says.
	used := float64(p.total) - perSecond*now.Sub(p.began).Seconds()
	fast := min(float64(calls), max(0, float64(burst)-used))
	return seconds(fast/rate + (float64(calls)-fast)/perSecond)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// outlook is how a lane will go on.
type outlook struct {
	rate float64 // a second
	end  time.Time
}

// outlookLocked works out the lane's outlook; false if it has none, as where only some of
// the changes are to begin.
func (l *lane) outlookLocked(now time.Time) (outlook, bool) {
	rate := l.pace.rate(now)
	if rate == 0 || l.undone == 0 || l.run.First > 0 {
		return outlook{}, false
	}
	calls := l.undone + plan.CheckCalls(l.undone, l.account.PerSecond, l.account.PageSize)
	end := now
	if l.breaker.until.After(end) {
		end = l.breaker.until
	}
	if l.silent.After(end) {
		end = l.silent
	}
	if end = end.Add(l.pace.left(now, rate, calls, l.account.Burst, l.account.PerSecond)); l.quiet.After(end) {
		end = l.quiet
	}
	return outlook{rate: rate, end: end}, true
}

// outlookLocked is the outlook of all lanes, which work side by side.
func (r *run) outlookLocked(now time.Time) (rate float64, left time.Duration) {
	for _, o := range r.outlooks {
		rate += o.rate
		left = max(left, o.end.Sub(now))
	}
	return rate, left
}
