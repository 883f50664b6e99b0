package apply

import "time"

// breaker notices outages: after failuresToPause failures without a success it
// pauses, longer each time, and gives up when the pauses are used up. Refusals
// are answers, not failures.
type breaker struct {
	failures int
	pauses   int
	// until is when calls may be begun and sent again. Only the coordinator writes it,
	// under the run's lock, with which workers read it.
	until time.Time
}

const failuresToPause = 8

var outagePauses = []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute}

func (b *breaker) success() { b.failures, b.pauses = 0, 0 }

// failure counts one failure. It returns how long to pause from now on, if a
// pause begins, and whether to give up.
func (b *breaker) failure(now time.Time) (pause time.Duration, giveUp bool) {
	if now.Before(b.until) {
		return 0, false // a call that was under way when the pause began
	}
	b.failures++
	if b.failures < failuresToPause && b.pauses == 0 {
		return 0, false
	}
	if b.pauses == len(outagePauses) {
		return 0, true
	}
	pause = outagePauses[b.pauses]
	b.pauses++
	b.until = now.Add(pause)
	return pause, false
}

// pausing reports whether nothing may be sent now because the API fails.
func (l *lane) pausing() bool {
	l.run.mu.Lock()
	defer l.run.mu.Unlock()
	return l.run.Now().Before(l.breaker.until)
}
