package shared

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// Clock is the clocks of a machine. None of them alone shows how much time passed:
// the steady one stands still while the machine is suspended, on most systems, and
// people and time servers set the wall clock.
type Clock struct {
	Steady func() time.Time     // with the monotonic reading
	Wall   func() time.Time     // without
	Boot   func() time.Duration // counts what is suspended; where there is none, 0
}

// SystemClock is the clock of this machine.
func SystemClock() Clock {
	return Clock{Steady: time.Now, Wall: func() time.Time { return time.Now().Round(0) }, Boot: disk.SinceBoot}
}

// moment is one reading of all clocks.
type moment struct {
	steady, wall time.Time
	boot         time.Duration
}

func (c Clock) moment() moment { return moment{c.Steady(), c.Wall(), c.Boot()} }

// most is how long ago m was, at most: what a holder of a lease goes by.
func (c Clock) most(m moment) time.Duration {
	now := c.moment()
	return max(now.steady.Sub(m.steady), now.wall.Sub(m.wall), now.boot-m.boot)
}

// least is how long ago m was, at least: what goes by it waits for another one's
// lease to end. It is negative where the wall clock was set back.
func (c Clock) least(m moment) time.Duration {
	now := c.moment()
	return min(now.steady.Sub(m.steady), now.wall.Sub(m.wall))
}
